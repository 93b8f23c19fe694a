/** The same network and samples three times: raw, standardised, scaled to 0–1. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { loadIris } from '../datasets/iris.ts';
import { short, tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';
import type { Samples } from '../datasets/table.ts';
import { loadWine } from '../datasets/wine.ts';

const accuracy = { chart: '测试准确率', better: 'higher', fraction: true } as const;
const loss = { chart: '训练损失（交叉熵）', better: 'lower' } as const;
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const SCALINGS = ['raw', 'standard', 'minmax'] as const;

export default defineExample({
  title: '归一化管不管用',
  summary: '同一个网络、同样的初值，分别学原始的、标准化的和压到 0–1 的测量值，比测试准确率。',
  techniques: ['data', 'classification'],
  params: {
    dataset: choice('数据', 'wine', { wine: '葡萄酒', iris: '鸢尾花' }),
    optimizer: choice('优化器', 'sgd', { sgd: 'SGD', adam: 'Adam' }),
    learningRate: number('学习率 α', 0.1, [0.0001, 1], 0.0001, 'log'),
    steps: number('步数', 300, [50, 2000], 50),
  },
  metrics: {
    rawAccuracy: { label: '原始值', ...accuracy },
    standardAccuracy: { label: '标准化', ...accuracy },
    minmaxAccuracy: { label: '压到 0–1', ...accuracy },
    rawLoss: { label: '原始值', ...loss },
    standardLoss: { label: '标准化', ...loss },
    minmaxLoss: { label: '压到 0–1', ...loss },
  },
  presets: {
    iris: { label: '鸢尾花', params: { dataset: 'iris' } },
    'small-rate': {
      label: '学习率 0.0001',
      params: { learningRate: 0.0001, steps: 2000 },
    },
    adam: { label: 'Adam 0.01', params: { optimizer: 'adam', learningRate: 0.01 } },
  },
  // #region data
  async data(run) {
    const load = run.params.dataset === 'wine' ? loadWine : loadIris;
    const { train, test, features, classes } = await load(run);
    const tensor = ({ x, count }: Samples) => tf.tensor2d(x, [count, features.length]);
    const [X, XTest] = [tensor(train), tensor(test)];
    const { mean, variance } = tf.moments(X, 0); // of the training part only
    const [low, high, deviation] = [X.min(0), X.max(0), variance.sqrt()];
    const scale = {
      raw: (x: tf.Tensor) => x,
      standard: (x: tf.Tensor) => x.sub(mean).div(deviation),
      minmax: (x: tf.Tensor) => x.sub(low).div(high.sub(low)),
    };
    const sets = SCALINGS.map((s) => ({ X: scale[s](X), XTest: scale[s](XTest) }));
    const y = tf.oneHot(tf.tensor1d(train.labels, 'int32'), classes);
    const ranges = tf.stack([low, high, mean, deviation], 1); // [features, 4]
    const labels = tf.tensor1d(test.labels, 'int32');
    return { sets, y, labels, ranges, features, classes };
  },
  // #endregion
  // #region model
  model(run, { sets, features, classes }) {
    const network = () => {
      const random = seededRandom(run.seed); // the same start for all three
      const layer = (n: number, m: number) => ({
        W: tf.variable(tf.tensor2d(random.normals(n * m, Math.sqrt(2 / n)), [n, m])),
        b: tf.variable(tf.zeros([m])),
      });
      const [l1, l2] = [layer(features.length, 16), layer(16, classes)];
      return (X: tf.Tensor) => X.matMul(l1.W).add(l1.b).relu().matMul(l2.W).add(l2.b);
    };
    const { optimizer: name, learningRate } = run.params;
    const optimizer = () => run.own(tf.train[name](learningRate));
    return sets.map(() => ({ f: network(), optimizer: optimizer() }));
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 300,
    expect: { standardAccuracy: { atLeast: 0.93 }, rawAccuracy: { atMost: 0.8 } },
  },
  // #region train
  async *train({ params, done }, { sets, y, labels, ranges, features }, models) {
    const loss = (i: number) => entropy(y, models[i]!.f(sets[i]!.X));
    const accuracy = (i: number): tf.Scalar =>
      models[i]!.f(sets[i]!.XTest).argMax(1).equal(labels).mean();
    for (let step = done; step < params.steps; step++) {
      const learn = (i: number) => models[i]!.optimizer.minimize(() => loss(i), true)!;
      const [rawLoss, standardLoss, minmaxLoss] = [learn(0), learn(1), learn(2)];
      yield {
        metrics: {
          rawAccuracy: accuracy(0),
          standardAccuracy: accuracy(1),
          minmaxAccuracy: accuracy(2),
          ...{ rawLoss, standardLoss, minmaxLoss },
        },
        views: async () => draw(features, await ranges.as2D(-1, 4).array()),
      };
    }
  },
  // #endregion
});

function draw(features: readonly string[], ranges: number[][]) {
  const rows = features.map((name, i) => [name, ...ranges[i]!.map((z) => short(z))]);
  const columns = ['测量', '最小', '最大', '平均', '标准差'];
  return [tableView('训练集里的原始值', columns, rows)];
}
