/** Times the training steps of a small network here and sets them beside GPT-3. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const crossEntropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const BURST = 10; // training steps between two looks at the clock
const GPT3 = 3.14e23; // FLOP, the published estimate (Brown et al., 2020, table D.1)
const YEAR = 365.25 * 24 * 3600;

export default defineExample({
  title: '这台机器有多快',
  summary: '给一个两层网络的训练步计时，算出每秒多少次浮点运算，再算训练一个 GPT-3 要几年。',
  techniques: ['evaluation'],
  params: {
    hidden: number('隐藏单元', 128, [32, 4096], 32),
    batch: number('批量', 64, [8, 1024], 8),
    bursts: number('组数', 100, [10, 1000], 10),
  },
  metrics: { loss: { label: '训练损失', chart: '交叉熵', better: 'lower' } },
  presets: {
    wide: { label: '大矩阵', params: { hidden: 1024, batch: 128, bursts: 10 } },
  },
  // #region data
  data({ params: { batch }, seed }) {
    const random = seededRandom(seed);
    const labels = Array.from({ length: batch }, () => random.integer(10));
    const X = tf.tensor2d(random.normals(batch * 64), [batch, 64]); // noise
    return { X, Y: tf.oneHot(tf.tensor1d(labels, 'int32'), 10) };
  },
  // #endregion
  // #region model
  model(run) {
    const { hidden, batch } = run.params;
    const random = seededRandom(run.seed + 1);
    const layer = (n: number, m: number) =>
      tf.variable(tf.tensor2d(random.normals(n * m, Math.sqrt(2 / n)), [n, m]));
    const [W1, W2] = [layer(64, hidden), layer(hidden, 10)];
    const logits = (X: tf.Tensor2D) => X.matMul(W1).relu().matMul(W2);
    // A product [n, k] · [k, m] takes 2nkm FLOP. Layer one has two of that size:
    // forward, and the gradient of W1. Layer two has a third: that of its input.
    const flop = 2 * batch * (2 * 64 * hidden + 3 * hidden * 10);
    return { logits, flop, optimizer: run.own(tf.train.sgd(0.1)) };
  },
  // #endregion
  length: ({ params }) => params.bursts,
  check: { steps: 100, expect: { loss: { atMost: 0.1 } } },
  // #region train
  async *train(run, { X, Y }, { logits, flop, optimizer }) {
    const entropy = () => crossEntropy(Y, logits(X));
    const timed = run.state({ steps: 0, seconds: 0 });
    for (let burst = run.done; burst < run.params.bursts; burst++) {
      const start = performance.now();
      for (let i = 1; i < BURST; i++) optimizer.minimize(entropy);
      const loss = optimizer.minimize(entropy, true)!;
      await loss.data(); // a GPU works in the background: wait for it
      if (burst > run.done) {
        timed.steps += BURST; // the first burst compiles, so it does not count
        timed.seconds += (performance.now() - start) / 1000;
      }
      yield { metrics: { loss }, views: () => [speed(timed.steps / timed.seconds, flop)] };
    }
  },
  // #endregion
});

function speed(rate: number, flop: number) {
  const rows = [
    ['每秒训练步数', rate],
    ['每步浮点运算（FLOP）', flop],
    ['每秒浮点运算（FLOP/s）', rate * flop],
    ['照这个速度训练 GPT-3（年）', GPT3 / (rate * flop) / YEAR],
  ] as const;
  const text = (x: number) => (Number.isFinite(x) ? x.toPrecision(3) : '还在预热');
  const shown = rows.map(([name, x]) => [name, text(x)]);
  return tableView('这台机器的速度', ['量', '测得'], shown);
}
