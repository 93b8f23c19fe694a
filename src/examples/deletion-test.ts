/** Erases what a heat map calls important, and as much by chance, and reads the rest. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import * as deletion from '../datasets/deletion.ts';
import { CLASSES, loadDigits, PIXELS, type DigitSet } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [HIDDEN, BATCH, SIDE, EVERY] = [128, 64, 24, 10];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const accuracyChart = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '热力图该不该信：抹掉再看',
  summary: '网络学会认数字；热力图说哪些像素要紧，就抹掉哪些再认一遍，和随机抹同样多的比。',
  techniques: ['evaluation', 'vision', 'classification'],
  params: {
    method: choice('用什么当热力图', 'gradientInput', {
      gradientInput: '梯度 × 输入',
      gradient: '梯度的绝对值',
      ink: '不看模型，越黑越要紧',
      other: '拿别的图的热力图来充数',
    }),
    erase: number('抹几个像素', 4, [1, 16]),
    epochs: number('遍数', 10, [1, 40]),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '没抹', ...accuracyChart },
    erasedAccuracy: { label: '抹掉热力图说要紧的', ...accuracyChart },
    randomAccuracy: { label: '随机抹同样多的', ...accuracyChart },
  },
  presets: {
    gradient: { label: '只看梯度', params: { method: 'gradient' } },
    ink: { label: '抹最黑的', params: { method: 'ink' } },
    other: { label: '别的图的热力图', params: { method: 'other' } },
    one: { label: '只抹一个', params: { erase: 1 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const tensors = ({ images, labels, count }: DigitSet) => {
      const X = tf.tensor2d(images, [count, PIXELS]);
      const y = tf.tensor1d(labels, 'int32');
      return { images, X, y, Y: tf.oneHot(y, CLASSES).toFloat() };
    };
    const chance = deletion.chanceScores(seededRandom(run.seed + 1), test.images.length);
    return { train: tensors(train), test: tensors(test), chance };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
    const b = tf.variable(tf.zeros([HIDDEN]));
    const logits = (X: tf.Tensor) => X.matMul(W1).add(b).relu().matMul(W2);
    return { logits, adam: run.own(tf.train.adam(0.003)), random };
  },
  // #endregion
  length: ({ params }, { train }) => params.epochs * Math.ceil(train.X.shape[0] / BATCH),
  // #region train
  async *train(run, { train, test, chance }, { logits, adam, random }) {
    const { method, erase, epochs } = run.params;
    const accuracy = (z: tf.Tensor): tf.Scalar => z.argMax(1).equal(test.y).mean();
    const afterErasing = async (scores: ArrayLike<number>, count: number) => {
      const left = deletion.eraseBest(test.images, scores, count);
      return (await accuracy(logits(tf.tensor2d(left, test.X.shape))).data())[0]!;
    };
    const held = run.state({ erasedAccuracy: 0, randomAccuracy: 0 });
    let step = run.done;
    for (const batch of batches(random, train.X.shape[0], BATCH, epochs, step)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [X, Y] = [tf.gather(train.X, rows), tf.gather(train.Y, rows)];
      const loss = adam.minimize(() => entropy(Y, logits(X)), true)!;
      if (step++ % EVERY === 0) {
        const scores = await heatMap(logits, test.X, method);
        held.erasedAccuracy = await afterErasing(scores, erase);
        held.randomAccuracy = await afterErasing(chance, erase);
      }
      yield {
        metrics: { loss, validationAccuracy: accuracy(logits(test.X)), ...held },
        views: async () => {
          const scores = await heatMap(logits, test.X, method);
          const p = (await logits(test.X.slice(0, 12)).softmax().array()) as number[][];
          const curve = await deletion.deletionCurve([scores, chance], afterErasing);
          return [curve, deletion.heatPictures(test.images, scores, p)];
        },
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字', width: SIDE, height: SIDE },
    async infer(run, _data, { logits }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const { method, erase } = run.params;
      const scores = await heatMap(logits, tf.tensor2d(image, [1, PIXELS]), method);
      const chance = deletion.chanceScores(seededRandom(run.seed), PIXELS);
      const images = [scores, chance].map((by) => deletion.eraseBest(image, by, erase));
      const three = tf.tensor2d([image, ...images].map((pixels) => [...pixels]));
      const p = (await logits(three).softmax().array()) as number[][];
      const names = ['没抹', `抹要紧的 ${erase} 个`, `随机抹 ${erase} 个`];
      return [deletion.heatPictures(await three.data(), scores, p, names)];
    },
  },
  check: {
    steps: 230,
    expect: { erasedAccuracy: { atMost: 0.5 }, randomAccuracy: { atLeast: 0.8 } },
  },
});

// #region explain
/** How much each pixel of `X` matters for the network's answer. */
async function heatMap(logits: (X: tf.Tensor) => tf.Tensor, X: tf.Tensor, how: string) {
  if (how === 'ink') return X.data();
  const gradient = tf.grad((x) => logits(x).max(1).sum())(X); // of the largest logit
  if (how === 'gradient') return gradient.abs().data();
  const scores = await gradient.mul(X).data();
  return how === 'other' ? deletion.scoresOfTheNext(scores) : scores;
}
// #endregion
