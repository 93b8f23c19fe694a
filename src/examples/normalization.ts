/** The same network and samples three times: raw, standardised, scaled to 0 … 1. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import type { TableView } from '../contract/view.ts';
import { loadIris } from '../datasets/iris.ts';
import { seededRandom } from '../datasets/random.ts';
import type { Samples } from '../datasets/table.ts';
import { loadWine } from '../datasets/wine.ts';

const accuracy = { chart: '测试准确率', better: 'higher', fraction: true } as const;
const loss = { chart: '训练损失（交叉熵）', better: 'lower' } as const;
const SCALINGS = ['raw', 'standard', 'minmax'] as const;

export default defineExample({
  title: '归一化管不管用',
  summary: '同一个网络、同样的初值，分别学原始的、标准化的和压到 0–1 的测量值，比测试准确率。',
  techniques: ['data', 'classification'],
  params: {
    dataset: {
      kind: 'choice',
      label: '数据',
      default: 'wine',
      options: { wine: '葡萄酒', iris: '鸢尾花' },
    },
    optimizer: {
      kind: 'choice',
      label: '优化器',
      default: 'sgd',
      options: { sgd: 'SGD', adam: 'Adam' },
    },
    learningRate: {
      kind: 'number',
      label: '学习率',
      default: 0.1,
      min: 0.0001,
      max: 1,
      step: 0.0001,
      scale: 'log',
    },
    steps: { kind: 'number', label: '步数', default: 300, min: 50, max: 2000, step: 50 },
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
    const table = await (run.params.dataset === 'wine' ? loadWine(run) : loadIris(run));
    const { train, test, features, classes } = table;
    const tensor = ({ x, count }: Samples) => tf.tensor2d(x, [count, features.length]);
    const [X, Xt] = [tensor(train), tensor(test)];
    const { mean, variance } = tf.moments(X, 0); // of the training part only
    const [low, high] = [X.min(0), X.max(0)];
    const scale = {
      raw: (x: tf.Tensor) => x,
      standard: (x: tf.Tensor) => x.sub(mean).div(variance.sqrt()),
      minmax: (x: tf.Tensor) => x.sub(low).div(high.sub(low)),
    };
    const sets = SCALINGS.map((s) => ({ X: scale[s](X), Xt: scale[s](Xt) }));
    return {
      sets,
      y: tf.oneHot(tf.tensor1d(train.labels, 'int32'), classes),
      labels: tf.tensor1d(test.labels, 'int32'),
      features,
      classes,
      table: ranges(features, train),
    };
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
      const [one, two] = [layer(features.length, 16), layer(16, classes)];
      return (X: tf.Tensor) => X.matMul(one.W).add(one.b).relu().matMul(two.W).add(two.b);
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
  async *train({ params }, { sets, y, labels, table }, models) {
    type Three = [tf.Scalar, tf.Scalar, tf.Scalar];
    for (let step = 0; step < params.steps; step++) {
      const [rawLoss, standardLoss, minmaxLoss] = models.map(({ f, optimizer }, i) =>
        optimizer.minimize(
          () => tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(y, f(sets[i]!.X)),
          true,
        )!,
      ) as Three;
      const [rawAccuracy, standardAccuracy, minmaxAccuracy] = models.map(({ f }, i) =>
        f(sets[i]!.Xt).argMax(1).equal(labels).mean(),
      ) as Three;
      yield {
        metrics: {
          rawAccuracy,
          standardAccuracy,
          minmaxAccuracy,
          rawLoss,
          standardLoss,
          minmaxLoss,
        },
        views: () => [table],
      };
    }
  },
  // #endregion
});

function ranges(features: readonly string[], { x, count }: Samples): TableView {
  const rows = features.map((name, j) => {
    const column = Array.from({ length: count }, (_, i) => x[i * features.length + j]!);
    const mean = column.reduce((sum, value) => sum + value) / count;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    const numbers = [Math.min(...column), Math.max(...column), mean, Math.sqrt(variance)];
    return [name, ...numbers.map((value) => Number(value.toPrecision(3)))];
  });
  const columns = ['测量', '最小', '最大', '平均', '标准差'];
  return { kind: 'table', title: '训练集里的原始值', columns, rows };
}
