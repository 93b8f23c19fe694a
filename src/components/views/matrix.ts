/** Draws a table of numbers as tinted cells. Knows no classifier. */
import type { MatrixView } from '../../contract/view.ts';
import { drawable, extent, pictureNumber, TEXT } from './axes.ts';
import { describeView } from './describe.ts';
import { cutText, pixel, svgPicture, svgText, textWidth } from './markup.ts';
import { layoutWidth, type DrawOptions } from './options.ts';

/** The strongest tint: text keeps a contrast of 4.5 on it in both themes (a unit test holds this). */
export const STRONGEST_TINT = 0.62;

/** @throws Error naming the view and the lengths when rows or columns do not match their names. */
function check(view: MatrixView): void {
  if (view.values.length !== view.rows.length)
    throw new Error(
      `view "${view.title}": ${String(view.rows.length)} row names for ${String(view.values.length)} rows`,
    );
  for (const row of view.values)
    if (row.length !== view.columns.length)
      throw new Error(
        `view "${view.title}": ${String(view.columns.length)} column names for a row of ${String(row.length)}`,
      );
}

/** Labels of all cells with the same number of decimals; whole numbers only where all are whole. */
function cellLabels(values: MatrixView['values'], decimals: number): string[][] {
  const whole = values.every((row) => row.every((v) => !Number.isFinite(v) || Number.isInteger(v)));
  return values.map((row) =>
    row.map((value) => {
      const size = Math.abs(value);
      if (
        whole ||
        !Number.isFinite(value) ||
        size >= 1000 ||
        (size > 0 && size < 0.5 / 10 ** decimals)
      )
        return pictureNumber(value, 2);
      return value.toFixed(decimals).replace(/^-/, '−');
    }),
  );
}

/** An SVG matrix of cells. @throws Error when rows or columns do not match their names. */
export function drawMatrix(view: MatrixView, options: DrawOptions = {}): string {
  check(view);
  const width = layoutWidth(options);
  const columns = view.columns.length;
  const rows = view.rows.length;
  const rowSpace = Math.min(
    width * 0.32,
    Math.max(0, ...view.rows.map((name) => textWidth(name, TEXT))) + 12,
  );
  const left = Math.ceil(rowSpace);
  const widestColumn = Math.max(0, ...view.columns.map((name) => textWidth(name, TEXT)));
  const fit = (space: number): number =>
    Math.max(4, Math.min(64, (space - left - 1) / Math.max(1, columns)));
  // names that do not fit above their column are turned, and lean out to the right of the last one
  const turned = widestColumn + 6 > fit(width);
  const lean = turned ? Math.min(92, widestColumn) * 0.71 + 4 : 0;
  const cellWidth = turned ? fit(width - lean + fit(width) / 2) : fit(width);
  // one decimal is enough where the data have one, and better than none where two do not fit
  const coarse = view.values.every((row) =>
    row.every((v) => Math.abs(v * 10 - Math.round(v * 10)) < 1e-6),
  );
  const large = view.values.some((row) => row.some((v) => Math.abs(v) >= 1));
  const widthOf = (texts: readonly (readonly string[])[]): number =>
    Math.max(0, ...texts.flat().map((text) => textWidth(text, TEXT)));
  let labels = cellLabels(view.values, coarse ? 1 : 2);
  if (widthOf(labels) + 4 > cellWidth && large) labels = cellLabels(view.values, 1);
  const numbers = widthOf(labels) + 4 <= cellWidth;
  const cellHeight = numbers
    ? Math.max(26, Math.min(34, cellWidth * 0.8))
    : Math.max(4, Math.min(26, cellWidth));

  const columnSpace = turned ? Math.min(78, widestColumn * 0.72 + 16) : 20;
  const top = 22 + columnSpace;
  const everyColumn = turned ? Math.max(1, Math.ceil(15 / cellWidth)) : 1;
  const everyRow = Math.max(1, Math.ceil(14 / cellHeight));

  const [low, high] = extent(view.values) ?? [0, 0];
  const reach = Math.max(Math.abs(low), Math.abs(high));
  const right = left + columns * cellWidth;
  const parts = [
    svgText(`列：${view.columnTitle}　行：${view.rowTitle}`, 0, 12, { kind: 'muted' }),
  ];
  view.columns.forEach((name, column) => {
    if (column % everyColumn !== 0) return;
    const x = left + (column + 0.5) * cellWidth;
    parts.push(
      turned
        ? svgText(cutText(name, TEXT, 92), x + 3, top - 8, {
            transform: `rotate(-45 ${pixel(x + 3)} ${pixel(top - 8)})`,
          })
        : svgText(name, x, top - 8, { anchor: 'middle' }),
    );
  });
  view.values.forEach((row, r) => {
    const y = top + r * cellHeight;
    if (r % everyRow === 0)
      parts.push(
        svgText(
          cutText(view.rows[r] ?? '', TEXT, rowSpace - 10),
          left - 8,
          y + cellHeight / 2 + 4,
          {
            anchor: 'end',
          },
        ),
      );
    row.forEach((value, c) => {
      const x = left + c * cellWidth;
      const alpha =
        drawable(value, 'linear') && reach > 0 ? (Math.abs(value) / reach) * STRONGEST_TINT : 0;
      if (alpha > 0.004)
        parts.push(
          `<rect class="${value < 0 ? 'view-tint-negative' : 'view-tint'}" x="${pixel(x)}" y="${pixel(y)}" ` +
            `width="${pixel(cellWidth)}" height="${pixel(cellHeight)}" fill-opacity="${alpha.toFixed(3)}"/>`,
        );
      if (numbers)
        parts.push(
          svgText(labels[r]?.[c] ?? '', x + cellWidth / 2, y + cellHeight / 2 + 4, {
            anchor: 'middle',
            ...(value === 0 ? { kind: 'muted' as const } : {}),
          }),
        );
    });
  });
  const bottom = top + rows * cellHeight;
  if (numbers) {
    let grid = '';
    for (let c = 0; c <= columns; c++)
      grid += `M${pixel(left + c * cellWidth)} ${pixel(top)}V${pixel(bottom)}`;
    for (let r = 0; r <= rows; r++)
      grid += `M${pixel(left)} ${pixel(top + r * cellHeight)}H${pixel(right)}`;
    parts.push(`<path class="view-grid" d="${grid}"/>`);
  } else if (rows > 0 && columns > 0) {
    parts.push(
      `<rect class="view-outline" x="${pixel(left)}" y="${pixel(top)}" width="${pixel(right - left)}" height="${pixel(bottom - top)}"/>`,
    );
  }
  if (rows === 0 || columns === 0)
    parts.push(svgText('还没有数据', left, top + 16, { kind: 'muted' }));
  const height = rows === 0 ? top + 30 : bottom + 2;
  const used = Math.max(right + 1 + Math.max(0, lean - cellWidth / 2), width * 0.5);
  return svgPicture(Math.min(width, used), height, describeView(view), parts.join(''));
}
