/** Three networks learn the same digits, some labels wrong, with no, half and most of their units dropped at random. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { DIGIT_INPUT, DIGITS, drawnDigit, oddsView } from '../datasets/digit-probe.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { DROPOUT_METRICS, dropoutMask, scoresOf, scoresView } from '../datasets/dropout.ts';
import { drawCandidates } from '../datasets/membership.ts';
import { seededRandom } from '../datasets/random.ts';

const [HIDDEN, COUNT, BATCH, UPDATES] = [256, 300, 50, 6]; // 6 batches: a round
export default defineExample({
  title: 'dropout：随机丢掉一半单元',
  summary:
    '三个网络学同样的 300 张图，两成标错，隐藏单元丢 0、一半和更多，看测试准确率和多花的轮数。',
  techniques: ['architecture', 'classification'],
  params: {
    most: number('第三个网络丢掉的比例', 0.8, [0.1, 0.95], 0.05),
    wrong: number('标错的比例', 0.2, [0, 0.5], 0.05),
    rounds: number('学几轮', 60, [10, 150], 10),
    inference: choice('考试时', 'off', {
      off: '不丢（对的做法）',
      on: '也丢（忘了关）',
      unscaled: '不丢，但训练时忘了放大',
    }),
  },
  metrics: DROPOUT_METRICS,
  presets: {
    forgotten: { label: '考试时也丢', params: { inference: 'on' } },
    unscaled: { label: '忘了放大', params: { inference: 'unscaled' } },
    clean: { label: '标签全对', params: { wrong: 0 } },
    short: { label: '只学 10 轮', params: { rounds: 10 } },
    extreme: { label: '丢 0.95', params: { most: 0.95 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const random = seededRandom(run.seed);
    const { all, given } = drawCandidates(train, COUNT, run.params.wrong, random);
    const X = tf.tensor2d(all.images, [COUNT, PIXELS]);
    const Y = tf.oneHot(given, CLASSES).toFloat();
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    const [told, truth] = [tf.tensor1d(given, 'int32'), tf.tensor1d(test.labels, 'int32')];
    return { X, Y, XTest, told, truth, random };
  },
  // #endregion
  // #region model
  model(run) {
    const { most, inference } = run.params;
    const drop = [0, 0.5, most];
    const random = seededRandom(run.seed + 1);
    // Three networks in one stack, from the same weights.
    const thrice = (m: number, n: number) => {
      const start = tf.tensor3d(random.normals(m * n, Math.sqrt(2 / m)), [1, m, n]);
      return tf.variable(start.tile([3, 1, 1]));
    };
    const [W1, W2] = [thrice(PIXELS, HIDDEN), thrice(HIDDEN, CLASSES)];
    // A unit is dropped for one image only; those that stay are enlarged, so that the sum stays.
    const mask = (seed: number, images: number) => {
      const size = images * HIDDEN;
      const units = dropoutMask(drop, size, seededRandom(seed), inference !== 'unscaled');
      return tf.tensor3d(units, [drop.length, images, HIDDEN]);
    };
    const logits = (X: tf.Tensor, units?: tf.Tensor) => {
      const hidden = X.matMul(W1).relu(); // [3, images, 256]
      return (units ? hidden.mul(units) : hidden).matMul(W2);
    };
    return { drop, mask, logits, adam: run.own(tf.train.adam(0.002, 0.9, 0.999, 1e-7)) };
  },
  // #endregion
  length: ({ params }) => params.rounds,
  check: { steps: 60, expect: { none: { atMost: 0.79 }, most: { atLeast: 0.82 } } },
  // #region train
  async *train(run, { X, Y, XTest, told, truth, random }, { drop, mask, logits, adam }) {
    const { rounds, inference } = run.params;
    for (let round = 1; round <= rounds; round++) {
      for (let update = 0; update < UPDATES; update++) {
        const rows = Array.from({ length: BATCH }, () => random.integer(COUNT));
        if (round <= run.done) continue; // only the chance is drawn again
        const units = mask(run.seed + 1000 * (UPDATES * round + update), BATCH);
        const [x, y] = [X.gather(rows), Y.gather(rows)];
        adam.minimize(() => logits(x, units).logSoftmax().mul(y).sum(2).mean<tf.Scalar>().neg());
      }
      if (round <= run.done) continue;
      const units = (count: number) =>
        inference === 'on' ? mask(run.seed + 500 * round, count) : undefined;
      const [z, own] = [logits(XTest, units(truth.size)), logits(X, units(COUNT))];
      const right = (Z: tf.Tensor, labels: tf.Tensor) =>
        Z.argMax(2).equal(labels).toFloat().mean(1); // [3]
      const surprise = z.logSoftmax().mul(tf.oneHot(truth, CLASSES)).sum(2).mean(1).neg();
      const all = await tf.concat([right(z, truth), surprise, right(own, told)]).data();
      yield { metrics: scoresOf(all), views: () => [scoresView(round, drop, all)] };
    }
  },
  // #endregion
  probe: {
    input: DIGIT_INPUT,
    async infer(run, _data, { mask, logits }, input) {
      const X = tf.tensor3d(drawnDigit(input), [1, 1, PIXELS]);
      const odds = (units?: tf.Tensor) => logits(X, units).softmax().slice([1], [1]); // p = 0.5
      const random = Array.from({ length: 50 }, (_, k) => odds(mask(run.seed + k, 1)));
      const mean = tf.stack(random).mean(0);
      const p = await tf.concat([odds(), random[0]!, random[1]!, mean]).data();
      const names = ['不丢', '丢一次', '再丢一次', '丢 50 次的平均'];
      return [oddsView('丢 0.5 的网络给的概率', names, DIGITS, p)];
    },
  },
});
