/** Finds the exponent of Kepler's third law, and shows what a network without the idea of a law does beyond its data. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { short, tableView } from '../datasets/pictures.ts';
import { MISPRINTED_MARS, orbitViews, PLANETS } from '../datasets/planets.ts';
import type { Planet, Sky } from '../datasets/planets.ts';
import { seededRandom } from '../datasets/random.ts';

const HIDDEN = 16;
const unseenChart = { chart: '没见过的行星：平均相对误差', better: 'lower' } as const;

export default defineExample({
  title: '开普勒定律：从数据到指数',
  summary: '给模型看几颗行星的距离和周期，让它找出幂律的指数，再预测没见过的行星。',
  techniques: ['science', 'regression'],
  params: {
    known: number('训练用几颗行星', 6, [3, 7]),
    noise: number('测量误差', 0, [0, 0.3], 0.05),
    misprint: { kind: 'toggle', label: '火星的距离抄错两位', default: false },
    steps: number('步数', 300, [50, 1000], 50),
  },
  metrics: {
    loss: { label: '幂律', chart: '对数误差的平方', better: 'lower' },
    exponent: { label: '指数 k', chart: '指数', better: 'higher' },
    lawError: { label: '幂律', ...unseenChart },
    networkError: { label: '普通网络', ...unseenChart },
  },
  presets: {
    three: { label: '只看三颗', params: { known: 3 } },
    noisy: { label: '误差 20%', params: { noise: 0.2 } },
    misprint: { label: '抄错火星', params: { misprint: true } },
  },
  // #region data
  data({ seed, params }) {
    const random = seededRandom(seed);
    const measured = PLANETS.map((planet): Planet => {
      const error = Math.exp(params.noise * random.normal());
      const wrong = params.misprint && planet.name === '火星';
      return { ...planet, distance: (wrong ? MISPRINTED_MARS : planet.distance) * error };
    });
    const column = (planets: readonly Planet[], key: 'distance' | 'period') =>
      tf.tensor1d(planets.map((planet) => planet[key]));
    const [known, unseen] = [measured.slice(0, params.known), PLANETS.slice(params.known)];
    return {
      known,
      unseen,
      a: column(known, 'distance'),
      T: column(known, 'period'),
      far: column(unseen, 'distance'),
      farT: column(unseen, 'period'),
    };
  },
  // #endregion
  // #region model
  model(run, { known }) {
    const [k, c] = [tf.variable(tf.scalar(0)), tf.variable(tf.scalar(0))];
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
    const [W1, b1, W2] = [weights(1, HIDDEN), weights(1, HIDDEN), weights(HIDDEN, 1)];
    const { distance: unit, period: year } = known[known.length - 1]!; // the farthest sets the scales
    return {
      ...{ k, c },
      law: (x: tf.Tensor) => x.log().mul(k).add(c), // ln T = k ln a + c
      network: (x: tf.Tensor) =>
        x.div(unit).reshape([-1, 1]).matMul(W1).add(b1).tanh().matMul(W2).flatten().mul(year),
      year,
      slow: run.own(tf.train.sgd(0.3)),
      adam: run.own(tf.train.adam(0.02)),
      ...{ lawParts: [k, c], networkParts: [W1, b1, W2] },
    };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 300, expect: { exponent: { atLeast: 1.499, atMost: 1.501 } } },
  // #region train
  async *train({ params, done }, data, { k, law, network, year, ...model }) {
    const { a, T, far, farT } = data;
    for (let step = done; step < params.steps; step++) {
      const lawLoss = (): tf.Scalar => law(a).sub(T.log()).square().mean();
      const loss = model.slow.minimize(lawLoss, true, model.lawParts)!;
      const networkLoss = (): tf.Scalar => network(a).sub(T).div(year).square().mean();
      model.adam.minimize(networkLoss, false, model.networkParts);
      const error = (guess: tf.Tensor): tf.Scalar => guess.sub(farT).div(farT).abs().mean();
      const metrics = {
        loss,
        exponent: k.mul<tf.Scalar>(1),
        lawError: error(law(far).exp()),
        networkError: error(network(far)),
      };
      yield { metrics, views: async () => draw(data, law, network) };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '换一颗星：离太阳多远？',
      fields: {
        distance: { label: '距离（天文单位）', default: 39.5, min: 0.1, max: 100, step: 0.01 },
      },
    },
    async infer(_run, _data, { law, network }, input) {
      if (input.kind !== 'numbers') throw new InputError('这里只收一个距离。');
      const x = tf.tensor1d([input.values['distance']!]);
      const [[years], [guess]] = await Promise.all([law(x).exp().data(), network(x).data()]);
      const rows = [
        ['幂律', short(years!, 4)],
        ['普通网络', short(guess!, 4)],
      ];
      return [tableView('绕一圈要几年', ['模型', '年'], rows)];
    },
  },
});

type Predict = (x: tf.Tensor) => tf.Tensor;

/** Both models on a fine grid of distances, and the law at each planet. */
async function draw(planets: Sky, law: Predict, network: Predict) {
  const read = async (t: tf.Tensor) => Array.from(await t.data(), (v) => short(v, 4));
  const at = (xs: readonly number[]) => tf.tensor1d(xs as number[]);
  const distances = [...planets.known, ...planets.unseen].map(({ distance }) => distance);
  const xs = Array.from({ length: 41 }, (_, i) => short(0.3 * (40 / 0.3) ** (i / 40), 4));
  const ys = await Promise.all([read(law(at(xs)).exp()), read(network(at(xs)))]);
  const curves = ['幂律', '普通网络'].map((label, i) => ({ label, xs, ys: ys[i]! }));
  return orbitViews(planets, curves, await read(law(at(distances)).exp()));
}
