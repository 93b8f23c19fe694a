/** Gradient descent fits a line to the source document's four points, from zero. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { pointsView, short, tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const GRID = Array.from({ length: 56 }, (_, i) => i / 10); // 0 … 5.5, to draw curves
const error = { chart: '均方误差', better: 'lower' } as const;
const learned = { chart: '参数', better: 'higher' } as const;

export default defineExample({
  title: '直线拟合四个点',
  summary: '用梯度下降让一条直线贴近 (x−1)² 上的四个点，看它为什么贴不上，再加一个特征。',
  techniques: ['regression', 'optimizer'],
  params: {
    learningRate: number('学习率 α', 0.01, [0.001, 0.6], 0.001, 'log'),
    square: { kind: 'toggle', label: '加特征 x²', default: false },
    standardize: { kind: 'toggle', label: '特征标准化', default: false },
    batch: number('每步用几个点', 4, [1, 4]),
    steps: number('步数', 1000, [100, 5000], 100),
  },
  metrics: {
    loss: { label: '训练误差', ...error },
    validationLoss: { label: 'x = 5，标签 16', ...error },
    printedLoss: { label: 'x = 5，标签 25', ...error },
    w: { label: '权重 w（x 的）', ...learned },
    b: { label: '偏置 b', ...learned },
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
    const predict = (x: number[]) => features(x).matMul(w).add(b).flatten(); // Xw + b
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
  async *train({ params, seed, done }, { x, y }, model) {
    const { w, b, predict, mse, optimizer } = model;
    const random = seededRandom(seed);
    for (let step = 0; step < params.steps; step++) {
      const rows = random.permutation(4).slice(0, params.batch).sort();
      if (step < done) continue; // only the chance is drawn again
      const batch = (v: number[]) => rows.map((i) => v[i]!);
      const loss = optimizer.minimize(() => mse(batch(x), batch(y)), true)!;
      const [validationLoss, printedLoss] = [mse([5], [16]), mse([5], [25])];
      const first = w.flatten().slice(0, 1).squeeze<tf.Scalar>();
      const metrics = { loss, validationLoss, printedLoss, w: first, b: b.clone() };
      const numbers = () => tf.concat([w.flatten(), b.flatten(), predict([5])]).data();
      const views = async () => draw(x, y, await predict(GRID).data(), await numbers());
      yield { metrics, views };
    }
  },
  // #endregion
});

type Numbers = Iterable<number>;
function draw(x: number[], y: number[], fitted: Numbers, learned: Numbers) {
  const points = [
    { label: '训练的点', group: 0, xs: x, ys: y },
    { label: 'x = 5，标签 16', group: 1, xs: [5], ys: [16] },
    { label: 'x = 5，标签 25', group: 2, xs: [5], ys: [25] },
  ];
  const lines = [
    { label: '学到的', xs: GRID, ys: Array.from(fitted) },
    { label: '(x−1)²', xs: GRID, ys: GRID.map((x) => (x - 1) ** 2) },
  ];
  const [five = NaN, b = NaN, ...w] = Array.from(learned).reverse();
  const rows = [
    ...w.reverse().map((value, i) => [['w（x）', 'w（x²）'][i]!, short(value, 6)]),
    ['b', short(b, 6)],
    ['x = 5 处的预测', short(five, 6)],
    ['误差的平方，标签 16', short((five - 16) ** 2, 6)],
    ['误差的平方，标签 25', short((five - 25) ** 2, 6)],
  ];
  return [
    pointsView('四个点和学到的线', [{ label: 'x' }, { label: 'y' }], points, lines),
    tableView('学到的数', ['量', '值'], rows),
  ];
}
