/** A small network marks bright discs in noisy pictures, pixel by pixel: the small ones are missed first. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { drawScans, pixelBaseline, scanView, scoreMask, SIDE } from '../datasets/lesions.ts';
import { tradeViews, verdicts, type Scans } from '../datasets/lesions.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [PICTURES, BATCH, TESTS, EVERY] = [200, 10, 80, 40];
const found = { chart: '找到的病灶', better: 'higher', fraction: true } as const;
const overlap = { chart: 'IoU', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '圈出病灶',
  summary: '噪声里有几个亮一点的圆，网络给每个像素一个概率；看小的先漏，再用阈值换误报。',
  techniques: ['vision', 'evaluation'],
  params: {
    kernel: choice('卷积核', 'k3', { k1: '1×1', k3: '3×3', k5: '5×5' }),
    threshold: number('超过多少算病灶', 0.5, [0.05, 0.95], 0.05),
    noise: number('噪声 σ', 0.2, [0.05, 0.4], 0.05),
    epochs: number('遍数', 12, [1, 40]),
  },
  metrics: {
    loss: { label: '训练损失', chart: '每个像素的交叉熵', better: 'lower' },
    validationIou: { label: '网络，没见过的图', ...overlap },
    pixelIou: { label: '只按亮度画线，最好的一条', ...overlap },
    smallFound: { label: '小的（半径 ≤ 1.5）', ...found },
    largeFound: { label: '大的', ...found },
    falseAlarms: { label: '误报', chart: '每张图几处', better: 'lower' },
  },
  presets: {
    eager: { label: '阈值 0.1', params: { threshold: 0.1 } },
    strict: { label: '阈值 0.9', params: { threshold: 0.9 } },
    pixel: { label: '只看一个像素', params: { kernel: 'k1' } },
    noisy: { label: '噪声 0.3', params: { noise: 0.3 } },
  },
  // #region data
  data({ params, seed }) {
    const random = seededRandom(seed);
    const train = drawScans(random, PICTURES, params.noise);
    const test = drawScans(random, TESTS, params.noise);
    const picture = (values: Float32Array, count: number) =>
      tf.tensor4d(values, [count, SIDE, SIDE, 1]);
    const tensors = ({ pixels, truth, count }: Scans) => ({
      X: picture(pixels, count).sub(0.3),
      Y: picture(truth, count), // 1 inside a lesion
    });
    return { train: tensors(train), test, XTest: tensors(test).X, random };
  },
  // #endregion
  // #region model
  model(run, { random }) {
    const size = { k1: 1, k3: 3, k5: 5 }[run.params.kernel];
    const layer = (inputs: number, outputs: number) => {
      const fan = size * size * inputs;
      const values = random.normals(fan * outputs, Math.sqrt(2 / fan));
      const K = tf.variable(tf.tensor4d(values, [size, size, inputs, outputs]));
      const b = tf.variable(tf.zeros([outputs]));
      return (X: tf.Tensor): tf.Tensor => tf.conv2d(X as tf.Tensor4D, K, 1, 'same').add(b);
    };
    const [first, second, last] = [layer(1, 6), layer(6, 6), layer(6, 1)];
    const logits = (X: tf.Tensor) => last(second(first(X).relu()).relu()); // [batch, 24, 24, 1]
    return { logits, optimizer: run.own(tf.train.adam(0.01)) };
  },
  // #endregion
  length: ({ params }) => (params.epochs * PICTURES) / BATCH,
  check: { steps: 240, expect: { validationIou: { atLeast: 0.6 }, largeFound: { atLeast: 0.8 } } },
  // #region train
  async *train(run, { train, test, XTest, random }, { logits, optimizer }) {
    const { params, done } = run;
    const pixelIou = pixelBaseline(test);
    const look = (X: tf.Tensor) => logits(X).sigmoid().data();
    const held = run.state({ iou: 0, smallFound: 0, largeFound: 0, falseAlarms: 0 });
    const last = (params.epochs * PICTURES) / BATCH;
    let step = done;
    for (const batch of batches(random, PICTURES, BATCH, params.epochs, done)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [X, Y] = [tf.gather(train.X, rows), tf.gather(train.Y, rows)];
      const entropy = () => tf.losses.sigmoidCrossEntropy<tf.Tensor, tf.Scalar>(Y, logits(X));
      const loss = optimizer.minimize(entropy, true)!;
      if (step++ % EVERY === 0 || step === last) {
        Object.assign(held, scoreMask(test, await look(XTest), params.threshold));
      }
      const { iou, ...counts } = held;
      yield {
        metrics: { loss, validationIou: iou, pixelIou, ...counts },
        views: async () => {
          const p = await look(XTest);
          const marks = Array.from(p, (value) => (value >= params.threshold ? 1 : 0));
          const captions = verdicts(test, p, params.threshold, 8);
          const title = '没见过的图，染色的是网络圈出的';
          return [
            ...tradeViews(test, p, params.threshold),
            scanView(title, test.pixels, marks, captions),
          ];
        },
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '画几个大小不同的点', width: SIDE, height: SIDE },
    async infer({ params, seed }, _data, { logits }, input) {
      if (input.kind !== 'drawing' || !input.pixels.some((ink) => ink > 0.1)) {
        throw new InputError('画板是空的：请点几个点，有大有小。');
      }
      const random = seededRandom(seed);
      const noisy = input.pixels.map((ink) =>
        Math.min(1, Math.max(0, 0.3 + 0.35 * ink + params.noise * random.normal())),
      );
      const p = await logits(tf.tensor4d(noisy, [1, SIDE, SIDE, 1]).sub(0.3))
        .sigmoid()
        .data();
      const marks = Array.from(p, (value) => (value >= params.threshold ? 1 : 0));
      return [
        scanView(
          '加上噪声以后，网络圈出的',
          [...noisy, ...noisy],
          [...noisy.map(() => 0), ...marks],
          ['你画的加噪声', '圈出的'],
        ),
      ];
    },
  },
});
