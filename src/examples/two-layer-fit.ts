/** The printed form σ(θ₂σ(θ₁x)) against the same with biases, and against one with a linear output. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { fitsView, GRID, PLANE, TARGETS } from '../datasets/curve-targets.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const chart = { chart: '均方误差', better: 'lower' } as const;
const PROBE_STEPS = 300;
const FORMS = ['σ(θ₂σ(θ₁x))', '加偏置', '加偏置，输出线性'] as const;

export default defineExample({
  title: '两层网络写少了什么',
  summary: '三种写法学同样的 21 个点：没有偏置的，有偏置的，有偏置且输出不压扁的。',
  techniques: ['architecture', 'regression'],
  params: {
    target: choice('目标', 'line', { line: '0.3 + x', bump: '小山', wave: '正弦' }),
    hidden: number('隐藏单元', 8, [1, 32]),
    steps: number('步数', 600, [100, 2000], 100),
  },
  metrics: {
    printed: { label: FORMS[0], ...chart },
    biased: { label: FORMS[1], ...chart },
    linear: { label: FORMS[2], ...chart },
  },
  presets: {
    bump: { label: '目标：小山', params: { target: 'bump' } },
    bumpWide: { label: '小山，32 个单元', params: { target: 'bump', hidden: 32 } },
    wave: { label: '目标：正弦', params: { target: 'wave' } },
    one: { label: '1 个单元', params: { hidden: 1 } },
  },
  // #region data
  data({ params }) {
    const xs = Array.from({ length: 21 }, (_, i) => i / 10 - 1); // -1 … 1, and 0
    return points(xs, xs.map(TARGETS[params.target]));
  },
  // #endregion
  // #region model
  model(run) {
    return { ...threeForms(run), adam: run.own(tf.train.adam(0.05)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 600, expect: { printed: { atLeast: 0.03 }, linear: { atMost: 0.003 } } },
  // #region train
  async *train({ params, done }, data, { forms, adam }) {
    const loss = lossOn(data);
    for (let step = done; step < params.steps; step++) {
      // The three share no variable: learning their sum is learning each.
      adam.minimize(() => tf.addN(forms.map(loss)));
      const [printed, biased, linear] = [loss(forms[0]), loss(forms[1]), loss(forms[2])];
      yield { metrics: { printed, biased, linear }, views: async () => [await draw(data, forms)] };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'points',
      label: `放几个点，三种写法从头学 ${PROBE_STEPS} 步`,
      x: PLANE[0],
      y: PLANE[1],
      groups: ['你的点'],
      least: 2,
      most: 20,
    },
    async infer(run, _data, _model, input) {
      if (input.kind !== 'points') throw new InputError('这里只收平面上的点。');
      const place = (axis: 'x' | 'y') => input.points.map((point) => point[axis]);
      const data = points(place('x'), place('y'));
      const { forms, variables } = threeForms(run);
      const adam = tf.train.adam(0.05);
      const loss = lossOn(data);
      for (let step = 0; step < PROBE_STEPS; step++) {
        adam.minimize(() => tf.addN(forms.map(loss)));
      }
      const ends = await tf.stack(forms.map(loss)).data();
      const rows = FORMS.map((name, i) => [name, ends[i]!.toFixed(4)]);
      const views = [await draw(data, forms), tableView('均方误差', ['写法', ''], rows)];
      for (const thing of [adam, ...variables]) thing.dispose();
      return views;
    },
  },
});

type Form = (x: tf.Tensor) => tf.Tensor;

const points = (xs: number[], ys: number[]) => {
  const column = (values: number[]) => tf.tensor2d(values, [values.length, 1]);
  return { xs, ys, X: column(xs), y: column(ys) };
};

const lossOn =
  ({ X, y }: ReturnType<typeof points>) =>
  (form: Form): tf.Scalar =>
    form(X).sub(y).square().mean();

// #region forms
/** The three forms, from the same first weights: `[count, 1]` to `[count, 1]`. */
function threeForms({ params, seed }: { params: { hidden: number }; seed: number }) {
  const variables: tf.Variable[] = [];
  const form = (layers: (one: Form, two: Form) => Form, biased: boolean): Form => {
    const random = seededRandom(seed); // the same start for all three
    const layer = (n: number, m: number, deviation: number): Form => {
      const W = tf.variable(tf.tensor2d(random.normals(n * m, deviation), [n, m]));
      const b = tf.variable(tf.zeros([m]), biased);
      variables.push(W, b);
      return (x) => x.matMul(W).add(b);
    };
    return layers(layer(1, params.hidden, 3), layer(params.hidden, 1, 1));
  };
  const forms = [
    form((one, two) => (x) => two(one(x).sigmoid()).sigmoid(), false),
    form((one, two) => (x) => two(one(x).sigmoid()).sigmoid(), true),
    form((one, two) => (x) => two(one(x).sigmoid()), true),
  ] as const;
  return { forms, variables };
}
// #endregion

async function draw(data: ReturnType<typeof points>, forms: readonly Form[]) {
  const X = tf.tensor2d([...GRID], [GRID.length, 1]);
  return fitsView(data, FORMS, await Promise.all(forms.map((form) => form(X).data())));
}
