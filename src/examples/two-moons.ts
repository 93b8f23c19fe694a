/** A small network learns to tell two interlocking half moons apart. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { cellCentres, planePicture, twoMoons } from '../datasets/moons.ts';
import { tableView } from '../datasets/pictures.ts';
import { answeredPlane, askedPoints, planeInput } from '../datasets/plane-probe.ts';
import { seededRandom } from '../datasets/random.ts';

const entropy = tf.losses.sigmoidCrossEntropy<tf.Tensor1D, tf.Scalar>;
const WINDOW = { x: [-1.6, 2.6], y: [-1.2, 1.7], columns: 48, rows: 48 } as const;

export default defineExample({
  title: '两个月牙',
  summary: '一个小网络在平面上学会分开两个月牙形的点集，看分界线怎样弯过去。',
  techniques: ['classification', 'architecture'],
  params: {
    hidden: number('单元数', 16, [1, 64]),
    learningRate: number('学习率 α', 0.02, [0.001, 1], 0.001, 'log'),
    noise: number('噪声', 0.1, [0, 0.5], 0.05),
    steps: number('步数', 400, [50, 1000], 50),
  },
  metrics: {
    loss: { label: '交叉熵损失', chart: '损失', better: 'lower' },
    accuracy: { label: '训练准确率', chart: '准确率', better: 'higher', fraction: true },
  },
  presets: {
    narrow: { label: '2 个单元', params: { hidden: 2 } },
    noisy: { label: '噪声 0.4', params: { noise: 0.4 } },
    fast: { label: '学习率 1', params: { learningRate: 1 } },
  },
  // #region data
  data({ params, seed }) {
    const moons = twoMoons(200, params.noise, seededRandom(seed));
    const X = tf.tensor2d(moons.xy, [moons.count, 2]);
    const cells = tf.tensor2d(cellCentres(WINDOW));
    return { moons, X, y: tf.tensor1d(moons.labels), cells };
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
    const [one, two, out] = [layer(2, hidden), layer(hidden, hidden), layer(hidden, 1)];
    const logits = (X: tf.Tensor2D): tf.Tensor1D => {
      const a1 = X.matMul(one.W).add(one.b).relu();
      const a2 = a1.matMul(two.W).add(two.b).relu();
      return a2.matMul(out.W).add(out.b).flatten();
    };
    return { logits, optimizer: run.own(tf.train.adam(learningRate)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 150, expect: { accuracy: { atLeast: 0.98 } } },
  // #region train
  async *train({ params, done }, { moons, X, y, cells }, { logits, optimizer }) {
    for (let step = done; step < params.steps; step++) {
      const cost = () => entropy(y, logits(X));
      const loss = optimizer.minimize(cost, true)!;
      const accuracy: tf.Scalar = logits(X).greater(0).equal(y.greater(0)).mean();
      const picture = async () =>
        planePicture('点和概率', moons, WINDOW, await logits(cells).sigmoid().data());
      yield { metrics: { loss, accuracy }, views: async () => [await picture()] };
    }
  },
  // #endregion
  probe: {
    input: planeInput('放几个点，问它们属于哪一边', WINDOW),
    async infer(_run, { cells }, { logits }, input) {
      const places = askedPoints(input);
      const p = await logits(tf.tensor2d(places)).sigmoid().data();
      const ground = await logits(cells).sigmoid().data();
      const rows = places.map(([x, y], i) => [x.toFixed(2), y.toFixed(2), p[i]!.toFixed(3)]);
      return [
        answeredPlane(places, p, WINDOW, ground),
        tableView('属于下面那个月牙的概率', ['x', 'y', '概率'], rows),
      ];
    },
  },
});
