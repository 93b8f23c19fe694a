/** Five networks read the same digits equally often, in batches of 1, 8, 64, 512 and all: accuracy against time. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { short, tableView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [HIDDEN, SLICES, COUNT] = [32, 32, 1438]; // an epoch is shown in 32 slices
const SIZES = [1, 8, 64, 512, COUNT];
const BASE = 8; // the learning rate is that of this batch
/** What a batch's learning rate is multiplied by. */
const SCALES = {
  same: () => 1,
  root: (size: number) => Math.sqrt(size / BASE),
  linear: (size: number) => size / BASE,
} as const;
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const tested = { chart: '没见过的 359 张，准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '一批几张',
  summary:
    '五个一样的网络把 1438 张图各看几遍，一批 1、8、64、512 张或全部，比准确率、步数和时间。',
  techniques: ['optimizer', 'classification'],
  params: {
    epochs: number('遍数', 5, [1, 40]),
    learningRate: number('一批 8 张时的学习率 α', 0.1, [0.001, 1], 0.001, 'log'),
    scale: choice('批大了，学习率', 'same', {
      same: '不变',
      root: '乘批的倍数的平方根',
      linear: '乘批的倍数',
    }),
  },
  metrics: {
    one: { label: '一批 1 张', ...tested },
    eight: { label: '8 张', ...tested },
    some: { label: '64 张', ...tested },
    many: { label: '512 张', ...tested },
    all: { label: '全部 1438 张', ...tested },
  },
  presets: {
    root: { label: '学习率乘平方根', params: { scale: 'root' } },
    linear: { label: '学习率乘倍数', params: { scale: 'linear' } },
    small: { label: '学习率 0.01', params: { learningRate: 0.01 } },
    hot: { label: '学习率 0.5', params: { learningRate: 0.5 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const X = tf.tensor2d(train.images, [COUNT, PIXELS]);
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    return { X, Y, XTest, labels: tf.tensor1d(test.labels, 'int32') };
  },
  // #endregion
  // #region model
  model(run) {
    const { learningRate, scale } = run.params;
    return SIZES.map((size, k) => {
      const random = seededRandom(run.seed); // all five start from the same weights
      const weights = (m: number, n: number) =>
        tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
      const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
      const b1 = tf.variable(tf.zeros([HIDDEN]));
      const b2 = tf.variable(tf.zeros([CLASSES]));
      const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).relu().matMul(W2).add(b2);
      const sgd = run.own(tf.train.sgd(learningRate * SCALES[scale](size)));
      return { size, logits, sgd, random: seededRandom(run.seed + 1 + k) };
    });
  },
  // #endregion
  length: ({ params }) => params.epochs * SLICES,
  check: {
    steps: 160,
    expect: { one: { atLeast: 0.9 }, eight: { atLeast: 0.88 }, all: { atMost: 0.75 } },
  },
  // #region train
  async *train(run, { X, Y, XTest, labels }, nets) {
    const { params, done } = run;
    const timed = run.state({ updates: SIZES.map(() => 0), seconds: SIZES.map(() => 0) });
    const orders = nets.map(({ random, size }, k) =>
      batches(random, COUNT, size, params.epochs, timed.updates[k]!),
    );
    for (let slice = done + 1; slice <= params.epochs * SLICES; slice++) {
      for (const [k, { size, logits, sgd }] of nets.entries()) {
        const due = Math.floor((slice * Math.ceil(COUNT / size)) / SLICES);
        const start = performance.now();
        let loss: tf.Scalar | null = null;
        while (timed.updates[k]! < due) {
          const batch = orders[k]!.next().value;
          const rows = tf.tensor1d(batch ?? [], 'int32');
          const [x, y] = [X.gather(rows), Y.gather(rows)];
          loss = sgd.minimize(() => entropy(y, logits(x)), true);
          timed.updates[k]!++;
        }
        await loss?.data(); // a GPU works in the background: wait for it
        timed.seconds[k]! += (performance.now() - start) / 1000;
      }
      const right = nets.map(({ logits }) => logits(XTest).argMax(1).equal(labels).mean());
      const [one, eight, some, many, all] = right as [R, R, R, R, R];
      yield {
        metrics: { one, eight, some, many, all },
        views: () => [prices(timed)],
      };
    }
  },
  // #endregion
});

type R = tf.Scalar;

/** Updates so far, and what an epoch cost on this machine: measured, so different in every run. */
function prices({ updates, seconds }: { updates: number[]; seconds: number[] }) {
  const rows = SIZES.map((size, k) => {
    if (!updates[k]) return [size, 0, '还没有', '还没有'];
    const epoch = (1000 * seconds[k]! * Math.ceil(COUNT / size)) / updates[k];
    return [size, updates[k], short(epoch), short(COUNT / epoch)];
  });
  const columns = ['一批几张', '更新了几次', '一遍几毫秒', '一毫秒几张'];
  return tableView('代价：这台机器上量到的时间', columns, rows);
}
