/** Fits a power law, a straight line on logarithmic axes, and draws it. Knows no model. */
import type { CurveView, Series } from '../contract/view.ts';

/** error ≈ `factor` · size^(−`exponent`). */
export interface PowerLaw {
  readonly factor: number;
  readonly exponent: number;
}

/**
 * Least squares between the logarithms. Values of 0 or less have none and are left out.
 * @returns exponent 0 when fewer than two sizes are left.
 */
export function fitPowerLaw(sizes: readonly number[], errors: readonly number[]): PowerLaw {
  const pairs = sizes
    .map((size, i) => [Math.log(size), Math.log(errors[i] ?? 0)] as const)
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  const spread = pairs.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
  if (!(spread > 0)) return { factor: pairs.length > 0 ? Math.exp(y0) : 0, exponent: 0 };
  const slope = pairs.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0) / spread;
  return { factor: Math.exp(y0 - slope * x0), exponent: -slope };
}

/** Errors against sizes on logarithmic axes, and the law drawn on to twice the largest size. */
export function powerLawView(
  title: string,
  sizeLabel: string,
  errors: Series,
  { factor, exponent }: PowerLaw,
): CurveView {
  const xs = [...errors.xs, 2 * (errors.xs.at(-1) ?? 1)];
  return {
    kind: 'curve',
    title,
    x: { label: sizeLabel, scale: 'log' },
    y: { label: '测试错误率', scale: 'log' },
    series: [
      errors,
      {
        label: `${factor.toFixed(2)} × 大小的 −${exponent.toFixed(2)} 次方`,
        xs,
        ys: xs.map((x) => factor * x ** -exponent),
      },
    ],
  };
}
