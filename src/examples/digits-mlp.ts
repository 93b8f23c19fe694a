/** A network with one hidden layer learns to read handwritten digits. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { readingViews } from '../datasets/digit-readings.ts';
import { CLASSES, loadDigits, PIXELS, type DigitSet } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { imagesView, tableView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [BATCH, SIDE] = [64, 24];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const accuracyChart = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '认手写数字',
  summary: '一个隐藏层的网络看 1438 张 8×8 的手写数字，学会认另外 359 张，再认你写的。',
  techniques: ['classification', 'architecture'],
  params: {
    hidden: number('隐藏单元', 128, [1, 256]),
    learningRate: number('学习率 α', 0.003, [0.0001, 1], 0.0001, 'log'),
    epochs: number('遍数', 10, [1, 40]),
    taught: number('学多少张', 1438, [64, 1438]),
    optimizer: choice('优化器', 'adam', { adam: 'Adam', sgd: 'SGD' }),
    ink: number('像素从 0 到', 1, [1, 256], 1, 'log'),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    accuracy: { label: '这一批训练图', ...accuracyChart },
    validationAccuracy: { label: '没见过的 359 张', ...accuracyChart },
  },
  presets: {
    narrow: { label: '隐藏单元 2', params: { hidden: 2 } },
    hot: { label: '学习率 0.3', params: { learningRate: 0.3 } },
    slow: { label: '学习率 0.0001', params: { learningRate: 0.0001 } },
    few: { label: '只学 100 张', params: { taught: 100, epochs: 40 } },
    raw: { label: '像素 0–16', params: { ink: 16 } },
    sgd: { label: 'SGD', params: { optimizer: 'sgd', learningRate: 0.1 } },
    sgdRaw: { label: 'SGD，0–16', params: { optimizer: 'sgd', learningRate: 0.1, ink: 16 } },
    sgdWide: { label: 'SGD，0–256', params: { optimizer: 'sgd', learningRate: 0.1, ink: 256 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const tensors = ({ images, labels, count }: DigitSet, used = count) => ({
      X: tf.tensor2d(images, [count, PIXELS]).slice(0, used),
      Y: tf.oneHot(labels, CLASSES).toFloat().slice(0, used), // [used, 10]
    });
    return { train: tensors(train, run.params.taught), test: tensors(test), unseen: test };
  },
  // #endregion
  // #region model
  model(run) {
    const { hidden, learningRate, optimizer, ink } = run.params;
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const [W1, W2] = [weights(PIXELS, hidden), weights(hidden, CLASSES)];
    const b1 = tf.variable(tf.zeros([hidden]));
    const b2 = tf.variable(tf.zeros([CLASSES]));
    const logits = (X: tf.Tensor) => X.mul(ink).matMul(W1).add(b1).relu().matMul(W2).add(b2);
    return { logits, optimizer: run.own(tf.train[optimizer](learningRate)), random };
  },
  // #endregion
  length: ({ params }, { train }) => params.epochs * Math.ceil(train.X.shape[0] / BATCH),
  check: { steps: 230, expect: { validationAccuracy: { atLeast: 0.93 } } },
  // #region train
  async *train({ params, done }, { train, test, unseen }, model) {
    const { logits, optimizer, random } = model;
    const right = (X: tf.Tensor, Y: tf.Tensor): tf.Scalar =>
      logits(X).argMax(1).equal(Y.argMax(1)).mean();
    const count = train.X.shape[0];
    for (const batch of batches(random, count, BATCH, params.epochs, done)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [X, Y] = [tf.gather(train.X, rows), tf.gather(train.Y, rows)];
      const loss = optimizer.minimize(() => entropy(Y, logits(X)), true)!;
      const validationAccuracy = right(test.X, test.Y);
      yield {
        metrics: { loss, accuracy: right(X, Y), validationAccuracy },
        views: async () => readingViews(unseen, await logits(test.X).argMax(1).data()),
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字', width: SIDE, height: SIDE },
    async infer(_run, _data, { logits }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const z = logits(tf.tensor2d(image, [1, PIXELS]));
      const p = await z.softmax().data();
      const likely = Array.from(p.keys()).sort((a, b) => p[b]! - p[a]!);
      const rows = likely.map((digit) => [String(digit), p[digit]!.toFixed(3)]);
      return [
        tableView(`读作 ${likely[0]!}`, ['数字', '概率'], rows),
        imagesView('缩成 8×8', 8, [{ pixels: [...image], caption: '网络看到的' }]),
      ];
    },
  },
});
