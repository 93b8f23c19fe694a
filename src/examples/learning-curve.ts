/** Test error against the amount of data, or against the width of the network, and a power law through it. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { short, tableView } from '../datasets/pictures.ts';
import { fitPowerLaw, powerLawView } from '../datasets/power-law.ts';
import { seededRandom } from '../datasets/random.ts';

const [BATCH, EVERY, REPEATS] = [50, 20, 3]; // each size three times, with other pictures
const COUNTS = [25, 50, 100, 200, 400, 800, 1438];
const WIDTHS = [1, 2, 4, 8, 16, 32, 64];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const error = { chart: '没见过的 359 张，错误率', better: 'lower', fraction: true } as const;

export default defineExample({
  title: '学习曲线：该加数据，还是加参数',
  summary:
    '同一个网络用 25 到 1438 张图各学一遍，看错误率怎样随数据下降；也可以固定数据，改网络的宽度。',
  techniques: ['data', 'evaluation'],
  params: {
    axis: choice('改什么', 'data', { data: '训练图的张数', width: '隐藏单元的个数' }),
    hidden: number('改张数时，隐藏单元', 32, [1, 64]),
    count: number('改单元时，训练图', 1438, [25, 1438]),
    steps: number('步数', 400, [100, 1000], 20),
  },
  metrics: {
    least: { label: '最少的（25 张，或 1 个单元）', ...error },
    middle: { label: '中间的（200 张，或 8 个单元）', ...error },
    most: { label: '最多的（1438 张，或 64 个单元）', ...error },
    exponent: { label: '拟合的指数', chart: '幂律的指数', better: 'higher' },
  },
  presets: {
    narrow: { label: '只有 4 个隐藏单元', params: { hidden: 4 } },
    width: { label: '改单元，1438 张图', params: { axis: 'width' } },
    widthFew: { label: '改单元，100 张图', params: { axis: 'width', count: 100 } },
  },
  // #region data
  async data(run) {
    const { axis, hidden, count } = run.params;
    const { train, test } = await loadDigits(run);
    const random = seededRandom(run.seed);
    const sizes = axis === 'data' ? COUNTS : WIDTHS;
    const nets = sizes.flatMap((size) =>
      Array.from({ length: REPEATS }, () => {
        const n = axis === 'data' ? size : count;
        const rows = random.permutation(train.count).slice(0, n);
        return { rows, width: axis === 'data' ? hidden : size };
      }),
    );
    const X = tf.tensor2d(train.images, [train.count, PIXELS]);
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    return { sizes, nets, random, X, Y, XTest, labels: tf.tensor1d(test.labels, 'int32') };
  },
  // #endregion
  // #region model
  model(run, { nets }) {
    const random = seededRandom(run.seed + 1);
    const [count, width] = [nets.length, Math.max(...nets.map((net) => net.width))];
    // All networks in one stack: one product trains them all.
    const weights = (n: number, m: number) => {
      const start = random.normals(count * n * m, Math.sqrt(1 / n));
      return tf.variable(tf.tensor3d(start, [count, n, m]));
    };
    const [W1, W2] = [weights(PIXELS, width), weights(width, CLASSES)];
    const b1 = tf.variable(tf.zeros([count, 1, width]));
    const b2 = tf.variable(tf.zeros([count, 1, CLASSES]));
    // A narrow network is a wide one with the other units switched off.
    const on = tf.tensor3d(
      nets.map((net) => [Array.from({ length: width }, (_, unit) => Number(unit < net.width))]),
    );
    const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).tanh().mul(on).matMul(W2).add(b2);
    return { logits, adam: run.own(tf.train.adam(0.01)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 400, expect: { least: { atLeast: 0.2 }, most: { atMost: 0.08 } } },
  // #region train
  async *train(run, { sizes, nets, random, X, Y, XTest, labels }, { logits, adam }) {
    const { axis, steps } = run.params;
    const state = run.state({ errors: sizes.map(() => 1) });
    const stack = (x: tf.Tensor, rows: number[]) =>
      x.gather(rows).reshape([nets.length, BATCH, -1]);
    for (let step = 1; step <= steps; step++) {
      const some = (rows: number[]) =>
        Array.from({ length: BATCH }, () => rows[random.integer(rows.length)]!);
      const rows = nets.flatMap((net) => some(net.rows));
      if (step <= run.done) continue; // only the chance is drawn again
      const [x, y] = [stack(X, rows), stack(Y, rows)];
      // The mean over all is not each one's own loss; Adam does not mind the factor.
      adam.minimize(() => entropy(y, logits(x)));
      if (step % EVERY === 0 || step === 1) {
        const guesses = logits(XTest.expandDims(0)).argMax(2); // [nets, test]
        const wrong = await guesses.notEqual(labels).toFloat().mean(1).data();
        state.errors = sizes.map((_, i) => mean(wrong.slice(i * REPEATS, (i + 1) * REPEATS)));
      }
      const { errors } = state;
      const law = fitPowerLaw(sizes, errors);
      const [least, middle, most] = [errors[0]!, errors[3]!, errors.at(-1)];
      const metrics = { least, middle, most, exponent: law.exponent };
      yield { metrics, views: () => draw(axis === 'data', sizes, errors, law) };
    }
  },
  // #endregion
});

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value) / values.length;

/** The curve, and the same numbers. */
function draw(
  data: boolean,
  sizes: number[],
  errors: number[],
  law: ReturnType<typeof fitPowerLaw>,
) {
  const unit = data ? '训练图' : '隐藏单元';
  const measured = { label: '三次的平均', xs: sizes, ys: errors };
  const rows = sizes.map((size, i) => [size, short(errors[i]!)]);
  return [
    powerLawView('错误率和它的幂律', unit, measured, law),
    tableView('错误率', [unit, '错误率'], rows),
  ];
}
