/** Compares two ways of doing a thing, tried in pairs that started alike. Knows no model. */
import type { View } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';

/** The mean; of nothing it is not a number. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation with n − 1 below; of fewer than two values 0. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
}

/** How much the second of each pair gains over the first: mean, and standard deviation over the pairs. */
export function compare(
  first: readonly number[],
  second: readonly number[],
): { gain: number; noise: number } {
  const gains = second.map((value, i) => value - (first[i] as number));
  return { gain: mean(gains), noise: deviation(gains) };
}

/** Every pair of students, and the mean gain with its standard deviation. */
export function pairsView(hard: readonly number[], soft: readonly number[]): View {
  const { gain, noise } = compare(hard, soft);
  const rows = hard.map((value, i) => {
    const other = soft[i] as number;
    return [`第 ${i + 1} 对`, short(value), short(other), signed(other - value)];
  });
  const title = `跟老师学，平均多对 ${signed(gain)}，五对的标准差 ${short(noise, 2)}`;
  return tableView(title, ['学生', '跟标签学', '跟老师学', '多对'], rows);
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
