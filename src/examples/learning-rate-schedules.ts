/** One network learns handwritten digits while the learning rate stays, falls in steps, falls along a cosine, or warms up. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import type { DigitSet } from '../datasets/digits.ts';
import { confusionView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [HIDDEN, BATCH] = [32, 32];
const accuracyChart = { chart: '准确率', better: 'higher', fraction: true } as const;

/** Share of the peak rate at each part `t` (0 … 1) of the run. */
const SCHEDULES = {
  constant: () => 1,
  step: (t: number) => 0.1 ** Math.floor(3 * t),
  cosine: (t: number) => (1 + Math.cos(Math.PI * t)) / 2,
  warm: (t: number) => (t < 0.1 ? t / 0.1 : (1 + Math.cos((Math.PI * (t - 0.1)) / 0.9)) / 2),
} as const;

export default defineExample({
  title: '学习率怎样随时间走',
  summary: '同一个网络、同一批手写数字，学习率不变、分段降、沿余弦降或先升后降，看损失和准确率。',
  techniques: ['optimizer', 'classification'],
  params: {
    schedule: choice('走法', 'constant', {
      constant: '不变',
      step: '分段：每三分之一除以 10',
      cosine: '余弦：慢慢降到 0',
      warm: '先升一成，再余弦',
    }),
    learningRate: number('最高学习率', 0.1, [0.001, 10], 0.001, 'log'),
    epochs: number('遍数', 20, [2, 40]),
  },
  metrics: {
    loss: { label: '这一批训练图', chart: '交叉熵', better: 'lower' },
    rate: { label: '学习率', chart: '学习率', better: 'lower' },
    validationAccuracy: { label: '没见过的 359 张', ...accuracyChart },
  },
  presets: {
    small: { label: '不变，0.001', params: { learningRate: 0.001 } },
    one: { label: '不变，1', params: { learningRate: 1 } },
    step: { label: '1，分段', params: { schedule: 'step', learningRate: 1 } },
    cosine: { label: '1，余弦', params: { schedule: 'cosine', learningRate: 1 } },
    edge: { label: '不变，1.5', params: { learningRate: 1.5 } },
    edgeCosine: { label: '1.5，余弦', params: { schedule: 'cosine', learningRate: 1.5 } },
    edgeWarm: { label: '1.5，先升再余弦', params: { schedule: 'warm', learningRate: 1.5 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const tensors = ({ images, labels, count }: DigitSet) => ({
      X: tf.tensor2d(images, [count, PIXELS]),
      Y: tf.oneHot(labels, CLASSES).toFloat(), // [count, 10]
    });
    return { train: tensors(train), test: tensors(test), unseen: test };
  },
  // #endregion
  // #region model
  model({ seed }) {
    const random = seededRandom(seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
    const [b1, b2] = [tf.variable(tf.zeros([HIDDEN])), tf.variable(tf.zeros([CLASSES]))];
    const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).relu().matMul(W2).add(b2);
    return { logits, all: [W1, b1, W2, b2], random };
  },
  // #endregion
  length: ({ params }, { train }) => params.epochs * Math.ceil(train.X.shape[0] / BATCH),
  check: { steps: 900, expect: { validationAccuracy: { atLeast: 0.93 } } },
  // #region train
  async *train({ params, done }, { train, test, unseen }, { logits, all, random }) {
    const { epochs, schedule, learningRate } = params;
    const count = train.X.shape[0];
    const length = epochs * Math.ceil(count / BATCH);
    let step = done;
    for (const batch of batches(random, count, BATCH, epochs, done)) {
      const rate = learningRate * SCHEDULES[schedule](step++ / length);
      const rows = tf.tensor1d(batch, 'int32');
      const [X, Y] = [tf.gather(train.X, rows), tf.gather(train.Y, rows)];
      const cost = (): tf.Scalar => tf.losses.softmaxCrossEntropy(Y, logits(X));
      const { value, grads } = tf.variableGrads(cost, all);
      all.forEach((v) => v.assign(v.sub(grads[v.name]!.mul(rate)))); // plain gradient descent
      const hits = logits(test.X).argMax(1).equal(test.Y.argMax(1));
      yield {
        metrics: { loss: value, rate, validationAccuracy: hits.mean<tf.Scalar>() },
        views: async () => {
          const guesses = await logits(test.X).argMax(1).data();
          return [confusionView('混淆矩阵：没见过的 359 张', unseen.labels, guesses)];
        },
      };
    }
  },
  // #endregion
});
