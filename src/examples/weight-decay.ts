/** Four networks under Adam: no penalty, L2 in the loss, decoupled weight decay, and L1; their weights side by side. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { DIGIT_INPUT, DIGITS, drawnDigit, oddsView } from '../datasets/digit-probe.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { batches, seededRandom } from '../datasets/random.ts';
import {
  PENALTIES,
  penaltiesView,
  PENALTY_METRICS,
  penaltyScores,
} from '../datasets/weight-penalties.ts';

const [HIDDEN, BATCH, NETS, TINY, EVERY] = [64, 64, 4, 1e-3, 5];

export default defineExample({
  title: '权重衰减和 L2 是一回事吗',
  summary: '同一个网络、同一个系数 λ：罚项写进损失，或者每步直接缩小权重；再比 L1。优化器换着试。',
  techniques: ['optimizer', 'classification'],
  params: {
    strength: number('系数 λ', 0.01, [0.0001, 10], 0.0001, 'log'),
    optimizer: choice('优化器', 'adam', { adam: 'Adam，α = 0.001', sgd: 'SGD，α = 0.1' }),
    epochs: number('遍数', 20, [2, 40]),
  },
  metrics: PENALTY_METRICS,
  presets: {
    sgd: { label: 'SGD', params: { optimizer: 'sgd' } },
    weak: { label: 'λ = 0.001', params: { strength: 0.001 } },
    one: { label: 'λ = 1', params: { strength: 1 } },
    ten: { label: 'λ = 10', params: { strength: 10 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const X = tf.tensor2d(train.images, [train.count, PIXELS]);
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    return { X, Y, XTest, labels: tf.tensor1d(test.labels, 'int32') };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed);
    // Four networks in one stack, from the same weights.
    const fourTimes = (m: number, n: number) => {
      const start = tf.tensor3d(random.normals(m * n, Math.sqrt(2 / m)), [1, m, n]);
      return tf.variable(start.tile([NETS, 1, 1]));
    };
    const all = [fourTimes(PIXELS, HIDDEN), fourTimes(HIDDEN, CLASSES)] as const;
    const logits = (X: tf.Tensor) => X.matMul(all[0]).relu().matMul(all[1]); // [4, images, 10]
    const adam = run.params.optimizer === 'adam';
    const rate = adam ? 0.001 : 0.1;
    const optimizer = run.own(adam ? tf.train.adam(rate) : tf.train.sgd(rate));
    const only = (net: number) => tf.tensor3d([0, 1, 2, 3].map((k) => [[Number(k === net)]]));
    const [onL2, onDecay, onL1] = [only(1), only(2), only(3)];
    return { all, logits, rate, optimizer, onL2, onDecay, onL1, random };
  },
  // #endregion
  length: ({ params }, { X }) => params.epochs * Math.ceil(X.shape[0] / BATCH),
  check: {
    steps: 460,
    expect: { none: { atLeast: 0.93 }, decayed: { atLeast: 0.93 }, l1Tiny: { atLeast: 0.5 } },
  },
  // #region train
  async *train(run, { X, Y, XTest, labels }, model) {
    const { all, logits, rate, optimizer, onL2, onDecay, onL1, random } = model;
    const { strength, epochs } = run.params;
    const total = all.reduce((sum, W) => sum + W.size / NETS, 0);
    const seen = run.state({ scores: Array.from({ length: 3 * NETS }, () => 0) });
    const last = epochs * Math.ceil(X.shape[0] / BATCH);
    let step = run.done;
    for (const rows of batches(random, X.shape[0], BATCH, epochs, run.done)) {
      const [x, y] = [X.gather(rows), Y.gather(rows)];
      const cost = (): tf.Scalar => {
        const entropy = logits(x).logSoftmax().mul(y).sum().div(-rows.length);
        const penalties = all.flatMap((W) => [
          W.square()
            .mul(onL2)
            .sum()
            .mul(strength / 2), // its gradient is λW
          W.abs().mul(onL1).sum().mul(strength),
        ]);
        return entropy.add(tf.addN(penalties)); // the sum over the four networks
      };
      const decay = all.map((W) => W.mul(onDecay).mul(rate * strength)); // of the old weights
      optimizer.minimize(cost);
      all.forEach((W, i) => W.assign(W.sub(decay[i]!)));
      if (step++ % EVERY === 0 || step === last) {
        const sum = (of: (W: tf.Tensor) => tf.Tensor) =>
          tf.addN(all.map((W) => of(W).toFloat().sum([1, 2])));
        const right = logits(XTest).argMax(2).equal(labels).toFloat().mean(1);
        const norms = sum((W) => W.square()).sqrt();
        const small = sum((W) => W.abs().less(TINY)).div(total);
        seen.scores = [...(await tf.concat([right, norms, small]).data())];
      }
      const { scores } = seen;
      yield { metrics: penaltyScores(scores), views: () => [penaltiesView(scores)] };
    }
  },
  // #endregion
  probe: {
    input: DIGIT_INPUT,
    async infer(_run, _data, { logits }, input) {
      const p = await logits(tf.tensor3d(drawnDigit(input), [1, 1, PIXELS]))
        .softmax()
        .data();
      return [oddsView('四个网络给的概率', PENALTIES, DIGITS, p)];
    },
  },
});
