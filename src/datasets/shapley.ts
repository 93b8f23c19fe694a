/** Shares what a model says of one sample among its measures: Shapley values, by all coalitions. Knows no model. */
import type { TableView, View } from '../contract/view.ts';
import { tableView } from './pictures.ts';
import type { Samples } from './table.ts';

/**
 * The samples to ask a model about: for every coalition S = 0 … 2ⁿ − 1 (bit j: measure j is known) all background
 * samples, with the known measures taken from `x`.
 * @param background `[m, n]`, row by row.
 * @returns `[2ⁿ · m, n]`, the m samples of a coalition together.
 * @throws RangeError when the background is not whole rows.
 */
export function coalitionRows(
  x: ArrayLike<number>,
  background: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const n = x.length;
  if (background.length === 0 || background.length % n !== 0) {
    throw new RangeError(`${background.length} background values are no rows of ${n}`);
  }
  const rows = new Float32Array(2 ** n * background.length);
  for (let at = 0; at < rows.length; at++) {
    const coalition = Math.floor(at / background.length);
    const known = (coalition >> (at % n)) & 1;
    rows[at] = (known ? x[at % n] : background[at % background.length]) as number;
  }
  return rows;
}

/** How many ways there are to choose `k` of `n`. */
const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

/**
 * Shapley values of n players: the mean, over all orders of coming in, of what a player adds.
 * @param worth `[2ⁿ]`, by coalition: bit j says whether player j is in.
 * @returns `[n]`; their sum is the worth of all minus the worth of none.
 */
export function shapleyValues(worth: ArrayLike<number>): number[] {
  const n = Math.round(Math.log2(worth.length));
  const size = (coalition: number): number =>
    Array.from({ length: n }, (_, j) => (coalition >> j) & 1).reduce((sum, bit) => sum + bit, 0);
  return Array.from({ length: n }, (_, j) => {
    let value = 0;
    for (let without = 0; without < worth.length; without++) {
      if ((without >> j) & 1) continue;
      const adds = (worth[without | (1 << j)] ?? 0) - (worth[without] ?? 0);
      value += adds / (n * choose(n - 1, size(without)));
    }
    return value;
  });
}

/** Means of the columns of `rows` `[m, n]`. */
export function columnMeans(rows: ArrayLike<number>, n: number): number[] {
  const means = Array.from({ length: n }, () => 0);
  for (let at = 0; at < rows.length; at++) means[at % n]! += ((rows[at] ?? 0) * n) / rows.length;
  return means;
}

/** Shapley values of a linear model in closed form: wⱼ (xⱼ − mean of xⱼ in the background). */
export function linearShapley(
  weights: ArrayLike<number>,
  x: ArrayLike<number>,
  background: ArrayLike<number>,
): number[] {
  const means = columnMeans(background, x.length);
  return means.map((mean, j) => (weights[j] ?? 0) * ((x[j] ?? 0) - mean));
}

/** The four measures of an iris, in the order of its table. */
export const MEASURES = ['花萼长', '花萼宽', '花瓣长', '花瓣宽'] as const;
const SPECIES = ['山鸢尾', '变色鸢尾', '弗吉尼亚鸢尾'];

/** What stands for the measures that a coalition does not know. */
export const BACKGROUNDS = {
  all: '105 朵训练花',
  mean: '一朵平均的花',
  own: '同种的训练花',
} as const;

/** The chosen background, row by row; `species` is that of the flower to explain. */
export function backgroundOf(
  kind: keyof typeof BACKGROUNDS,
  { x, labels }: Samples,
  species: number,
): number[] {
  const n = MEASURES.length;
  if (kind === 'mean') return columnMeans(x, n);
  return [...x].filter((_, at) => kind === 'all' || labels[Math.floor(at / n)] === species);
}

const CENTIMETRES = { min: 0, max: 20, step: 0.1 };

/** What to ask a reader for: a flower between two species, measured. */
export const FLOWER = {
  sepalLength: { label: '花萼长，厘米', default: 6, ...CENTIMETRES },
  sepalWidth: { label: '花萼宽，厘米', default: 2.8, ...CENTIMETRES },
  petalLength: { label: '花瓣长，厘米', default: 4.9, ...CENTIMETRES },
  petalWidth: { label: '花瓣宽，厘米', default: 1.7, ...CENTIMETRES },
} as const;

/** One model's word on a sample and how it is shared. */
export interface Shares {
  /** What the model says on average when it knows no measure. */
  readonly base: number;
  readonly values: readonly number[];
  /** What it says of the sample. */
  readonly said: number;
}

/** Lines that add up: what the model says without knowing anything, each measure's share, the sum, the model's word. */
export function sharesView(
  title: string,
  names: readonly string[],
  x: ArrayLike<number>,
  { base, values, said }: Shares,
): TableView {
  const signed = (value: number): string => (value < 0 ? '−' : '+') + Math.abs(value).toFixed(4);
  const sum = values.reduce((total, value) => total + value, base);
  const shares = values.map((value, j) => [
    names[j] ?? '',
    `${(x[j] ?? 0).toFixed(1)} cm`,
    signed(value),
  ]);
  return tableView(
    title,
    ['项', '这朵花', '份额'],
    [
      ['基准：什么都不知道', '', base.toFixed(4)],
      ...shares,
      ['加起来', '', sum.toFixed(4)],
      ['模型自己说', '', said.toFixed(4)],
    ],
  );
}

/** What every coalition is worth. */
export const coalitionsView = (
  title: string,
  names: readonly string[],
  worth: ArrayLike<number>,
): TableView =>
  tableView(
    title,
    ['知道哪几项', '平均输出'],
    Array.from(worth, (value, coalition) => [
      names.filter((_, j) => (coalition >> j) & 1).join('、') || '一项也不知道',
      value.toFixed(4),
    ]),
  );

/** How a network's probability of a species and a linear model's score for it are shared, and all coalitions. */
export function explanationViews(
  species: number,
  x: ArrayLike<number>,
  network: Shares & { readonly worth: ArrayLike<number> },
  line: Shares,
): View[] {
  const name = SPECIES[species] ?? '';
  return [
    sharesView(`网络：是${name}的概率`, MEASURES, x, network),
    sharesView(`线性模型：${name}的得分`, MEASURES, x, line),
    coalitionsView('16 种组合，网络各说多少', MEASURES, network.worth),
  ];
}
