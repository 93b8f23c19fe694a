/** A polynomial through noisy points with a penalty on its weights: in closed form, and by gradient descent. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import {
  drawPoints,
  evaluate,
  meanSquare,
  placedPoints,
  POINTS_INPUT,
  polynomialsView,
  powers,
  ridgeViews,
  size,
  solveRidge,
  STRENGTHS,
  sweepView,
  truth,
} from '../datasets/polynomial.ts';
import { seededRandom } from '../datasets/random.ts';

const [TEST, UPDATES, FREE] = [500, 10, STRENGTHS[0]!]; // 10 updates a step; λ = 10⁻⁹: no penalty
const trained = { chart: '训练的点，均方误差', better: 'lower' } as const;
const tested = { chart: '没见过的点，均方误差', better: 'lower' } as const;
const length = { chart: '权重的长度 ‖w‖', better: 'lower' } as const;
const [solvedLabel, walkedLabel] = [{ label: '公式解' }, { label: '梯度下降' }];

export default defineExample({
  title: 'L2：给多项式拴一根绳',
  summary: '12 次多项式穿过 15 个有噪声的点，惩罚权重的平方；公式解和梯度下降并排，看误差和权重。',
  techniques: ['regression', 'optimizer'],
  params: {
    degree: number('次数', 12, [1, 14]),
    strength: number('惩罚 λ', 0.001, [FREE, 10], FREE, 'log'),
    noise: number('噪声', 0.3, [0, 1], 0.05),
    count: number('点数', 15, [5, 100]),
    steps: number('步数（一步更新 10 次）', 60, [20, 400], 20),
  },
  metrics: {
    trainError: { ...walkedLabel, ...trained },
    solvedTrainError: { ...solvedLabel, ...trained },
    testError: { ...walkedLabel, ...tested },
    solvedTestError: { ...solvedLabel, ...tested },
    norm: { ...walkedLabel, ...length },
    solvedNorm: { ...solvedLabel, ...length },
    gap: { label: '两条曲线最多差', chart: '梯度下降离公式解多远', better: 'lower' },
  },
  presets: {
    free: { label: 'λ = 10⁻⁹，等于没有', params: { strength: FREE } },
    freeLong: { label: 'λ = 10⁻⁹，走 4000 次', params: { strength: FREE, steps: 400 } },
    strong: { label: 'λ = 1', params: { strength: 1 } },
    cubic: { label: '3 次，没有惩罚', params: { degree: 3, strength: FREE } },
    many: { label: '100 个点，没有惩罚', params: { count: 100, strength: FREE } },
  },
  // #region data
  data({ params, seed }) {
    const random = seededRandom(seed);
    const { degree, noise, count } = params;
    const test = drawPoints(random, TEST, noise);
    const train = drawPoints(random, count, noise);
    const X = tf.tensor2d(powers(train.xs, degree)); // [count, degree + 1]
    return { train, test, X, y: tf.tensor2d([...train.ys], [count, 1]) };
  },
  // #endregion
  // #region model
  model(run, { train, X }) {
    const { degree, strength } = run.params;
    const solved = solveRidge(train, degree, strength);
    const w = tf.variable(tf.zeros([degree + 1, 1]));
    const penalized = tf.tensor2d([0, ...Array.from({ length: degree }, () => 1)], [degree + 1, 1]);
    // No eigenvalue is greater than the trace, so this rate never overshoots.
    const trace = powers(train.xs, degree)
      .flat()
      .reduce((sum, x) => sum + x * x, 0);
    const rate = 0.5 / (trace / X.shape[0] + strength);
    return { solved, w, penalized, optimizer: run.own(tf.train.momentum(rate, 0.98, true)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 60, expect: { solvedNorm: { atMost: 20 }, gap: { atMost: 0.2 } } },
  // #region train
  async *train(run, { train, test, X, y }, { solved, w, penalized, optimizer }) {
    const { strength, steps, degree } = run.params;
    const cost = (): tf.Scalar => {
      const error = X.matMul(w).sub(y).square().mean();
      const penalty = w.mul(penalized).square().sum().mul(strength);
      return error.add(penalty);
    };
    for (let step = run.done; step < steps; step++) {
      for (let update = 0; update < UPDATES; update++) optimizer.minimize(cost);
      const walked = [...(await w.data())];
      const difference = solved.map((weight, i) => weight - walked[i]!);
      const metrics = {
        trainError: meanSquare(walked, train),
        solvedTrainError: meanSquare(solved, train),
        testError: meanSquare(walked, test),
        solvedTestError: meanSquare(solved, test),
        norm: size(walked),
        solvedNorm: size(solved),
        gap: Math.max(...test.xs.map((x) => Math.abs(evaluate(difference, x)))),
      };
      yield {
        metrics,
        views: () => [
          polynomialsView('点、曲线和背后的规律', train, [
            ['公式解', (x) => evaluate(solved, x)],
            ['梯度下降', (x) => evaluate(walked, x)],
            ['背后的规律 sin πx', truth],
          ]),
          sweepView(train, test, degree),
        ],
      };
    }
  },
  // #endregion
  probe: {
    input: POINTS_INPUT,
    infer: ({ params }, _data, _model, input) =>
      ridgeViews(placedPoints(input), params.degree, [params.strength, FREE]),
  },
});
