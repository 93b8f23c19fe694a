/** Cuts rows into folds and puts the columns of a fold on one scale. Knows no model. */
import type { View } from '../contract/view.ts';
import { deviation, mean } from './pairs.ts';
import { short, tableView } from './pictures.ts';

/** The rows that one network learns from, and those it is tested with. */
export interface Fold {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** Rows 0 … n − 1 in the given order, cut into `k` folds: each row is tested in one and learned in the others. */
export function cutFolds(order: readonly number[], k: number): Fold[] {
  return Array.from({ length: k }, (_, fold) => ({
    test: order.filter((_, i) => i % k === fold),
    train: order.filter((_, i) => i % k !== fold),
  }));
}

/**
 * The rows (`columns` values each) with mean 0 and deviation 1 in every column, measured over the rows `from` only: what
 * a network is tested with must not tell it anything. A column that never changes becomes 0.
 */
export function standardize(
  values: ArrayLike<number>,
  columns: number,
  from: readonly number[],
): Float32Array {
  const result = new Float32Array(values.length);
  for (let column = 0; column < columns; column++) {
    const seen = from.map((row) => values[row * columns + column] as number);
    const [middle, spread] = [mean(seen), deviation(seen)];
    for (let at = column; at < values.length; at += columns) {
      result[at] = spread > 0 ? ((values[at] as number) - middle) / spread : 0;
    }
  }
  return result;
}

/** One over their number for the given rows of `count`, 0 for the others: the sum of what is right, so weighed, is the accuracy. */
export function shareEach(rows: readonly number[], count: number): Float32Array {
  const shares = new Float32Array(count);
  for (const row of rows) shares[row] = 1 / rows.length;
  return shares;
}

/** What every fold scored on its own rows and on the others, and mean and deviation below. */
export function foldsViews(taught: readonly number[], tested: readonly number[]): View[] {
  const folds = tested.map((_, i) => i + 1);
  const rows = folds.map((fold, i) => [fold, short(taught[i] ?? 0), short(tested[i] ?? 0)]);
  const level = mean(tested);
  const ends = [1, folds.length];
  return [
    {
      kind: 'points',
      title: '只留一份考，会得几分',
      x: { label: '拿第几份考' },
      y: { label: '准确率' },
      points: [
        { label: '没学过的那份', group: 0, xs: folds, ys: [...tested] },
        { label: '学过的那些', group: 1, xs: folds, ys: [...taught] },
      ],
      lines: [{ label: '没学过的，平均', xs: ends, ys: [level, level] }],
    },
    tableView(
      '每份一个网络',
      ['拿第几份考', '学过的', '没学过的'],
      [
        ...rows,
        ['平均', short(mean(taught)), short(level)],
        ['标准差', short(deviation(taught), 2), short(deviation(tested), 2)],
      ],
    ),
  ];
}
