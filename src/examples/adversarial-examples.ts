/** Moves every pixel a little towards the wrong answer (FGSM), and trains on such pictures to resist it. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS, type DigitSet } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { imagesView } from '../datasets/pictures.ts';
import { attackViews } from '../datasets/perturbed-digits.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [HIDDEN, BATCH, SIDE, EVERY] = [128, 64, 24, 20];
const EPSILONS = [0, 0.5, 1, 1.5, 2, 3, 4, 6];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const chart = { chart: '没见过的 359 张', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '骗过数字网络',
  summary: '把每个像素朝“更错”的方向挪一点点，人几乎看不出，网络却认错；再拿这样的图训练它。',
  techniques: ['safety', 'vision'],
  params: {
    epsilon: number('每个像素最多挪几个 1/16', 2, [0, 6], 0.5),
    defence: number('训练时也挪几个 1/16', 0, [0, 6], 0.5),
    epochs: number('遍数', 12, [2, 30]),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '原图', ...chart },
    noiseAccuracy: { label: '随机挪同样多', ...chart },
    attackedAccuracy: { label: '朝最坏的方向挪', ...chart },
  },
  presets: {
    small: { label: '只挪 1/16', params: { epsilon: 1 } },
    defended: { label: '对抗训练', params: { defence: 2 } },
    stronger: { label: '对抗训练，攻击 4/16', params: { defence: 2, epsilon: 4 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const tensors = ({ images, labels, count }: DigitSet) => ({
      X: tf.tensor2d(images, [count, PIXELS]), // 0 (paper) … 1 (ink)
      Y: tf.oneHot(labels, CLASSES).toFloat(),
    });
    const coins = seededRandom(run.seed + 1).normals(test.count * PIXELS);
    const signs = tf.tensor2d(coins, [test.count, PIXELS]).sign(); // −1 or 1
    return { train: tensors(train), test: tensors(test), unseen: test, signs };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
    const [b1, b2] = [tf.variable(tf.zeros([HIDDEN])), tf.variable(tf.zeros([CLASSES]))];
    const logits = (X: tf.Tensor) => X.matMul(W1).add(b1).relu().matMul(W2).add(b2);
    const attack = (X: tf.Tensor, Y: tf.Tensor, epsilon: number) => {
      const uphill = tf.grad((x: tf.Tensor) => entropy(Y, logits(x)))(X); // [batch, 64]
      return X.add(uphill.sign().mul(epsilon / 16)).clipByValue(0, 1);
    };
    return { logits, attack, optimizer: run.own(tf.train.adam(0.003)), random };
  },
  // #endregion
  length: ({ params }, { train }) => params.epochs * Math.ceil(train.X.shape[0] / BATCH),
  check: {
    steps: 276,
    expect: { validationAccuracy: { atLeast: 0.93 }, attackedAccuracy: { atMost: 0.6 } },
  },
  // #region train
  async *train(run, { train, test, unseen, signs }, model) {
    const { logits, attack, optimizer, random } = model;
    const { epsilon, defence, epochs } = run.params;
    const count = train.X.shape[0];
    const last = epochs * Math.ceil(count / BATCH) - 1;
    const right = (X: tf.Tensor): tf.Scalar => logits(X).argMax(1).equal(test.Y.argMax(1)).mean();
    const jitter = (by: number) => test.X.add(signs.mul(by / 16)).clipByValue(0, 1);
    const held = run.state({ noiseAccuracy: 0, attackedAccuracy: 0 });
    let step = run.done;
    for (const batch of batches(random, count, BATCH, epochs, run.done)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [X, Y] = [tf.gather(train.X, rows), tf.gather(train.Y, rows)];
      const lesson = defence > 0 ? attack(X, Y, defence) : X;
      const loss = optimizer.minimize(() => entropy(Y, logits(lesson)), true)!;
      if (step % EVERY === 0 || step === last) {
        held.noiseAccuracy = (await right(jitter(epsilon)).data())[0]!;
        held.attackedAccuracy = (await right(attack(test.X, test.Y, epsilon)).data())[0]!;
      }
      step++;
      yield {
        metrics: { loss, validationAccuracy: right(test.X), ...held },
        views: async () => {
          const attacked = EPSILONS.map((by) => right(attack(test.X, test.Y, by)));
          const shaken = EPSILONS.map((by) => right(jitter(by)));
          const moved = attack(test.X, test.Y, epsilon);
          const guesses = [test.X, moved].map((A) => logits(A).argMax(1));
          const [curves, [before, after], pixels] = await Promise.all([
            Promise.all([attacked, shaken].map((line) => tf.stack(line).data())),
            Promise.all(guesses.map((guess) => guess.data())),
            moved.data(),
          ]);
          return attackViews(EPSILONS, curves, unseen, before!, after!, pixels);
        },
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字，看它被骗', width: SIDE, height: SIDE },
    async infer(run, _data, { logits, attack }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const X = tf.tensor2d(image, [1, PIXELS]);
      const Y = tf.oneHot(logits(X).argMax(1), CLASSES).toFloat(); // what it reads now
      const pictures = await Promise.all(
        [0, run.params.epsilon].map(async (by) => {
          const moved = attack(X, Y, by);
          const p = await logits(moved).softmax().data();
          const best = p.indexOf(Math.max(...p));
          const caption = `挪 ${by}/16：${best}（${p[best]!.toFixed(2)}）`;
          return { pixels: Array.from(await moved.data()), caption };
        }),
      );
      return [imagesView('同一个网络，两次读法', 8, pictures)];
    },
  },
});
