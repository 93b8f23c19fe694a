/** How kernels may see the shapes of tensors, so that a few plain loops do. Knows no backend. */
import { backend_util, util } from '@tensorflow/tfjs-core';

/** An operand has all of [rows, c] (0), one row [c] (1), one column [rows] (2), or one number (3). */
export const FILL = { all: 0, row: 1, column: 2, number: 3 } as const;
export type Fill = (typeof FILL)[keyof typeof FILL];

export interface Pattern {
  readonly shape: number[];
  readonly rows: number;
  readonly c: number;
  readonly a: Fill;
  readonly b: Fill;
}

/** The code, and the number of rows where the operand is a row or a column. @returns `undefined` for neither. */
function fill(shape: readonly number[], out: readonly number[]): [Fill, number?] | undefined {
  const size = util.sizeFromShape([...shape]);
  const total = util.sizeFromShape([...out]);
  if (size === total) return [FILL.all];
  if (size === 1) return [FILL.number];
  const missing = out.length - shape.length;
  const whole = (start: number, end: number): boolean => {
    for (let axis = start; axis < end; axis++) {
      if (shape[axis - missing] !== out[axis]) return false;
    }
    return true;
  };
  let from = missing;
  while (shape[from - missing] === 1) from++;
  if (whole(from, out.length)) return [FILL.row, total / size];
  let to = out.length;
  while (shape[to - missing - 1] === 1) to--;
  return missing === 0 && whole(0, to) ? [FILL.column, size] : undefined;
}

/** @returns `undefined` where [rows, c] cannot say it, or there is nothing to compute. @throws Error for shapes that do not fit. */
export function pattern(a: readonly number[], b: readonly number[]): Pattern | undefined {
  const shape = util.arraysEqual([...a], [...b])
    ? [...a]
    : backend_util.assertAndGetBroadcastShape([...a], [...b]);
  const [x, y] = [fill(a, shape), fill(b, shape)];
  const size = util.sizeFromShape(shape);
  if (size === 0 || !x || !y) return undefined;
  const rows = x[1] ?? y[1] ?? 1;
  if ((x[1] ?? rows) !== rows || (y[1] ?? rows) !== rows) return undefined;
  return { shape, rows, c: size / rows, a: x[0], b: y[0] };
}

/** A tensor seen as [outer, reduced, inner] for a reduction over `axis`; `undefined` when the axes lie apart or there are none. */
export function neighbours(shape: readonly number[], axis: unknown) {
  const axes = util.parseAxisParam(axis as number[], [...shape]);
  const [first, last] = [Math.min(...axes), Math.max(...axes)];
  if (axes.length === 0 || last - first >= axes.length) return undefined;
  const outer = util.sizeFromShape(shape.slice(0, first));
  const reduced = util.sizeFromShape(shape.slice(first, last + 1));
  const inner = util.sizeFromShape(shape.slice(last + 1));
  const kept = shape.map((size, k) => (k >= first && k <= last ? 1 : size));
  const rest = shape.filter((_, k) => k < first || k > last);
  return { outer, reduced, inner, kept, rest };
}

/**
 * A permutation that changes the places of two neighbouring groups of axes: [outer, m, n, run] → [outer, n, m, run];
 * m or n is 1 where nothing moves. @returns `undefined` for other permutations.
 */
export function swap(shape: readonly number[], perm: readonly number[]) {
  const size = (from: number, to: number) => util.sizeFromShape(shape.slice(from, to));
  const out = perm.map((axis) => shape[axis] as number);
  let start = 0;
  while (start < perm.length && perm[start] === start) start++;
  let end = perm.length;
  while (end > start && perm[end - 1] === end - 1) end--;
  const middle = perm[start] ?? end;
  for (let i = start; i < end; i++) {
    const second = end - middle;
    const wanted = i - start < second ? middle + i - start : i - second;
    if (perm[i] !== wanted) return undefined;
  }
  const m = start < end ? size(start, middle) : 1;
  const n = start < end ? size(middle, end) : 1;
  return { out, outer: size(0, start), m, n, run: size(end, perm.length) };
}

/** The shape with other sizes in place of one axis. */
export const reshaped = (shape: readonly number[], axis: number, ...sizes: number[]): number[] => [
  ...shape.slice(0, axis),
  ...sizes,
  ...shape.slice(axis + 1),
];

/** A tensor cut along one axis: `rows` rows of `step` elements, `inner` for each place along the axis. */
export function cut(shape: readonly number[], axis: unknown) {
  const along = util.parseAxisParam(axis as number, [...shape])[0] as number;
  const inner = util.sizeFromShape(shape.slice(along + 1));
  const count = shape[along] as number;
  const rows = util.sizeFromShape(shape.slice(0, along));
  return { along, rows, count, inner, step: count * inner };
}
