/** Exact Shapley values: a network's word on an iris, shared among its measures; it adds up. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { loadIris } from '../datasets/iris.ts';
import { seededRandom } from '../datasets/random.ts';
import * as shapley from '../datasets/shapley.ts';

const [HIDDEN, EVERY] = [16, 10];
const share = { chart: '基准和四份，合起来是概率', better: 'higher' } as const;
const rounding = { chart: '对账的差', better: 'lower' } as const;
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;

export default defineExample({
  title: '功劳怎样分：Shapley 值',
  summary: '网络认一朵鸢尾，四项测量各有几分功劳：16 种组合全算一遍，份额加起来正好是概率。',
  techniques: ['evaluation', 'classification'],
  params: {
    flower: number('第几朵测试花', 27, [1, 45]),
    background: choice('不知道的用什么填', 'all', shapley.BACKGROUNDS),
    steps: number('步数', 200, [20, 600], 10),
  },
  metrics: {
    loss: { label: '网络', chart: '训练损失（交叉熵）', better: 'lower' },
    validationAccuracy: { label: '测试花', chart: '准确率', better: 'higher', fraction: true },
    probability: { label: '网络给这一种的概率', ...share },
    base: { label: '基准', ...share },
    sepalLength: { label: shapley.MEASURES[0], ...share },
    sepalWidth: { label: shapley.MEASURES[1], ...share },
    petalLength: { label: shapley.MEASURES[2], ...share },
    petalWidth: { label: shapley.MEASURES[3], ...share },
    gap: { label: '基准加四份，减概率', ...rounding },
    linearGap: { label: '线性模型：16 种组合，减公式', ...rounding },
  },
  presets: {
    mean: { label: '用平均的花填', params: { background: 'mean' } },
    own: { label: '用同种的花填', params: { background: 'own' } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadIris(run);
    const tensor = (x: Float32Array) => tf.tensor2d(x, [x.length / 4, 4]);
    const [X, XTest] = [tensor(train.x), tensor(test.x)];
    const [at, labels] = [run.params.flower - 1, test.labels];
    const x = [...test.x.subarray(4 * at, 4 * at + 4)];
    const around = (species: number) => shapley.backgroundOf(run.params.background, train, species);
    const Y = tf.oneHot(tf.tensor1d(train.labels, 'int32'), 3).toFloat();
    const yTest = tf.tensor1d(labels, 'int32');
    return { X, Y, XTest, yTest, x, species: labels[at]!, around };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
    const [W1, W2, W] = [weights(4, HIDDEN), weights(HIDDEN, 3), tf.variable(tf.zeros([4, 3]))];
    const [b1, b2, b] = [HIDDEN, 3, 3].map((n) => tf.variable(tf.zeros([n])));
    const net = (X: tf.Tensor) => X.matMul(W1).add(b1!).relu().matMul(W2).add(b2!);
    const linear = (X: tf.Tensor) => X.matMul(W).add(b!);
    const ofClass = (rows: tf.Tensor, k: number) => rows.slice([0, k], [-1, 1]).flatten();
    const of = (k: number) => ({
      probability: (rows: tf.Tensor) => ofClass(net(rows).softmax(), k),
      score: (rows: tf.Tensor) => ofClass(linear(rows), k),
      weights: () => ofClass(W, k).data(),
    });
    return { net, linear, of, adam: run.own(tf.train.adam(0.02, 0.9, 0.999, 1e-7)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 200, expect: { validationAccuracy: { atLeast: 0.9 }, gap: { atMost: 1e-4 } } },
  // #region train
  async *train(run, data, { net, linear, of, adam }) {
    const { X, Y, XTest, yTest, x, species, around } = data;
    const { probability, score, weights } = of(species);
    const background = around(species);
    const shares = { sepalLength: 0, sepalWidth: 0, petalLength: 0, petalWidth: 0 };
    const held = run.state({ probability: 0, base: 0, ...shares, gap: 0, linearGap: 0 });
    for (let step = run.done; step < run.params.steps; step++) {
      adam.minimize(() => entropy(Y, net(X)).add(entropy(Y, linear(X))));
      if (step === 0 || (step + 1) % EVERY === 0) {
        const { said, base, values, gap } = await explain(probability, x, background);
        const [sepalLength, sepalWidth, petalLength, petalWidth] = values;
        const named = { sepalLength, sepalWidth, petalLength, petalWidth };
        Object.assign(held, { ...named, probability: said, base, gap });
        const formula = shapley.linearShapley(await weights(), x, background);
        const counted = (await explain(score, x, background)).values;
        held.linearGap = Math.max(...formula.map((v, j) => Math.abs(v - counted[j]!)));
      }
      const validationAccuracy = net(XTest).argMax(1).equal(yTest).mean();
      const metrics = { loss: entropy(Y, net(X)), validationAccuracy, ...held };
      yield { metrics, views: () => report(of(species), species, x, background) };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'numbers', label: '量一朵花', fields: shapley.FLOWER },
    async infer(_run, { around }, { net, of }, input) {
      if (input.kind !== 'numbers') throw new InputError('请填四个长度，单位是厘米。');
      const x = Object.keys(shapley.FLOWER).map((name) => input.values[name] ?? 1);
      const z = await net(tf.tensor2d([x])).data();
      const species = z.indexOf(Math.max(...z));
      return report(of(species), species, x, around(species));
    },
  },
});

type Says = (rows: tf.Tensor) => tf.Tensor; // one number a row

async function report(
  { probability, score }: { probability: Says; score: Says },
  ...[species, x, background]: [species: number, x: number[], background: number[]]
) {
  const network = await explain(probability, x, background);
  return shapley.explanationViews(species, x, network, await explain(score, x, background));
}

// #region explain
/** Asks a model about every coalition; what is not known comes from the background. */
async function explain(model: Says, x: number[], background: number[]) {
  const rows = shapley.coalitionRows(x, background); // [16 · background, 4]
  const answers = model(tf.tensor2d(rows, [rows.length / 4, 4]));
  const worth = await answers.reshape([16, -1]).mean(1).data(); // by coalition
  const said = (await model(tf.tensor2d([x])).data())[0]!;
  const [base, values] = [worth[0]!, shapley.shapleyValues(worth)];
  const gap = Math.abs(values.reduce((sum, value) => sum + value, base) - said);
  return { worth, base, values, said, gap };
}
// #endregion
