/** Lays out the networks of the overfitting table, and the table itself. Knows no tensor library. */
import type { TableView } from '../contract/view.ts';
import { CLASSES } from './digits.ts';
import { tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/** Numbers of pictures, in the order of the table. */
export const SIZES = { few: 50, some: 300, many: 1400 } as const;
/** Hidden units of a narrow network. */
export const NARROW = 2;

/** What one network is like, and what it learns from. */
export interface GridCell {
  readonly size: keyof typeof SIZES;
  readonly noisy: boolean;
  readonly width: number;
  /** Rows of the training set; the smaller sets are parts of the larger. */
  readonly rows: readonly number[];
  /** The label that it is told for every row of the training set. */
  readonly labels: Int32Array;
}

/**
 * Twelve networks: few, some, many pictures × right, partly wrong labels × narrow, wide.
 * @param noise share of the labels that is wrong in the noisy half; a wrong label is any other, equally likely.
 */
export function overfittingGrid(
  truth: Int32Array,
  noise: number,
  wide: number,
  random: SeededRandom,
): GridCell[] {
  const order = random.permutation(truth.length);
  const given = truth.map((label) => {
    const [draw, shift] = [random.uniform(), 1 + random.integer(CLASSES - 1)];
    return draw < noise ? (label + shift) % CLASSES : label;
  });
  return (['few', 'some', 'many'] as const).flatMap((size) =>
    [false, true].flatMap((noisy) =>
      [NARROW, wide].map((width) => ({
        ...{ size, noisy, width, rows: order.slice(0, SIZES[size]) },
        labels: noisy ? given : truth,
      })),
    ),
  );
}

/** `[cells, train]` weights that average over each cell's own rows. */
export function ownRows(cells: readonly GridCell[], count: number): Float32Array {
  const weights = new Float32Array(cells.length * count);
  cells.forEach(({ rows }, k) =>
    rows.forEach((row) => (weights[k * count + row] = 1 / rows.length)),
  );
  return weights;
}

/** Accuracies of each cell: on the labels it was told, and on right labels never seen. */
export interface Scores {
  train: number[];
  test: number[];
}

/**
 * Some cells of the table by name: gaps of the wide ones, of two narrow ones, and three accuracies on pictures never seen.
 * @param cells as `overfittingGrid` orders them.
 */
export function gridSummary(cells: readonly GridCell[], { train, test }: Scores) {
  const at = (size: GridCell['size'], noisy: boolean, narrow: boolean): number =>
    cells.findIndex(
      (cell, k) => cell.size === size && cell.noisy === noisy && (k % 2 === 0) === narrow,
    );
  const fresh = (...kind: Parameters<typeof at>): number => test[at(...kind)] ?? 0;
  const gap = (...kind: Parameters<typeof at>): number =>
    (train[at(...kind)] ?? 0) - fresh(...kind);
  return {
    cleanFew: gap('few', false, false),
    noisyFew: gap('few', true, false),
    noisyMany: gap('many', true, false),
    wideSome: gap('some', true, false),
    narrowSome: gap('some', true, true),
    narrowFew: gap('few', false, true),
    cleanFewTest: fresh('few', false, false),
    noisyManyTest: fresh('many', true, false),
    cleanManyTest: fresh('many', false, false),
  };
}

/** The table: one row for each network, with the gap between its two accuracies. */
export const gridView = (cells: readonly GridCell[], { train, test }: Scores): TableView =>
  tableView(
    '十二个网络',
    ['训练图', '标签', '单元', '训练', '测试', '差'],
    cells.map(({ size, noisy, width }, k) => {
      const [own, fresh] = [train[k] ?? 0, test[k] ?? 0];
      const numbers = [own, fresh, own - fresh].map((value) => value.toFixed(3));
      return [SIZES[size], noisy ? '有错' : '全对', width, ...numbers];
    }),
  );
