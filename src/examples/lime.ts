/** LIME: a line fitted around one wine explains a network there; other widths or seeds, other words. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import * as lime from '../datasets/lime.ts';
import { seededRandom } from '../datasets/random.ts';
import type { Samples } from '../datasets/table.ts';
import { loadWine } from '../datasets/wine.ts';

const [HIDDEN, EVERY, SEEDS, MEASURES] = [32, 10, 5, lime.WINE_FEATURES.length];
const WIDTHS = [0.1, 0.2, 0.5, 1, 2, 4] as const;
const MIDDLE = 2; // of the widths
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const fit = { chart: '直线配得多好（R²）', better: 'higher', fraction: true } as const;
const alike = { chart: '两份解释多像（夹角余弦）', better: 'higher' } as const;

export default defineExample({
  title: 'LIME：换个圈子，换个说法',
  summary: '在一瓶葡萄酒附近给网络配一条直线，拿系数当解释；换核宽、换种子，看解释变不变。',
  techniques: ['evaluation', 'classification'],
  params: {
    wine: number('第几瓶测试酒', 6, [1, 53]),
    draws: number('每份解释问模型几次', 200, [50, 1000], 50),
    steps: number('步数', 150, [20, 400], 10),
  },
  metrics: {
    loss: { label: '网络', chart: '训练损失（交叉熵）', better: 'lower' },
    validationAccuracy: { label: '测试酒', chart: '准确率', better: 'higher', fraction: true },
    narrow: { label: '核宽 0.1', ...fit },
    middle: { label: '核宽 0.5', ...fit },
    wide: { label: '核宽 2', ...fit },
    seeds: { label: '核宽 0.5，换种子', ...alike },
    wideSeeds: { label: '核宽 2，换种子', ...alike },
    widths: { label: '核宽 0.1 对 2', ...alike },
  },
  presets: {
    few: { label: '只问 50 次', params: { draws: 50 } },
    many: { label: '问 1000 次', params: { draws: 1000 } },
    clear: { label: '一瓶好认的酒', params: { wine: 1 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadWine(run);
    const raw = ({ x, count }: Samples) => tf.tensor2d(x, [count, MEASURES]);
    const { mean, variance } = tf.moments(raw(train), 0); // of the training part only
    const scale = (part: Samples) => raw(part).sub(mean).div(variance.sqrt());
    const Y = tf.oneHot(tf.tensor1d(train.labels, 'int32'), 3).toFloat();
    const [XTest, yTest] = [scale(test), tf.tensor1d(test.labels, 'int32')];
    return { X: scale(train), Y, XTest, yTest, labels: test.labels };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
    const [W1, W2] = [weights(MEASURES, HIDDEN), weights(HIDDEN, 3)];
    const net = (X: tf.Tensor) => X.matMul(W1).relu().matMul(W2);
    return { net, adam: run.own(tf.train.adam(0.02, 0.9, 0.999, 1e-7)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 150, expect: { validationAccuracy: { atLeast: 0.9 } } },
  // #region train
  async *train(run, { X, Y, XTest, yTest, labels }, { net, adam }) {
    const { wine, draws, steps } = run.params;
    const x = [...(await XTest.slice([wine - 1, 0], [1, -1]).data())];
    const says = (rows: tf.Tensor) => ofClass(net(rows), labels[wine - 1]!);
    const all = async (widths: readonly number[]) => {
      const bySeed: lime.Surrogate[][] = []; // [seed][width]
      for (let seed = 1; seed <= SEEDS; seed++) {
        bySeed.push(await explain(says, x, widths, draws, seed));
      }
      return bySeed;
    };
    const held = run.state({ narrow: 0, middle: 0, wide: 0, seeds: 0, wideSeeds: 0, widths: 0 });
    for (let step = run.done; step < steps; step++) {
      adam.minimize(() => entropy(Y, net(X)));
      if (step === 0 || (step + 1) % EVERY === 0) {
        const three = await all([0.1, 0.5, 2]);
        const of = (width: number) => three.map((each) => each[width]!);
        const [narrow, wide] = [lime.meanSurrogate(of(0)), lime.meanSurrogate(of(2))];
        held.narrow = narrow.fit;
        held.middle = lime.meanSurrogate(of(1)).fit;
        held.wide = wide.fit;
        held.seeds = lime.meanLikeness(of(1));
        held.wideSeeds = lime.meanLikeness(of(2));
        held.widths = lime.likeness(narrow.weights, wide.weights);
      }
      const validationAccuracy = net(XTest).argMax(1).equal(yTest).mean();
      yield {
        metrics: { loss: entropy(Y, net(X)), validationAccuracy, ...held },
        views: async () => {
          const bySeed = await all(WIDTHS);
          return lime.instabilityViews(WIDTHS, bySeed, MIDDLE);
        },
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'numbers', label: '自己要一份解释', fields: lime.REQUEST },
    async infer(_run, { XTest, labels }, { net }, input) {
      if (input.kind !== 'numbers') throw new InputError('请填酒的号、核宽、次数和种子。');
      const { wine = 6, width = 0.5, draws = 200, seed = 1 } = input.values;
      const x = [...(await XTest.slice([wine - 1, 0], [1, -1]).data())];
      const says = (rows: tf.Tensor) => ofClass(net(rows), labels[wine - 1]!);
      const [line] = await explain(says, x, [width], draws, seed);
      return [lime.explanationView(line!, (await says(tf.tensor2d([x])).data())[0]!)];
    },
  },
});

const ofClass = (z: tf.Tensor, k: number) => z.softmax().slice([0, k], [-1, 1]).flatten();

// #region explain
/** One linear surrogate for each width, of what the model says around x. */
async function explain(
  says: (rows: tf.Tensor) => tf.Tensor,
  ...[x, widths, draws, seed]: [number[], readonly number[], number, number]
) {
  // The same draws for every width, so that only the width differs.
  const around = widths.map((width) => lime.neighbours(seededRandom(seed), x, width, draws));
  const rows = tf.concat(around.map((part) => tf.tensor2d(part, [draws, MEASURES])));
  const answers = await says(rows).data();
  return widths.map((width, k) =>
    lime.surrogate(x, around[k]!, answers.slice(k * draws, (k + 1) * draws), width),
  );
}
// #endregion
