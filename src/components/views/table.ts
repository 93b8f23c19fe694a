/** Draws a table as HTML. Knows nothing of where the rows come from. */
import type { TableView } from '../../contract/view.ts';
import { formatNumber } from './axes.ts';
import { escapeText } from './markup.ts';

/** Numbers, words that are only a number (`0.83`, `83 %`), and cells left empty. */
function isNumber(value: string | number | undefined): boolean {
  return typeof value === 'number' || /^([-−]?[\d.,]+(e[-+]?\d+)?\s?%?)?$/.test(value ?? '');
}

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
  // names stand in the first column, at the left, even when they are numbers
  const numeric = view.columns.map(
    (_, column) =>
      column > 0 && view.rows.length > 0 && view.rows.every((row) => isNumber(row[column])),
  );
  const cell = (value: string | number, column: number): string =>
    `<td${numeric[column] === true ? ' class="view-number"' : ''}>` +
    `${typeof value === 'number' ? formatNumber(value) : escapeText(value)}</td>`;
  const head = view.columns
    .map((name, column) =>
      // A column without a name gets a plain cell: an empty header names nothing.
      name === ''
        ? '<td></td>'
        : `<th scope="col"${numeric[column] === true ? ' class="view-number"' : ''}>${escapeText(name)}</th>`,
    )
    .join('');
  const body = view.rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('');
  return (
    `<div class="view-scroll" role="region" tabindex="0" aria-label="${escapeText(view.title)}">` +
    `<table class="view-table" tabindex="0">${caption === undefined ? '' : `<caption>${escapeText(caption)}</caption>`}` +
    `<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
  );
}
