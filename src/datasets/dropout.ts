/** Draws which units of a layer are dropped, and shows what it did to three networks. Knows no tensor library. */
import type { TableView } from '../contract/view.ts';
import { tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

const tested = { chart: '359 张测试图，准确率', better: 'higher', fraction: true } as const;
const surprise = { chart: '359 张测试图，交叉熵', better: 'lower' } as const;
const learned = { chart: '被告知的标签，准确率', better: 'higher', fraction: true } as const;

/** Scores of the networks that drop nothing, half, and most: right answers, cross-entropy, and labels learned. */
export const DROPOUT_METRICS = {
  none: { label: '不丢', ...tested },
  half: { label: '丢 0.5', ...tested },
  most: { label: '丢得多', ...tested },
  noneLoss: { label: '不丢', ...surprise },
  halfLoss: { label: '丢 0.5', ...surprise },
  mostLoss: { label: '丢得多', ...surprise },
  noneLearned: { label: '不丢', ...learned },
  halfLearned: { label: '丢 0.5', ...learned },
  mostLearned: { label: '丢得多', ...learned },
} as const;

/** The nine scores by name, from numbers in the order of `DROPOUT_METRICS`. */
export const scoresOf = (all: ArrayLike<number>) =>
  Object.fromEntries(Object.keys(DROPOUT_METRICS).map((name, k) => [name, all[k]])) as Record<
    keyof typeof DROPOUT_METRICS,
    number
  >;

/** The same as a table, one row for each network. */
export function scoresView(
  round: number,
  drop: readonly number[],
  all: ArrayLike<number>,
): TableView {
  const rows = drop.map((p, k) => [p, ...[k, k + 3, k + 6].map((at) => all[at]?.toFixed(3) ?? '')]);
  return tableView(`学了 ${round} 轮`, ['丢掉', '测试准确率', '测试交叉熵', '背住的标签'], rows);
}

/**
 * Factors to multiply the units by: 0 with probability `p`, else 1/(1 − p), so that the mean is 1.
 * @param drop `p` (0 … below 1) of each network.
 * @param size numbers for each network: images × units.
 * @param enlarge false: what stays is multiplied by 1, and the mean is 1 − p.
 * @returns `[networks, size]`, row by row.
 */
export function dropoutMask(
  drop: readonly number[],
  size: number,
  random: SeededRandom,
  enlarge = true,
): Float32Array {
  const mask = new Float32Array(drop.length * size).fill(1);
  drop.forEach((p, k) => {
    if (p === 0) return;
    const stays = enlarge ? 1 / (1 - p) : 1;
    for (let i = 0; i < size; i++) mask[k * size + i] = random.uniform() < p ? 0 : stays;
  });
  return mask;
}
