/** A convolutional network and a plain one read digits, and read them moved by a pixel. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, digitPixels, loadDigits, PIXELS } from '../datasets/digits.ts';
import type { DigitSet } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { POOLED, shares, wayView } from '../datasets/feature-maps.ts';
import { movedAround } from '../datasets/moved-digits.ts';
import { inkOf } from '../datasets/photographed.ts';
import { tableView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [SIDE, BATCH, HIDDEN, DRAWN, EVERY] = [8, 50, 128, 24, 10];
const PHOTO = { width: DRAWN, height: DRAWN, channels: 1 } as const;
const POOLING = { max: '2×2 最大', mean: '2×2 平均', none: '不池化', deep: '再卷积，整张取最大' };
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const grid = ({ images, count }: DigitSet) => tf.tensor4d(images, [count, SIDE, SIDE, 1]);
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
    deep: { label: '再卷积，整张取最大', params: { pooling: 'deep', channels: 16 } },
    two: { label: '挪 2 个像素', params: { distance: 2 } },
    one: { label: '1 个卷积核', params: { channels: 1 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const sets = movedAround(test, run.params.distance).map(grid);
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    return { X: grid(train), Y, test, XTest: tf.concat(sets) }; // [5 · 359, 8, 8, 1]
  },
  // #endregion
  // #region model
  model(run) {
    const { channels, pooling } = run.params;
    const random = seededRandom(run.seed);
    const layer = (inputs: number, ...shape: number[]) => {
      const values = random.normals(tf.util.sizeFromShape(shape), Math.sqrt(2 / inputs));
      const b = tf.variable(tf.zeros(shape.slice(-1)));
      return [tf.variable(tf.tensor(values, shape)), b] as const;
    };
    const [W1, b1] = layer(PIXELS, PIXELS, HIDDEN);
    const [W2, b2] = layer(HIDDEN, HIDDEN, CLASSES);
    const dense = (X: tf.Tensor4D) =>
      X.reshape([-1, PIXELS]).matMul(W1).add(b1).relu().matMul(W2).add(b2);
    const { window, side, times } = POOLED[pooling];
    const [out, cells] = [times * channels, side ** 2 * times * channels];
    const [K1, bK1] = layer(9, 3, 3, 1, channels);
    const [W, b] = layer(cells, cells, CLASSES);
    const [K2, bK2] = layer(9 * channels, 3, 3, channels, out);
    const pool = pooling === 'mean' ? tf.avgPool : tf.maxPool;
    const convolve = (X: tf.Tensor4D, K: tf.Tensor, b: tf.Tensor) =>
      tf
        .conv2d(X, K as tf.Tensor4D, 1, 'valid')
        .add(b)
        .relu<tf.Tensor4D>();
    const maps = (X: tf.Tensor4D) => {
      const after = convolve(X, K1, bK1); // 6×6
      const more = pooling === 'deep' ? convolve(after, K2, bK2) : after;
      return [after, pool(more, window, window, 'valid')] as const; // 3×3
    };
    const conv = (X: tf.Tensor4D) => maps(X)[1].reshape([-1, cells]).matMul(W).add(b);
    const draw = async (image: number[]) => {
      const [whole, less] = maps(tf.tensor4d(image, [1, SIDE, SIDE, 1]));
      const values = [await K1.data(), await whole.data(), await less.data()] as const;
      return wayView(image, values, side);
    };
    return { conv, dense, draw, optimizer: run.own(tf.train.adam(0.01)) };
  },
  // #endregion
  length: ({ params }) => params.epochs * Math.ceil(params.count / BATCH),
  check: { steps: 300, expect: { conv: { atLeast: 0.91 }, denseMoved: { atMost: 0.6 } } },
  // #region train
  async *train(run, { X, Y, test, XTest }, { conv, dense, draw, optimizer }) {
    const held = run.state({ conv: 0, dense: 0, convMoved: 0, denseMoved: 0 });
    const { epochs, count } = run.params;
    const total = epochs * Math.ceil(count / BATCH);
    const exam = async (z: tf.Tensor) => shares(await z.argMax(1).data(), test.labels);
    let step = run.done;
    for (const batch of batches(seededRandom(run.seed), count, BATCH, epochs, run.done)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [x, y] = [tf.gather(X, rows), tf.gather(Y, rows)];
      // Adam treats each weight on its own, so the sum trains two separate networks.
      const both = (): tf.Scalar => entropy(y, conv(x)).add(entropy(y, dense(x)));
      const loss = optimizer.minimize(both, true)!;
      if (step++ % EVERY === 0 || step === total) {
        [held.conv, held.convMoved] = await exam(conv(XTest));
        [held.dense, held.denseMoved] = await exam(dense(XTest));
      }
      yield { metrics: { loss, ...held }, views: () => draw(digitPixels(test, 0)) };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'image', label: '一个数字的照片或截图', ...PHOTO },
    async infer(_run, _data, { conv, dense, draw }, input) {
      const ink = input.kind === 'image' && inkOf(input.pixels);
      const image = ink && fitDrawing(ink, DRAWN, DRAWN);
      if (!image) throw new InputError('看不出字：请用深色笔在浅色纸上写一个数字，占满画面。');
      const X = tf.tensor4d(image, [1, SIDE, SIDE, 1]);
      const both = tf.concat([conv(X), dense(X)]).argMax(1);
      const table = tableView('两个网络读作', ['卷积', '全连接'], [[...(await both.data())]]);
      return [table, ...(await draw([...image]))];
    },
  },
});
