/** A network that stops when a validation set says so, beside one that learns from all images to the end. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { DIGIT_INPUT, DIGITS, drawnDigit, oddsView } from '../datasets/digit-probe.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { drawCandidates } from '../datasets/membership.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const [HIDDEN, COUNT, BATCH, UPDATES] = [256, 300, 50, 6]; // 6 batches: a round
const tested = { chart: '359 张测试图，准确率', better: 'higher', fraction: true } as const;
const round = { chart: '轮', better: 'lower' } as const;
const losses = { chart: '交叉熵', better: 'lower' } as const;

export default defineExample({
  title: '早停：什么时候该停',
  summary:
    '300 张图里两成标错，留出一些当验证集，损失连着几轮不降就停；和用足 300 张、学到底的比。',
  techniques: ['evaluation', 'classification'],
  params: {
    patience: number('耐心（轮）', 5, [1, 60]),
    held: number('验证集（张）', 60, [10, 200], 10),
    wrong: number('标错的比例', 0.2, [0, 0.5], 0.05),
    rounds: number('一共学几轮', 60, [10, 200], 10),
  },
  metrics: {
    loss: { label: '训练集', ...losses },
    validationLoss: { label: '验证集', ...losses },
    stopped: { label: '早停留下的', ...tested },
    ignored: { label: '同一个网络，不停', ...tested },
    toEnd: { label: '用足 300 张，不停', ...tested },
    keptAt: { label: '留下第几轮的', ...round },
    stoppedAt: { label: '停在第几轮（0：还没有停）', ...round },
  },
  presets: {
    hasty: { label: '耐心 1', params: { patience: 1 } },
    patient: { label: '耐心 30', params: { patience: 30 } },
    tiny: { label: '验证集只有 10 张', params: { held: 10 } },
    costly: { label: '验证集 200 张', params: { held: 200 } },
    clean: { label: '标签全对', params: { wrong: 0 } },
  },
  // #region data
  async data(run) {
    const { held, wrong } = run.params;
    const { train, test } = await loadDigits(run);
    const random = seededRandom(run.seed);
    const { all, given } = drawCandidates(train, COUNT, wrong, random);
    const X = tf.tensor2d(all.images, [COUNT, PIXELS]);
    const Y = tf.oneHot(given, CLASSES).toFloat(); // the validation set has wrong labels too
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    const validation = { x: X.slice(COUNT - held), y: Y.slice(COUNT - held) };
    return { X, Y, validation, XTest, labels: tf.tensor1d(test.labels, 'int32'), random };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed + 1);
    // Two networks in one stack, from the same weights: 0 learns from all, 1 is validated.
    const twice = (m: number, n: number) => {
      const start = tf.tensor3d(random.normals(m * n, Math.sqrt(2 / m)), [1, m, n]);
      return tf.variable(start.tile([2, 1, 1]));
    };
    const weights = [twice(PIXELS, HIDDEN), twice(HIDDEN, CLASSES)] as const;
    const kept = [tf.variable(weights[0].slice(1)), tf.variable(weights[1].slice(1))] as const;
    const read = ([W1, W2]: readonly [tf.Tensor, tf.Tensor], X: tf.Tensor) =>
      X.matMul(W1).relu().matMul(W2); // [networks, images, 10]
    return { weights, kept, read, adam: run.own(tf.train.adam(0.002)) };
  },
  // #endregion
  length: ({ params }) => params.rounds,
  check: { steps: 60, expect: { stopped: { atLeast: 0.82 }, toEnd: { atMost: 0.8 } } },
  // #region train
  async *train(run, { X, Y, validation, XTest, labels, random }, model) {
    const { weights, kept, read, adam } = model;
    const { patience, held, rounds } = run.params;
    const entropy = (Z: tf.Tensor, T: tf.Tensor): tf.Tensor => Z.logSoftmax().mul(T).neg();
    const watch = run.state({ best: 99, keptAt: 0, stoppedAt: 0, stopped: 0.1 });
    for (let round = 1; round <= rounds; round++) {
      let loss: tf.Scalar | undefined;
      for (let update = 0; update < UPDATES; update++) {
        const some = (count: number) => Array.from({ length: BATCH }, () => random.integer(count));
        const rows = [...some(COUNT), ...some(COUNT - held)];
        if (round <= run.done) continue; // only the chance is drawn again
        const [x, y] = [X, Y].map((all) => all.gather(rows).reshape([2, BATCH, -1]));
        const cost = (): tf.Scalar => entropy(read(weights, x!), y!).sum(2).mean();
        loss = adam.minimize(cost, true) ?? undefined;
      }
      if (!loss) continue;
      const outside = entropy(read(weights, validation.x).slice(1), validation.y).sum().div(held);
      const right = read(weights, XTest).argMax(2).equal(labels).toFloat().mean(1); // [2]
      const measured = [outside.reshape([1]), right];
      const [validationLoss, toEnd, ignored] = await tf.concat(measured).data();
      if (!watch.stoppedAt && validationLoss! < watch.best) {
        Object.assign(watch, { best: validationLoss, keptAt: round, stopped: ignored });
        kept.forEach((K, i) => K.assign(weights[i]!.slice(1)));
      } else if (round - watch.keptAt >= patience) watch.stoppedAt ||= round;
      const { stopped, keptAt, stoppedAt } = watch;
      const own = { stopped, ignored: ignored!, toEnd: toEnd!, keptAt, stoppedAt };
      const columns = ['', '学的图', '学了几轮', '测试准确率'];
      const rows = [
        ['早停', COUNT - held, stoppedAt || round, stopped.toFixed(3)],
        ['不停', COUNT - held, round, ignored!.toFixed(3)],
        ['不停，不留验证集', COUNT, round, toEnd!.toFixed(3)],
      ];
      yield {
        metrics: { loss, validationLoss: validationLoss!, ...own },
        views: () => [tableView('付了什么，得了什么', columns, rows)],
      };
    }
  },
  // #endregion
  probe: {
    input: DIGIT_INPUT,
    async infer(_run, _data, { weights, kept, read }, input) {
      const X = tf.tensor3d(drawnDigit(input), [1, 1, PIXELS]);
      const p = await tf
        .concat([read(kept, X), read(weights, X)])
        .softmax()
        .data();
      return [oddsView('三个网络给的概率', ['早停', '用足 300 张', '不停'], DIGITS, p)];
    },
  },
});
