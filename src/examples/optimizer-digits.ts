/** An optimizer of the reader's choice trains a small network on handwritten digits. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import type { MatrixView } from '../contract/view.ts';
import { loadDigits } from '../datasets/digits.ts';
import { seededRandom } from '../datasets/random.ts';

const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;

export default defineExample({
  title: '优化器与手写数字',
  summary: '同一个 64-32-10 网络、同样的初值，换着优化器学手写数字，比五轮之后的准确率。',
  techniques: ['optimizer', 'classification'],
  params: {
    optimizer: {
      kind: 'choice',
      label: '优化器，学习率',
      default: 'sgd',
      options: {
        gd: 'GD，全部数据，0.1',
        sgd: 'SGD，0.1',
        momentum: '动量 0.9，0.1',
        adagrad: 'Adagrad，0.1',
        rmsprop: 'RMSprop，0.001',
        adam: 'Adam，0.001',
      },
    },
    rate: {
      kind: 'number',
      label: '学习率倍数',
      default: 1,
      min: 0.01,
      max: 100,
      step: 0.01,
      scale: 'log',
    },
    batch: { kind: 'number', label: '批量', default: 32, min: 8, max: 256, step: 8 },
    epochs: { kind: 'number', label: '轮数', default: 5, min: 1, max: 225, step: 1 },
  },
  metrics: {
    loss: { label: '训练损失（这一批）', chart: '交叉熵', better: 'lower' },
    validationAccuracy: {
      label: '测试准确率',
      chart: '准确率',
      better: 'higher',
      fraction: true,
    },
  },
  presets: {
    gd: { label: 'GD', params: { optimizer: 'gd' } },
    momentum: { label: '动量', params: { optimizer: 'momentum' } },
    adagrad: { label: 'Adagrad', params: { optimizer: 'adagrad' } },
    rmsprop: { label: 'RMSprop', params: { optimizer: 'rmsprop' } },
    adam: { label: 'Adam', params: { optimizer: 'adam' } },
    'adam-10': { label: 'Adam，学习率 10 倍', params: { optimizer: 'adam', rate: 10 } },
    'gd-225': { label: 'GD，225 轮', params: { optimizer: 'gd', epochs: 225 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    return {
      count: train.count, // 1 438
      X: tf.tensor2d(train.images, [train.count, 64]),
      Y: tf.oneHot(tf.tensor1d(train.labels, 'int32'), 10),
      XTest: tf.tensor2d(test.images, [test.count, 64]),
      labels: tf.tensor1d(test.labels, 'int32'), // [359]
    };
  },
  // #endregion
  // #region model
  model(run) {
    const { params, seed } = run;
    const dense = (units: number, seed: number, options = {}) =>
      tf.layers.dense({
        units,
        kernelInitializer: tf.initializers.glorotUniform({ seed }),
        ...options,
      });
    const hidden = dense(32, seed, { activation: 'relu', inputShape: [64] });
    const network = run.own(tf.sequential({ layers: [hidden, dense(10, seed + 1)] }));
    const optimizer = {
      gd: () => tf.train.sgd(0.1 * params.rate),
      sgd: () => tf.train.sgd(0.1 * params.rate),
      momentum: () => tf.train.momentum(0.1 * params.rate, 0.9),
      adagrad: () => tf.train.adagrad(0.1 * params.rate),
      rmsprop: () => tf.train.rmsprop(0.001 * params.rate),
      adam: () => tf.train.adam(0.001 * params.rate),
    }[params.optimizer];
    return { network, optimizer: run.own(optimizer()) };
  },
  // #endregion
  length({ params }, { count }) {
    const batch = params.optimizer === 'gd' ? count : params.batch;
    return params.epochs * Math.ceil(count / batch);
  },
  check: { steps: 225, expect: { validationAccuracy: { atLeast: 0.88 } } },
  // #region train
  async *train({ params, seed }, { count, X, Y, XTest, labels }, { network, optimizer }) {
    const random = seededRandom(seed);
    const batch = params.optimizer === 'gd' ? count : params.batch;
    const predict = () => (network.apply(XTest) as tf.Tensor).argMax<tf.Tensor1D>(1);
    const seen = (digits: tf.Tensor1D) => tf.oneHot(digits, 10).toFloat(); // [359, 10]
    const confusion = () => seen(labels).transpose().matMul(seen(predict())).as2D(10, 10);
    for (let epoch = 0; epoch < params.epochs; epoch++) {
      const order = random.permutation(count);
      for (let i = 0; i < count; i += batch) {
        const rows = tf.tensor1d(order.slice(i, i + batch), 'int32');
        const [x, y] = [X.gather(rows), Y.gather(rows)];
        const cost = () => entropy(y, network.apply(x) as tf.Tensor);
        const loss = optimizer.minimize(cost, true)!;
        const validationAccuracy: tf.Scalar = predict().equal(labels).mean();
        const metrics = { loss, validationAccuracy };
        yield { metrics, views: async () => [matrix(await confusion().array())] };
      }
    }
  },
  // #endregion
});

function matrix(values: number[][]): MatrixView {
  const digits = values.map((_, digit) => String(digit));
  const titles = { title: '测试集：写的和认的', rowTitle: '写的', columnTitle: '认作' };
  return { kind: 'matrix', ...titles, rows: digits, columns: digits, values };
}
