/** Shares digits out among clients that may not see each other's, and shows what models learnt. Knows no training. */
import type { View } from '../contract/view.ts';
import { CLASSES, digitPixels, PIXELS, type DigitSet } from './digits.ts';
import { imagesView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/** Clients of the federation. */
export const CLIENTS = 5;
/** Five clients, then a model that sees all the data, then the last client's data once more, alone. */
export const MODELS = CLIENTS + 2;
/** The last client stands for the federation: after a round all clients are equal. */
export const NAMES = ['联邦平均', '数据集中', '一家单干'] as const;

/**
 * Row numbers of the digits that each client holds; every row has one owner. Client `c` owns the digits `2c` and
 * `2c + 1`, but each image goes to a client drawn at random with probability `mixing`.
 */
export function shareOut(
  { labels }: Pick<DigitSet, 'labels'>,
  mixing: number,
  random: SeededRandom,
): number[][] {
  const owned: number[][] = Array.from({ length: CLIENTS }, () => []);
  labels.forEach((label, row) => {
    const anyone = random.uniform() < mixing;
    const owner = anyone ? random.integer(CLIENTS) : Math.floor((label * CLIENTS) / CLASSES);
    owned[owner]?.push(row);
  });
  return owned;
}

/** `count` draws from `rows`, with repetition. */
export const sample = (rows: readonly number[], count: number, random: SeededRandom): number[] =>
  Array.from({ length: count }, () => rows[random.integer(rows.length)] ?? 0);

/** The share of each digit that each model reads rightly: `[model][digit]`, guesses one model after the other. */
export function recallView(labels: Int32Array, guesses: ArrayLike<number>): View {
  const values = NAMES.map((_, model) =>
    Array.from({ length: CLASSES }, (_, digit) => {
      const rows = Array.from(labels.keys()).filter((row) => labels[row] === digit);
      const right = rows.filter((row) => guesses[model * labels.length + row] === digit);
      return Number((right.length / rows.length).toFixed(2));
    }),
  );
  const columns = Array.from({ length: CLASSES }, (_, digit) => String(digit));
  const titles = { rowTitle: '模型', columnTitle: '数字' };
  return { kind: 'matrix', title: '每个数字认出几成', ...titles, rows: NAMES, columns, values };
}

/**
 * The picture that a gradient gives away: in a layer with a bias, the gradient of a unit's weights divided by that of
 * its bias is the input (of one image), or a mixture of inputs (of several).
 * @param dW `[64, units]`. @param db `[units]`. @returns 64 values, cut to 0 … 1; grey paper when no unit was active.
 */
export function readGradient(dW: ArrayLike<number>, db: ArrayLike<number>): number[] {
  const units = Array.from(db);
  const unit = units.reduce(
    (best, d, j) => (Math.abs(d) > Math.abs(units[best] ?? 0) ? j : best),
    0,
  );
  const scale = units[unit] ?? 0;
  return Array.from({ length: PIXELS }, (_, pixel) => {
    const value = scale === 0 ? 0 : (dW[pixel * units.length + unit] ?? 0) / scale;
    return Math.min(1, Math.max(0, value));
  });
}

/** What the server can read off one update, beside the images that it was computed from. */
export function leakView(read: number[], { images }: DigitSet, rows: readonly number[]): View {
  const owned = rows
    .slice(0, 6)
    .map((row) => ({ pixels: digitPixels({ images }, row), caption: '客户手里的原图' }));
  const seen = { pixels: read, caption: '服务器除出来的图' };
  return imagesView(`从一次更新里能看出什么（这一步用了 ${rows.length} 张）`, 8, [seen, ...owned]);
}
