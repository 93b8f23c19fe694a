/** Grows a binary decision tree greedily by the Gini impurity, reads with it and writes it out. Knows no tensor library. */
import type { CurveView, TableView, TextView } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';
import type { Samples } from './table.ts';

/** Rows of measures with a class 0 or 1 each. */
export interface Rows {
  readonly x: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly columns: number;
}

/** A leaf has no `split`. */
export interface TreeNode {
  /** Rows of class 0 and 1 that came here. */
  readonly counts: readonly [number, number];
  readonly split?: {
    readonly column: number;
    /** A row with at most this goes to `low`. */
    readonly at: number;
    readonly low: TreeNode;
    readonly high: TreeNode;
  };
}

const gini = (zeros: number, ones: number): number =>
  zeros + ones === 0 ? 0 : 1 - (zeros / (zeros + ones)) ** 2 - (ones / (zeros + ones)) ** 2;

/**
 * Grows a tree of at most `depth` questions in a row; every split is the one that lowers the mean Gini impurity most,
 * between two neighbouring values of one column; of equals, the first column and the lowest value.
 * @param among row numbers to grow from; all rows by default.
 */
export function growTree(
  { x, labels, columns }: Rows,
  depth: number,
  among: readonly number[] = Array.from(labels, (_, i) => i),
): TreeNode {
  const value = (i: number, j: number): number => x[i * columns + j] ?? 0;
  const ones = among.reduce((sum, i) => sum + (labels[i] ?? 0), 0);
  const zeros = among.length - ones;
  const counts = [zeros, ones] as const;
  if (depth === 0 || ones === 0 || zeros === 0) return { counts };
  let best = { column: -1, at: 0, mixed: gini(zeros, ones) - 1e-12 };
  for (let column = 0; column < columns; column++) {
    const order = [...among].sort((a, b) => value(a, column) - value(b, column));
    let lowOnes = 0;
    for (let low = 1; low < order.length; low++) {
      lowOnes += labels[order[low - 1] as number] ?? 0;
      const [left, right] = [
        value(order[low - 1] as number, column),
        value(order[low] as number, column),
      ];
      if (left === right) continue;
      const high = order.length - low;
      const [below, above] = [
        gini(low - lowOnes, lowOnes),
        gini(high - (ones - lowOnes), ones - lowOnes),
      ];
      const mixed = (low * below + high * above) / order.length;
      if (mixed < best.mixed - 1e-12) best = { column, at: (left + right) / 2, mixed };
    }
  }
  const { column, at } = best;
  if (column < 0) return { counts };
  const side = (isLow: boolean): TreeNode =>
    growTree(
      { x, labels, columns },
      depth - 1,
      among.filter((i) => value(i, column) <= at === isLow),
    );
  return { counts, split: { column, at, low: side(true), high: side(false) } };
}

/** The nodes from the root to the leaf where a row ends. */
export function pathOf(tree: TreeNode, row: ArrayLike<number>): TreeNode[] {
  if (!tree.split) return [tree];
  const { column, at, low, high } = tree.split;
  return [tree, ...pathOf((row[column] ?? 0) <= at ? low : high, row)];
}

/** Share of class 1 among the rows at a node. */
export const shareOfOnes = ({ counts: [zeros, ones] }: TreeNode): number => ones / (zeros + ones);

/** The class a tree gives a row: that of most training rows in its leaf, 0 when equal. */
export const readTree = (tree: TreeNode, row: ArrayLike<number>): number =>
  shareOfOnes(pathOf(tree, row).at(-1)) > 0.5 ? 1 : 0;

/** Row i of `x`. */
export const rowOf = ({ x, columns }: Rows, i: number): number[] =>
  Array.from({ length: columns }, (_, j) => x[i * columns + j] ?? 0);

/** Share of rows that the tree gets right. */
export function treeAccuracy(tree: TreeNode, rows: Rows): number {
  const right = Array.from(rows.labels, (label, i) => readTree(tree, rowOf(rows, i)) === label);
  return right.filter(Boolean).length / right.length;
}

/** Number of leaves. */
export const leaves = ({ split }: TreeNode): number =>
  split ? leaves(split.low) + leaves(split.high) : 1;

/** Accuracy on both parts when the tree may ask 1, 2, … questions in a row. */
export const depthCurve = (trees: readonly TreeNode[], train: Rows, test: Rows): CurveView => {
  const xs = trees.map((_, i) => i + 1);
  const of = (rows: Rows): number[] => trees.map((tree) => short(treeAccuracy(tree, rows), 4));
  return {
    kind: 'curve',
    title: '树越深，训练题越对，测试题不一定',
    x: { label: '最多连问几个问题' },
    y: { label: '准确率', max: 1 },
    series: [
      { label: '训练病人', xs, ys: of(train) },
      { label: '测试病人', xs, ys: of(test) },
    ],
  };
};

const answer = (node: TreeNode): string =>
  `${shareOfOnes(node) > 0.5 ? '恶性' : '良性'}（${node.counts[1]} 恶性，${node.counts[0]} 良性）`;

/** A tree in lines, each question deeper indented; the first `depth` questions only. */
export function treeText(tree: TreeNode, names: readonly string[], depth: number): TextView {
  const lines = (node: TreeNode, level: number): string[] => {
    const indent = '　'.repeat(level);
    if (!node.split || level === depth) return [`${indent}→ ${answer(node)}`];
    const question = `${names[node.split.column] ?? ''} ≤ ${short(node.split.at, 5)}`;
    return [
      `${indent}${question}？`,
      `${indent}是：`,
      ...lines(node.split.low, level + 1),
      `${indent}否：`,
      ...lines(node.split.high, level + 1),
    ];
  };
  const cut = (node: TreeNode, level: number): boolean =>
    node.split !== undefined &&
    (level === depth || cut(node.split.low, level + 1) || cut(node.split.high, level + 1));
  const title = cut(tree, 0) ? `树的前 ${depth} 层` : '整棵树';
  return { kind: 'text', title, text: lines(tree, 0).join('\n') };
}

/** The questions a row is asked, its answers, and the leaf. */
export function pathText(
  tree: TreeNode,
  row: ArrayLike<number>,
  names: readonly string[],
): TextView {
  const path = pathOf(tree, row);
  const lines = path.map((node) => {
    if (!node.split) return `到了叶子 → ${answer(node)}`;
    const { column, at } = node.split;
    const value = row[column] ?? 0;
    return `${names[column] ?? ''} 是 ${short(value, 5)}，${value <= at ? '≤' : '>'} ${short(at, 5)}`;
  });
  return { kind: 'text', title: `树问了 ${path.length - 1} 个问题`, text: lines.join('\n') };
}

/** How many numbers one has to read to know the whole model. */
export const readingCosts = (tree: TreeNode, line: number, network: number): TableView =>
  tableView(
    '要读多少个数，才读完整个模型',
    ['模型', '数'],
    [
      [`树：${leaves(tree) - 1} 个问题`, leaves(tree) - 1],
      ['直线：每项一个系数，加截距', line],
      ['网络：两层权重', network],
    ],
  );

/** The terms of a linear model for one row, the largest first: what each measure adds to the score. */
export function termsView(
  terms: ArrayLike<number>,
  names: readonly string[],
  shown = 6,
): TableView {
  const order = Array.from(terms, (term, j) => ({ term, name: names[j] ?? '' })).sort(
    (a, b) => Math.abs(b.term) - Math.abs(a.term),
  );
  const rest = order.slice(shown).reduce((sum, { term }) => sum + term, 0);
  return tableView(
    '直线：哪几项把分数推向恶性（正）或良性（负）',
    ['测量', '加几分'],
    [
      ...order.slice(0, shown).map(({ name, term }) => [name, term.toFixed(3)]),
      [`其余 ${Math.max(0, order.length - shown)} 项`, rest.toFixed(3)],
    ],
  );
}

/** Those samples alone. */
export const chosen = (all: Samples, rows: readonly number[], columns: number): Samples => ({
  count: rows.length,
  x: Float32Array.from(rows.flatMap((i) => rowOf({ ...all, columns }, i))),
  labels: Int32Array.from(rows, (i) => all.labels[i] ?? 0),
});
