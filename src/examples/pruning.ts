/** A trained network loses its smallest weights, or any: what 50 … 98 % cost, before and after more training. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { readTwice } from '../datasets/compressed.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { batches, seededRandom } from '../datasets/random.ts';
import { keepGreatest, thinnedViews } from '../datasets/thinned.ts';

const [HIDDEN, BATCH, SIDE, EVERY] = [128, 64, 24, 23]; // 23 batches are one epoch
const SHARES = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98];
const RATE = 0.3;
const NETS = 2 * SHARES.length; // six cut by size, six by chance
const SIZES = { weights: PIXELS * HIDDEN + HIDDEN * CLASSES, biases: HIDDEN + CLASSES };
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const tested = { chart: '没见过的 359 张，准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '剪枝：剪到哪里会疼',
  summary: '认数字的网络学好以后，把最小的权重改成零，剪 50 % 到 98 %，再学几遍；和随便剪比。',
  techniques: ['classification', 'architecture'],
  params: {
    epochs: number('先学几遍', 8, [1, 20]),
    retrain: number('剪完再学几遍', 4, [0, 10]),
    decay: number('先学时，权重每步缩小', 0, [0, 0.05], 0.001),
    shown: choice('画数字时用剪了多少的', 'most', { half: '50 %', most: '90 %', nearly: '98 %' }),
  },
  metrics: {
    loss: { label: '没剪的，然后是剪过的', chart: '训练损失（交叉熵）', better: 'lower' },
    validationAccuracy: { label: '没剪的', ...tested },
    half: { label: '剪小的 50 %', ...tested },
    most: { label: '剪小的 90 %', ...tested },
    nearly: { label: '剪小的 98 %', ...tested },
    chance: { label: '随便剪 90 %', ...tested },
  },
  presets: {
    none: { label: '剪完不再学', params: { retrain: 0 } },
    decay: { label: '先学时缩小权重', params: { decay: 0.01 } },
    decayNone: { label: '缩小，剪完不再学', params: { decay: 0.01, retrain: 0 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const X = tf.tensor2d(train.images, [train.count, PIXELS]);
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    return { X, Y, XTest, labels: tf.tensor1d(test.labels, 'int32'), ink: X.mean(0) };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
    const net = [W1, tf.variable(tf.zeros([1, HIDDEN])), W2, tf.variable(tf.zeros([1, CLASSES]))];
    // The twelve cut networks in one stack: one product computes them all.
    const stack = net.map(({ shape }) => tf.variable(tf.zeros([NETS, ...shape])));
    const masks = [W1, W2].map(({ shape }) => tf.variable(tf.ones([NETS, ...shape]), false));
    const lots = [W1, W2].map(({ size }) => random.normals(size)); // who goes by chance
    // #region cut
    /** Copies the trained network into the stack and decides which weights of each copy stay. */
    const cut = async () => {
      net.forEach((part, i) => stack[i]!.assign(tf.stack(Array(NETS).fill(part))));
      const size = await Promise.all([W1, W2].map((W) => W.abs().data()));
      masks.forEach((mask, i) => {
        const [, inputs, units] = mask.shape as [number, number, number];
        const keep = (scores: ArrayLike<number>) =>
          SHARES.map((share) => tf.tensor2d(keepGreatest(scores, share), [inputs, units]));
        mask.assign(tf.stack([...keep(size[i]!), ...keep(lots[i]!)]));
      });
    };
    // #endregion
    const layers = (X: tf.Tensor, [w1, b1, w2, b2]: tf.Tensor[]) =>
      X.matMul(w1!).add(b1!).relu().matMul(w2!).add(b2!);
    const logits = (X: tf.Tensor) => layers(X, net);
    const thinned = (X: tf.Tensor) => {
      const [w1, b1, w2, b2] = stack as [V, V, V, V];
      return layers(X.expandDims(0), [w1.mul(masks[0]!), b1, w2.mul(masks[1]!), b2]);
    };
    const adam = run.own(tf.train.adam(0.003));
    const sgd = run.own(tf.train.sgd(NETS * RATE)); // the loss is the mean over the stack
    return { logits, thinned, cut, net, stack, masks, adam, sgd, random };
  },
  // #endregion
  length: ({ params }) => (params.epochs + params.retrain) * EVERY,
  check: { steps: 276, expect: { half: { atLeast: 0.92 }, most: { atLeast: 0.85 } } },
  // #region train
  async *train(run, { X, Y, XTest, labels, ink }, model) {
    const { logits, thinned, cut, net, stack, masks, adam, sgd, random } = model;
    const { params, done } = run;
    const none = Array.from({ length: NETS }, () => 0);
    const seen = run.state({ before: none, after: none });
    const right = (z: tf.Tensor) => z.argMax(-1).equal(labels).toFloat().mean(-1);
    let step = done;
    for (const batch of batches(random, X.shape[0], BATCH, params.epochs + params.retrain, done)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [x, y] = [X.gather(rows), Y.gather(rows)];
      const first = ++step <= params.epochs * EVERY;
      const loss = first
        ? adam.minimize(() => entropy(y, logits(x)), true, net)!
        : sgd.minimize(() => entropy(tf.stack(Array(NETS).fill(y)), thinned(x)), true, stack)!;
      if (first) [net[0]!, net[2]!].forEach((W) => W.assign(W.mul(1 - params.decay)));
      if (step % EVERY === 0) {
        if (first) await cut();
        seen.after = Array.from(await right(thinned(XTest)).data());
        if (first) seen.before = seen.after;
      }
      const { 0: half, 3: most, 5: nearly, 9: chance } = seen.after as Record<number, number>;
      yield {
        metrics: {
          loss,
          validationAccuracy: right(logits(XTest)).asScalar(),
          ...{ half: half!, most: most!, nearly: nearly!, chance: chance! },
        },
        views: async () => {
          const all = await Promise.all(masks[0]!.unstack().map((mask) => mask.data()));
          const drawn = { ink: await ink.data(), masks: all, ...SIZES };
          return thinnedViews({ shares: SHARES, ...seen, ...drawn });
        },
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字，两个网络一起读', width: SIDE, height: SIDE },
    async infer({ params: { shown } }, _data, { logits, thinned }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const x = tf.tensor2d(image, [1, PIXELS]);
      const at = { half: 0, most: 3, nearly: 5 }[shown];
      const cut = await thinned(x).softmax().slice([at, 0, 0], [1, 1, CLASSES]).data();
      const name = `剪了 ${100 * SHARES[at]!} %`;
      return readTwice([...image], ['没剪', await logits(x).softmax().data()], [name, cut]);
    },
  },
});

type V = tf.Variable;
