/** Six optimizers, their rules written out, go down one surface from one point. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { cellCentres } from '../datasets/moons.ts';
import { trailsView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const WINDOW = { x: [-2.2, 2.2], y: [-1.4, 2.2], columns: 33, rows: 27 } as const;
const NAMES = ['gd', 'sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'] as const;
const LABELS = ['GD', 'SGD', '动量', 'Adagrad', 'RMSprop', 'Adam'] as const;
const VALLEYS = { bowl: '碗', ravine: '狭谷', tilted: '斜谷', saddle: '鞍', rosenbrock: '弯谷' };
const value = { chart: '函数值 f', better: 'lower' } as const;
type T = tf.Tensor;
type Name = (typeof NAMES)[number];
const each = <V>(f: (name: Name) => V) =>
  Object.fromEntries(NAMES.map((name) => [name, f(name)])) as Record<Name, V>;

export default defineExample({
  title: '优化器赛跑',
  summary: '六种优化器从同一点出发走下同一个曲面，画出路线，比谁先到谷底。',
  techniques: ['optimizer'],
  params: {
    surface: choice('曲面', 'ravine', VALLEYS),
    rate: number('学习率倍数', 1, [0.1, 5], 0.1),
    noise: number('SGD 噪声', 0.5, [0, 5], 0.1),
    startX: number('起点 x', -1.8, [-2, 2], 0.1),
    startY: number('起点 y', 1.2, [-1, 2], 0.01),
    steps: number('步数', 200, [50, 1000], 50),
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
    const ravine = (x: T, y: T) => sq(x).add(sq(y).mul(25)).div(2);
    const f = {
      bowl: (x: T, y: T) => sq(x).add(sq(y)).div(2),
      ravine,
      tilted: (x: T, y: T) => ravine(x.add(y), x.sub(y)).div(2), // turned by 45°
      saddle: (x: T, y: T) =>
        sq(x)
          .add(sq(sq(y).sub(1)).div(2))
          .div(2),
      rosenbrock: (x: T, y: T) => sq(x.sub(1)).add(sq(y.sub(sq(x))).mul(100)),
    }[surface];
    const alphas = { bowl: 0.1, ravine: 0.03, tilted: 0.03, saddle: 0.1, rosenbrock: 5e-4 };
    const height = (theta: T) => f(...(tf.unstack(theta) as [T, T])) as tf.Scalar;
    const ground = height(tf.tensor2d(cellCentres(WINDOW)).transpose());
    return { height, ground, alpha: alphas[surface] * rate };
  },
  // #endregion
  // #region model
  model({ params: { rate, startX, startY } }, { alpha }) {
    const start = [startX, startY];
    const thetas = each(() => tf.variable(tf.tensor1d(start)));
    const state = () => tf.variable(tf.zeros([2]));
    const set = (state: tf.Variable, next: T) => (state.assign(next), next);
    const [velocity, sum, mean] = [state(), state(), state()] as const;
    const [m, v, epsilon] = [state(), state(), 1e-8] as const;
    // The rules: from the gradient g of step t, what to take off θ.
    const rules = {
      gd: (g: T) => g.mul(alpha),
      sgd: (g: T, _t: number, noise: Float32Array) => g.add(noise).mul(alpha),
      momentum: (g: T) => set(velocity, velocity.mul(0.9).add(g)).mul(alpha),
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
        const vHat = set(v, v.mul(0.999).add(g.square().mul(1e-3))).div(1 - 0.999 ** t);
        return mHat.mul(0.1 * rate).div(vHat.sqrt().add(epsilon));
      },
    };
    return { start, thetas, rules };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 200,
    expect: { gd: { atMost: 1e-3 }, momentum: { atMost: 1e-3 }, adam: { atMost: 1e-3 } },
  },
  // #region train
  async *train(run, { height, ground }, { start, thetas, rules }) {
    const random = seededRandom(run.seed);
    const [gradient, heights] = [tf.grad(height), await ground.data()];
    const trail = run.state<ArrayLike<number>[]>([NAMES.flatMap(() => start)]);
    for (let t = 1; t <= run.params.steps; t++) {
      const noise = random.normals(2, run.params.noise);
      if (t <= run.done) continue; // only the chance is drawn again
      for (const name of NAMES) {
        const theta = thetas[name];
        theta.assign(theta.sub(rules[name](gradient(theta), t, noise)));
      }
      trail.push(await tf.concat(Object.values(thetas)).data());
      yield {
        metrics: each((name) => height(thetas[name])),
        views: () => [trailsView('六条路线', WINDOW, heights, LABELS, trail)],
      };
    }
  },
  // #endregion
});
