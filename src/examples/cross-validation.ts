/** k networks, each tested with another k-th of the data: what one split would have said, and what all say together. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { cutFolds, foldsViews, shareEach, standardize } from '../datasets/folds.ts';
import { deviation, mean } from '../datasets/pairs.ts';
import { seededRandom } from '../datasets/random.ts';
import { loadWine } from '../datasets/wine.ts';

const [BATCH, EVERY] = [32, 10];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const share = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '交叉验证：k 份轮流考',
  summary: '把数据分成 k 份，训练 k 个网络，每份轮一次考题；看只考一份会差多少，平均以后剩多少。',
  techniques: ['evaluation', 'classification'],
  params: {
    data: choice('数据', 'digits', { digits: '1797 个手写数字', wine: '178 瓶葡萄酒' }),
    folds: number('分成几份 k', 5, [2, 10]),
    hidden: number('隐藏单元', 32, [1, 64]),
    used: number('只用多少行', 1797, [60, 1797]),
    decay: number('权重每步缩小', 0, [0, 0.01], 0.001),
    steps: number('步数', 500, [50, 1000], 10),
  },
  metrics: {
    loss: { label: '训练，k 个平均', chart: '交叉熵', better: 'lower' },
    accuracy: { label: '学过的，k 个平均', ...share },
    validationAccuracy: { label: '没学过的，k 个平均', ...share },
    lowest: { label: '没学过的，最低的一份', ...share },
    highest: { label: '没学过的，最高的一份', ...share },
    spread: { label: '没学过的，k 份', chart: '标准差', better: 'lower' },
  },
  presets: {
    wine: { label: '葡萄酒', params: { data: 'wine', steps: 150 } },
    wineTen: { label: '葡萄酒，10 份', params: { data: 'wine', folds: 10, steps: 150 } },
    few: { label: '只用 200 个数字', params: { used: 200 } },
    decay: { label: '200 个，缩小权重', params: { used: 200, decay: 0.005 } },
    two: { label: '只分 2 份', params: { folds: 2 } },
  },
  // #region data
  async data(run) {
    const { data, folds: k, used } = run.params;
    const digits = data === 'digits' ? await loadDigits(run) : undefined;
    const wine = digits ? undefined : await loadWine(run);
    const columns = digits ? PIXELS : 13;
    const values = digits ? digits.images : wine!.x;
    const labels = digits ? digits.labels : wine!.labels;
    const random = seededRandom(run.seed);
    const folds = cutFolds(random.permutation(labels.length).slice(0, used), k);
    // Each network measures the scale on its own rows; digits have one already.
    const tables = folds.map(({ train }) =>
      digits ? values : standardize(values, columns, train),
    );
    const X = tf.stack(tables.map((table) => tf.tensor2d(table, [labels.length, columns])));
    const Y = tf.oneHot(labels, digits ? CLASSES : 3).toFloat();
    const shares = (['train', 'test'] as const).map((part) =>
      tf.stack(folds.map((fold) => tf.tensor1d(shareEach(fold[part], labels.length)))),
    );
    const flat = X.reshape([-1, columns]);
    const [taught, tested] = [shares[0]!, shares[1]!];
    return { folds, random, X, flat, Y, answers: Y.argMax(1), taught, tested };
  },
  // #endregion
  // #region model
  model(run, { X, Y, random }) {
    const [k, , columns] = X.shape as [number, number, number];
    const { hidden } = run.params;
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor3d(random.normals(k * m * n, Math.sqrt(2 / m)), [k, m, n]));
    const zeros = (n: number) => tf.variable(tf.zeros([k, 1, n]));
    const classes = Y.shape[1]!;
    const [W1, W2] = [weights(columns, hidden), weights(hidden, classes)];
    const [b1, b2] = [zeros(hidden), zeros(classes)];
    const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).tanh().matMul(W2).add(b2);
    return { W1, W2, logits, adam: run.own(tf.train.adam(0.005)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 500,
    expect: { accuracy: { atLeast: 0.97 }, validationAccuracy: { atLeast: 0.92 } },
  },
  // #region train
  async *train(run, { folds, random, X, flat, Y, answers, taught, tested }, model) {
    const { W1, W2, logits, adam } = model;
    const { steps, decay } = run.params;
    const [k, count, columns] = X.shape as [number, number, number];
    const none = folds.map(() => 0);
    const seen = run.state({ taught: none, tested: none });
    for (let step = 1; step <= steps; step++) {
      const rows = folds.flatMap(({ train }) =>
        Array.from({ length: BATCH }, () => train[random.integer(train.length)]!),
      );
      if (step <= run.done) continue; // only the chance is drawn again
      const own = rows.map((row, i) => Math.floor(i / BATCH) * count + row);
      const x = flat.gather(tf.tensor1d(own, 'int32')).reshape([k, BATCH, columns]);
      const y = Y.gather(tf.tensor1d(rows, 'int32')).reshape([k, BATCH, -1]);
      // The mean over all is not each one's own loss; Adam does not mind the factor.
      const loss = adam.minimize(() => entropy(y, logits(x)), true)!;
      if (decay) [W1, W2].forEach((W) => W.assign(W.mul(1 - decay)));
      if (step % EVERY === 0 || step === 1) {
        const right = logits(X).argMax(2).equal(answers).toFloat(); // [k, count]
        const read = async (share: tf.Tensor) => Array.from(await right.mul(share).sum(1).data());
        [seen.taught, seen.tested] = [await read(taught), await read(tested)];
      }
      const [lowest, highest] = [Math.min(...seen.tested), Math.max(...seen.tested)];
      const validationAccuracy = mean(seen.tested);
      const [accuracy, spread] = [mean(seen.taught), deviation(seen.tested)];
      yield {
        metrics: { loss, accuracy, validationAccuracy, lowest, highest, spread },
        views: () => foldsViews(seen.taught, seen.tested),
      };
    }
  },
  // #endregion
});
