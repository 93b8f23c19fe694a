/** Rows of digits whose label depends on one place, and a picture of what a verdict depends on. Knows no tensor library. */
import type { MatrixView } from '../contract/view.ts';
import type { SeededRandom } from './random.ts';

/** How many digits there are: 0 … 9. */
export const TOKENS = 10;

export interface Sequences {
  readonly rows: number[][];
  /** 1 where the row's digit at that place is 5 or more. */
  readonly labels: readonly number[];
}

/** `count` rows of `length` random digits, each labelled by its digit number `place`, from 0. */
export function drawSequences(
  random: SeededRandom,
  count: number,
  length: number,
  place: number,
): Sequences {
  const rows = Array.from({ length: count }, () =>
    Array.from({ length }, () => random.integer(TOKENS)),
  );
  return { rows, labels: rows.map((row) => Number((row[place] ?? 0) >= TOKENS / 2)) };
}

/** The largest change between the answers to rows and the answers to the same rows in this order. */
export const largestShift = (
  answers: ArrayLike<number>,
  reordered: ArrayLike<number>,
  order: readonly number[],
): number =>
  Math.max(...order.map((i, j) => Math.abs((reordered[j] ?? NaN) - (answers[i] ?? NaN))));

/** How much each digit (column) of each row of a batch weighs in one verdict, as percentages of all. */
export function dependencyView(title: string, weights: number[][]): MatrixView {
  const total = weights.flat().reduce((sum, weight) => sum + weight, 0);
  return {
    kind: 'matrix',
    title,
    rowTitle: '同一批里',
    columnTitle: '第几个数字',
    rows: weights.map((_, row) => `第 ${row + 1} 条`),
    columns: (weights[0] ?? []).map((_, place) => String(place + 1)),
    values: weights.map((row) => row.map((weight) => Math.round((100 * weight) / total))),
  };
}
