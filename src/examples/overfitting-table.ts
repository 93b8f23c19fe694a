/** Twelve networks at once: few or many pictures, right or partly wrong labels, narrow or wide. Which overfit? */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import {
  gridSummary,
  gridView,
  NARROW,
  overfittingGrid,
  ownRows,
  SIZES,
} from '../datasets/overfitting-grid.ts';
import type { Scores } from '../datasets/overfitting-grid.ts';
import { seededRandom } from '../datasets/random.ts';

const [BATCH, EVERY] = [50, 50];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const gap = { chart: '训练准确率减测试准确率', better: 'lower' } as const;
const tested = { chart: '测试准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '过拟合怪谁：十二个网络的表',
  summary:
    '张数、标签对不对、网络宽不宽，三样各取几档，十二个网络一起学，看谁的训练成绩比测试高出最多。',
  techniques: ['evaluation', 'data'],
  params: {
    noise: number('“有错”那几个，标签错几成', 0.2, [0, 0.5], 0.05),
    wide: number('“宽”的隐藏单元', 64, [4, 96]),
    steps: number('步数', 1000, [100, 2000], 50),
  },
  metrics: {
    cleanFew: { label: `${SIZES.few} 张，全对，宽`, ...gap },
    noisyMany: { label: `${SIZES.many} 张，有错，宽`, ...gap },
    noisyFew: { label: `${SIZES.few} 张，有错，宽`, ...gap },
    narrowSome: { label: `${SIZES.some} 张，有错，窄`, ...gap },
    wideSome: { label: `${SIZES.some} 张，有错，宽`, ...gap },
    narrowFew: { label: `${SIZES.few} 张，全对，窄`, ...gap },
    cleanFewTest: { label: `${SIZES.few} 张，全对，宽`, ...tested },
    noisyManyTest: { label: `${SIZES.many} 张，有错，宽`, ...tested },
    cleanManyTest: { label: `${SIZES.many} 张，全对，宽`, ...tested },
  },
  presets: {
    early: { label: '只学 200 步', params: { steps: 200 } },
    late: { label: '学 2000 步', params: { steps: 2000 } },
    noisy: { label: '标签错四成', params: { noise: 0.4 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const random = seededRandom(run.seed);
    const { noise, wide } = run.params;
    const nets = overfittingGrid(train.labels, noise, wide, random);
    return {
      nets,
      random,
      X: tf.tensor2d(train.images, [train.count, PIXELS]),
      told: tf.stack(nets.map((net) => tf.tensor1d(net.labels))), // [nets, train]
      own: tf.tensor2d(ownRows(nets, train.count), [nets.length, train.count]),
      XTest: tf.tensor2d(test.images, [test.count, PIXELS]),
      truth: tf.tensor1d(test.labels),
    };
  },
  // #endregion
  // #region model
  model(run, { nets }) {
    const random = seededRandom(run.seed + 1);
    const [count, width] = [nets.length, Math.max(NARROW, run.params.wide)];
    // All networks in one stack; a narrow one has its other units switched off.
    const weights = (n: number, m: number) =>
      tf.variable(tf.tensor3d(random.normals(count * n * m, Math.sqrt(1 / n)), [count, n, m]));
    const [W1, W2] = [weights(PIXELS, width), weights(width, CLASSES)];
    const b1 = tf.variable(tf.zeros([count, 1, width]));
    const b2 = tf.variable(tf.zeros([count, 1, CLASSES]));
    const units = Array.from({ length: width }, (_, unit) => unit);
    const on = tf.tensor3d(nets.map((net) => [units.map((unit) => Number(unit < net.width))]));
    const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).tanh().mul(on).matMul(W2).add(b2);
    return { logits, adam: run.own(tf.train.adam(0.01)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 1000,
    expect: { cleanFew: { atLeast: 0.1 }, noisyMany: { atMost: 0 } },
  },
  // #region train
  async *train(run, data, { logits, adam }) {
    const { nets, random, X, told, own, XTest, truth } = data;
    const guessing = nets.map(() => 1 / CLASSES); // until the first measurement
    const scores = run.state<Scores>({ train: guessing, test: [...guessing] });
    const guess = (x: tf.Tensor) => logits(x.expandDims(0)).argMax(2); // [nets, count]
    for (let step = 1; step <= run.params.steps; step++) {
      const some = (rows: readonly number[]) =>
        Array.from({ length: BATCH }, () => rows[random.integer(rows.length)]!);
      const batch = nets.map(({ rows }) => some(rows));
      if (step <= run.done) continue; // only the chance is drawn again
      const x = X.gather(batch.flat()).reshape([nets.length, BATCH, PIXELS]);
      const labels = nets.flatMap((net, k) => batch[k]!.map((row) => net.labels[row]!));
      const Y = tf.oneHot(labels, CLASSES).reshape([nets.length, BATCH, CLASSES]);
      adam.minimize(() => entropy(Y, logits(x)));
      if (step % EVERY === 0) {
        const right = guess(X).equal(told).toFloat().mul(own).sum(1);
        scores.train = [...(await right.data())];
        scores.test = [...(await guess(XTest).equal(truth).toFloat().mean(1).data())];
      }
      yield { metrics: gridSummary(nets, scores), views: () => [gridView(nets, scores)] };
    }
  },
  // #endregion
});
