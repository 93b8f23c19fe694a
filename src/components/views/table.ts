/** Draws a table as HTML. Knows nothing of where the rows come from. */
import type { TableView } from '../../contract/view.ts';
import { formatNumber } from './axes.ts';
import { escapeText } from './markup.ts';

/** @throws Error naming the view and the lengths when a row does not match the columns. */
function check(view: TableView): void {
  for (const [n, row] of view.rows.entries())
    if (row.length !== view.columns.length)
      throw new Error(
        `view "${view.title}": row ${String(n)} has ${String(row.length)} cells for ${String(view.columns.length)} columns`,
      );
}

/**
 * An HTML table in a box that scrolls sideways when it must; numbers stand at the right.
 *
 * @param caption words above the table, if any.
 * @throws Error when a row does not match the columns.
 */
export function drawTable(view: TableView, caption?: string): string {
  check(view);
  const numeric = view.columns.map((_, column) =>
    view.rows.every((row) => typeof row[column] === 'number' || row[column] === ''),
  );
  const cell = (value: string | number, column: number): string =>
    numeric[column] === true && view.rows.length > 0
      ? `<td class="view-number">${typeof value === 'number' ? formatNumber(value) : ''}</td>`
      : `<td>${typeof value === 'number' ? formatNumber(value) : escapeText(value)}</td>`;
  const head = view.columns
    .map(
      (name, column) =>
        `<th scope="col"${numeric[column] === true && view.rows.length > 0 ? ' class="view-number"' : ''}>${escapeText(name)}</th>`,
    )
    .join('');
  const body = view.rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('');
  return (
    `<div class="view-scroll" role="region" tabindex="0" aria-label="${escapeText(view.title)}">` +
    `<table class="view-table">${caption === undefined ? '' : `<caption>${escapeText(caption)}</caption>`}` +
    `<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
  );
}
