/** Twenty short trainings with other settings each; one is chosen by unseen digits, and tested with others. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { DIGIT_INPUT, DIGITS, drawnDigit, oddsView } from '../datasets/digit-probe.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import * as search from '../datasets/hyper-search.ts';
import { drawCandidates } from '../datasets/membership.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const TAUGHT = 300;
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const right = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '找超参数：试二十组，挑一组',
  summary:
    '二十组学习率、宽度和批量各训练一小会儿，用验证集挑一组，再看它在测试集上值多少，差最好的多少。',
  techniques: ['evaluation', 'optimizer'],
  params: {
    way: choice('怎么选要试的', 'random', { random: '随机', grid: '网格' }),
    count: number('试几组', 20, [4, 40], 4),
    judge: choice('用什么挑', 'validation', { validation: '验证集', training: '训练集' }),
    held: number('验证集多少张', 100, [10, 600], 10),
    epochs: number('每组学几遍', 8, [1, 20]),
    wrong: number('学的图里标错的', 0, [0, 0.5], 0.1),
  },
  metrics: {
    loss: { label: '正在训练的这一组', chart: '训练损失', better: 'lower' },
    judgedAccuracy: { label: '挑中的，在挑它用的图上', ...right },
    testAccuracy: { label: '挑中的，在测试集上', ...right },
    bestTestAccuracy: { label: '事后看最好的，在测试集上', ...right },
  },
  presets: {
    grid: { label: '网格', params: { way: 'grid' } },
    few: { label: '验证集只有 20 张', params: { held: 20 } },
    training: {
      label: '三成标错，用训练集挑',
      params: { judge: 'training', wrong: 0.3, epochs: 20 },
    },
    checked: { label: '三成标错，用验证集挑', params: { wrong: 0.3, epochs: 20 } },
    four: { label: '只试 4 组', params: { count: 4 } },
  },
  // #region data
  async data(run) {
    const { way, count, held, wrong } = run.params;
    const { train, test } = await loadDigits(run);
    const drawn = drawCandidates(train, TAUGHT + held, wrong, seededRandom(run.seed));
    const tensors = (images: Float32Array, labels: Int32Array) => ({
      X: tf.tensor2d(images, [labels.length, PIXELS]),
      Y: tf.oneHot(labels, CLASSES).toFloat(),
    });
    const [pixels, labels] = [drawn.all.images, drawn.all.labels];
    const taught = tensors(pixels.slice(0, TAUGHT * PIXELS), drawn.given.slice(0, TAUGHT));
    // Somebody has looked through the labels of these.
    const validation = tensors(pixels.slice(TAUGHT * PIXELS), labels.slice(TAUGHT));
    const trials = search.drawTrials(way, count, run.seed + 1);
    return { trials, taught, validation, test: tensors(test.images, test.labels) };
  },
  // #endregion
  // #region model
  model(run, { trials }) {
    const networks = trials.map(({ rate, width }, k) => {
      const random = seededRandom(1000 * run.seed + k);
      const weights = (m: number, n: number) =>
        tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
      const [W1, W2] = [weights(PIXELS, width), weights(width, CLASSES)];
      const [b1, b2] = [tf.variable(tf.zeros([width])), tf.variable(tf.zeros([CLASSES]))];
      const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).tanh().matMul(W2).add(b2);
      return { logits, sgd: run.own(tf.train.sgd(rate)), variables: [W1, b1, W2, b2] };
    });
    return { networks, scores: run.state({ judged: [] as number[], test: [] as number[] }) };
  },
  // #endregion
  length: ({ params }, { trials }) =>
    trials.reduce((sum, trial) => sum + search.updatesOf(trial, TAUGHT, params.epochs), 0),
  check: {
    steps: 1560,
    expect: { testAccuracy: { atLeast: 0.85 }, bestTestAccuracy: { atLeast: 0.88 } },
  },
  // #region train
  async *train(run, { trials, taught, validation, test }, { networks, scores }) {
    const { judge, epochs } = run.params;
    const judges = judge === 'validation' ? validation : taught;
    let before = 0; // updates of the trials so far
    for (const [k, trial] of trials.entries()) {
      const { logits, sgd, variables } = networks[k]!;
      const share = async ({ X, Y }: typeof taught) =>
        (await logits(X).argMax(1).equal(Y.argMax(1)).mean().data())[0]!;
      const updates = search.updatesOf(trial, TAUGHT, epochs);
      let step = Math.min(updates, Math.max(0, run.done - before));
      const random = seededRandom(1000 * run.seed + 500 + k);
      for (const rows of batches(random, TAUGHT, trial.batch, epochs, step)) {
        const [X, Y] = [taught.X.gather(rows), taught.Y.gather(rows)];
        const loss = sgd.minimize(() => entropy(Y, logits(X)), true, variables)!;
        if (++step === updates) {
          scores.judged.push(await share(judges));
          scores.test.push(await share(test));
        }
        yield {
          metrics: { loss, ...search.worthOf(scores) },
          views: () => search.searchViews(trials, scores),
        };
      }
      before += updates;
    }
  },
  // #endregion
  probe: {
    input: DIGIT_INPUT,
    async infer(_run, _data, { networks, scores }, input) {
      const X = tf.tensor2d(drawnDigit(input), [1, PIXELS]);
      const asked = search.asked(scores);
      const odds = asked.map(({ k }) => networks[k]!.logits(X).softmax());
      const names = asked.map(({ k, name }) => `${name}，第 ${k + 1} 组`);
      return [oddsView('三组给的概率', names, DIGITS, await tf.concat(odds).data())];
    },
  },
});
