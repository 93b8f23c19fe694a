/** Gradient descent on the four points of the source document; w and b start at zero. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import type { PointsView, TableView } from '../contract/view.ts';
import { seededRandom } from '../datasets/random.ts';

const GRID = Array.from({ length: 56 }, (_, i) => i / 10); // 0 … 5.5, to draw curves

export default defineExample({
  title: '直线拟合四个点',
  summary: '用梯度下降让一条直线贴近 (x−1)² 上的四个点，看它为什么贴不上，再加一个特征。',
  techniques: ['regression', 'optimizer'],
  params: {
    learningRate: {
      kind: 'number',
      label: '学习率 η',
      default: 0.01,
      min: 0.001,
      max: 0.6,
      step: 0.001,
      scale: 'log',
    },
    square: { kind: 'toggle', label: '加特征 x²', default: false },
    standardize: { kind: 'toggle', label: '特征标准化', default: false },
    batch: { kind: 'number', label: '每步用几个点', default: 4, min: 1, max: 4, step: 1 },
    steps: {
      kind: 'number',
      label: '步数',
      default: 1000,
      min: 100,
      max: 5000,
      step: 100,
    },
  },
  metrics: {
    loss: { label: '训练误差', chart: '均方误差', better: 'lower' },
    validationLoss: { label: 'x = 5，标签 16', chart: '均方误差', better: 'lower' },
    printedLoss: { label: 'x = 5，标签 25', chart: '均方误差', better: 'lower' },
    w: { label: '权重 w（x 的）', chart: '参数', better: 'higher' },
    b: { label: '偏置 b', chart: '参数', better: 'higher' },
  },
  presets: {
    'rate-0.119': { label: '学习率 0.119', params: { learningRate: 0.119 } },
    'rate-0.12': { label: '学习率 0.12', params: { learningRate: 0.12 } },
    'rate-0.125': { label: '学习率 0.125', params: { learningRate: 0.125 } },
    'steps-5000': { label: '5000 步', params: { steps: 5000 } },
    square: { label: '加 x²', params: { square: true } },
    scaled: {
      label: '标准化',
      params: { square: true, standardize: true, learningRate: 0.4 },
    },
  },
  // #region data
  data({ params }) {
    const x = [1, 2, 3, 4];
    const y = [0, 1, 4, 9]; // (x − 1)²
    const powers = (x: number) => (params.square ? [x, x * x] : [x]);
    const raw = (x: number[]) => tf.tensor2d(x.map(powers));
    const { mean, variance } = tf.moments(raw(x), 0);
    const features = (x: number[]): tf.Tensor2D =>
      params.standardize ? raw(x).sub(mean).div(variance.sqrt()) : raw(x);
    return { x, y, features };
  },
  // #endregion
  // #region model
  model(run, { features }) {
    const w = tf.variable(tf.zeros([run.params.square ? 2 : 1, 1]));
    const b = tf.variable(tf.scalar(0));
    const predict = (x: number[]) => features(x).matMul(w).add(b).flatten(); // ŷ = Xw + b
    const error = (x: number[], y: number[]) => predict(x).sub(y); // ŷ − y
    const mse = (x: number[], y: number[]): tf.Scalar => error(x, y).square().mean();
    const optimizer = run.own(tf.train.sgd(run.params.learningRate));
    return { w, b, predict, mse, optimizer };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 1000,
    expect: { loss: { atMost: 1.009 }, w: { atLeast: 2.92, atMost: 2.93 } },
  },
  // #region train
  async *train({ params, seed }, { x, y }, { w, b, predict, mse, optimizer }) {
    const random = seededRandom(seed);
    for (let step = 0; step < params.steps; step++) {
      const rows = random.permutation(4).slice(0, params.batch).sort();
      const [xs, ys] = [x, y].map((v) => rows.map((i) => v[i]!)) as [number[], number[]];
      const loss = optimizer.minimize(() => mse(xs, ys), true)!;
      const [validationLoss, printedLoss] = [mse([5], [16]), mse([5], [25])];
      const first = w.flatten().slice(0, 1).squeeze<tf.Scalar>();
      const metrics = { loss, validationLoss, printedLoss, w: first, b: b.clone() };
      const views = async () => [
        picture(x, y, await predict(GRID).data()),
        table(await w.data(), await b.data(), await predict([5]).data()),
      ];
      yield { metrics, views };
    }
  },
  // #endregion
});

type Numbers = ArrayLike<number>;
function picture(x: number[], y: number[], fitted: Numbers): PointsView {
  const points = [
    { label: '训练的点', group: 0, xs: x, ys: y },
    { label: 'x = 5，标签 16', group: 1, xs: [5], ys: [16] },
    { label: 'x = 5，标签 25', group: 2, xs: [5], ys: [25] },
  ];
  const lines = [
    { label: '学到的', xs: GRID, ys: Array.from(fitted) },
    { label: '(x−1)²', xs: GRID, ys: GRID.map((x) => (x - 1) ** 2) },
  ];
  const axes = { x: { label: 'x' }, y: { label: 'y' } };
  return { kind: 'points', title: '四个点和学到的线', ...axes, points, lines };
}

function table(w: Numbers, b: Numbers, five: Numbers): TableView {
  const error = (label: number) => ((five[0] ?? NaN) - label) ** 2;
  const rows = [
    ...Array.from(w, (value, i) => [['w（x）', 'w（x²）'][i] ?? '', value] as const),
    ['b', b[0] ?? NaN] as const,
    ['x = 5 处的预测', five[0] ?? NaN] as const,
    ['误差的平方，标签 16', error(16)] as const,
    ['误差的平方，标签 25', error(25)] as const,
  ].map(([name, value]) => [name, Number(value.toPrecision(6))]);
  return { kind: 'table', title: '学到的数', columns: ['量', '值'], rows };
}
