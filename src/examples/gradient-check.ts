/** The gradient of a small network in four ways: by the delta rule, by the tape, by differences, and as once printed. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { short, tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';
import { differences, unflatten, type TinyShape } from '../datasets/tiny-network.ts';

const WIDE: TinyShape = [2, 3, 2];
const CHAIN: TinyShape = [1, 1, 1];

export default defineExample({
  title: '梯度检查：四种求法对一对',
  summary:
    '同一个小网络的梯度，用 δ 法则手写、自动求导、有限差分和文档印的连乘式各算一遍，再拿它训练。',
  techniques: ['optimizer', 'architecture'],
  params: {
    gradient: choice('网络和梯度的求法', 'delta', {
      delta: '2-3-2 网络，δ 法则',
      tape: '2-3-2 网络，自动求导',
      chain: '1-1-1 网络，δ 法则',
      printed: '1-1-1 网络，文档的连乘式',
    }),
    learningRate: number('学习率 α', 2, [0.01, 10], 0.01, 'log'),
    steps: number('步数', 300, [20, 1000], 10),
  },
  metrics: {
    loss: { label: '损失', chart: '½ 平方误差', better: 'lower' },
    difference: { label: 'δ 法则和自动求导', chart: '两种梯度最多差多少', better: 'lower' },
  },
  presets: {
    tape: { label: '自动求导', params: { gradient: 'tape' } },
    chain: { label: '1-1-1，δ 法则', params: { gradient: 'chain' } },
    printed: { label: '1-1-1，文档的式子', params: { gradient: 'printed' } },
  },
  // #region data
  data({ seed, params }) {
    const wide = params.gradient === 'delta' || params.gradient === 'tape';
    const shape = wide ? WIDE : CHAIN;
    const random = seededRandom(seed);
    const x = Array.from({ length: 15 }, () =>
      Array.from({ length: shape[0] }, () => 2 * random.uniform() - 1),
    );
    // What the network is to learn falls with its first input and rises with its last.
    const y = x.map((row) =>
      Array.from({ length: shape[2] }, (_, k) => 0.5 + 0.3 * (k ? row.at(-1) : -row[0]!)),
    );
    return { shape, x, y, X: tf.tensor2d(x), Y: tf.tensor2d(y) };
  },
  // #endregion
  // #region model
  model({ seed }, { shape: [inputs, hidden, outputs] }) {
    const random = seededRandom(seed + 1);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n), [m, n]));
    const [W1, W2] = [weights(inputs, hidden), weights(hidden, outputs)];
    const [b1, b2] = [hidden, outputs].map((n) => tf.variable(tf.zeros([n])));
    return { W1, b1: b1!, W2, b2: b2! };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 300, expect: { loss: { atMost: 0.02 }, difference: { atMost: 1e-6 } } },
  // #region train
  async *train({ params, done }, { shape, x, y, X, Y }, { W1, b1, W2, b2 }) {
    const all = [W1, b1, W2, b2];
    const n = X.shape[0];
    const forward = () => {
      const a1 = X.matMul(W1).add(b1).sigmoid(); // [15, hidden]
      return { a1, a2: a1.matMul(W2).add(b2).sigmoid() }; // [15, outputs]
    };
    const cost = (): tf.Scalar =>
      forward()
        .a2.sub(Y)
        .square()
        .sum()
        .div(2 * n);
    const slope = (a: tf.Tensor) => a.mul(tf.scalar(1).sub(a)); // σ′ = a(1 − a)
    const byDelta = () => {
      const { a1, a2 } = forward();
      const delta2 = a2.sub(Y).mul(slope(a2)).div(n); // from the loss …
      const delta1 = delta2.matMul(W2, false, true).mul(slope(a1)); // … one layer back
      const [dW1, dW2] = [X.matMul(delta1, true), a1.matMul(delta2, true)]; // inputᵀ δ
      const grads = [dW1, delta1.sum(0), dW2, delta2.sum(0)];
      return { grads, a1, delta1, delta2 };
    };
    const byTape = () => {
      const { grads } = tf.variableGrads(cost, all);
      return all.map((variable) => grads[variable.name]!);
    };
    // ∂C/∂z · 1 · ∂z₁/∂a₁ ⋯ ∂C/∂x, factor by factor; it has a value only for one neuron a layer.
    const asPrinted = () => {
      const { a1, delta1, delta2 } = byDelta();
      const dx = delta1.mul(W1.flatten());
      const product = delta2.div(slope(a1)).mul(dx).sum().reshape([1, 1]);
      return [delta1.mul(dx).sum().reshape([1, 1]), delta1.sum(0), product, delta2.sum(0)];
    };
    for (let step = done; step < params.steps; step++) {
      const [delta, tape] = [byDelta().grads, byTape()];
      const gaps = delta.map((g, i) => g.reshape(tape[i]!.shape).sub(tape[i]!).abs().max());
      const loss = cost();
      const used = { delta, tape, chain: delta, printed: shape[1] === 1 ? asPrinted() : delta };
      const chosen = used[params.gradient];
      all.forEach((v, i) => v.assign(v.sub(chosen[i]!.reshape(v.shape).mul(params.learningRate))));
      yield {
        metrics: { loss, difference: tf.stack(gaps).max<tf.Scalar>() },
        views: async () => {
          const flat = async (list: tf.Tensor[]) =>
            Array.from(await tf.concat(list.map((t) => t.flatten())).data());
          const columns = [await flat(byDelta().grads), await flat(byTape())];
          const weights = unflatten(await flat(all), shape);
          columns.push(differences(weights, shape, { x, y }));
          if (shape[1] === 1) columns.push(await flat(asPrinted()));
          const rows = columns[0]!.map((_, i) => [i + 1, ...columns.map((c) => short(c[i]!, 5))]);
          const names = ['参数', 'δ 法则', '自动求导', '有限差分', '文档的式子'];
          return [tableView('此刻每个参数的梯度', names.slice(0, columns.length + 1), rows)];
        },
      };
    }
  },
  // #endregion
});
