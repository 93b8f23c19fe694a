/** The same softmax regression trained with −ln p and with −p ln p: the second has the smaller loss and knows nothing. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { CLASSES, digitPixels, loadDigits, PIXELS } from '../datasets/digits.ts';
import type { DigitSet } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { confusionView, imagesView, tableView } from '../datasets/pictures.ts';

const SIDE = 24;
const loss = { chart: '训练的是哪个，就画哪个', better: 'lower' } as const;
const share = { better: 'higher', fraction: true } as const;

// #region losses
// ln p of the true class of each sample: [count].
const truth = (z: tf.Tensor2D, Y: tf.Tensor) => tf.logSoftmax(z).mul(Y).sum(1);
// −ln p, and the printed −p ln p, over all samples.
const minusLog = (log: tf.Tensor): tf.Scalar => log.neg().mean();
const printed = (log: tf.Tensor): tf.Scalar => log.mul(log.exp()).neg().mean();
// #endregion

export default defineExample({
  title: '损失写错了，还一路下降',
  summary:
    '两个一样的模型认数字，一个用 −ln p 训练，一个用 −p ln p。后者的损失更低，却什么也没学会。',
  techniques: ['classification', 'evaluation'],
  params: {
    learningRate: number('学习率 α', 0.01, [0.001, 0.1], 0.001, 'log'),
    warmup: number('乙先用 −ln p 学几步', 0, [0, 200], 10),
    steps: number('步数', 200, [50, 500], 10),
  },
  metrics: {
    rightLoss: { label: '甲的损失 −ln p', ...loss },
    wrongLoss: { label: '乙的损失 −p ln p', ...loss },
    validationAccuracy: { label: '甲，没见过的 359 张', chart: '准确率', ...share },
    wrongAccuracy: { label: '乙，没见过的 359 张', chart: '准确率', ...share },
    rightTruth: { label: '甲给正确答案的概率', chart: '训练图上的平均', ...share },
    wrongTruth: { label: '乙给正确答案的概率', chart: '训练图上的平均', ...share },
  },
  presets: {
    warm: { label: '乙先学对 30 步', params: { warmup: 30 } },
    late: { label: '乙先学对 150 步', params: { warmup: 150 } },
    slow: { label: '学习率 0.001', params: { learningRate: 0.001 } },
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
    const regression = () => {
      const W = tf.variable(tf.zeros([PIXELS, CLASSES]));
      const b = tf.variable(tf.zeros([CLASSES]));
      const logits = (X: tf.Tensor2D): tf.Tensor2D => X.matMul(W).add(b);
      const optimizer = run.own(tf.train.adam(run.params.learningRate));
      return { logits, variables: [W, b], optimizer };
    };
    return { right: regression(), wrong: regression() };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 200,
    expect: { validationAccuracy: { atLeast: 0.91 }, wrongAccuracy: { atMost: 0.2 } },
  },
  // #region train
  async *train({ params, done }, { train, test, unseen }, { right, wrong }) {
    const learn = ({ logits, variables, optimizer }: typeof right, cost: typeof minusLog) =>
      optimizer.minimize(() => cost(truth(logits(train.X), train.Y)), true, variables)!;
    const accuracy = ({ logits }: typeof right): tf.Scalar =>
      logits(test.X).argMax(1).equal(test.Y.argMax(1)).mean();
    const mean = ({ logits }: typeof right): tf.Scalar =>
      truth(logits(train.X), train.Y).exp().mean();
    for (let step = done; step < params.steps; step++) {
      const rightLoss = learn(right, minusLog);
      const wrongLoss = learn(wrong, step < params.warmup ? minusLog : printed);
      yield {
        metrics: {
          ...{ rightLoss, wrongLoss, rightTruth: mean(right), wrongTruth: mean(wrong) },
          ...{ validationAccuracy: accuracy(right), wrongAccuracy: accuracy(wrong) },
        },
        views: async () => {
          const read = ({ logits }: typeof right) => logits(test.X).argMax(1).data();
          return draw(unseen, await read(right), await read(wrong));
        },
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字', width: SIDE, height: SIDE },
    async infer(_run, _data, { right, wrong }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const X = tf.tensor2d(image, [1, PIXELS]);
      const p = await right.logits(X).softmax().data();
      const q = await wrong.logits(X).softmax().data();
      const rows = Array.from(p, (value, k) => [k, value.toFixed(3), q[k]!.toFixed(3)]);
      return [tableView('两个模型各给多少概率', ['数字', '甲 −ln p', '乙 −p ln p'], rows)];
    },
  },
});

/** What the second model takes each digit for, and the same digits read by both. */
function draw(unseen: DigitSet, right: ArrayLike<number>, wrong: ArrayLike<number>) {
  const shown = Array.from({ length: 10 }, (_, row) => ({
    pixels: digitPixels(unseen, row),
    caption: `甲 ${right[row]} · 乙 ${wrong[row]}`,
  }));
  return [
    imagesView('两个模型读同样的图', 8, shown),
    confusionView('乙（−p ln p）的混淆矩阵', unseen.labels, wrong),
  ];
}
