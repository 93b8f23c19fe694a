/** A small network looks at a noisy picture and says where the shape is: a box of four numbers. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { batches, seededRandom } from '../datasets/random.ts';
import { boxAt, boxViews, drawShapes, inkBox, iou, scoreBoxes } from '../datasets/shapes.ts';
import { SIDE, type Shapes } from '../datasets/shapes.ts';

const [BATCH, TESTS, EVERY] = [25, 100, 20];
const chart = { chart: 'IoU', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '框出图形',
  summary: '小网络看 16×16 的噪声图，用四个数框出里面的图形；卷积和全连接比，看谁用得上位置。',
  techniques: ['vision', 'architecture'],
  params: {
    net: choice('网络', 'conv', { conv: '卷积', dense: '全连接' }),
    pictures: number('训练图', 1000, [100, 2000], 100),
    noise: number('噪声 σ', 0.3, [0, 0.8], 0.1),
    epochs: number('遍数', 10, [1, 40]),
  },
  metrics: {
    loss: { label: '框的四条边平均差几像素', chart: '像素', better: 'lower' },
    validationIou: { label: '没见过的图', ...chart },
    smallIou: { label: '其中小框（≤ 25 像素）', ...chart },
    baselineIou: { label: '永远猜平均的框', ...chart },
  },
  presets: {
    dense: { label: '全连接', params: { net: 'dense' } },
    fed: { label: '全连接，2000 张', params: { net: 'dense', pictures: 2000, epochs: 30 } },
    few: { label: '卷积，200 张', params: { pictures: 200, epochs: 40 } },
    noisy: { label: '噪声 0.6', params: { noise: 0.6 } },
    clean: { label: '没有噪声', params: { noise: 0 } },
  },
  // #region data
  data({ params, seed }) {
    const random = seededRandom(seed);
    const train = drawShapes(random, params.pictures, params.noise);
    const test = drawShapes(random, TESTS, params.noise);
    const tensors = ({ pixels, boxes, count }: Shapes) => ({
      X: tf.tensor4d(pixels, [count, SIDE, SIDE, 1]),
      B: tf.tensor2d(boxes, [count, 4]), // left, top, right, bottom; 0 … 1
    });
    return { train: tensors(train), test, XTest: tensors(test).X, random };
  },
  // #endregion
  // #region model
  model(run, { random }) {
    const weights = (...shape: number[]) => {
      const inputs = shape.slice(0, -1).reduce((a, b) => a * b);
      const values = random.normals(inputs * shape.at(-1), Math.sqrt(2 / inputs));
      return tf.variable(tf.tensor(values, shape));
    };
    if (run.params.net === 'dense') {
      const [W1, W2, W3] = [weights(SIDE * SIDE, 64), weights(64, 64), weights(64, 4)];
      const flat = (X: tf.Tensor4D) => X.reshape([-1, SIDE * SIDE]);
      const boxes = (X: tf.Tensor4D): tf.Tensor =>
        flat(X).matMul(W1).relu().matMul(W2).relu().matMul(W3).sigmoid();
      return { boxes, optimizer: run.own(tf.train.adam(0.003)) };
    }
    const K = [weights(5, 5, 1, 6), weights(3, 3, 6, 6), weights(3, 3, 6, 4)] as const;
    const places = Array.from({ length: 4 * SIDE * SIDE }, (_, i) => {
      const [side, pixel] = [Math.floor(i / SIDE ** 2), i % SIDE ** 2];
      return ((side % 2 ? Math.floor(pixel / SIDE) : pixel % SIDE) + 0.5) / SIDE;
    });
    const P = tf.tensor2d(places, [4, SIDE * SIDE]); // x, y, x, y of every pixel
    const conv = (X: tf.Tensor, kernel: tf.Tensor): tf.Tensor =>
      tf.conv2d(X as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same');
    const boxes = (X: tf.Tensor4D): tf.Tensor => {
      const maps = conv(conv(conv(X, K[0]).relu(), K[1]).relu(), K[2]); // [batch, 16, 16, 4]
      const where = maps
        .reshape([-1, SIDE * SIDE, 4])
        .transpose([0, 2, 1])
        .softmax();
      return where.mul(P).sum(2); // the mean place of each side
    };
    return { boxes, optimizer: run.own(tf.train.adam(0.003)) };
  },
  // #endregion
  length: ({ params }) => params.epochs * Math.ceil(params.pictures / BATCH),
  check: {
    steps: 400,
    expect: { validationIou: { atLeast: 0.62 }, baselineIou: { atMost: 0.3 } },
  },
  // #region train
  async *train(run, { train, test, XTest, random }, { boxes, optimizer }) {
    const { pictures, epochs } = run.params;
    const mean = await train.B.mean(0).tile([TESTS]).data();
    const baselineIou = scoreBoxes(test, mean).all;
    const held = run.state({ all: 0, small: 0 });
    const last = epochs * Math.ceil(pictures / BATCH) - 1;
    let step = run.done;
    for (const batch of batches(random, pictures, BATCH, epochs, run.done)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [X, B] = [tf.gather(train.X, rows), tf.gather(train.B, rows)];
      const error = () => boxes(X).sub(B).abs().mean().mul(SIDE).asScalar();
      const loss = optimizer.minimize(error, true)!;
      if (step % EVERY === 0 || step === last) {
        const { all, small } = scoreBoxes(test, await boxes(XTest).data());
        Object.assign(held, { all, small });
      }
      step++;
      yield {
        metrics: { loss, validationIou: held.all, smallIou: held.small, baselineIou },
        views: async () => boxViews(test, await boxes(XTest).data()),
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '画一个图形', width: SIDE, height: SIDE },
    async infer(_run, _data, { boxes }, input) {
      const truth = input.kind === 'drawing' && inkBox(input.pixels);
      if (!truth) throw new InputError('画板是空的：请画一个方块或圆圈，实心、空心都行。');
      const pixels = [...input.pixels];
      const guess = boxAt(await boxes(tf.tensor4d(pixels, [1, SIDE, SIDE, 1])).data(), 0, 1);
      const caption = `IoU ${iou(truth, guess).toFixed(2)}`;
      const images = [{ pixels, caption, boxes: [truth, guess] }];
      const groups = ['墨迹的外框', '网络框的'];
      return [{ kind: 'boxes', title: '你画的', width: SIDE, height: SIDE, groups, images }];
    },
  },
});
