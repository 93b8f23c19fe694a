/** The same deep network with and without residual connections: how much gradient reaches the first layer. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { cellCentres, planePicture, twoMoons } from '../datasets/moons.ts';
import { answeredPlane, askedPoints, planeInput } from '../datasets/plane-probe.ts';
import { seededRandom } from '../datasets/random.ts';

const [WIDTH, COUNT] = [16, 200];
const WINDOW = { x: [-1.6, 2.6], y: [-1.2, 1.7], columns: 32, rows: 32 } as const;
const accuracyChart = { chart: '训练准确率', better: 'higher', fraction: true } as const;
const gradientChart = { chart: '第一层梯度的大小（以 10 为底的对数）', better: 'higher' } as const;

export default defineExample({
  title: '残差连接：梯度传得到第一层吗',
  summary: '同样深的两个网络，一个每层直接换掉上一层，一个只在上一层上加一点，看谁学得动。',
  techniques: ['architecture', 'classification'],
  params: {
    depth: number('隐藏层数', 20, [2, 30]),
    activation: choice('激活函数', 'sigmoid', { sigmoid: 'sigmoid', tanh: 'tanh', relu: 'ReLU' }),
    learningRate: number('学习率 α', 0.01, [0.001, 0.1], 0.001, 'log'),
    steps: number('步数', 150, [20, 400], 10),
  },
  metrics: {
    plainGradient: { label: '没有残差', ...gradientChart },
    residualGradient: { label: '有残差', ...gradientChart },
    plainAccuracy: { label: '没有残差', ...accuracyChart },
    accuracy: { label: '有残差', ...accuracyChart },
  },
  presets: {
    shallow: { label: '2 层', params: { depth: 2 } },
    tanh: { label: 'tanh', params: { activation: 'tanh' } },
    relu: { label: 'ReLU', params: { activation: 'relu' } },
    deep: { label: '30 层', params: { depth: 30 } },
  },
  // #region data
  data({ seed }) {
    const moons = twoMoons(COUNT, 0.1, seededRandom(seed));
    const cells = tf.tensor2d(cellCentres(WINDOW));
    return { moons, X: tf.tensor2d(moons.xy, [COUNT, 2]), y: tf.tensor1d(moons.labels), cells };
  },
  // #endregion
  // #region model
  model(run) {
    const { depth, activation, learningRate } = run.params;
    const network = (residual: boolean) => {
      const random = seededRandom(run.seed + 1);
      const weights = (m: number, n: number) =>
        tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
      const [first, last] = [weights(2, WIDTH), weights(WIDTH, 1)];
      const hidden = Array.from({ length: depth }, () => weights(WIDTH, WIDTH));
      const out = tf.variable(tf.zeros([1]));
      const logits = (X: tf.Tensor) => {
        let h = X.matMul(first);
        for (const W of hidden) {
          const change = h.matMul(W)[activation]();
          h = residual ? h.add(change.div(Math.sqrt(depth))) : change; // add to it, or replace it
        }
        return h.matMul(last).add(out).flatten();
      };
      return { logits, first, all: [first, ...hidden, last, out] };
    };
    return {
      plain: network(false),
      residual: network(true),
      adams: [0, 1].map(() => run.own(tf.train.adam(learningRate, 0.9, 0.999, 1e-4))),
    };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 150, expect: { accuracy: { atLeast: 0.95 }, plainGradient: { atMost: -4 } } },
  // #region train
  async *train({ params, done }, { moons, X, y, cells }, { plain, residual, adams }) {
    const learn = ({ logits, first, all }: typeof plain, adam: (typeof adams)[number]) => {
      const cost = (): tf.Scalar => tf.losses.sigmoidCrossEntropy(y, logits(X));
      const { grads } = tf.variableGrads(cost, all);
      adam.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      const size = grads[first.name]!.abs().max(); // squares of such small numbers would be 0
      const accuracy: tf.Scalar = logits(X).greater(0).equal(y.greater(0)).mean();
      return { gradient: size.add(1e-37).log().div<tf.Scalar>(Math.LN10), accuracy };
    };
    for (let step = done; step < params.steps; step++) {
      const [without, withIt] = [learn(plain, adams[0]!), learn(residual, adams[1]!)];
      const metrics = {
        plainGradient: without.gradient,
        residualGradient: withIt.gradient,
        plainAccuracy: without.accuracy,
        accuracy: withIt.accuracy,
      };
      const picture = async (title: string, { logits }: typeof plain) =>
        planePicture(title, moons, WINDOW, await logits(cells).sigmoid().data());
      yield {
        metrics,
        views: async () => [await picture('没有残差', plain), await picture('有残差', residual)],
      };
    }
  },
  // #endregion
  probe: {
    input: planeInput('放几个点，问有残差的网络', WINDOW),
    async infer(_run, { cells }, { residual }, input) {
      const places = askedPoints(input);
      const p = await residual.logits(tf.tensor2d(places)).sigmoid().data();
      const ground = await residual.logits(cells).sigmoid().data();
      return [answeredPlane(places, p, WINDOW, ground)];
    },
  },
});
