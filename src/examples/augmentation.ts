/** Trains on digits as they are or on changed copies, and tests on both. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { CLASSES, loadDigits, pickDigits, PIXELS } from '../datasets/digits.ts';
import type { DigitSet } from '../datasets/digits.ts';
import { moveDigits, shift, turn, type Move } from '../datasets/moved-digits.ts';
import { seededRandom } from '../datasets/random.ts';

const [BATCH, HIDDEN] = [50, 64];
const SHIFTS = [shift(1, 0), shift(-1, 0), shift(0, 1), shift(0, -1)];
const NAMES = Array.from('0123456789');
const fraction = { better: 'higher', fraction: true } as const;

export default defineExample({
  title: '数据增强：挪一个像素',
  summary: '同样的 300 张数字，一个网络照原样学，一个边学边改图，再用原图和改过的图考它们。',
  techniques: ['data', 'classification'],
  params: {
    change: {
      kind: 'choice',
      label: '怎么改图',
      default: 'shift',
      options: { shift: '上下左右挪 1 像素', turn: '转 180°' },
    },
    count: { kind: 'number', label: '训练图', default: 300, min: 50, max: 1400, step: 50 },
    epochs: { kind: 'number', label: '遍数', default: 80, min: 5, max: 120, step: 5 },
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
    const XMoved = tf.concat(moves.map((move) => pixels(moveDigits(test, () => move))));
    const y = tf.tensor1d(test.labels);
    return { few, moves, random, X, XMoved, y, yMoved: tf.tile(y, [moves.length]) };
  },
  // #endregion
  // #region model
  model(run) {
    const mlp = () => {
      const random = seededRandom(run.seed); // both networks start with the same weights
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
  // #region train
  async *train({ params }, data, { plain, augmented, adam }) {
    const { few, moves, random, X, XMoved, y, yMoved } = data;
    const accuracy = (z: tf.Tensor, y: tf.Tensor): tf.Scalar =>
      z.argMax(1).equal(y).toFloat().mean();
    for (let epoch = 0; epoch < params.epochs; epoch++) {
      const order = random.permutation(few.count);
      for (let from = 0; from < few.count; from += BATCH) {
        const batch = pickDigits(few, order.slice(from, from + BATCH));
        const changed = moveDigits(
          batch,
          () => moves[random.integer(moves.length + 1)] ?? shift(0, 0),
        );
        const [x, xChanged] = [pixels(batch), pixels(changed)];
        const Y = tf.oneHot(batch.labels, CLASSES);
        adam.minimize(() => {
          const loss: tf.Scalar = tf.losses.softmaxCrossEntropy(Y, plain(x));
          return loss.add(tf.losses.softmaxCrossEntropy(Y, augmented(xChanged)));
        });
      }
      yield {
        metrics: {
          plain: accuracy(plain(X), y),
          augmented: accuracy(augmented(X), y),
          plainMoved: accuracy(plain(XMoved), yMoved),
          augmentedMoved: accuracy(augmented(XMoved), yMoved),
        },
        views: async () => [
          confusion(
            '不增强的网络看改过的图',
            await plain(XMoved).argMax(1).data(),
            await yMoved.data(),
          ),
          confusion('增强的网络看原图', await augmented(X).argMax(1).data(), await y.data()),
          samples(few, moves),
        ],
      };
    }
  },
  // #endregion
  check: {
    steps: 80,
    expect: { plainMoved: { atMost: 0.55 }, augmentedMoved: { atLeast: 0.85 } },
  },
});

function pixels({ images, count }: DigitSet): tf.Tensor2D {
  return tf.tensor2d(images, [count, PIXELS]);
}

function confusion(title: string, guesses: ArrayLike<number>, labels: ArrayLike<number>) {
  const values = NAMES.map(() => NAMES.map(() => 0));
  Array.from(labels, (label, i) => values[label]![guesses[i]!]!++);
  const titles = { rowTitle: '真的是', columnTitle: '判成' };
  const names = { rows: NAMES, columns: NAMES };
  return { kind: 'matrix' as const, title, ...titles, ...names, values };
}

/** Four training images, each as it is and changed. */
function samples(few: DigitSet, moves: readonly Move[]) {
  const rows = [0, 1, 2, 3];
  const shown = pickDigits(few, rows);
  const copy = (move: Move) => moveDigits(shown, () => move).images;
  const variants = [shift(0, 0), ...moves].map(copy);
  const images = rows.flatMap((row) =>
    variants.map((variant, i) => ({
      pixels: [...variant.subarray(row * PIXELS, (row + 1) * PIXELS)],
      caption: `${shown.labels[row]}${i === 0 ? '，原图' : ''}`,
    })),
  );
  return { kind: 'images' as const, title: '增强后的训练图', width: 8, height: 8, images };
}
