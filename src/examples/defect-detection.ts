/** An autoencoder that has only seen good cloth marks flaws by what it cannot redraw. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { tableView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';
import { clothViews, flawAuc, makeCloth, pieceErrors } from '../datasets/weave.ts';
import { PIXELS, SIDE, tintedView } from '../datasets/weave.ts';

const [COUNT, TESTS, BATCH, HIDDEN, EVERY] = [400, 150, 40, 64, 5];

export default defineExample({
  title: '只看良品，找次品',
  summary: '自编码器只学过完好的布；哪里画不回来，哪里就可疑。次品一张也没有学过。',
  techniques: ['vision', 'science'],
  params: {
    bottleneck: number('瓶颈宽度', 6, [1, 128]),
    noise: number('布的噪声', 0.05, [0, 0.2], 0.01),
    strength: number('瑕疵深浅', 0.25, [0.05, 0.6], 0.05),
    epochs: number('遍数', 30, [2, 80]),
  },
  metrics: {
    loss: { label: '良品（训练）', chart: '重画的平方误差', better: 'lower' },
    validationLoss: { label: '良品（没见过）', chart: '重画的平方误差', better: 'lower' },
    flawedLoss: { label: '次品', chart: '重画的平方误差', better: 'higher' },
    auc: { label: '按重画误差分', chart: 'AUC', better: 'higher', fraction: true },
    averageAuc: { label: '按和平均布的差别分', chart: 'AUC', better: 'higher', fraction: true },
  },
  presets: {
    narrow: { label: '瓶颈 1', params: { bottleneck: 1 } },
    wide: { label: '瓶颈 128', params: { bottleneck: 128 } },
    noisy: { label: '噪声 0.15', params: { noise: 0.15 } },
    faint: { label: '瑕疵 0.1', params: { strength: 0.1 } },
  },
  // #region data
  data({ params, seed }) {
    const random = seededRandom(seed);
    const cloth = (count: number, flawed: boolean) => {
      const made = makeCloth(count, flawed, params, random);
      return { ...made, X: tf.tensor2d(made.pixels, [count, PIXELS]) };
    };
    const [train, good] = [cloth(COUNT, false), cloth(TESTS, false)];
    const flawed = cloth(TESTS, true);
    return { train, good, flawed, mean: train.X.mean(0), random };
  },
  // #endregion
  // #region model
  model(run, { mean }) {
    const random = seededRandom(run.seed + 1);
    const sizes = [PIXELS, HIDDEN, run.params.bottleneck, HIDDEN, PIXELS];
    const layers = sizes.slice(1).map((n, i) => {
      const m = sizes[i]!;
      const W = tf.tensor2d(random.normals(m * n, m ** -0.5), [m, n]);
      return { W: tf.variable(W), b: tf.variable(tf.zeros([n])) };
    });
    /** Squares of what is wrong with each redrawn pixel: [pieces, 256]. */
    const errors = (X: tf.Tensor2D) => {
      let a = X.sub(mean);
      layers.forEach(({ W, b }, i) => {
        a = a.matMul(W).add(b);
        if (i % 2 === 0) a = a.tanh(); // the bottleneck and the picture stay linear
      });
      return a.add(mean).sub(X).square();
    };
    return { errors, optimizer: run.own(tf.train.adam(0.003)) };
  },
  // #endregion
  length: ({ params }) => params.epochs * Math.ceil(COUNT / BATCH),
  check: { steps: 300, expect: { auc: { atLeast: 0.9 }, averageAuc: { atMost: 0.8 } } },
  // #region train
  async *train(run, { train, good, flawed, mean, random }, { errors, optimizer }) {
    const off = (X: tf.Tensor2D) => X.sub(mean).square().data();
    const averageAuc = flawAuc(await off(flawed.X), await off(good.X));
    const last = run.state({ auc: 0.5 });
    let step = run.done;
    for (const rows of batches(random, COUNT, BATCH, run.params.epochs, run.done)) {
      const X = train.X.gather<tf.Tensor2D>(rows);
      const loss = optimizer.minimize(() => errors(X).mean().asScalar(), true)!;
      const [ofGood, ofFlawed] = [errors(good.X), errors(flawed.X)];
      if (step++ % EVERY === EVERY - 1)
        last.auc = flawAuc(await ofFlawed.data(), await ofGood.data());
      yield {
        metrics: {
          ...{ loss, validationLoss: ofGood.mean().asScalar() },
          ...{ flawedLoss: ofFlawed.mean().asScalar(), auc: last.auc, averageAuc },
        },
        views: async () => {
          const bad = await errors(flawed.X).data();
          return clothViews(flawed, bad, good, await errors(good.X).data());
        },
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '在一块好布上画划痕', width: SIDE, height: SIDE },
    async infer(_run, { good }, { errors }, input) {
      if (input.kind !== 'drawing') throw new InputError('这里只收画在布上的划痕。');
      const usual = pieceErrors(await errors(good.X).data()).sort((a, b) => a - b);
      const limit = usual[Math.floor(0.95 * usual.length)]!;
      const pixels = good.pixels.slice(0, PIXELS).map((v, i) => v + (1 - v) * input.pixels[i]!);
      const wrong = await errors(tf.tensor2d(pixels, [1, PIXELS])).data();
      const error = pieceErrors(wrong)[0]!;
      const rows = [
        ['重画误差', error.toFixed(5)],
        ['界限：100 块良品里错杀 5 块', limit.toFixed(5)],
      ];
      const title = error > limit ? '你的划痕被抓到了' : '没有看出毛病';
      return [
        tintedView(title, pixels, wrong, ['你的布'], usual[75]!),
        tableView('判断', ['', ''], rows),
      ];
    },
  },
});
