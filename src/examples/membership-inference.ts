/** An attacker tells from a model's loss who was in its training set: the more it overfits, the better he guesses. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { attackAuc, attackViews, drawCandidates, verdictView } from '../datasets/membership.ts';
import { seededRandom } from '../datasets/random.ts';

const [HIDDEN, CLIP, EVERY] = [128, 1, 5];
const higher = { better: 'higher', fraction: true } as const;

export default defineExample({
  title: '谁在训练集里',
  summary: '攻击者只看模型对一张图的损失，猜它有没有被训练过；训练越久，他猜得越准。',
  techniques: ['privacy', 'evaluation'],
  params: {
    epochs: number('训练遍数', 200, [5, 300], 5),
    members: number('训练图张数', 300, [50, 600], 50),
    wrong: number('标错的比例', 0.2, [0, 0.5], 0.05),
    defence: choice('保护', 'none', { none: '不保护', clip: '裁剪', noise: '裁剪加噪声' }),
    sigma: number('噪声强度 σ', 4, [0.5, 20], 0.5),
  },
  metrics: {
    loss: { label: '训练图', chart: '平均交叉熵', better: 'lower' },
    strangersLoss: { label: '没训练过的图', chart: '平均交叉熵', better: 'lower' },
    validationAccuracy: { label: '359 张测试图', chart: '准确率', ...higher },
    attackAuc: {
      label: '攻击的 AUC',
      chart: '攻击（0.5 是瞎猜）',
      better: 'lower',
      fraction: true,
    },
  },
  presets: {
    early: { label: '只训练 20 遍', params: { epochs: 20 } },
    clean: { label: '标签全对', params: { wrong: 0 } },
    many: { label: '600 张训练图', params: { members: 600 } },
    clip: { label: '只裁剪', params: { defence: 'clip' } },
    noise: { label: '裁剪加噪声', params: { defence: 'noise' } },
  },
  // #region data
  async data(run) {
    const { params, seed } = run;
    const { train, test } = await loadDigits(run);
    const count = 2 * params.members; // as many strangers as members
    const { all, given } = drawCandidates(train, count, params.wrong, seededRandom(seed));
    const X = tf.tensor2d(all.images, [count, PIXELS]);
    const Y = tf.oneHot(given, CLASSES).toFloat();
    const trained = { x: X.slice(0, params.members), y: Y.slice(0, params.members) };
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    const labels = tf.tensor1d(test.labels, 'int32');
    return { all, given, X, Y, trained, XTest, labels };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
    const hidden = (X: tf.Tensor2D) => X.matMul(W1).relu();
    const logits = (X: tf.Tensor2D) => hidden(X).matMul(W2);
    const logP = (X: tf.Tensor2D) => logits(X).logSoftmax();
    const lossOf = (X: tf.Tensor2D, Y: tf.Tensor) => logP(X).mul(Y).sum(1).neg();
    const optimizer = run.own(tf.train.adam(0.01));
    return { W1, W2, hidden, logits, lossOf, random, optimizer };
  },
  // #endregion
  length: ({ params }) => params.epochs,
  check: { steps: 200, expect: { attackAuc: { atLeast: 0.65 } } },
  // #region train
  async *train(run, { all, given, X, Y, trained: { x, y }, XTest, labels }, model) {
    const { W1, W2, hidden, logits, lossOf, random, optimizer } = model;
    const { epochs, members, defence, sigma } = run.params;
    const attack = run.state({ auc: 0.5 });
    const noise = (m: number, n: number) =>
      tf.tensor2d(random.normals(m * n, (sigma * CLIP) / members), [m, n]);
    for (let step = 0; step < epochs; step++) {
      const blur = defence === 'noise' && [noise(PIXELS, HIDDEN), noise(HIDDEN, CLASSES)];
      if (step < run.done) continue; // only the chance is drawn again
      const h = hidden(x);
      let d2 = h.matMul(W2).softmax().sub(y).div(members);
      let d1 = d2.matMul(W2, false, true).mul(h.step());
      if (defence !== 'none') {
        // One image's gradient is an outer product, so its length is a product.
        const size = (rows: tf.Tensor) => rows.square().sum(1, true); // [members, 1]
        const [first, second] = [size(x).mul(size(d1)), size(h).mul(size(d2))];
        const length = first.add(second).sqrt().mul(members);
        const shrink = tf.scalar(CLIP).div(length.maximum(CLIP));
        [d1, d2] = [d1.mul(shrink), d2.mul(shrink)];
      }
      const gradients = [tf.matMul(x, d1, true), tf.matMul(h, d2, true)].map((g, i) => {
        return { name: [W1, W2][i]!.name, tensor: blur ? g.add(blur[i]!) : g };
      });
      optimizer.applyGradients(gradients);
      if (step % EVERY === 0 || step === epochs - 1) {
        attack.auc = attackAuc(await lossOf(X, Y).data(), members);
      }
      const losses = lossOf(X, Y);
      yield {
        metrics: {
          loss: losses.slice(0, members).mean().asScalar(),
          strangersLoss: losses.slice(members).mean().asScalar(),
          validationAccuracy: logits(XTest).argMax(1).equal(labels).mean().asScalar(),
          attackAuc: attack.auc,
        },
        views: async () => attackViews(all, given, await lossOf(X, Y).data(), members),
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '当一回攻击者：损失低于多少就指认？',
      fields: { limit: { label: '损失的界限', default: 0.1, min: 0, max: 5, step: 0.01 } },
    },
    async infer({ params: { members } }, { X, Y }, { lossOf }, input) {
      const limit = input.kind === 'numbers' ? input.values['limit'] : undefined;
      if (limit === undefined) throw new InputError('这里只收一个数：损失的界限。');
      return [verdictView(await lossOf(X, Y).data(), members, limit)];
    },
  },
});
