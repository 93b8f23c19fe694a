/** A small convolutional network and a plain one read digits, then the same digits moved by a pixel. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, digitPixels, loadDigits, PIXELS, type DigitSet } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { share, wayView } from '../datasets/feature-maps.ts';
import { moveDigits, shift } from '../datasets/moved-digits.ts';
import { tableView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [SIDE, BATCH, HIDDEN, DRAWN, EVERY] = [8, 50, 128, 24, 10];
const POOLING = { max: '2×2 最大', mean: '2×2 平均', none: '不池化', whole: '整张取最大' };
const WINDOW = { max: 2, mean: 2, none: 1, whole: 6 };
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const still = { chart: '没见过的 359 张', better: 'higher', fraction: true } as const;
const moved = { ...still, chart: '同样的图，上下左右各挪一次' } as const;

export default defineExample({
  title: '卷积：一张图走过一个小网络',
  summary: '810 个参数的卷积网络和 9610 个参数的全连接网络认同样的数字，再认挪了一个像素的。',
  techniques: ['vision', 'architecture'],
  params: {
    channels: number('卷积核', 8, [1, 16]),
    pooling: choice('池化', 'max', POOLING),
    distance: number('考试时挪几个像素', 1, [0, 3]),
    count: number('训练图', 1000, [100, 1400], 100),
    epochs: number('遍数', 15, [1, 40]),
  },
  metrics: {
    loss: { label: '两个网络的损失之和', chart: '交叉熵', better: 'lower' },
    conv: { label: '卷积，原图', ...still },
    dense: { label: '全连接，原图', ...still },
    convMoved: { label: '卷积，挪过的', ...moved },
    denseMoved: { label: '全连接，挪过的', ...moved },
  },
  presets: {
    mean: { label: '平均池化', params: { pooling: 'mean' } },
    none: { label: '不池化', params: { pooling: 'none' } },
    whole: { label: '整张取最大，16 个核', params: { pooling: 'whole', channels: 16 } },
    two: { label: '挪 2 个像素', params: { distance: 2 } },
    one: { label: '1 个卷积核', params: { channels: 1 } },
    few: { label: '100 张训练图', params: { count: 100, epochs: 40 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const d = run.params.distance;
    const moves = [shift(0, 0), shift(d, 0), shift(-d, 0), shift(0, d), shift(0, -d)];
    const sets = moves.map((move) => pixels(moveDigits(test, () => move)));
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    return { X: pixels(train), Y, test, XTest: tf.concat(sets) }; // [5 · 359, 8, 8, 1]
  },
  // #endregion
  // #region model
  model(run) {
    const { channels, pooling } = run.params;
    const random = seededRandom(run.seed);
    const weights = (inputs: number, ...shape: number[]) => {
      const values = random.normals(tf.util.sizeFromShape(shape), Math.sqrt(2 / inputs));
      return tf.variable(tf.tensor(values, shape));
    };
    const zeros = (n: number) => tf.variable(tf.zeros([n]));
    const [W1, b1] = [weights(PIXELS, PIXELS, HIDDEN), zeros(HIDDEN)];
    const [W2, b2] = [weights(HIDDEN, HIDDEN, CLASSES), zeros(CLASSES)];
    const dense = (X: tf.Tensor4D) =>
      X.reshape([-1, PIXELS]).matMul(W1).add(b1).relu().matMul(W2).add(b2);
    const [window, pool] = [WINDOW[pooling], pooling === 'mean' ? tf.avgPool : tf.maxPool];
    const cells = (6 / window) ** 2 * channels;
    const [K, bK] = [weights(9, 3, 3, 1, channels) as tf.Tensor4D, zeros(channels)];
    const [W, b] = [weights(cells, cells, CLASSES), zeros(CLASSES)];
    const maps = (X: tf.Tensor4D) => {
      const after = tf.conv2d(X, K, 1, 'valid').add(bK).relu<tf.Tensor4D>(); // 6×6
      return [after, pool(after, window, window, 'valid')] as const; // 3×3
    };
    const conv = (X: tf.Tensor4D) => maps(X)[1].reshape([-1, cells]).matMul(W).add(b);
    const draw = async (image: number[]) => {
      const [after, pooled] = maps(tf.tensor4d(image, [1, SIDE, SIDE, 1]));
      return wayView(image, await K.data(), await after.data(), await pooled.data());
    };
    return { conv, dense, draw, optimizer: run.own(tf.train.adam(0.01)) };
  },
  // #endregion
  length: ({ params }) => params.epochs * Math.ceil(params.count / BATCH),
  check: { steps: 300, expect: { conv: { atLeast: 0.91 }, denseMoved: { atMost: 0.6 } } },
  // #region train
  async *train(run, { X, Y, test, XTest }, { conv, dense, draw, optimizer }) {
    const { count: n, labels } = test;
    const held = run.state({ conv: 0, dense: 0, convMoved: 0, denseMoved: 0 });
    const { epochs, count } = run.params;
    const last = epochs * Math.ceil(count / BATCH) - 1;
    const exam = async (net: typeof conv) => {
      const guesses = await net(XTest).argMax(1).data();
      return [share(guesses.slice(0, n), labels), share(guesses.slice(n), labels)] as const;
    };
    let step = run.done;
    for (const batch of batches(seededRandom(run.seed), count, BATCH, epochs, run.done)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [x, y] = [tf.gather(X, rows), tf.gather(Y, rows)];
      // Adam treats each weight on its own, so the sum trains two separate networks.
      const both = (): tf.Scalar => entropy(y, conv(x)).add(entropy(y, dense(x)));
      const loss = optimizer.minimize(both, true)!;
      if (step % EVERY === 0 || step === last) {
        [held.conv, held.convMoved] = await exam(conv);
        [held.dense, held.denseMoved] = await exam(dense);
      }
      step++;
      yield { metrics: { loss, ...held }, views: () => draw(digitPixels(test, 0)) };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字', width: DRAWN, height: DRAWN },
    async infer(_run, _data, { conv, dense, draw }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, DRAWN, DRAWN);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const X = tf.tensor4d(image, [1, SIDE, SIDE, 1]);
      const both = tf.concat([conv(X), dense(X)]).argMax(1);
      const table = tableView('两个网络读作', ['卷积', '全连接'], [[...(await both.data())]]);
      return [table, ...(await draw([...image]))];
    },
  },
});

const pixels = ({ images, count }: DigitSet) => tf.tensor4d(images, [count, SIDE, SIDE, 1]);
