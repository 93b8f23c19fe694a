/** Two spirals and three networks: one layer, three in a row, three with ReLU between. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { cellCentres, planePicture, twoSpirals } from '../datasets/moons.ts';
import { seededRandom } from '../datasets/random.ts';

const crossEntropy = tf.losses.sigmoidCrossEntropy<tf.Tensor1D, tf.Scalar>;
const WINDOW = { x: [-1.15, 1.15], y: [-1.15, 1.15], columns: 40, rows: 40 } as const;
const accuracy = { chart: '准确率', better: 'higher', fraction: true } as const;
const loss = { chart: '交叉熵损失', better: 'lower' } as const;

export default defineExample({
  title: '没有激活函数的深度',
  summary: '同一组双螺旋，同时训练一层、三层不加激活、三层加 ReLU 的网络，看深度单独管不管用。',
  techniques: ['architecture', 'classification'],
  params: {
    hidden: { kind: 'number', label: '单元数', default: 32, min: 4, max: 64, step: 4 },
    learningRate: {
      kind: 'number',
      label: '学习率',
      default: 0.02,
      min: 0.001,
      max: 0.2,
      step: 0.001,
      scale: 'log',
    },
    turns: { kind: 'number', label: '圈数', default: 1, min: 0.25, max: 2, step: 0.25 },
    noise: { kind: 'number', label: '噪声', default: 0.02, min: 0, max: 0.2, step: 0.01 },
    steps: { kind: 'number', label: '步数', default: 500, min: 50, max: 2000, step: 50 },
  },
  metrics: {
    linearAccuracy: { label: '一层', ...accuracy },
    deepAccuracy: { label: '三层，不加激活', ...accuracy },
    reluAccuracy: { label: '三层，加 ReLU', ...accuracy },
    linearLoss: { label: '一层', ...loss },
    deepLoss: { label: '三层，不加激活', ...loss },
    reluLoss: { label: '三层，加 ReLU', ...loss },
  },
  presets: {
    easy: { label: '只转 1/4 圈', params: { turns: 0.25 } },
    hard: { label: '转 2 圈', params: { turns: 2 } },
    narrow: { label: '每层 4 个单元', params: { hidden: 4 } },
  },
  // #region data
  data({ params, seed }) {
    const spirals = twoSpirals(300, params.turns, params.noise, seededRandom(seed));
    const X = tf.tensor2d(spirals.xy, [spirals.count, 2]);
    return {
      spirals,
      X,
      y: tf.tensor1d(spirals.labels),
      cells: tf.tensor2d(cellCentres(WINDOW)),
    };
  },
  // #endregion
  // #region model
  model(run) {
    const { hidden, learningRate } = run.params;
    const random = seededRandom(run.seed + 1);
    const network = (widths: number[], f: (z: tf.Tensor) => tf.Tensor) => {
      const W = widths.slice(1).map((m, l) => {
        const n = widths[l]!;
        return tf.variable(tf.tensor2d(random.normals(n * m, Math.sqrt(2 / n)), [n, m]));
      });
      const b = widths.slice(1).map((m) => tf.variable(tf.zeros([m])));
      return (X: tf.Tensor2D): tf.Tensor1D => {
        const layers = W.slice(0, -1);
        const last = layers.reduce<tf.Tensor>((a, W, l) => f(a.matMul(W).add(b[l]!)), X);
        return last.matMul(W.at(-1)!).add(b.at(-1)!).flatten();
      };
    };
    const deep = [2, hidden, hidden, 1];
    const networks = [
      network([2, 1], (z) => z),
      network(deep, (z) => z),
      network(deep, (z) => z.relu()),
    ];
    return { networks, optimizer: run.own(tf.train.adam(learningRate)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 500,
    expect: { reluAccuracy: { atLeast: 0.98 }, deepAccuracy: { atMost: 0.8 } },
  },
  // #region train
  async *train({ params }, { spirals, X, y, cells }, { networks, optimizer }) {
    const names = ['一层', '三层，不加激活', '三层，加 ReLU'];
    const entropy = (z: tf.Tensor1D) => crossEntropy(y, z);
    for (let step = 0; step < params.steps; step++) {
      // Adam treats each weight on its own, so the sum trains three separate networks.
      optimizer.minimize(() => tf.addN(networks.map((f) => entropy(f(X)))));
      const z = networks.map((f) => f(X));
      const [linearLoss, deepLoss, reluLoss] = z.map(entropy) as Three;
      const right = z.map((z) => z.greater(0).equal(y.greater(0)).mean());
      const [linearAccuracy, deepAccuracy, reluAccuracy] = right as Three;
      yield {
        metrics: {
          linearAccuracy,
          deepAccuracy,
          reluAccuracy,
          linearLoss,
          deepLoss,
          reluLoss,
        },
        views: () =>
          Promise.all(
            networks.map(async (f, i) =>
              planePicture(names[i]!, spirals, WINDOW, await f(cells).sigmoid().data()),
            ),
          ),
      };
    }
  },
  // #endregion
});

type Three = [tf.Scalar, tf.Scalar, tf.Scalar];
