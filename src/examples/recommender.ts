/** Fills in missing film ratings by factorizing the table into two thin matrices. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { seededRandom } from '../datasets/random.ts';
import { FILMS, makeRatings, PEOPLE } from '../datasets/ratings.ts';

const rmseChart = { chart: '均方根误差（分）', better: 'lower' } as const;

export default defineExample({
  title: '推荐：补全评分表',
  summary: '60 个人给 40 部电影打分，只知道一部分；把表拆成两个瘦矩阵，补上其余的分。',
  techniques: ['recommendation'],
  params: {
    rank: choice('每人几个口味数（秩）', '3', { '1': '1', '3': '3（真值）', '8': '8' }),
    lambda: number('正则强度 λ', 0.1, [0, 0.5], 0.01),
    known: number('已知的比例', 0.3, [0.1, 0.8], 0.05),
    steps: number('步数', 300, [50, 1000], 50),
  },
  metrics: {
    rmse: { label: '已知的评分', ...rmseChart },
    validationRmse: { label: '留出的评分', ...rmseChart },
    baselineRmse: { label: '留出的评分：全猜平均分', ...rmseChart },
  },
  presets: {
    overfit: {
      label: '秩 8，不加正则，1000 步',
      params: { rank: '8', lambda: 0, steps: 1000 },
    },
    rank8: { label: '秩 8，加正则', params: { rank: '8' } },
    rank1: { label: '秩 1', params: { rank: '1' } },
    sparse: { label: '只知道 10%', params: { known: 0.1 } },
  },
  // #region data
  data({ seed, params }) {
    const { truth, known, heldOut } = makeRatings(seed, params.known);
    const table = (values: Float32Array) => tf.tensor2d(values, [PEOPLE, FILMS]);
    const R = table(truth);
    const train = table(known); // 1 where a rating is known, else 0
    return { R, train, test: table(heldOut), mu: R.mul(train).sum().div(train.sum()) };
  },
  // #endregion
  // #region model
  model(run, { mu }) {
    const random = seededRandom(run.seed + 1);
    const k = Number(run.params.rank);
    const P = tf.variable(tf.tensor2d(random.normals(PEOPLE * k, 0.1), [PEOPLE, k]));
    const Q = tf.variable(tf.tensor2d(random.normals(FILMS * k, 0.1), [FILMS, k]));
    const predict = () => P.matMul(Q, false, true).add(mu); // person · film + mean
    return { P, Q, predict, optimizer: run.own(tf.train.adam(0.03)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  // #region train
  async *train({ params, done }, { R, train, test, mu }, { P, Q, predict, optimizer }) {
    const mse = (guess: tf.Tensor, mask: tf.Tensor): tf.Scalar =>
      guess.sub(R).square().mul(mask).sum().div(mask.sum());
    const topLeft = (table: tf.Tensor) => table.slice([0, 0], [8, 10]).as2D(8, 10);
    const penalty = (): tf.Scalar => P.square().mean().add(Q.square().mean());
    for (let step = done; step < params.steps; step++) {
      optimizer.minimize(() => mse(predict(), train).add(penalty().mul(params.lambda)));
      yield {
        metrics: {
          rmse: mse(predict(), train).sqrt(),
          validationRmse: mse(predict(), test).sqrt(),
          baselineRmse: mse(mu, test).sqrt(),
        },
        views: async () => [
          corner('真实的评分（左上角）', await topLeft(R).array()),
          corner('补出来的评分', await topLeft(predict()).array()),
        ],
      };
    }
  },
  // #endregion
  check: { steps: 300, expect: { validationRmse: { atMost: 0.45 } } },
});

/** A corner of a table of ratings. */
function corner(title: string, values: number[][]) {
  const numbered = (name: string, things: unknown[]) => things.map((_, i) => `${name} ${i + 1}`);
  return {
    ...{ kind: 'matrix' as const, title, rowTitle: '观众', columnTitle: '电影' },
    rows: numbered('人', values),
    columns: numbered('片', values[0]!),
    values: values.map((row) => row.map((rating) => Number(rating.toFixed(1)))),
  };
}
