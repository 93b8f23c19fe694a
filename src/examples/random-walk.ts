/** A network learns the past moves of a price by heart; tomorrow's it can only guess when there is a pattern. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { tableView } from '../datasets/pictures.ts';
import { bestAccuracy, earnings, earningsView, LOOKBACK } from '../datasets/price-walk.ts';
import { type Days, readMoves, walkDays } from '../datasets/price-walk.ts';
import { seededRandom } from '../datasets/random.ts';

const [HIDDEN, TESTS] = [64, 2000];
const entropy = tf.losses.sigmoidCrossEntropy<tf.Tensor1D, tf.Scalar>;
const accuracyChart = { chart: '猜中涨跌的比例', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '随机游走：没有规律，学不会',
  summary: '看前 20 天的涨跌猜明天；规律有多强由你定，0 就是抛硬币。',
  techniques: ['evaluation', 'data'],
  params: {
    signal: number('埋进去的规律 φ', 0, [-0.9, 0.9], 0.1),
    days: number('训练天数', 1000, [100, 5000], 100),
    leak: { kind: 'toggle', label: '先做三日居中平滑（偷看）', default: false },
    fee: number('换一次方向的手续费', 0, [0, 0.5], 0.05),
    steps: number('步数', 150, [20, 500], 10),
  },
  metrics: {
    loss: { label: '训练', chart: '交叉熵', better: 'lower' },
    validationLoss: { label: '之后的 2000 天', chart: '交叉熵', better: 'lower' },
    accuracy: { label: '训练', ...accuracyChart },
    validationAccuracy: { label: '之后的 2000 天', ...accuracyChart },
    bestAccuracy: { label: '知道规律的人', ...accuracyChart },
  },
  presets: {
    some: { label: '规律 0.3', params: { signal: 0.3 } },
    early: { label: '规律 0.3，只走 20 步', params: { signal: 0.3, steps: 20 } },
    strong: { label: '规律 0.6', params: { signal: 0.6 } },
    more: { label: '没有规律，5000 天', params: { days: 5000 } },
    leak: { label: '没有规律，但偷看', params: { leak: true } },
  },
  // #region data
  data({ params, seed }) {
    const random = seededRandom(seed);
    const tensors = (days: Days) => ({
      moves: days.moves,
      X: tf.tensor2d(days.before, [days.count, LOOKBACK]),
      y: tf.tensor1d(days.moves.map((move) => Number(move > 0))), // 1: the price rose
    });
    const walk = (count: number) => walkDays(count, params.signal, params.leak, random);
    return { train: tensors(walk(params.days)), test: tensors(walk(TESTS)) };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
    const [W1, W2] = [weights(LOOKBACK, HIDDEN), weights(HIDDEN, 1)];
    const b = tf.variable(tf.zeros([HIDDEN]));
    const hidden = (X: tf.Tensor2D) => X.matMul(W1).add(b).relu();
    const logits = (X: tf.Tensor2D): tf.Tensor1D => hidden(X).matMul(W2).flatten();
    return { logits, optimizer: run.own(tf.train.adam(0.01)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 150,
    expect: { accuracy: { atLeast: 0.65 }, validationAccuracy: { atLeast: 0.46, atMost: 0.54 } },
  },
  // #region train
  async *train({ params, done }, { train, test }, { logits, optimizer }) {
    const right = (z: tf.Tensor, y: tf.Tensor) => z.greater(0).equal(y.greater(0)).mean();
    for (let step = done; step < params.steps; step++) {
      const loss = optimizer.minimize(() => entropy(train.y, logits(train.X)), true)!;
      const [z, zTest] = [logits(train.X), logits(test.X)];
      yield {
        metrics: {
          loss,
          validationLoss: entropy(test.y, zTest),
          accuracy: right(z, train.y).asScalar(),
          validationAccuracy: right(zTest, test.y).asScalar(),
          bestAccuracy: bestAccuracy(params.signal),
        },
        views: async () => {
          const earned = async ({ X, moves }: typeof train) =>
            earnings(moves, await logits(X).data(), params.fee);
          return [
            earningsView({ 训练的日子: await earned(train), 之后的日子: await earned(test) }),
          ];
        },
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'text',
      label: '写 20 天的涨跌，它猜第 21 天',
      default: '涨涨跌涨跌跌涨涨涨跌涨跌涨跌跌跌涨涨跌涨',
      maxLength: 40,
    },
    async infer(_run, _data, { logits }, input) {
      const moves = input.kind === 'text' ? readMoves(input.text) : undefined;
      if (moves?.length !== LOOKBACK) {
        throw new InputError(`只收“涨”和“跌”两个字，正好 ${LOOKBACK} 个。`);
      }
      const [p = NaN] = await logits(tf.tensor2d(moves, [1, LOOKBACK]))
        .sigmoid()
        .data();
      return [
        tableView(
          '第 21 天',
          ['', '概率'],
          [
            ['涨', p.toFixed(3)],
            ['跌', (1 - p).toFixed(3)],
          ],
        ),
      ];
    },
  },
});
