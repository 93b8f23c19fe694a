/** Picks the best of many models that know nothing: its score means nothing either. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { pointsView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const [FEATURES, FRESH] = [20, 5000];
const chart = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '从瞎猜里挑最好的',
  summary: '标签全靠抛硬币，模型也是随机的；在一份小测试集上挑出最好的那个，再用新数据量它。',
  techniques: ['evaluation'],
  params: {
    models: number('试多少个模型', 200, [1, 1000]),
    tests: number('测试集条数', 50, [10, 2000], 10),
  },
  metrics: {
    bestOnTest: { label: '挑中的模型：测试集', ...chart },
    sameModelFresh: { label: '同一个模型：新数据', ...chart },
  },
  presets: {
    one: { label: '只试 1 个', params: { models: 1 } },
    many: { label: '试 1000 个', params: { models: 1000 } },
    bigTest: { label: '测试集 2000 条', params: { tests: 2000 } },
  },
  // #region data
  data({ seed, params }) {
    const random = seededRandom(seed);
    const noise = (count: number) => ({
      X: tf.tensor2d(random.normals(count * FEATURES), [count, FEATURES]),
      y: tf.tensor2d(random.normals(count), [count, 1]).greater(0), // a coin each
    });
    return { test: noise(params.tests), fresh: noise(FRESH), random };
  },
  // #endregion
  // #region model
  model({ params }, { random }) {
    // One column of weights for each model.
    const shape: [number, number] = [FEATURES, params.models];
    return tf.tensor2d(random.normals(shape[0] * shape[1]), shape);
  },
  // #endregion
  length: ({ params }) => params.models,
  // #region train
  async *train({ done }, { test, fresh }, W) {
    const score = ({ X, y }: typeof test) => X.matMul(W).greater(0).equal(y).mean(0);
    const onTest = await score(test).data(); // [models]
    const onFresh = await score(fresh).data();

    let best = 0;
    for (let n = 0; n < onTest.length; n++) {
      if (onTest[n]! > onTest[best]!) best = n;
      if (n < done) continue;
      yield {
        metrics: { bestOnTest: onTest[best]!, sameModelFresh: onFresh[best]! },
        views: () => [scatter(onTest.slice(0, n + 1), onFresh.slice(0, n + 1), best)],
      };
    }
  },
  // #endregion
  check: {
    steps: 200,
    expect: {
      bestOnTest: { atLeast: 0.62 },
      sameModelFresh: { atLeast: 0.47, atMost: 0.53 },
    },
  },
});

/** Each model as a point: its score on the test set, and on fresh data. */
function scatter(onTest: ArrayLike<number>, onFresh: ArrayLike<number>, best: number) {
  const [xs, ys] = [Array.from(onTest), Array.from(onFresh)];
  const chosen = { label: '挑中的模型', group: 1, xs: [xs[best]!], ys: [ys[best]!] };
  const axes = [
    { label: '测试集准确率', min: 0.2, max: 0.8 },
    { label: '新数据准确率', min: 0.2, max: 0.8 },
  ] as const;
  const points = [{ label: '试过的模型', group: 0, xs, ys }, chosen];
  return pointsView('一个模型一个点：横着散得开，竖着都在 0.5 附近', axes, points);
}
