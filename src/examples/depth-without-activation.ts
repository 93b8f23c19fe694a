/** Two spirals and three networks: one layer, three in a row, three with ReLU between. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { cellCentres, planePicture, twoSpirals } from '../datasets/moons.ts';
import { seededRandom } from '../datasets/random.ts';

type Three = [tf.Scalar, tf.Scalar, tf.Scalar];
const crossEntropy = tf.losses.sigmoidCrossEntropy<tf.Tensor1D, tf.Scalar>;
const WINDOW = { x: [-1.15, 1.15], y: [-1.15, 1.15], columns: 28, rows: 28 } as const;
const NAMES = ['一层', '三层，不加激活', '三层，加 ReLU'] as const;
const accuracy = { chart: '准确率', better: 'higher', fraction: true } as const;
const loss = { chart: '交叉熵损失', better: 'lower' } as const;

export default defineExample({
  title: '没有激活函数的深度',
  summary: '同一组双螺旋，同时训练一层、三层不加激活、三层加 ReLU 的网络，看深度单独管不管用。',
  techniques: ['architecture', 'classification'],
  params: {
    hidden: number('单元数', 32, [4, 64], 4),
    learningRate: number('学习率 α', 0.02, [0.001, 0.2], 0.001, 'log'),
    turns: number('圈数', 1, [0.25, 2], 0.25),
    noise: number('噪声', 0.02, [0, 0.2], 0.01),
    steps: number('步数', 500, [50, 2000], 50),
  },
  metrics: {
    linearAccuracy: { label: NAMES[0], ...accuracy },
    deepAccuracy: { label: NAMES[1], ...accuracy },
    reluAccuracy: { label: NAMES[2], ...accuracy },
    linearLoss: { label: NAMES[0], ...loss },
    deepLoss: { label: NAMES[1], ...loss },
    reluLoss: { label: NAMES[2], ...loss },
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
    const cells = tf.tensor2d(cellCentres(WINDOW));
    return { spirals, X, y: tf.tensor1d(spirals.labels), cells };
  },
  // #endregion
  // #region model
  model(run) {
    const { hidden, learningRate } = run.params;
    const random = seededRandom(run.seed + 1);
    const layer = (n: number, m: number) => ({
      W: tf.variable(tf.tensor2d(random.normals(n * m, Math.sqrt(2 / n)), [n, m])),
      b: tf.variable(tf.zeros([m])),
    });
    const network = (widths: number[], f: (z: tf.Tensor) => tf.Tensor) => {
      const layers = widths.slice(1).map((m, l) => layer(widths[l]!, m));
      const last = layers.pop()!;
      return (X: tf.Tensor2D): tf.Tensor1D => {
        const a = layers.reduce<tf.Tensor>((a, { W, b }) => f(a.matMul(W).add(b)), X);
        return a.matMul(last.W).add(last.b).flatten();
      };
    };
    const deep = [2, hidden, hidden, 1];
    const linear = network([2, 1], (z) => z);
    const networks = [linear, network(deep, (z) => z), network(deep, (z) => z.relu())];
    return { networks, optimizer: run.own(tf.train.adam(learningRate)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 500,
    expect: { reluAccuracy: { atLeast: 0.98 }, deepAccuracy: { atMost: 0.8 } },
  },
  // #region train
  async *train({ params, done }, { spirals, X, y, cells }, { networks, optimizer }) {
    const entropy = (z: tf.Tensor1D) => crossEntropy(y, z);
    const picture = async (i: number) => {
      const p = await networks[i]!(cells).sigmoid().data();
      return planePicture(NAMES[i]!, spirals, WINDOW, p);
    };
    for (let step = done; step < params.steps; step++) {
      // Adam treats each weight on its own, so the sum trains three separate networks.
      optimizer.minimize(() => tf.addN(networks.map((f) => entropy(f(X)))));
      const z = networks.map((f) => f(X));
      const [linearLoss, deepLoss, reluLoss] = z.map(entropy) as Three;
      const right = z.map((z) => z.greater(0).equal(y.greater(0)).mean());
      const [linearAccuracy, deepAccuracy, reluAccuracy] = right as Three;
      const accuracies = { linearAccuracy, deepAccuracy, reluAccuracy };
      const metrics = { ...accuracies, linearLoss, deepLoss, reluLoss };
      yield { metrics, views: () => Promise.all([0, 1, 2].map(picture)) };
    }
  },
  // #endregion
});
