/** Five clients with two digits each train one model by averaging weights, beside one alone and all data in one place. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { CLIENTS, leakView, MODELS, NAMES } from '../datasets/federated.ts';
import { readGradient, recallView, sample, shareOut } from '../datasets/federated.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const [HIDDEN, SIDE, LAST] = [32, 24, CLIENTS - 1];
const SIZE = PIXELS * HIDDEN + HIDDEN + HIDDEN * CLASSES + CLASSES;
const accuracyChart = { chart: '测试准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '联邦平均',
  summary: '五家各有两种数字，图不出门，只交换权重；和数据集中、一家单干的模型比。',
  techniques: ['privacy', 'classification', 'data'],
  params: {
    mixing: number('各家数据的混合程度', 0, [0, 1], 0.1),
    localSteps: number('每轮在本地走几步', 10, [1, 50]),
    batch: number('每步用几张图', 32, [1, 64]),
    rounds: number('轮数', 30, [3, 60]),
  },
  metrics: {
    validationAccuracy: { label: '联邦平均', ...accuracyChart },
    centralAccuracy: { label: '数据集中', ...accuracyChart },
    aloneAccuracy: { label: '一家单干', ...accuracyChart },
    megabytes: { label: '五家上下传的权重', chart: '流量（MB）', better: 'lower' },
  },
  presets: {
    mixed: { label: '五家数据一样杂', params: { mixing: 1 } },
    eager: { label: '本地走 50 步再平均', params: { localSteps: 50 } },
    short: { label: '走 1 步就平均', params: { localSteps: 1 } },
    single: { label: '每步只用 1 张图', params: { batch: 1, localSteps: 1 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const random = seededRandom(run.seed);
    const owned = shareOut(train, run.params.mixing, random);
    const sources = [...owned, Array.from(train.labels.keys()), owned[LAST]!];
    const X = tf.tensor2d(train.images, [train.count, PIXELS]);
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    const XTest = tf.tensor3d(test.images, [1, test.count, PIXELS]).tile([MODELS, 1, 1]);
    const labels = tf.tensor1d(test.labels, 'int32');
    return { train, test, labels, sources, X, Y, XTest, random };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed + 1);
    // Seven models side by side, equal at the start: [7, 64, 32], [7, 1, 32], …
    const start = (m: number, n: number, deviation: number) => {
      const one = tf.tensor3d(random.normals(m * n, deviation), [1, m, n]);
      return tf.variable(one.tile([MODELS, 1, 1]));
    };
    const [W1, b1] = [start(PIXELS, HIDDEN, (2 / PIXELS) ** 0.5), start(1, HIDDEN, 0)];
    const [W2, b2] = [start(HIDDEN, CLASSES, (2 / HIDDEN) ** 0.5), start(1, CLASSES, 0)];
    const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).relu().matMul(W2).add(b2);
    // Seven means in one sum: each model gets the gradient of its own.
    const cost = (X: tf.Tensor, Y: tf.Tensor): tf.Scalar =>
      logits(X).logSoftmax().mul(Y).sum().div(-run.params.batch);
    return { W1, b1, W2, b2, logits, cost, optimizer: run.own(tf.train.sgd(0.2)) };
  },
  // #endregion
  length: ({ params }) => params.rounds,
  check: {
    steps: 30,
    expect: { validationAccuracy: { atLeast: 0.7 }, aloneAccuracy: { atMost: 0.25 } },
  },
  // #region train
  async *train({ params, done }, data, { W1, b1, W2, b2, logits, cost, optimizer }) {
    const { train, test, sources, X, Y, XTest, random } = data;
    const { rounds, localSteps, batch } = params;
    const draw = () => sources.flatMap((rows) => sample(rows, batch, random));
    const costOf = (rows: number[]) => {
      const part = (table: tf.Tensor, width: number) =>
        table.gather(rows).reshape([MODELS, batch, width]);
      return cost(part(X, PIXELS), part(Y, CLASSES));
    };
    for (let round = 1; round <= rounds; round++) {
      const steps = Array.from({ length: localSteps }, draw);
      if (round <= done) continue; // only the chance is drawn again
      for (const rows of steps) optimizer.minimize(() => costOf(rows));
      for (const w of [W1, b1, W2, b2]) {
        const [clients, others] = tf.split(w, [CLIENTS, 2]);
        const mean = clients!.mean(0, true).tile([CLIENTS, 1, 1]);
        w.assign(tf.concat([mean, others!]));
      }
      const guesses = () => logits(XTest).slice(LAST).argMax(2); // [3, 359]
      const right = guesses().equal(data.labels).mean(1);
      yield {
        metrics: {
          validationAccuracy: right.slice(0, 1).asScalar(),
          centralAccuracy: right.slice(1, 1).asScalar(),
          aloneAccuracy: right.slice(2, 1).asScalar(),
          megabytes: (round * 2 * CLIENTS * SIZE * 4) / 1e6,
        },
        views: async () => {
          const { grads } = tf.variableGrads(() => costOf(steps[0]!), [W1, b1]);
          const [dW, db] = [W1, b1].map(({ name }) => grads[name]!.slice(0, 1));
          const read = readGradient(await dW!.data(), await db!.data());
          return [
            recallView(test.labels, await guesses().data()),
            leakView(read, train, steps[0]!.slice(0, batch)),
          ];
        },
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字，让三个模型认', width: SIDE, height: SIDE },
    async infer(_run, _data, { logits }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const z = logits(tf.tensor3d(image, [1, 1, PIXELS])).slice(LAST); // [3, 1, 10]
      const [digit, sure] = [await z.argMax(2).data(), await z.softmax().max(2).data()];
      const rows = NAMES.map((name, i) => [name, String(digit[i]), sure[i]!.toFixed(3)]);
      return [tableView('三个模型的判断', ['模型', '读作', '概率'], rows)];
    },
  },
});
