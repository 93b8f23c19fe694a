/** Fits a weighted linear surrogate around one sample, and says how well it fits and how alike two of them are. Knows no model. */
import type { CurveView, MatrixView, TableView, View } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/** The measurements of a wine in Chinese, in the file's order. */
export const WINE_FEATURES = [
  ...['酒精', '苹果酸', '灰分', '灰分碱度', '镁', '总酚', '类黄酮', '非黄酮酚', '原花青素'],
  ...['颜色深浅', '色调', 'OD280/315', '脯氨酸'],
] as const;

/** `count` samples around `x`: every measure moved by its own draw from N(0, width²). `[count, x.length]`. */
export function neighbours(
  random: SeededRandom,
  x: ArrayLike<number>,
  width: number,
  count: number,
): Float32Array {
  return Float32Array.from(
    { length: count * x.length },
    (_, at) => (x[at % x.length] ?? 0) + width * random.normal(),
  );
}

/** A linear model of the answers near a sample. */
export interface Surrogate {
  /** What one more unit of each measure changes the answer by. */
  readonly weights: readonly number[];
  /** Weighted share of the answers' variance that the line explains; 1 is all, 0 nothing. */
  readonly fit: number;
}

/**
 * Weighted least squares of `answers` on the offsets of `rows` from `x`, with a constant. A row's weight falls with its
 * squared distance d² from `x` as exp(−d² / (2 n width²)), n measures: by e^½ at the distance of a typical draw.
 * @param rows `[m, n]`, m > n; a ridge of 1e-9 of the mean diagonal keeps a poor draw solvable.
 */
export function surrogate(
  x: ArrayLike<number>,
  rows: ArrayLike<number>,
  answers: ArrayLike<number>,
  width: number,
): Surrogate {
  const n = x.length;
  const count = answers.length;
  const offset = (i: number, j: number): number =>
    j === n ? 1 : ((rows[i * n + j] ?? 0) - (x[j] ?? 0)) / width;
  const nearness = Float64Array.from({ length: count }, (_, i) => {
    let square = 0;
    for (let j = 0; j < n; j++) square += offset(i, j) ** 2;
    return Math.exp(-square / (2 * n));
  });
  const A = Array.from({ length: n + 1 }, () => new Float64Array(n + 2));
  for (let i = 0; i < count; i++) {
    const w = nearness[i] as number;
    for (let j = 0; j <= n; j++) {
      const part = w * offset(i, j);
      const row = A[j] as Float64Array;
      for (let k = 0; k <= n; k++) row[k]! += part * offset(i, k);
      row[n + 1]! += part * (answers[i] ?? 0);
    }
  }
  const ridge = (1e-9 * A.reduce((sum, row, j) => sum + (row[j] ?? 0), 0)) / (n + 1);
  A.forEach((row, j) => {
    row[j]! += ridge;
  });
  const solved = solve(A);
  let [total, sum, squares, left] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [w, y] = [nearness[i] as number, answers[i] ?? 0];
    const line = solved.reduce((value, weight, j) => value + weight * offset(i, j), 0);
    total += w;
    sum += w * y;
    squares += w * y * y;
    left += w * (y - line) ** 2;
  }
  const spread = squares - sum ** 2 / total;
  return {
    weights: solved.slice(0, n).map((weight) => weight / width),
    fit: spread > 0 ? 1 - left / spread : 1,
  };
}

/** Solves the linear system `[A | y]` by elimination with the largest pivots. */
function solve(A: readonly Float64Array[]): number[] {
  const rows: Float64Array[] = A.map((row) => Float64Array.from(row));
  const n = rows.length;
  for (let j = 0; j < n; j++) {
    const size = (i: number): number => Math.abs(rows[i]?.[j] ?? 0);
    let best = j;
    for (let i = j; i < n; i++) if (size(i) > size(best)) best = i;
    [rows[j], rows[best]] = [rows[best] as Float64Array, rows[j] as Float64Array];
    const pivot = rows[j] as Float64Array;
    for (let i = 0; i < n; i++) {
      if (i === j) continue;
      const row = rows[i] as Float64Array;
      const factor = (row[j] ?? 0) / (pivot[j] ?? 1);
      for (let k = j; k <= n; k++) row[k]! -= factor * (pivot[k] ?? 0);
    }
  }
  return rows.map((row, j) => (row[n] ?? 0) / (row[j] ?? 1));
}

/** Cosine of the angle between two lists of weights: 1 is the same explanation, 0 two unrelated ones. */
export function likeness(a: readonly number[], b: readonly number[]): number {
  const dot = (p: readonly number[], q: readonly number[]): number =>
    p.reduce((sum, value, j) => sum + value * (q[j] ?? 0), 0);
  return dot(a, b) / Math.max(Math.sqrt(dot(a, a) * dot(b, b)), Number.MIN_VALUE);
}

/** Mean likeness of all pairs. */
export function meanLikeness(explanations: readonly Surrogate[]): number {
  const pairs = explanations.flatMap((a, i) =>
    explanations.slice(i + 1).map((b) => likeness(a.weights, b.weights)),
  );
  return pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
}

/** The mean of surrogates, measure by measure, and of their fits. */
export function meanSurrogate(all: readonly Surrogate[]): Surrogate {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const weights = WINE_FEATURES.map((_, j) => mean(all.map((each) => each.weights[j] ?? 0)));
  return { weights, fit: mean(all.map((each) => each.fit)) };
}

/** Each measure's place by size of weight, 1 first. */
export function ranking(weights: readonly number[]): number[] {
  const order = weights
    .map((_, j) => j)
    .sort((a, b) => Math.abs(weights[b] ?? 0) - Math.abs(weights[a] ?? 0));
  return weights.map((_, j) => order.indexOf(j) + 1);
}

/** The places of the measures in each explanation; only those that are among the first `shown` somewhere. */
export function ranksView(
  title: string,
  columnTitle: string,
  columns: readonly string[],
  explanations: readonly Surrogate[],
  shown = 3,
): MatrixView {
  const ranks = explanations.map(({ weights }) => ranking(weights));
  const best = (j: number): number => Math.min(...ranks.map((rank) => rank[j] ?? Infinity));
  const chosen = WINE_FEATURES.map((_, j) => j).filter((j) => best(j) <= shown);
  return {
    kind: 'matrix',
    title,
    rowTitle: '测量',
    columnTitle,
    rows: chosen.map((j) => WINE_FEATURES[j] ?? ''),
    columns,
    values: chosen.map((j) => ranks.map((rank) => rank[j] ?? 0)),
  };
}

/** The fit of each seed's surrogates over the kernel's width. */
export const fitsView = (
  widths: readonly number[],
  /** `[seed][width]`. */
  explanations: readonly (readonly Surrogate[])[],
): CurveView => ({
  kind: 'curve',
  title: '圈子越大，直线越配不上',
  x: { label: '核宽（标准差）', scale: 'log' },
  y: { label: 'R²', max: 1 },
  series: explanations.map((each, i) => ({
    label: `种子 ${i + 1}`,
    xs: widths,
    ys: each.map(({ fit }) => short(fit, 4)),
  })),
});

/** What to ask a reader for: which wine, how wide, how many calls of the model, which chance. */
export const REQUEST = {
  wine: { label: '第几瓶测试酒', default: 6, min: 1, max: 53, step: 1 },
  width: { label: '核宽', default: 0.5, min: 0.01, max: 5, step: 0.01 },
  draws: { label: '问模型几次', default: 200, min: 50, max: 2000, step: 50 },
  seed: { label: '种子', default: 1, min: 1, max: 1000, step: 1 },
} as const;

/** One explanation with its fit; the largest weights first. */
export function explanationView({ weights, fit }: Surrogate, said: number): TableView {
  const ranks = ranking(weights);
  const order = weights.map((_, j) => j).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
  return tableView(
    `模型给它自己那一类的概率 ${said.toFixed(4)}；解释的 R² ${fit.toFixed(3)}`,
    ['名次', '测量', '多一个标准差，概率变多少'],
    order.map((j, place) => [place + 1, WINE_FEATURES[j] ?? '', (weights[j] ?? 0).toFixed(4)]),
  );
}

/** Fits over the widths, and the places of the measures when only the width changes and when only the seed does. */
export function instabilityViews(
  widths: readonly number[],
  bySeed: readonly (readonly Surrogate[])[],
  middle: number,
): View[] {
  const [byWidth, one] = [
    bySeed[0] ?? [],
    bySeed.flatMap((each) => each.slice(middle, middle + 1)),
  ];
  const seeds = one.map((_, i) => String(i + 1));
  const title = `只换种子（核宽 ${widths[middle] ?? ''}）：谁排第几`;
  return [
    fitsView(widths, bySeed),
    ranksView('只换核宽：谁排第几', '核宽', widths.map(String), byWidth),
    ranksView(title, '种子', seeds, one),
  ];
}
