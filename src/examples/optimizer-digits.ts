/** An optimizer of the reader's choice trains a small network on handwritten digits. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { loadDigits } from '../datasets/digits.ts';
import { confusionView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const accuracyChart = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '优化器与手写数字',
  summary: '同一个 64-32-10 网络、同样的初值，换着优化器学手写数字，比五轮之后的准确率。',
  techniques: ['optimizer', 'classification'],
  params: {
    optimizer: choice('优化器，学习率 α', 'sgd', {
      gd: 'GD，全部数据，0.1',
      sgd: 'SGD，0.1',
      momentum: '动量 0.9，0.1',
      adagrad: 'Adagrad，0.1',
      rmsprop: 'RMSprop，0.001',
      adam: 'Adam，0.001',
    }),
    rate: number('学习率倍数', 1, [0.01, 100], 0.01, 'log'),
    batch: number('批量', 32, [8, 256], 8),
    epochs: number('轮数', 5, [1, 225]),
  },
  metrics: {
    loss: { label: '训练损失（这一批）', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '测试准确率', ...accuracyChart },
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
    const X = tf.tensor2d(train.images, [train.count, 64]);
    const Y = tf.oneHot(tf.tensor1d(train.labels, 'int32'), 10);
    const XTest = tf.tensor2d(test.images, [test.count, 64]);
    const gd = run.params.optimizer === 'gd'; // every step sees all 1 438 digits
    const batch = gd ? train.count : run.params.batch;
    return { count: train.count, batch, X, Y, XTest, labels: test.labels };
  },
  // #endregion
  // #region model
  model(run) {
    const { params, seed } = run;
    const { glorotUniform } = tf.initializers;
    const start = (seed: number) => ({ kernelInitializer: glorotUniform({ seed }) });
    const layers = [
      tf.layers.dense({ units: 32, activation: 'relu', inputShape: [64], ...start(seed) }),
      tf.layers.dense({ units: 10, ...start(seed + 1) }),
    ];
    const optimizer = {
      gd: () => tf.train.sgd(0.1 * params.rate),
      sgd: () => tf.train.sgd(0.1 * params.rate),
      momentum: () => tf.train.momentum(0.1 * params.rate, 0.9),
      adagrad: () => tf.train.adagrad(0.1 * params.rate),
      rmsprop: () => tf.train.rmsprop(0.001 * params.rate),
      adam: () => tf.train.adam(0.001 * params.rate),
    }[params.optimizer];
    const network = run.own(tf.sequential({ layers }));
    return { network, optimizer: run.own(optimizer()) };
  },
  // #endregion
  length: ({ params }, { count, batch }) => params.epochs * Math.ceil(count / batch),
  check: { steps: 225, expect: { validationAccuracy: { atLeast: 0.88 } } },
  // #region train
  async *train({ params, seed, done }, data, { network, optimizer }) {
    const { count, batch, X, Y, XTest, labels } = data;
    const random = seededRandom(seed);
    const predict = () => (network.apply(XTest) as tf.Tensor).argMax(1);
    const draw = async () => confusionView('混淆矩阵', labels, await predict().data());
    for (const chosen of batches(random, count, batch, params.epochs, done)) {
      const rows = tf.tensor1d(chosen, 'int32');
      const [x, y] = [X.gather(rows), Y.gather(rows)];
      const cost = () => entropy(y, network.apply(x) as tf.Tensor);
      const loss = optimizer.minimize(cost, true)!;
      const validationAccuracy: tf.Scalar = predict().equal(labels).mean();
      const metrics = { loss, validationAccuracy };
      yield { metrics, views: async () => [await draw()] };
    }
  },
  // #endregion
});
