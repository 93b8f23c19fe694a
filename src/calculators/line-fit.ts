/** Least-squares line and parabola through a few points, and how gradient descent gets to the line. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import { tex, texFactor, texTerm } from './notation/numbers.ts';

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Solves `matrix · solution = right` by elimination with row exchange; undefined when it is singular. */
function solve(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): number[] | undefined {
  const rows = matrix.map((row, position) => [...row, right[position] ?? NaN]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const below = rows.slice(column);
    const best = below.reduce((a, b) =>
      Math.abs(b[column] ?? 0) > Math.abs(a[column] ?? 0) ? b : a,
    );
    const pivot = best[column] ?? 0;
    if (Math.abs(pivot) < 1e-12) return undefined;
    rows.splice(rows.indexOf(best), 1);
    rows.splice(column, 0, best);
    for (const row of rows) {
      if (row === best) continue;
      const factor = (row[column] ?? 0) / pivot;
      for (let at = column; at <= size; at++) row[at] = (row[at] ?? 0) - factor * (best[at] ?? 0);
    }
  }
  return rows.map((row, position) => (row[size] ?? NaN) / (row[position] ?? NaN));
}

/**
 * Coefficients (constant first) of the least-squares polynomial, by the normal equations. They are solved
 * for x moved to its mean and scaled to 1, where they are well conditioned, and then expanded.
 */
function fitPolynomial(
  x: readonly number[],
  y: readonly number[],
  degree: 1 | 2,
): number[] | undefined {
  const centre = sum(x) / x.length;
  const scale = Math.max(...x.map((value) => Math.abs(value - centre)));
  if (scale === 0) return undefined;
  const moved = x.map((value) => (value - centre) / scale);
  const powers = Array.from({ length: degree + 1 }, (_, power) => power);
  const matrix = powers.map((i) => powers.map((j) => sum(moved.map((value) => value ** (i + j)))));
  const right = powers.map((i) => sum(moved.map((value, at) => value ** i * (y[at] ?? NaN))));
  const fitted = solve(matrix, right);
  if (fitted === undefined) return undefined;
  const [c = 0, b = 0, a = 0] = fitted.map((value, power) => value / scale ** power);
  const line = [c - b * centre + a * centre * centre, b - 2 * a * centre];
  return degree === 1 ? line : [...line, a];
}

const evaluate = (coefficients: readonly number[], at: number): number =>
  coefficients.reduceRight((total, coefficient) => total * at + coefficient, 0);

const meanSquare = (c: readonly number[], x: readonly number[], y: readonly number[]): number =>
  sum(x.map((value, at) => (evaluate(c, value) - (y[at] ?? NaN)) ** 2)) / x.length;

/** Weight and bias after `steps` full-batch updates of the mean squared error from (0, 0). */
function descend(
  x: readonly number[],
  y: readonly number[],
  rate: number,
  steps: number,
): [number, number] {
  let w = 0;
  let b = 0;
  for (let step = 0; step < steps; step++) {
    const errors = x.map((value, at) => w * value + b - (y[at] ?? NaN));
    w -= (rate * 2 * sum(errors.map((error, at) => error * (x[at] ?? NaN)))) / x.length;
    b -= (rate * 2 * sum(errors)) / x.length;
    if (!Number.isFinite(w) || !Number.isFinite(b)) return [Infinity, Infinity];
  }
  return [w, b];
}

export default defineCalculator({
  title: '几个点，一条直线，一条抛物线',
  summary: '改点的坐标和学习率，看最小二乘的答案，以及梯度下降离它还有多远。',
  inputs: {
    x: { symbol: 'x_i', label: '输入', default: [1, 2, 3, 4], min: -100, max: 100 },
    y: { symbol: 'y_i', label: '标签', default: [0, 1, 4, 9], min: -10000, max: 10000 },
    at: { symbol: 'x^{*}', label: '要预测的位置', default: 5, min: -100, max: 100 },
    rate: { symbol: '\\alpha', label: '学习率', default: 0.01, min: 0.000001, max: 1 },
    steps: { symbol: 'n', label: '训练几步', default: 1000, min: 1, max: 20000, integer: true },
  },
  compute({ x, y, at, rate, steps }) {
    if (x.length !== y.length) {
      throw new CalculatorError(
        'y',
        `输入有 ${x.length} 个，标签有 ${y.length} 个，两者要一样多。`,
      );
    }
    const distinct = new Set(x).size;
    if (distinct < 3) {
      throw new CalculatorError(
        'x',
        `只有 ${distinct} 个不同的 x，定不下一条抛物线，至少要 3 个。`,
      );
    }
    const line = fitPolynomial(x, y, 1);
    const parabola = fitPolynomial(x, y, 2);
    if (line === undefined || parabola === undefined) {
      throw new CalculatorError('x', '这些 x 太接近，方程组解不出来，请把它们拉开。');
    }
    const [b = NaN, w = NaN] = line;
    const [a0 = NaN, a1 = NaN, a2 = NaN] = parabola;
    const count = x.length;
    const sumX = sum(x);
    const sumXX = sum(x.map((value) => value * value));
    const sumY = sum(y);
    const sumXY = sum(x.map((value, position) => value * (y[position] ?? NaN)));
    const hXX = (2 * sumXX) / count;
    const hX = (2 * sumX) / count;
    const spread = Math.hypot((hXX - 2) / 2, hX);
    const large = (hXX + 2) / 2 + spread;
    // From the determinant, as the difference of two near numbers would lose digits.
    const small = (2 * hXX - hX * hX) / large;
    const limit = 2 / large;
    const remains = (1 - rate * small) ** steps;
    const [trainedW, trainedB] = descend(x, y, rate, steps);
    const mse = meanSquare(line, x, y);
    const linePrediction = w * at + b;
    const parabolaPrediction = evaluate(parabola, at);
    const low = Math.min(...x, at);
    const high = Math.max(...x, at);
    const grid = Array.from({ length: 41 }, (_, position) => low + ((high - low) * position) / 40);

    return {
      steps: [
        {
          text: '直线的正规方程，四个和由点算出。',
          tex: `\\begin{pmatrix} \\sum x^2 & \\sum x \\\\ \\sum x & N \\end{pmatrix}\\begin{pmatrix} w \\\\ b \\end{pmatrix} = \\begin{pmatrix} \\sum xy \\\\ \\sum y \\end{pmatrix}: \\quad \\begin{pmatrix} ${tex(sumXX)} & ${tex(sumX)} \\\\ ${tex(sumX)} & ${count} \\end{pmatrix}\\begin{pmatrix} w \\\\ b \\end{pmatrix} = \\begin{pmatrix} ${tex(sumXY)} \\\\ ${tex(sumY)} \\end{pmatrix}`,
        },
        {
          text: '解出直线，它在这些点上的均方误差不会再小了。',
          tex: `\\hat{y} = ${tex(w)}\\,x ${texTerm(b)}, \\qquad \\text{MSE} = ${tex(mse)}`,
        },
        {
          text: '加一列 x²，同样的办法解出抛物线。',
          tex: `\\hat{y} = ${tex(a2)}\\,x^2 ${texTerm(a1)}\\,x ${texTerm(a0)}`,
        },
        {
          text: '两条线在要预测的位置各给一个数。',
          tex: `${tex(w)} \\times ${texFactor(at)} ${texTerm(b)} = ${tex(linePrediction)}, \\qquad ${tex(a2)} \\times ${texFactor(at)}^2 ${texTerm(a1)} \\times ${texFactor(at)} ${texTerm(a0)} = ${tex(parabolaPrediction)}`,
        },
        {
          text: '均方误差的 Hessian 矩阵和它的两个特征值：一个方向陡，一个方向平。',
          tex: `H = \\frac{2}{N}\\begin{pmatrix} \\sum x^2 & \\sum x \\\\ \\sum x & N \\end{pmatrix} = \\begin{pmatrix} ${tex(hXX)} & ${tex(hX)} \\\\ ${tex(hX)} & 2 \\end{pmatrix}, \\quad \\lambda_{\\text{小}} = ${tex(small, 8)},\\ \\lambda_{\\text{大}} = ${tex(large, 10)}`,
        },
        {
          text: '陡的方向决定学习率的上限。',
          tex: `\\alpha < \\frac{2}{\\lambda_{\\text{大}}} = \\frac{2}{${tex(large, 10)}} = ${tex(limit, 8)}`,
        },
        {
          text: '平的方向决定要走多久：误差在这个方向上还剩这么多。',
          tex: `(1 - \\alpha\\lambda_{\\text{小}})^n = (1 - ${tex(rate)} \\times ${tex(small, 8)})^{${steps}} = ${tex(remains)}`,
        },
        {
          text: '从 w = 0、b = 0 真的走一遍。',
          tex: `w = ${tex(trainedW)}, \\quad b = ${tex(trainedB)}`,
        },
      ],
      results: {
        slope: { label: '直线的斜率 w', value: w },
        intercept: { label: '直线的截距 b', value: b },
        mse: { label: '直线的均方误差', value: mse },
        line: { label: `直线在 x = ${at} 的预测`, value: linePrediction },
        parabola: { label: `抛物线在 x = ${at} 的预测`, value: parabolaPrediction },
        constant: { label: '抛物线的常数项', value: a0 },
        linear: { label: '抛物线的一次项', value: a1 },
        quadratic: { label: '抛物线的二次项', value: a2 },
        small: { label: '较小的特征值', value: small, digits: 8 },
        large: { label: '较大的特征值', value: large, digits: 8 },
        limit: { label: '学习率的上限', value: limit, digits: 8 },
        remains: { label: `${steps} 步后，慢方向还剩`, value: remains, digits: 7 },
        trainedSlope: { label: `${steps} 步后的 w`, value: trainedW },
        trainedIntercept: { label: `${steps} 步后的 b`, value: trainedB },
      },
      views: [
        {
          kind: 'points',
          title: '点和两条线',
          x: { label: 'x' },
          y: { label: 'y' },
          points: [
            { label: '数据', xs: [...x], ys: [...y], group: 0 },
            { label: '预测', xs: [at, at], ys: [linePrediction, parabolaPrediction], group: 3 },
          ],
          lines: [
            {
              label: '直线',
              xs: [low, high],
              ys: [evaluate(line, low), evaluate(line, high)],
            },
            { label: '抛物线', xs: grid, ys: grid.map((value) => evaluate(parabola, value)) },
          ],
        },
      ],
    };
  },
});
