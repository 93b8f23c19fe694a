/** Sizes and sums of a window that slides over a grid: convolution and pooling share them. Knows no page. */
import type { Matrix } from '../notation/matrices.ts';

/** Cells added before and after a side. */
export interface Padding {
  readonly before: number;
  readonly after: number;
}

/** Cells that a window of `size` cells spans when they stand `dilation` apart. */
export const spanOf = (size: number, dilation: number): number => dilation * (size - 1) + 1;

/** Places of a window along one side: ⌊(length + padding − span) / stride⌋ + 1; below 1 when it does not fit. */
export const placesOf = (length: number, span: number, stride: number, padding: Padding): number =>
  Math.floor((length + padding.before + padding.after - span) / stride) + 1;

/** Padding that gives ⌈length / stride⌉ places, the odd cell after, as TensorFlow's `same`. */
export function samePadding(length: number, span: number, stride: number): Padding {
  const places = Math.ceil(length / stride);
  const all = Math.max(0, (places - 1) * stride + span - length);
  return { before: Math.floor(all / 2), after: Math.ceil(all / 2) };
}

/** The matrix with zeros around it. */
export function padded(matrix: Matrix, rows: Padding, columns: Padding): number[][] {
  const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
  const width = (matrix[0]?.length ?? 0) + columns.before + columns.after;
  const blank = (count: number): number[][] => Array.from({ length: count }, () => zeros(width));
  return [
    ...blank(rows.before),
    ...matrix.map((row) => [...zeros(columns.before), ...row, ...zeros(columns.after)]),
    ...blank(rows.after),
  ];
}

/** The matrix turned by 180 degrees. */
export const turned = (matrix: Matrix): number[][] =>
  matrix.map((row) => row.toReversed()).toReversed();

/** The cells under a window whose top left cell is (`row`, `column`), with their values. */
export function windowAt(
  matrix: Matrix,
  row: number,
  column: number,
  rows: number,
  columns: number,
  dilation = 1,
): { readonly row: number; readonly column: number; readonly value: number }[][] {
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_unused, c) => {
      const at = { row: row + r * dilation, column: column + c * dilation };
      return { ...at, value: matrix[at.row]?.[at.column] ?? NaN };
    }),
  );
}

/** At most this many frames of a window are shown: more is no longer looked at. */
export const MOST_FRAMES = 64;

/** Float sums like 0.30000000000000004 as people write them. */
export const tidyNumber = (value: number): number => Number(value.toPrecision(10));

/** Digits after the point of a result: whole numbers have none. */
export const digitsFor = (value: number): number => (Number.isInteger(value) ? 0 : 4);

/** `0.1×2 + 3×(−4)` in plain text, cut after `most` terms. */
export function productsText(pairs: readonly (readonly [number, number])[], most = 25): string {
  const written = (value: number): string => {
    const text = String(Number(value.toPrecision(5))).replace('-', '−');
    return text.startsWith('−') ? `(${text})` : text;
  };
  const terms = pairs.slice(0, most).map(([a, b]) => `${written(a)}×${written(b)}`);
  return terms.join(' + ') + (pairs.length > most ? ' + ……' : '');
}
