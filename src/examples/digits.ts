/** A network with one hidden layer learns to read handwritten digits. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { CLASSES, loadDigits, PIXELS, type DigitSet } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { seededRandom } from '../datasets/random.ts';

const BATCH = 64;
const SIDE = 24;
const NAMES = Array.from('0123456789');
const accuracyChart = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '认手写数字',
  summary: '一个隐藏层的网络看 1438 张 8×8 的手写数字，学会认另外 359 张，再认你写的。',
  techniques: ['classification', 'architecture'],
  params: {
    hidden: {
      kind: 'number',
      label: '隐藏单元',
      default: 128,
      min: 1,
      max: 256,
      step: 1,
    },
    learningRate: {
      ...{ kind: 'number', label: '学习率 η', scale: 'log' },
      ...{ default: 0.003, min: 0.0001, max: 1, step: 0.0001 },
    },
    epochs: { kind: 'number', label: '遍数', default: 10, min: 1, max: 40, step: 1 },
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
  model(run) {
    const { hidden, learningRate } = run.params;
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const [W1, W2] = [weights(PIXELS, hidden), weights(hidden, CLASSES)];
    const b1 = tf.variable(tf.zeros([hidden]));
    const b2 = tf.variable(tf.zeros([CLASSES]));
    const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).relu().matMul(W2).add(b2);
    return { logits, optimizer: run.own(tf.train.adam(learningRate)), random };
  },
  // #endregion
  length: ({ params }, { train }) => params.epochs * Math.ceil(train.X.shape[0] / BATCH),
  // #region train
  async *train({ params }, { train, test, unseen }, { logits, optimizer, random }) {
    const accuracy = (z: tf.Tensor, Y: tf.Tensor): tf.Scalar =>
      z.argMax(1).equal(Y.argMax(1)).mean();
    for (let epoch = 0; epoch < params.epochs; epoch++) {
      const order = random.permutation(train.X.shape[0]);
      for (let from = 0; from < order.length; from += BATCH) {
        const rows = tf.tensor1d(order.slice(from, from + BATCH), 'int32');
        const [X, Y] = [tf.gather(train.X, rows), tf.gather(train.Y, rows)];
        const loss = optimizer.minimize(
          (): tf.Scalar => tf.losses.softmaxCrossEntropy(Y, logits(X)),
          true,
        );
        yield {
          metrics: {
            loss: loss ?? NaN,
            accuracy: accuracy(logits(X), Y),
            validationAccuracy: accuracy(logits(test.X), test.Y),
          },
          views: async () => draw(unseen, await logits(test.X).argMax(1).data()),
        };
      }
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字', width: SIDE, height: SIDE },
    async infer(_run, _data, { logits }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const p = await logits(tf.tensor2d(image, [1, PIXELS]))
        .softmax()
        .data();
      const rows = NAMES.map((name, i) => ({ name, p: p[i] ?? NaN }))
        .sort((a, b) => b.p - a.p)
        .map((row) => [row.name, row.p.toFixed(3)]);
      const seen = [{ pixels: [...image], caption: '网络看到的' }];
      return [
        {
          kind: 'table',
          title: `读作 ${rows[0]?.[0] ?? ''}`,
          columns: ['数字', '概率'],
          rows,
        },
        { kind: 'images', title: '缩成 8×8', width: 8, height: 8, images: seen },
      ];
    },
  },
  check: { steps: 230, expect: { validationAccuracy: { atLeast: 0.93 } } },
});

/** Confusion matrix, and the digits that were read wrongly. */
function draw({ images, labels }: DigitSet, guesses: ArrayLike<number>) {
  const values = NAMES.map(() => NAMES.map(() => 0));
  const wrong: { pixels: number[]; caption: string }[] = [];
  labels.forEach((label, i) => {
    const guess = guesses[i] ?? -1;
    const row = values[label];
    if (row) row[guess] = (row[guess] ?? 0) + 1;
    const pixels = [...images.subarray(i * PIXELS, (i + 1) * PIXELS)];
    if (guess !== label) wrong.push({ pixels, caption: `真 ${label} → 判 ${guess}` });
  });
  const titles = { rowTitle: '真的是', columnTitle: '判成' };
  return [
    ...[
      {
        kind: 'matrix' as const,
        title: '混淆矩阵',
        ...titles,
        rows: NAMES,
        columns: NAMES,
        values,
      },
    ],
    {
      kind: 'images' as const,
      title: '判错的',
      width: 8,
      height: 8,
      images: wrong.slice(0, 20),
    },
  ];
}
