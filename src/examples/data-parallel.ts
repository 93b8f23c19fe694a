/** A batch shared among machines: the average of their gradients is the gradient of the batch, if it is the right average. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { CLUSTER_INPUT, clusterView, readCluster } from '../datasets/parallel.ts';
import { shareBatch, sharesView, valuesSent } from '../datasets/parallel.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [HIDDEN, RATE] = [32, 0.3];
const SIZE = PIXELS * HIDDEN + HIDDEN + HIDDEN * CLASSES + CLASSES;
const SKEWED = { sizes: 'uneven', order: 'digit' } as const;
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const accuracyChart = { chart: '测试准确率', better: 'higher', fraction: true } as const;
const gap = { chart: '和整批的梯度最多差多少', better: 'lower' } as const;

export default defineExample({
  title: '四台机器分一批图',
  summary: '每台算自己那份图的梯度，平均以后各走一步；和一台机器算整批的那个模型比。',
  techniques: ['optimizer', 'classification'],
  params: {
    machines: number('机器', 4, [1, 8]),
    batch: number('一批几张', 64, [16, 256], 16),
    sizes: choice('每份', 'equal', { equal: '一样多', uneven: '第一台多，别的少' }),
    order: choice('怎样分', 'random', { random: '随便分', digit: '按数字排好再分' }),
    average: choice('怎样平均', 'weighted', { weighted: '按张数加权', plain: '直接平均' }),
    epochs: number('遍数', 10, [1, 20]),
  },
  metrics: {
    loss: { label: '一台机器', chart: '交叉熵', better: 'lower' },
    parallelLoss: { label: '几台机器', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '一台机器', ...accuracyChart },
    parallelAccuracy: { label: '几台机器', ...accuracyChart },
    single: { label: '第一台自己的梯度', ...gap },
    difference: { label: '平均以后的梯度', ...gap },
    megabytes: { label: '一共传了', chart: '流量（MB）', better: 'lower' },
  },
  presets: {
    digit: { label: '按数字分', params: { order: 'digit' } },
    uneven: { label: '不等份，加权', params: SKEWED },
    plain: { label: '不等份，直接平均', params: { sizes: 'uneven', average: 'plain' } },
    skewed: { label: '不等份，按数字，直接平均', params: { ...SKEWED, average: 'plain' } },
    eight: { label: '8 台', params: { machines: 8 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const X = tf.tensor2d(train.images, [train.count, PIXELS]);
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    return { X, Y, labels: train.labels, XTest, answers: tf.tensor1d(test.labels, 'int32') };
  },
  // #endregion
  // #region model
  model({ seed }) {
    const network = () => {
      const random = seededRandom(seed); // both start from the same numbers
      const weights = (m: number, n: number) =>
        tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
      const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
      const [b1, b2] = [tf.variable(tf.zeros([HIDDEN])), tf.variable(tf.zeros([CLASSES]))];
      const all = [W1, b1, W2, b2];
      const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).relu().matMul(W2).add(b2);
      const gradients = (X: tf.Tensor, Y: tf.Tensor) => {
        const { value, grads } = tf.variableGrads(() => entropy(Y, logits(X)), all);
        return { loss: value, grads: all.map(({ name }) => grads[name]!) };
      };
      const step = (g: tf.Tensor[]) => all.forEach((w, i) => w.assign(w.sub(g[i]!.mul(RATE))));
      return { logits, gradients, step };
    };
    return { alone: network(), parallel: network() };
  },
  // #endregion
  length: ({ params }, { X }) => params.epochs * Math.floor(X.shape[0] / params.batch),
  check: {
    steps: 220,
    expect: { parallelAccuracy: { atLeast: 0.92 }, difference: { atMost: 1e-5 } },
  },
  // #region train
  async *train({ params, seed, done }, { X, Y, labels, XTest, answers }, { alone, parallel }) {
    const { machines, batch, epochs, sizes, order, average } = params;
    const random = seededRandom(seed + 1);
    const shares = shareBatch(batch, machines, sizes === 'uneven');
    const part = shares.map(({ size }) => (average === 'plain' ? 1 / machines : size / batch));
    const most = (a: tf.Tensor[], b: tf.Tensor[]): tf.Scalar =>
      tf.stack(a.map((g, i) => g.sub(b[i]!).abs().max())).max();
    const right = (net: typeof alone): tf.Scalar =>
      net.logits(XTest).argMax(1).equal(answers).mean();
    const used = Math.floor(X.shape[0] / batch) * batch; // no short batch at the end
    let step = done;
    for (const rows of batches(random, used, batch, epochs, done)) {
      if (order === 'digit') rows.sort((a, b) => labels[a]! - labels[b]!);
      const [x, y] = [X.gather(rows), Y.gather(rows)];
      // Each machine sees its own rows and nothing else …
      const own = shares.map(({ from, size }) => {
        const [mine, answer] = [x, y].map((all) => all.slice([from, 0], [size, -1]));
        return parallel.gradients(mine!, answer!).grads;
      });
      // … then the gradients are summed, each with its part, and everybody gets the sum.
      const averaged = own[0]!.map((_, i) => tf.addN(own.map((g, k) => g[i]!.mul(part[k]!))));
      const [single, whole] = [alone.gradients(x, y), parallel.gradients(x, y)];
      alone.step(single.grads);
      parallel.step(averaged);
      yield {
        metrics: {
          loss: single.loss,
          parallelLoss: whole.loss,
          validationAccuracy: right(alone),
          parallelAccuracy: right(parallel),
          single: most(own[0]!, whole.grads),
          difference: most(averaged, whole.grads),
          megabytes: (4 * valuesSent(SIZE, machines) * ++step) / 1e6,
        },
        views: () => [sharesView(rows, labels, shares)],
      };
    }
  },
  // #endregion
  probe: {
    input: CLUSTER_INPUT,
    infer: (_run, _data, _model, input) => [clusterView(readCluster(input))],
  },
});
