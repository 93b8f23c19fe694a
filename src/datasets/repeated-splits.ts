/** Splits the same rows again and again, grows a tree on each, and tells who won how often. Knows no tensor library. */
import type { View } from '../contract/view.ts';
import { chosen, growTree, treeAccuracy, type TreeNode } from './decision-tree.ts';
import { standardize } from './folds.ts';
import { deviation, mean } from './pairs.ts';
import { short, tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';
import type { Samples } from './table.ts';

/** Rows of every split one after another: `x` `[splits, rows, columns]` on the scale of its own split, `y` 0 or 1. */
export interface SplitRows {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly rows: number;
}

export interface Splits {
  readonly train: SplitRows;
  readonly test: SplitRows;
  /** One for each split, grown on its training rows as measured. */
  readonly trees: readonly TreeNode[];
  /** `[depth − 1][split]`: share of the test rows that the tree gets right with that many questions in a row. */
  readonly treeScores: readonly (readonly number[])[];
}

/** The first questions of a tree: of one grown greedily, what it would be had it been allowed no more. */
export function shallow({ counts, split }: TreeNode, depth: number): TreeNode {
  if (!split || depth === 0) return { counts };
  const [low, high] = [shallow(split.low, depth - 1), shallow(split.high, depth - 1)];
  return { counts, split: { ...split, low, high } };
}

/**
 * Draws `splits` random splits of the rows, `taught` to learn from and the others to test with, and grows a tree of at
 * most `depths` questions on each.
 */
export function drawSplits(
  all: Samples,
  columns: number,
  { splits, taught, depths }: { splits: number; taught: number; depths: number },
  random: Pick<SeededRandom, 'permutation'>,
): Splits {
  const drawn = Array.from({ length: splits }, () => {
    const order = random.permutation(all.count);
    const [train, test] = [order.slice(0, taught), order.slice(taught)];
    return { train, test, scaled: { ...all, x: standardize(all.x, columns, train) } };
  });
  const rowsOf = (part: 'train' | 'test'): SplitRows => {
    const each = drawn.map((split) => chosen(split.scaled, split[part], columns));
    return {
      x: Float32Array.from(each.flatMap(({ x }) => [...x])),
      y: Float32Array.from(each.flatMap(({ labels }) => [...labels])),
      rows: part === 'train' ? taught : all.count - taught,
    };
  };
  const trees = drawn.map(({ train }) => growTree({ ...all, columns }, depths, train));
  const tested = drawn.map(({ test }) => ({ ...chosen(all, test, columns), columns }));
  const treeScores = Array.from({ length: depths }, (_, depth) =>
    trees.map((tree, k) => treeAccuracy(shallow(tree, depth + 1), tested[k]!)),
  );
  return { train: rowsOf('train'), test: rowsOf('test'), trees, treeScores };
}

/** In how many places the first is larger than, as large as and smaller than the second. */
export function tally(
  ours: readonly number[],
  theirs: readonly number[],
): [number, number, number] {
  const signs = ours.map((value, i) => Math.sign(Math.round(1e6 * (value - (theirs[i] ?? NaN)))));
  const of = (sign: number): number => signs.filter((one) => one === sign).length;
  return [of(1), of(0), of(-1)];
}

/**
 * What all splits say: every split as a point, means with deviations, and what the trees ask first.
 * @param line accuracy of the line on each split; @param network of the network
 * @param depth the tree that is drawn
 */
export function splitViews(
  { trees, treeScores, test }: Splits,
  { line, network, depth }: { line: number[]; network: number[]; depth: number },
  names: readonly string[],
): View[] {
  const tree = [...(treeScores[depth - 1] ?? [])];
  const ends = [Math.min(...tree, ...network, ...line), 1];
  const row = (name: string, scores: readonly number[]): (string | number)[] => [
    name,
    short(mean(scores)),
    short(deviation(scores), 2),
    short((mean(line) - mean(scores)) * test.rows, 2),
    tally(scores, line).join('、'),
  ];
  const asked = new Map<string, number>();
  for (const { split } of trees) {
    const name = split ? (names[split.column] ?? '') : '没有问题可问';
    asked.set(name, (asked.get(name) ?? 0) + 1);
  }
  return [
    {
      kind: 'points',
      title: '每次划分一个点，线以下是输给直线',
      x: { label: '直线的测试准确率' },
      y: { label: '另一个的测试准确率' },
      points: [
        { label: `树，连问 ${depth} 个`, group: 0, xs: line, ys: tree },
        { label: '网络', group: 1, xs: line, ys: network },
      ],
      lines: [{ label: '一样准', xs: ends, ys: ends }],
    },
    tableView(
      `${trees.length} 次划分，每次考 ${test.rows} 位`,
      ['模型', '平均', '标准差', '比直线多错', '赢、平、输'],
      [
        ...treeScores.map((scores, i) => row(`树，${i + 1} 问`, scores)),
        row('网络', network),
        ['直线', short(mean(line)), short(deviation(line), 2), 0, ''],
      ],
    ),
    tableView(
      '树的第一个问题问哪一项',
      ['测量', '几次'],
      [...asked].sort((a, b) => b[1] - a[1]),
    ),
  ];
}
