/** A network learns one task with many labels; its features then serve another with few: frozen, tuned, or not at all. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { DIGIT_INPUT, drawnDigit, oddsView } from '../datasets/digit-probe.ts';
import { loadDigits, PIXELS, type DigitSet } from '../datasets/digits.ts';
import { seededRandom } from '../datasets/random.ts';
import { drawTasks, ROUTES, routesView, taskDigits, TASKS } from '../datasets/transfer.ts';

const [HIDDEN, BATCH, DRAWS, EVERY] = [64, 64, 5, 5]; // the few labels are drawn five times
const NETS = ROUTES.length * DRAWS;
const tested = { chart: '目标任务，没见过的图，准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '迁移学习：帮忙，还是帮倒忙',
  summary: '先用 1000 张图学一个任务，再用几张图学另一个：从头学、冻住特征、接着微调，三条路并排。',
  techniques: ['data', 'classification'],
  params: {
    task: choice('从什么到什么', 'parity', { parity: '十个数字 → 单双', others: '0–4 → 5–9' }),
    perClass: number('目标任务每类几张', 5, [1, 30]),
    before: number('预训练步数', 200, [0, 400], 20),
    after: number('目标任务步数', 150, [50, 400], 10),
  },
  metrics: {
    source: { label: '预训练', ...tested, chart: '预训练的任务，没见过的图，准确率' },
    scratch: { label: ROUTES[0], ...tested },
    frozen: { label: ROUTES[1], ...tested },
    tuned: { label: ROUTES[2], ...tested },
  },
  presets: {
    twenty: { label: '单双，每类 20 张', params: { perClass: 20 } },
    negative: { label: '0–4 → 5–9，每类 5 张', params: { task: 'others' } },
    negativeMore: { label: '0–4 → 5–9，每类 30 张', params: { task: 'others', perClass: 30 } },
    none: { label: '不预训练', params: { before: 0 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const random = seededRandom(run.seed);
    const task = TASKS[run.params.task];
    const { source, few } = drawTasks(train, task, run.params.perClass, DRAWS, random);
    const tensors = ({ images, labels, count }: DigitSet, classes: number) => ({
      X: tf.tensor2d(images, [count, PIXELS]),
      Y: tf.oneHot(labels, classes).toFloat(),
      labels: tf.tensor1d(labels, 'int32'),
    });
    const { classes, names } = task;
    const draws = few.map((draw) => tensors(draw, names.length));
    return {
      ...{ random, classes, names, source: tensors(source, classes) },
      // Each of the five draws for each of the three ways: [15, few, …].
      X: tf.stack(draws.flatMap(({ X }) => ROUTES.map(() => X))),
      Y: tf.stack(draws.flatMap(({ Y }) => ROUTES.map(() => Y))),
      sourceTest: tensors(taskDigits(test, task.source), classes),
      targetTest: tensors(taskDigits(test, task.target), names.length),
    };
  },
  // #endregion
  // #region model
  model(run, { classes, names }) {
    const random = seededRandom(run.seed + 1);
    const weights = (k: number, m: number, n: number) =>
      tf.variable(tf.tensor3d(random.normals(k * m * n, Math.sqrt(2 / m)), [k, m, n]));
    const source = [weights(1, PIXELS, HIDDEN), weights(1, HIDDEN, classes)] as const;
    const target = [weights(NETS, PIXELS, HIDDEN), weights(NETS, HIDDEN, names.length)] as const;
    // 1 for the networks of one way, 0 for the others: [15, 1, 1].
    const way = (k: number) =>
      tf.tensor3d(Array.from({ length: NETS }, (_, net) => [[+(net % ROUTES.length === k)]]));
    const [isFrozen, isTuned] = [way(1), way(2)];
    const read = ([W1, W2]: readonly [tf.Tensor, tf.Tensor], X: tf.Tensor) =>
      X.matMul(W1).relu().matMul(W2);
    const mixed = (mask: tf.Tensor): tf.Tensor3D =>
      target[0].mul(mask.mul(-1).add(1)).add(source[0].mul(mask));
    // A frozen network looks through the first task's features; only its last layer learns.
    const logits = (X: tf.Tensor) => read([mixed(isFrozen), target[1]], X); // [15, images, classes]
    const start = () => target[0].assign(mixed(isTuned));
    const [first, second] = [run.own(tf.train.adam(0.003)), run.own(tf.train.sgd(0.1))];
    return { source, target, read, logits, start, first, second };
  },
  // #endregion
  length: ({ params }) => params.before + params.after,
  check: { steps: 350, expect: { source: { atLeast: 0.9 }, frozen: { atLeast: 0.75 } } },
  // #region train
  async *train(run, { random, source, X, Y, sourceTest, targetTest, names, classes }, model) {
    const { before, after, perClass } = run.params;
    const entropy = (Z: tf.Tensor, T: tf.Tensor): tf.Scalar =>
      Z.logSoftmax().mul(T).sum([0, 2]).mean<tf.Scalar>().neg(); // the sum over the networks
    const state = run.state({ source: 1 / classes, scores: ROUTES.map(() => 1 / names.length) });
    for (let step = 1; step <= before + after; step++) {
      const rows = Array.from({ length: BATCH }, () => random.integer(source.X.shape[0]));
      if (step <= run.done) continue; // only the chance is drawn again
      if (step <= before) {
        const [x, y] = [source.X.gather(rows), source.Y.gather(rows)];
        const cost = () => entropy(model.read(model.source, x), y.expandDims(0));
        model.first.minimize(cost, false, [...model.source]);
      } else {
        if (step === before + 1) model.start();
        model.second.minimize(() => entropy(model.logits(X), Y), false, [...model.target]);
      }
      const right = (Z: tf.Tensor, y: tf.Tensor) => Z.argMax(2).equal(y).toFloat().mean(1);
      if (step % EVERY === 0 && step <= before) {
        const Z = model.read(model.source, sourceTest.X);
        state.source = (await right(Z, sourceTest.labels).data())[0]!;
      } else if (step % EVERY === 0) {
        const each = right(model.logits(targetTest.X), targetTest.labels);
        state.scores = [...(await each.reshape([DRAWS, ROUTES.length]).mean(0).data())];
      }
      const [scratch, frozen, tuned] = state.scores as [number, number, number];
      const [first = 0, second = 0] = model.target.map((W) => W.size / NETS);
      yield {
        metrics: { source: state.source, scratch, frozen, tuned },
        views: () => [routesView(state.scores, perClass * names.length, [first, second])],
      };
    }
  },
  // #endregion
  probe: {
    input: DIGIT_INPUT,
    async infer(_run, { names }, { logits }, input) {
      const odds = logits(tf.tensor3d(drawnDigit(input), [1, 1, PIXELS])).softmax();
      const mean = odds.reshape([DRAWS, ROUTES.length, names.length]).mean(0);
      return [oddsView('三条路给的概率（五个网络的平均）', ROUTES, names, await mean.data())];
    },
  },
});
