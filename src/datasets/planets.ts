/** Distances and years of the eight planets, and pictures of them. Knows no model. */
import type { Series, View } from '../contract/view.ts';
import { pointsView, short, tableView } from './pictures.ts';

export interface Planet {
  readonly name: string;
  /** Semi-major axis of the orbit, in astronomical units (Earth = 1). */
  readonly distance: number;
  /** Sidereal period, in years. */
  readonly period: number;
}

/**
 * Rounded mean elements of the epoch J2000, from the innermost outwards. The first six were known to Kepler; Uranus
 * was found in 1781, Neptune in 1846.
 */
export const PLANETS: readonly Planet[] = [
  { name: '水星', distance: 0.3871, period: 0.2408 },
  { name: '金星', distance: 0.7233, period: 0.6152 },
  { name: '地球', distance: 1, period: 1 },
  { name: '火星', distance: 1.5237, period: 1.8809 },
  { name: '木星', distance: 5.2028, period: 11.862 },
  { name: '土星', distance: 9.5388, period: 29.458 },
  { name: '天王星', distance: 19.1914, period: 84.01 },
  { name: '海王星', distance: 30.0611, period: 164.79 },
];

/** The distance of Mars as a public table prints it, two digits exchanged. */
export const MISPRINTED_MARS = 1.5273;

/**
 * Slope and intercept of the least-squares line through the logarithms, in closed form.
 * @returns `[exponent, logarithm of the factor]` of period = factor · distance^exponent.
 */
export function powerLaw(planets: readonly Planet[]): [exponent: number, logFactor: number] {
  const xs = planets.map(({ distance }) => Math.log(distance));
  const ys = planets.map(({ period }) => Math.log(period));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const slope =
    xs.reduce((sum, value, i) => sum + (value - x) * ((ys[i] ?? 0) - y), 0) /
    xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
  return [slope, y - slope * x];
}

/** Planets that a model was shown, and those it was not. */
export interface Sky {
  readonly known: readonly Planet[];
  readonly unseen: readonly Planet[];
}

/**
 * The planets and some curves on logarithmic axes, and how far each planet is from a law.
 * @param law what the law says for each planet, the known ones first, in years.
 */
export function orbitViews(
  { known, unseen }: Sky,
  curves: readonly Series[],
  law: readonly number[],
): View[] {
  const series = (label: string, group: number, planets: readonly Planet[]) => ({
    label,
    group,
    xs: planets.map(({ distance }) => distance),
    ys: planets.map(({ period }) => period),
  });
  const axes = [
    { label: '离太阳的距离（天文单位）', min: 0.3, max: 60, scale: 'log' },
    { label: '周期（年）', min: 0.1, max: 300, scale: 'log' },
  ] as const;
  const points = [series('训练用的行星', 0, known), series('没见过的行星', 1, unseen)];
  const rows = [...known, ...unseen].map(({ name, period }, i) => {
    const says = law[i] ?? NaN;
    return [name, period, says, short(period / says, 4)];
  });
  const columns = ['行星', '实际周期', '幂律说', '实际 ÷ 幂律'];
  return [
    pointsView('两条坐标轴都取对数', axes, points, curves),
    tableView('每颗行星离幂律多远', columns, rows),
  ];
}
