/** Draws one frame of a sequence of grids, and the player that steps through them. Knows no convolution. */
import type { FrameCell, FramesView } from '../../contract/view.ts';
import { pictureNumber, TEXT } from './axes.ts';
import { inkOf } from './marks.ts';
import { escapeText, pixel, svgPicture, svgText, textWidth } from './markup.ts';
import { layoutWidth, type DrawOptions } from './options.ts';

/** Room for the label above a grid, for a sign between two, and between two lines of grids. */
const LABEL = 24;
const SIGN = 30;
const GAP = 18;
const CELL = 34;

const NUMBER = 13;

/** @throws Error naming the view when there is no frame, a grid is uneven, or a cell lies in no grid. */
function check(view: FramesView): void {
  const fail = (what: string): never => {
    throw new Error(`view "${view.title}": ${what}`);
  };
  if (view.frames.length === 0) fail('no frames');
  for (const { label, values, rows } of view.grids) {
    const columns = values[0]?.length ?? 0;
    if (columns === 0 || values.some((row) => row.length !== columns))
      fail(`the rows of grid "${label}" have unequal lengths, or none`);
    if (rows !== undefined && rows.length !== values.length)
      fail(`grid "${label}" has ${String(rows.length)} names for ${String(values.length)} rows`);
  }
  view.frames.forEach(({ marks = [], writes = [] }, n) => {
    for (const { grid, row, column } of [...marks, ...writes])
      if (view.grids[grid]?.values[row]?.[column] === undefined)
        fail(
          `frame ${String(n)} names the cell ${[grid, row, column].join(', ')}, which is not there`,
        );
  });
}

type Cells = (number | null)[][][];

/** The numbers in all grids when frame `at` is shown. */
function valuesAt(view: FramesView, at: number): Cells {
  const cells = view.grids.map(({ values }) => values.map((row) => [...row]));
  for (const { writes = [] } of view.frames.slice(0, at + 1))
    for (const { grid, row, column, value } of writes) {
      const line = cells[grid]?.[row];
      if (line !== undefined) line[column] = value;
    }
  return cells;
}

const written = (value: number): string => pictureNumber(value, 4);

interface Place {
  readonly x: number;
  readonly y: number;
  /** Left edge of the cells, right of the row names. */
  readonly left: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly numbers: boolean;
}

/** Where each grid stands: the same for all frames, so that nothing moves when the reader steps. */
function layout(
  view: FramesView,
  width: number,
): { places: Place[]; right: number; bottom: number } {
  const end = valuesAt(view, view.frames.length - 1);
  let [x, y, lineBottom, right] = [0, 0, 0, 0];
  const places = view.grids.map((grid, n): Place => {
    const columns = grid.values[0]?.length ?? 1;
    const shown = [...(end[n] ?? []), ...grid.values].flat();
    const text = Math.max(
      0,
      ...shown.map((value) => (value === null ? 0 : textWidth(written(value), NUMBER))),
    );
    const names = Math.max(0, ...(grid.rows ?? []).map((name) => textWidth(name, TEXT) + 8));
    const wanted = Math.max(CELL, text + 12);
    const room = width - names - 2;
    const cellWidth = Math.min(wanted, room / columns);
    const numbers = text + 4 <= cellWidth;
    const cellHeight = numbers ? CELL : Math.min(CELL, cellWidth);
    const sign = grid.before === undefined ? GAP : SIGN;
    const whole = Math.max(names + cellWidth * columns, textWidth(grid.label, TEXT));
    if (x > 0 && x + sign + whole > width) [x, y] = [0, lineBottom + GAP];
    // a sign goes to the new line with its grid, where there is room for both
    const indent = x > 0 || (grid.before !== undefined && sign + whole <= width);
    const start = x + (indent && n > 0 ? sign : 0);
    const place = { x: start, y, left: start + names, cellWidth, cellHeight, numbers };
    x = start + whole;
    right = Math.max(right, x);
    lineBottom = Math.max(lineBottom, y + LABEL + cellHeight * grid.values.length);
    return place;
  });
  return { places, right, bottom: lineBottom };
}

/**
 * The picture of one frame as SVG, laid out for the width in `options`.
 *
 * @param at 0 for the first frame.
 */
export function drawFrame(view: FramesView, at: number, options: DrawOptions = {}): string {
  const { places, right, bottom } = layout(view, layoutWidth(options));
  const values = valuesAt(view, at);
  const { caption = '', marks = [], writes = [] } = view.frames[at] ?? {};
  const parts = view.grids.map((grid, n) => {
    const place = places[n];
    if (place === undefined) return '';
    const { left, cellWidth, cellHeight } = place;
    const top = place.y + LABEL;
    const [rows, columns] = [grid.values.length, grid.values[0]?.length ?? 0];
    const outer = [left + columns * cellWidth, top + rows * cellHeight] as const;
    const rectangle = (row: number, column: number, rest: string): string =>
      `<rect x="${pixel(left + column * cellWidth)}" y="${pixel(top + row * cellHeight)}" ` +
      `width="${pixel(cellWidth)}" height="${pixel(cellHeight)}" ${rest}/>`;
    const edge = grid.outside ?? { top: 0, bottom: 0, left: 0, right: 0 };
    const isOutside = (row: number, column: number): boolean =>
      row < edge.top ||
      row >= rows - edge.bottom ||
      column < edge.left ||
      column >= columns - edge.right;
    const own = <C extends FrameCell>(cells: readonly C[]): C[] =>
      cells.filter((cell) => cell.grid === n);
    const fresh = new Set(own(writes).map(({ row, column }) => row * columns + column));
    let svg = svgText(grid.label, place.x, place.y + 14, { kind: 'muted' });
    if (grid.before !== undefined && n > 0 && place.x >= SIGN)
      svg += svgText(grid.before, place.x - SIGN / 2, (top + outer[1]) / 2 + 6, {
        anchor: 'middle',
        size: 18,
      });
    let lines = '';
    for (let c = 0; c <= columns; c++)
      lines += `M${pixel(left + c * cellWidth)} ${pixel(top)}V${pixel(outer[1])}`;
    for (let r = 0; r <= rows; r++)
      lines += `M${pixel(left)} ${pixel(top + r * cellHeight)}H${pixel(outer[0])}`;
    const texts: string[] = [];
    values[n]?.forEach((line, row) => {
      const name = grid.rows?.[row];
      const middle = top + (row + 0.5) * cellHeight + 4.5;
      if (name !== undefined) texts.push(svgText(name, left - 8, middle, { anchor: 'end' }));
      line.forEach((value, column) => {
        const pale = isOutside(row, column);
        if (pale) svg += rectangle(row, column, 'class="view-outside"');
        if (value === null || !place.numbers) return;
        const text = svgText(written(value), left + (column + 0.5) * cellWidth, middle, {
          anchor: 'middle',
          size: NUMBER,
          ...(pale ? { kind: 'muted' as const } : {}),
        });
        texts.push(fresh.has(row * columns + column) ? `<g class="view-fresh">${text}</g>` : text);
      });
    });
    svg += `<path class="view-grid" d="${lines}"/>`;
    for (const { row, column, group } of own(marks))
      svg += rectangle(
        row,
        column,
        `class="view-marked" fill="${inkOf(group)}" stroke="${inkOf(group)}"`,
      );
    return svg + texts.join('');
  });
  const said = `${view.title}。第 ${String(at + 1)} 步，共 ${String(view.frames.length)} 步：${caption}`;
  return svgPicture(right + 2, bottom + 2, said, parts.join(''));
}

/** Rows of a packed view: arrays cost fewer quotation marks in an attribute than objects. */
type PackedGrid = [string, string, (number | null)[][], string[], number[]];
type Packed = [string, PackedGrid[], [number[][], number[][]][]];

/** A view without its captions as JSON; `unpackFrames` reads it. */
export function packFrames(view: FramesView): string {
  const packed: Packed = [
    view.title,
    view.grids.map(({ label, before = '', values, rows = [], outside }) => [
      label,
      before,
      values.map((row) => [...row]),
      [...rows],
      outside ? [outside.top, outside.bottom, outside.left, outside.right] : [],
    ]),
    view.frames.map(({ marks = [], writes = [] }) => [
      marks.map(({ grid, row, column, group }) => [grid, row, column, group]),
      writes.map(({ grid, row, column, value }) => [grid, row, column, value]),
    ]),
  ];
  return JSON.stringify(packed);
}

/** @param captions of the frames, in their order, as they stand in the list below the picture. */
export function unpackFrames(text: string, captions: readonly string[]): FramesView {
  const [title, grids, frames] = JSON.parse(text) as Packed;
  return {
    kind: 'frames',
    title,
    grids: grids.map(([label, before, values, rows, [top, bottom = 0, left = 0, right = 0]]) => ({
      label,
      values,
      ...(before === '' ? {} : { before }),
      ...(rows.length === 0 ? {} : { rows }),
      ...(top === undefined ? {} : { outside: { top, bottom, left, right } }),
    })),
    frames: frames.map(([marks, writes], n) => ({
      caption: captions[n] ?? '',
      marks: marks.map(([grid = 0, row = 0, column = 0, group = 0]) => ({
        grid,
        row,
        column,
        group,
      })),
      writes: writes.map(([grid = 0, row = 0, column = 0, value = 0]) => ({
        grid,
        row,
        column,
        value,
      })),
    })),
  };
}

/**
 * The first frame, the buttons of the player and the captions of all frames; `<frame-player>` makes it step. Only the
 * first frame is drawn here: the others travel as numbers.
 *
 * @throws Error when there is no frame or a cell lies in no grid.
 */
export function drawFrames(view: FramesView, options: DrawOptions = {}): string {
  check(view);
  const count = view.frames.length;
  const captions = view.frames.map(({ caption }) => `<li>${escapeText(caption)}</li>`).join('');
  const button = (go: string, words: string): string =>
    `<button type="button" data-go="${go}"${go === 'back' ? ' aria-disabled="true"' : ''}>${words}</button>`;
  const controls =
    `<div class="view-controls">${button('back', '上一步')}${button('play', '播放')}${button('next', '下一步')}` +
    `<input type="range" min="1" max="${String(count)}" value="1" aria-label="第几步" autocomplete="off"/>` +
    `<output aria-hidden="true">1 / ${String(count)}</output></div>`;
  const steps = `<details class="view-steps"><summary>每一步的说明</summary><ol>${captions}</ol></details>`;
  return (
    `<frame-player data-frames="${escapeText(packFrames(view))}" data-step="1">` +
    `<div data-part="picture">${drawFrame(view, 0, options)}</div>` +
    (count > 1 ? controls : '') +
    `<p class="view-step" aria-live="polite">${escapeText(view.frames[0]?.caption ?? '')}</p>` +
    (count > 1 ? steps : `<div hidden><ol>${captions}</ol></div>`) +
    '</frame-player>'
  );
}
