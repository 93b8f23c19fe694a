/** Trains on digits as they are or on changed copies, and tests on both. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, digitPixels, loadDigits, pickDigits, PIXELS } from '../datasets/digits.ts';
import type { DigitSet } from '../datasets/digits.ts';
import { moveDigits, shift, turn, type Move } from '../datasets/moved-digits.ts';
import { confusionView, imagesView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const [BATCH, HIDDEN] = [50, 64];
const SHIFTS = [shift(1, 0), shift(-1, 0), shift(0, 1), shift(0, -1)];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const fraction = { better: 'higher', fraction: true } as const;

export default defineExample({
  title: '数据增强：挪一个像素',
  summary: '同样的 300 张数字，一个网络照原样学，一个边学边改图，再用原图和改过的图考它们。',
  techniques: ['data', 'classification'],
  params: {
    change: choice('怎么改图', 'shift', { shift: '上下左右挪 1 像素', turn: '转 180°' }),
    count: number('训练图', 300, [50, 1400], 50),
    epochs: number('遍数', 80, [5, 120], 5),
  },
  metrics: {
    plain: { label: '不增强，原图', chart: '原图上的准确率', ...fraction },
    augmented: { label: '增强，原图', chart: '原图上的准确率', ...fraction },
    plainMoved: { label: '不增强，改过的图', chart: '改过的图上的准确率', ...fraction },
    augmentedMoved: { label: '增强，改过的图', chart: '改过的图上的准确率', ...fraction },
  },
  presets: {
    turn: { label: '转 180°', params: { change: 'turn' } },
    many: { label: '1400 张训练图', params: { count: 1400, epochs: 40 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const random = seededRandom(run.seed);
    const rows = random.permutation(train.count).slice(0, run.params.count);
    const few = pickDigits(train, rows);
    const moves: readonly Move[] = run.params.change === 'turn' ? [turn] : SHIFTS;
    const X = pixels(test);
    const XMoved = tf.concat(moves.map((m) => pixels(moveDigits(test, () => m))));
    const y = tf.tensor1d(test.labels);
    return { few, moves, random, X, XMoved, y, yMoved: tf.tile(y, [moves.length]) };
  },
  // #endregion
  // #region model
  model(run) {
    const mlp = () => {
      const random = seededRandom(run.seed); // the same start for both
      const weights = (m: number, n: number) =>
        tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
      const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
      const b = tf.variable(tf.zeros([HIDDEN]));
      return (X: tf.Tensor) => X.matMul(W1).add(b).relu().matMul(W2);
    };
    return { plain: mlp(), augmented: mlp(), adam: run.own(tf.train.adam(0.01)) };
  },
  // #endregion
  length: ({ params }) => params.epochs,
  check: {
    steps: 80,
    expect: { plainMoved: { atMost: 0.55 }, augmentedMoved: { atLeast: 0.85 } },
  },
  // #region train
  async *train({ params, done }, data, { plain, augmented, adam }) {
    const { few, moves, random, X, XMoved, y, yMoved } = data;
    const anyMove = () => moves[random.integer(moves.length + 1)] ?? shift(0, 0);
    const accuracy = (z: tf.Tensor, y: tf.Tensor): tf.Scalar =>
      z.argMax(1).equal(y).toFloat().mean();
    for (let epoch = 0; epoch < params.epochs; epoch++) {
      const order = random.permutation(few.count);
      const changes = order.map(anyMove);
      if (epoch < done) continue; // only the chance is drawn again
      for (let from = 0; from < few.count; from += BATCH) {
        const batch = pickDigits(few, order.slice(from, from + BATCH));
        const moved = moveDigits(batch, (i) => changes[from + i]!);
        const [x, xMoved] = [pixels(batch), pixels(moved)];
        const Y = tf.oneHot(batch.labels, CLASSES);
        adam.minimize(() => entropy(Y, plain(x)).add(entropy(Y, augmented(xMoved))));
      }
      const metrics = {
        plain: accuracy(plain(X), y),
        augmented: accuracy(augmented(X), y),
        plainMoved: accuracy(plain(XMoved), yMoved),
        augmentedMoved: accuracy(augmented(XMoved), yMoved),
      };
      const views = async () => [
        await confusion('不增强的网络看改过的图', yMoved, plain(XMoved)),
        await confusion('增强的网络看原图', y, augmented(X)),
        samples(few, moves),
      ];
      yield { metrics, views };
    }
  },
  // #endregion
});

function pixels({ images, count }: DigitSet): tf.Tensor2D {
  return tf.tensor2d(images, [count, PIXELS]);
}

async function confusion(title: string, labels: tf.Tensor, z: tf.Tensor) {
  return confusionView(title, await labels.data(), await z.argMax(1).data());
}

/** Four training images, each as it is and changed. */
function samples(few: DigitSet, moves: readonly Move[]) {
  const variants = [shift(0, 0), ...moves].map((move) => moveDigits(few, () => move));
  const images = [0, 1, 2, 3].flatMap((row) =>
    variants.map((variant, i) => ({
      pixels: digitPixels(variant, row),
      caption: `${few.labels[row]}${i === 0 ? '，原图' : ''}`,
    })),
  );
  return imagesView('增强后的训练图', 8, images);
}
