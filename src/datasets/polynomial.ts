/** Polynomials through noisy points: the solution in closed form, its errors, and pictures. Knows no tensor library. */
import { InputError, type InputSpec, type ProbeInput } from '../contract/example.ts';
import type { CurveView, PointsView, View } from '../contract/view.ts';
import { pointsView, short, tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/** Points on the plane. */
export interface PlanePoints {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** The window in which they are drawn. */
export const WINDOW = [
  { label: 'x', min: -1, max: 1 },
  { label: 'y', min: -2, max: 2 },
] as const;
/** 101 places from −1 to 1, where curves are drawn. */
export const PLACES: readonly number[] = Array.from({ length: 101 }, (_, i) => i / 50 - 1);
/** Strengths of the penalty over which errors are compared: 10⁻⁹ to 10. */
export const STRENGTHS: readonly number[] = Array.from({ length: 31 }, (_, i) => 10 ** (i / 3 - 9));

/** The curve behind the points. */
export const truth = (x: number): number => Math.sin(Math.PI * x);

/** `count` points, one anywhere in each of as many equal parts of −1 … 1; y = sin πx plus noise of that deviation. */
export function drawPoints(random: SeededRandom, count: number, noise: number): PlanePoints {
  const xs = Array.from({ length: count }, (_, i) => (2 * (i + random.uniform())) / count - 1);
  return { xs, ys: xs.map((x) => truth(x) + noise * random.normal()) };
}

/** 1, x, x², … x^degree, for every x: `[xs, degree + 1]`. */
export const powers = (xs: readonly number[], degree: number): number[][] =>
  xs.map((x) => Array.from({ length: degree + 1 }, (_, power) => x ** power));

/** Value of the polynomial with those weights, the constant first. */
export const evaluate = (weights: readonly number[], x: number): number =>
  weights.reduceRight((sum, weight) => sum * x + weight, 0);

export const meanSquare = (weights: readonly number[], { xs, ys }: PlanePoints): number =>
  xs.reduce((sum, x, i) => sum + (evaluate(weights, x) - (ys[i] ?? NaN)) ** 2, 0) / xs.length;

/** Length of the weights without the constant. */
export const size = (weights: readonly number[]): number => Math.hypot(...weights.slice(1));

/**
 * The weights that make the mean of (y − wᵀx)² plus λ‖w‖² smallest; the constant is not penalized.
 * Solves (XᵀX/n + λI) w = Xᵀy/n by elimination with pivots.
 * @param strength λ, above 0.
 */
export function solveRidge({ xs, ys }: PlanePoints, degree: number, strength: number): number[] {
  const X = powers(xs, degree);
  const width = degree + 1;
  const mean = (value: (x: readonly number[], k: number) => number): number =>
    X.reduce((sum, x, k) => sum + value(x, k), 0) / xs.length;
  const rows = Array.from({ length: width }, (_, i) => [
    ...Array.from(
      { length: width },
      (_, j) => mean((x) => at(x, i) * at(x, j)) + (i === j && i > 0 ? strength : 0),
    ),
    mean((x, k) => at(x, i) * at(ys, k)),
  ]);
  for (let i = 0; i < width; i++) {
    const below = rows.slice(i).map((row) => Math.abs(at(row, i)));
    const pivot = i + below.indexOf(Math.max(...below));
    [rows[i], rows[pivot]] = [rows[pivot] ?? [], rows[i] ?? []];
    const top = rows[i] ?? [];
    for (const row of rows.slice(i + 1)) {
      const factor = at(row, i) / at(top, i);
      for (let j = i; j <= width; j++) row[j] = at(row, j) - factor * at(top, j);
    }
  }
  const weights = Array.from({ length: width }, () => 0);
  for (let i = degree; i >= 0; i--) {
    const row = rows[i] ?? [];
    const known = weights.reduce((sum, weight, j) => sum + (j > i ? at(row, j) * weight : 0), 0);
    weights[i] = (at(row, width) - known) / at(row, i);
  }
  return weights;
}

/** Points and, over them, a curve for each named polynomial; what leaves the window is cut off. */
export const polynomialsView = (
  title: string,
  points: PlanePoints,
  curves: readonly (readonly [label: string, value: (x: number) => number])[],
): PointsView => {
  const [, { min, max }] = WINDOW;
  const inside = (y: number): number => (y < min || y > max ? NaN : y);
  const lines = curves.map(([label, value]) => ({
    label,
    xs: PLACES,
    ys: PLACES.map((x) => inside(value(x))),
  }));
  return pointsView(title, WINDOW, [{ label: '点', group: 0, ...points }], lines);
};

/** Errors on the points and on fresh ones over the strength of the penalty. */
export function sweepView(train: PlanePoints, test: PlanePoints, degree: number): CurveView {
  const solved = STRENGTHS.map((strength) => solveRidge(train, degree, strength));
  const series = (label: string, points: PlanePoints) => ({
    label,
    xs: STRENGTHS,
    ys: solved.map((weights) => meanSquare(weights, points)),
  });
  return {
    kind: 'curve',
    title: '误差随 λ 怎样变',
    x: { label: 'λ', scale: 'log' },
    y: { label: '均方误差', scale: 'log' },
    series: [series('训练的点', train), series('没见过的点', test)],
  };
}

/** A field of the window's size for up to 20 points. */
export const POINTS_INPUT: InputSpec = {
  kind: 'points',
  label: '放你自己的点，同样的次数和 λ',
  x: WINDOW[0],
  y: WINDOW[1],
  groups: ['你的点'],
  least: 2,
  most: 20,
};

/** The reader's points. @throws InputError when the input is of another kind. */
export function placedPoints(input: ProbeInput): PlanePoints {
  if (input.kind !== 'points') throw new InputError('这里只收平面上的点。');
  return { xs: input.points.map(({ x }) => x), ys: input.points.map(({ y }) => y) };
}

/** The points with the solution for each strength, and its error and weights. */
export function ridgeViews(
  points: PlanePoints,
  degree: number,
  strengths: readonly number[],
): View[] {
  const fits = strengths.map((strength) => {
    const weights = solveRidge(points, degree, strength);
    return { name: `λ = ${short(strength)}`, weights };
  });
  const rows = fits.map(({ name, weights }) => [
    name,
    short(meanSquare(weights, points)),
    short(size(weights)),
  ]);
  const curves = fits.map(
    ({ name, weights }) => [name, (x: number) => evaluate(weights, x)] as const,
  );
  return [
    polynomialsView('过你的点的多项式', points, curves),
    tableView('误差和权重', ['', '你的点，均方误差', '‖w‖'], rows),
  ];
}

const at = (values: readonly number[], i: number): number => values[i] ?? NaN;
