/** Six optimizers go down one surface from one point, their update rules written out. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import type { HeatmapView } from '../contract/view.ts';
import { cellCentres } from '../datasets/moons.ts';
import { seededRandom } from '../datasets/random.ts';

const WINDOW = { x: [-2.2, 2.2], y: [-1.4, 2.2], columns: 44, rows: 36 } as const;
const NAMES = ['gd', 'sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'] as const;
const LABELS = ['GD', 'SGD', '动量', 'Adagrad', 'RMSprop', 'Adam'] as const;
const value = { chart: '函数值 f', better: 'lower' } as const;
type Name = (typeof NAMES)[number];
type T = tf.Tensor;

export default defineExample({
  title: '优化器赛跑',
  summary: '六种优化器从同一点出发走下同一个曲面，画出路线，比谁先到谷底。',
  techniques: ['optimizer'],
  params: {
    surface: {
      kind: 'choice',
      label: '曲面',
      default: 'ravine',
      options: {
        bowl: '碗',
        ravine: '狭谷',
        tilted: '斜谷',
        saddle: '鞍',
        rosenbrock: '弯谷',
      },
    },
    rate: { kind: 'number', label: '学习率 ×', default: 1, min: 0.1, max: 5, step: 0.1 },
    noise: { kind: 'number', label: 'SGD 噪声', default: 0.5, min: 0, max: 5, step: 0.1 },
    startX: {
      kind: 'number',
      label: '起点 x',
      default: -1.8,
      min: -2,
      max: 2,
      step: 0.1,
    },
    startY: {
      kind: 'number',
      label: '起点 y',
      default: 1.2,
      min: -1,
      max: 2,
      step: 0.01,
    },
    steps: { kind: 'number', label: '步数', default: 200, min: 50, max: 1000, step: 50 },
  },
  metrics: {
    gd: { label: 'GD', ...value },
    sgd: { label: 'SGD', ...value },
    momentum: { label: '动量', ...value },
    adagrad: { label: 'Adagrad', ...value },
    rmsprop: { label: 'RMSprop', ...value },
    adam: { label: 'Adam', ...value },
  },
  presets: {
    bowl: { label: '碗', params: { surface: 'bowl' } },
    tilted: { label: '斜的狭谷', params: { surface: 'tilted' } },
    saddle: { label: '鞍，贴着脊', params: { surface: 'saddle', startY: 0.01 } },
    rosenbrock: { label: '弯谷', params: { surface: 'rosenbrock', steps: 1000 } },
    fast: { label: '学习率 3 倍', params: { rate: 3 } },
  },
  // #region data
  data({ params: { surface, rate } }) {
    const sq = (x: T) => x.mul(x);
    const f = {
      bowl: (x: T, y: T) => sq(x).add(sq(y)).div(2),
      ravine: (x: T, y: T) => sq(x).add(sq(y).mul(25)).div(2),
      tilted: (x: T, y: T) =>
        sq(x.add(y))
          .add(sq(x.sub(y)).mul(25))
          .div(4), // turned by 45°
      saddle: (x: T, y: T) =>
        sq(x)
          .div(2)
          .add(sq(sq(y).sub(1)).div(4)), // lowest at (0, ±1)
      rosenbrock: (x: T, y: T) => sq(x.sub(1)).add(sq(y.sub(sq(x))).mul(100)), // (1, 1)
    }[surface];
    const etas = { bowl: 0.1, ravine: 0.03, tilted: 0.03, saddle: 0.1, rosenbrock: 5e-4 };
    const height = (theta: T) => f(...(tf.unstack(theta) as [T, T])) as tf.Scalar;
    const ground = height(tf.tensor2d(cellCentres(WINDOW)).transpose());
    return { height, ground, eta: etas[surface] * rate };
  },
  // #endregion
  // #region model
  model({ params: { rate, noise }, seed }, { eta }) {
    const random = seededRandom(seed);
    const state = () => tf.variable(tf.zeros([2]));
    const set = (state: tf.Variable, next: T) => (state.assign(next), next);
    const [velocity, sum, mean] = [state(), state(), state()] as const;
    const [m, v, epsilon] = [state(), state(), 1e-8] as const;
    // The rules: from the gradient g of step t, what to take off θ.
    return {
      gd: (g: T) => g.mul(eta),
      sgd: (g: T) => g.add(random.normals(2, noise)).mul(eta),
      momentum: (g: T) => set(velocity, velocity.mul(0.9).add(g)).mul(eta),
      adagrad: (g: T) => {
        const G = set(sum, sum.add(g.square()));
        return g.mul(0.5 * rate).div(G.sqrt().add(epsilon));
      },
      rmsprop: (g: T) => {
        const s = set(mean, mean.mul(0.9).add(g.square().mul(0.1)));
        return g.mul(0.02 * rate).div(s.sqrt().add(epsilon));
      },
      adam: (g: T, t: number) => {
        const mHat = set(m, m.mul(0.9).add(g.mul(0.1))).div(1 - 0.9 ** t);
        const vHat = set(v, v.mul(0.999).add(g.square().mul(0.001))).div(1 - 0.999 ** t);
        return mHat.mul(0.1 * rate).div(vHat.sqrt().add(epsilon));
      },
    };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 200,
    expect: { gd: { atMost: 1e-3 }, momentum: { atMost: 1e-3 }, adam: { atMost: 1e-3 } },
  },
  // #region train
  async *train({ params }, { height, ground }, rules) {
    const start = tf.tensor1d([params.startX, params.startY]);
    const thetas = NAMES.map(() => tf.variable(start)); // θ of each
    const gradient = tf.grad(height);
    const trail = tf.variable(
      tf
        .tile(start, [6])
        .reshape([1, 12])
        .mul(tf.ones([params.steps + 1, 1])),
    );
    for (let t = 1; t <= params.steps; t++) {
      const step = (i: number) => rules[NAMES[i]!](gradient(thetas[i]!), t);
      thetas.forEach((theta, i) => theta.assign(theta.sub(step(i))));
      const now = tf
        .range(0, params.steps + 1)
        .equal(t)
        .reshape([-1, 1]);
      trail.assign(tf.where(now, tf.concat(thetas), trail));
      const losses = thetas.map((theta, i) => [NAMES[i]!, height(theta)] as const);
      const metrics = Object.fromEntries(losses) as Record<Name, tf.Scalar>;
      const views = async () => [map(await ground.data(), await trail.data(), t)];
      yield { metrics, views };
    }
  },
  // #endregion
});

type Numbers = ArrayLike<number>;
function map(ground: Numbers, trail: Numbers, t: number): HeatmapView {
  const stride = Math.ceil(t / 120);
  const rows = Array.from({ length: t + 1 }, (_, i) => i);
  const shown = rows.filter((i) => (t - i) % stride === 0 || i === 0);
  const short = (z: number) => Number(z.toPrecision(4));
  const column = (j: number) => shown.map((i) => short(trail[12 * i + j]!));
  const paths = LABELS.map((label, k) => ({
    label,
    xs: column(2 * k),
    ys: column(2 * k + 1),
  }));
  const grid = { ...WINDOW, values: Array.from(ground, short) };
  const axes = {
    x: { label: 'x' },
    y: { label: 'y' },
    scale: 'log',
    contours: true,
  } as const;
  return { kind: 'heatmap', title: '六条路线', ...axes, grid, paths };
}
