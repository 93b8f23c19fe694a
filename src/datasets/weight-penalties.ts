/** What the comparison of penalties on weights measures, and its tables. Knows no tensor library. */
import type { TableView } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';

/** The networks, in the order of the stack. */
export const PENALTIES = ['不罚', 'L2 写进损失', '直接衰减', 'L1 写进损失'] as const;

const [none, l2, decayed, l1] = [
  { label: PENALTIES[0] },
  { label: PENALTIES[1] },
  { label: PENALTIES[2] },
  { label: PENALTIES[3] },
];
const tested = { chart: '没见过的 359 张，准确率', better: 'higher', fraction: true } as const;
const length = { chart: '权重的长度 ‖W‖', better: 'lower' } as const;
const tiny = { chart: '小于 0.001 的权重占多少', better: 'higher', fraction: true } as const;

/** Accuracy, length of the weights, and share of tiny weights, each for the four networks. */
export const PENALTY_METRICS = {
  none: { ...none, ...tested },
  l2: { ...l2, ...tested },
  decayed: { ...decayed, ...tested },
  l1: { ...l1, ...tested },
  noneNorm: { ...none, ...length },
  l2Norm: { ...l2, ...length },
  decayedNorm: { ...decayed, ...length },
  l1Norm: { ...l1, ...length },
  noneTiny: { ...none, ...tiny },
  l2Tiny: { ...l2, ...tiny },
  decayedTiny: { ...decayed, ...tiny },
  l1Tiny: { ...l1, ...tiny },
} as const;

/** The twelve scores by name, from numbers in the order of `PENALTY_METRICS`. */
export const penaltyScores = (all: readonly number[]) =>
  Object.fromEntries(Object.keys(PENALTY_METRICS).map((name, k) => [name, all[k]])) as Record<
    keyof typeof PENALTY_METRICS,
    number
  >;

/** The same as a table, one row for each network. */
export const penaltiesView = (all: readonly number[]): TableView =>
  tableView(
    '四个网络',
    ['', '测试准确率', '‖W‖', '小于 0.001 的权重'],
    PENALTIES.map((name, k) => [name, ...[k, k + 4, k + 8].map((at) => short(all[at] ?? NaN))]),
  );
