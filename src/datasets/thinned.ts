/** Chooses which weights of a network to keep, counts their bytes and draws what is left. Knows no model. */
import type { View } from '../contract/view.ts';
import { imagesView, short, tableView } from './pictures.ts';

/** Bytes of a kept weight: its value, and which one it is in 16 bits. */
const KEPT = 4 + 2;

/** 1 for the entries of a matrix with the greatest scores, 0 for the `share` with the least; at least one is kept. */
export function keepGreatest(scores: ArrayLike<number>, share: number): Float32Array {
  const order = Array.from(scores, (_, at) => at);
  order.sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const mask = new Float32Array(scores.length);
  const kept = Math.max(1, Math.round((1 - share) * scores.length));
  for (const at of order.slice(0, kept)) mask[at] = 1;
  return mask;
}

/** Bytes of the kept weights, each with its place, and of `biases` 32-bit biases. */
export const thinnedBytes = (kept: number, biases: number): number => KEPT * kept + 4 * biases;

/** What was measured of networks with `shares[i]` of their weights gone: first those cut by size, then by chance. */
export interface Thinned {
  readonly shares: readonly number[];
  /** `[2 · shares]` accuracies right after the cut … */
  readonly before: readonly number[];
  /** … and now. */
  readonly after: readonly number[];
  /** `[2 · shares]` masks of the first matrix, each `[64 · units]`, row by row. */
  readonly masks: readonly ArrayLike<number>[];
  /** `[64]`, mean ink of each pixel. */
  readonly ink: ArrayLike<number>;
  /** Weights and biases of the whole network. */
  readonly weights: number;
  readonly biases: number;
}

/** Accuracy over the share cut away, the same with bytes, and the pixels whose weights are left. */
export function thinnedViews(seen: Thinned): View[] {
  const { shares, before, after } = seen;
  const xs = shares.map((share) => 100 * share);
  const line = (label: string, ys: readonly number[], from: number) => {
    return { label, xs, ys: ys.slice(from, from + shares.length) };
  };
  const rows = shares.map((share, i) => {
    const kept = Math.round((1 - share) * seen.weights);
    const [j, cell] = [i + shares.length, (value = 0) => short(value)];
    return [
      Math.round(100 * share),
      thinnedBytes(kept, seen.biases),
      ...[cell(before[i]), cell(after[i]), cell(before[j]), cell(after[j])],
    ];
  });
  const columns = ['剪掉 %', '字节', '剪小的', '再学', '随便剪', '再学以后'];
  return [
    {
      kind: 'curve',
      title: '剪掉多少，还对多少',
      x: { label: '剪掉百分之几' },
      y: { label: '没见过的 359 张，准确率', min: 0, max: 1 },
      series: [
        line('剪小的', before, 0),
        line('剪小的，再学', after, 0),
        line('随便剪', before, shares.length),
        line('随便剪，再学', after, shares.length),
      ],
    },
    tableView(
      `价钱和毛病（稀疏地存；不剪、全存是 ${4 * (seen.weights + seen.biases)} 字节）`,
      columns,
      rows,
    ),
    imagesView('剩下的权重连着哪些像素', 8, [
      { pixels: Array.from(seen.ink), caption: '平均的墨' },
      ...shares.flatMap((share, i) => [
        { pixels: perPixel(seen.masks[i]), caption: `剪 ${Math.round(100 * share)} %` },
      ]),
      { pixels: perPixel(seen.masks.at(-3)), caption: '随便剪 90 %' },
    ]),
  ];
}

/** Share of each pixel's weights that are kept, over the greatest such share. */
function perPixel(mask: ArrayLike<number> = []): number[] {
  const units = mask.length / 64;
  const kept = Array.from({ length: 64 }, (_, pixel) =>
    Array.from({ length: units }, (_, unit) => mask[pixel * units + unit] as number).reduce(
      (sum, one) => sum + one,
      0,
    ),
  );
  const most = Math.max(1, ...kept);
  return kept.map((count) => count / most);
}
