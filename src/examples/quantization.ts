/** A trained network is rounded to 8, 6, 4, 3 and 2 bits: what each costs in accuracy and saves in bytes. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { readTwice, sizeInBytes, storedViews } from '../datasets/compressed.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [HIDDEN, BATCH, SIDE, EVERY] = [128, 64, 24, 23]; // 23 batches are one epoch
const BITS = [8, 6, 4, 3, 2];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const tested = { chart: '没见过的 359 张，准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '量化：每个权重几位才够',
  summary: '认数字的网络学好以后，把 32 位的权重改成 8、6、4、3、2 位的整数，比准确率和字节。',
  techniques: ['classification', 'architecture'],
  params: {
    scheme: choice('整数怎样摆', 'symmetric', { symmetric: '以零对称', affine: '从最小到最大' }),
    scales: choice('几个权重共用一个刻度', 'tensor', { tensor: '整张矩阵', unit: '每个单元' }),
    clip: number('刻度只盖住最大值的', 1, [0.2, 1], 0.05),
    activations: choice('隐藏层的输出', 'float', { float: '留 32 位', same: '也量化' }),
    stretch: number('把 8 个单元的权重放大', 1, [1, 40]),
    epochs: number('遍数', 8, [1, 20]),
    bits: number('看图、画数字时用几位', 4, [2, 8]),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '32 位', ...tested },
    eight: { label: '8 位', ...tested },
    six: { label: '6 位', ...tested },
    four: { label: '4 位', ...tested },
    three: { label: '3 位', ...tested },
    two: { label: '2 位', ...tested },
  },
  presets: {
    unit: { label: '每个单元一个刻度', params: { scales: 'unit' } },
    affine: { label: '从最小到最大', params: { scheme: 'affine' } },
    clip: { label: '刻度盖住一半', params: { clip: 0.5 } },
    activations: { label: '输出也量化', params: { activations: 'same' } },
    stretch: { label: '8 个单元放大 20 倍', params: { stretch: 20 } },
    stretchUnit: { label: '放大，每单元一个刻度', params: { stretch: 20, scales: 'unit' } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const X = tf.tensor2d(train.images, [train.count, PIXELS]);
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    return { X, Y, XTest, labels: tf.tensor1d(test.labels, 'int32') };
  },
  // #endregion
  // #region model
  model(run) {
    const { scheme, scales, clip, activations, stretch } = run.params;
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
    const [b1, b2] = [tf.variable(tf.zeros([HIDDEN])), tf.variable(tf.zeros([CLASSES]))];
    // Times c before a ReLU and divided by c after it: the same function, other weights.
    const c = tf.ones([HIDDEN]).where(tf.range(0, HIDDEN).greaterEqual(8), stretch);
    const affine = scheme === 'affine';
    const axis = scales === 'unit' ? 0 : undefined; // the weights of a unit are a column
    // #region round
    /** W, rounded to `bits` bits: whole numbers times one scale. */
    const round = (W: tf.Tensor, bits: number, axis?: number) => {
      const high = (affine ? W : W.abs()).max(axis, true).mul(clip);
      const low = affine ? W.min(axis, true).mul(clip) : high.neg();
      const levels = 2 ** bits - (affine ? 1 : 2); // symmetric: −127 … 127
      const scale = high.sub(low).div(levels).maximum(1e-12);
      const first = low.div(scale).round(); // the least whole number
      return W.div(scale).round().maximum(first).minimum(first.add(levels)).mul(scale);
    };
    // #endregion
    const rounded = (bits: number) => {
      const [first, second] = [W1.mul(c), W2.div(c.expandDims(1))];
      return bits === 32 ? [first, second] : [round(first, bits, axis), round(second, bits, axis)];
    };
    const logits = (X: tf.Tensor, bits: number) => {
      const [first, second] = rounded(bits) as [tf.Tensor, tf.Tensor];
      const h = X.matMul(first).add(b1.mul(c)).relu();
      const whole = activations === 'same' && bits < 32;
      return (whole ? round(h, bits) : h).matMul(second).add(b2);
    };
    const stored = async (bits: number, accuracy: number) => {
      const bytes = sizeInBytes([W1.shape, W2.shape], bits, scales === 'unit');
      return { bits, bytes, accuracy, weights: await rounded(bits)[0]!.data() };
    };
    return { logits, stored, adam: run.own(tf.train.adam(0.003)), random };
  },
  // #endregion
  length: ({ params }) => params.epochs * EVERY,
  check: { steps: 184, expect: { eight: { atLeast: 0.93 }, two: { atMost: 0.7 } } },
  // #region train
  async *train(run, { X, Y, XTest, labels }, model) {
    const { logits, stored, adam, random } = model;
    const { params, done } = run;
    const seen = run.state({ right: BITS.map(() => 0) });
    const right = (bits: number): tf.Scalar => logits(XTest, bits).argMax(1).equal(labels).mean();
    let step = done;
    for (const batch of batches(random, X.shape[0], BATCH, params.epochs, done)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [x, y] = [X.gather(rows), Y.gather(rows)];
      const loss = adam.minimize(() => entropy(y, logits(x, 32)), true)!;
      if (++step % EVERY === 0) seen.right = Array.from(await tf.stack(BITS.map(right)).data());
      const [eight, six, four, three, two] = seen.right as [N, N, N, N, N];
      const metrics = { loss, validationAccuracy: right(32), eight, six, four, three, two };
      const look = async (bits: number) => stored(bits, (await right(bits).data())[0]!);
      const views = async () =>
        storedViews(await look(32), await Promise.all(BITS.map(look)), await look(params.bits));
      yield { metrics, views };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字，两个网络一起读', width: SIDE, height: SIDE },
    async infer({ params: { bits } }, _data, { logits }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const read = (width: number) =>
        logits(tf.tensor2d(image, [1, PIXELS]), width)
          .softmax()
          .data();
      const [full, whole] = [await read(32), await read(bits)];
      return readTwice([...image], ['32 位', full], [`${bits} 位`, whole]);
    },
  },
});

type N = number;
