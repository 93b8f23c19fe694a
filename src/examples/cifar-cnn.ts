/** The document's convolutional network with its 122,570 weights, beside a linear model of the same pixels. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { BYTES, SIDE } from '../datasets/drawn-objects.ts';
import { channelsView } from '../datasets/feature-maps.ts';
import { confusionView, tableView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';
import * as ten from '../datasets/ten-classes.ts';

const [CLASSES, BATCH, EVERY] = [10, 64, 16];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const unseen = { chart: '没见过的 500 张', better: 'higher', fraction: true } as const;
const convolve = (X: tf.Tensor4D, [K, b]: Layer) =>
  tf
    .conv2d(X, K as tf.Tensor4D, 1, 'valid')
    .add(b)
    .relu<tf.Tensor4D>();
type Layer = readonly [weights: tf.Tensor, bias: tf.Tensor];

export default defineExample({
  title: '认十种东西：122,570 个权重',
  summary:
    '文档里的卷积网络认 32×32 的彩色小图；旁边一个线性模型看同样的像素。可以换成你自己的 CIFAR-10。',
  techniques: ['vision', 'classification', 'architecture'],
  params: {
    source: choice('数据', 'drawn', { drawn: '画出来的十种东西', cifar10: '真的 CIFAR-10' }),
    taught: number('学多少张', 1000, [500, 50000], 500),
    epochs: number('遍数', 6, [1, 20]),
    learningRate: number('学习率 α', 0.001, [0.0001, 0.1], 0.0001, 'log'),
    pixels: choice('像素', 'kept', { kept: '原来的位置', scrambled: '统统打乱，每张一样' }),
  },
  metrics: {
    loss: { label: '两个模型的损失之和', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '卷积网络', ...unseen },
    linearAccuracy: { label: '线性模型', ...unseen },
  },
  presets: {
    scrambled: { label: '打乱像素', params: { pixels: 'scrambled' } },
    few: { label: '500 张，学 12 遍', params: { taught: 500, epochs: 12 } },
    hot: { label: '学习率 0.02', params: { learningRate: 0.02 } },
    more: { label: '3000 张，学 2 遍', params: { taught: 3000, epochs: 2 } },
  },
  brings: 'cifar10',
  excludes: { cpu: '不用 WASM 和显卡，这个网络一步要等半分钟以上。' },
  // #region data
  async data(run) {
    const { source, taught, pixels } = run.params;
    const set = await ten.loadTenClasses(run, source, taught);
    const order = ten.pixelOrder(run.seed, pixels === 'scrambled');
    const tensor = (from: typeof set.train, rows: number[]) =>
      tf.tensor4d(ten.floatsOf(from, rows, order), [rows.length, SIDE, SIDE, 3]);
    return { set, order, tensor, XTest: tensor(set.test, [...set.test.labels.keys()]) };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed + 1);
    const layer = (fanIn: number, fanOut: number, ...shape: number[]): Layer => {
      const most = Math.sqrt(6 / (fanIn + fanOut)); // Glorot's uniform start, as in Keras
      const draw = () => most * (2 * random.uniform() - 1);
      const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, draw);
      return [tf.variable(tf.tensor(values, shape)), tf.variable(tf.zeros(shape.slice(-1)))];
    };
    const conv = (n: number, m: number) => layer(9 * n, 9 * m, 3, 3, n, m);
    const dense = (n: number, m: number) => layer(n, m, n, m);
    const [c1, c2, c3, d1, d2] = [
      conv(3, 32),
      conv(32, 64),
      conv(64, 64),
      dense(1024, 64),
      dense(64, CLASSES),
    ];
    const [V, c] = dense(BYTES, CLASSES);
    const maps = (X: tf.Tensor4D) => {
      const first = convolve(X, c1); // 30×30×32
      const second = convolve(tf.maxPool(first, 2, 2, 'valid'), c2); // 13×13×64
      return [first, second, convolve(tf.maxPool(second, 2, 2, 'valid'), c3)] as const; // 4×4×64
    };
    const logits = (X: tf.Tensor4D) =>
      maps(X)[2].reshape([-1, 1024]).matMul(d1[0]).add(d1[1]).relu().matMul(d2[0]).add(d2[1]);
    const linear = (X: tf.Tensor4D) => X.reshape([-1, BYTES]).matMul(V).add(c);
    const optimizer = run.own(tf.train.adam(run.params.learningRate, 0.9, 0.999, 1e-7));
    return { maps, logits, linear, kernels: c1[0], optimizer };
  },
  // #endregion
  length: ({ params }) => params.epochs * Math.ceil(params.taught / BATCH),
  check: {
    steps: 96,
    expect: { validationAccuracy: { atLeast: 0.45 }, linearAccuracy: { atMost: 0.3 } },
  },
  // #region train
  async *train(run, { set, tensor, XTest }, { logits, linear, kernels, optimizer }) {
    const { epochs, taught } = run.params;
    const total = epochs * Math.ceil(taught / BATCH);
    const exam = async (model: typeof logits) => await model(XTest).argMax(1).data();
    const held = run.state({ validationAccuracy: 0, linearAccuracy: 0 });
    let step = run.done;
    for (const rows of batches(seededRandom(run.seed + 2), taught, BATCH, epochs, run.done)) {
      const labels = rows.map((row) => set.train.labels[row]!);
      const [X, Y] = [tensor(set.train, rows), tf.oneHot(labels, CLASSES)];
      // Adam treats each weight on its own, so the sum trains two separate models.
      const both = (): tf.Scalar => entropy(Y, logits(X)).add(entropy(Y, linear(X)));
      const loss = optimizer.minimize(both, true)!;
      if (step++ % EVERY === 0 || step === total) {
        held.validationAccuracy = ten.shareRight(await exam(logits), set.test);
        held.linearAccuracy = ten.shareRight(await exam(linear), set.test);
      }
      yield {
        metrics: { loss, ...held },
        views: async () => {
          const guesses = await exam(logits);
          return [
            confusionView('没见过的 500 张', set.test.labels, guesses, set.names),
            ten.wrongView(set, await XTest.data(), guesses),
            ten.filtersView(await kernels.data()),
          ];
        },
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'image', label: '一张图', width: SIDE, height: SIDE, channels: 3 },
    async infer(_run, { set, order }, { maps, logits, linear }, input) {
      if (input.kind !== 'image' || input.pixels.length !== BYTES)
        throw new InputError('请选一张图片；它会被缩成 32×32 的彩色小图。');
      const { pixels } = input;
      const moved = order.flatMap((from) => [...pixels.slice(3 * from, 3 * from + 3)]); // as it was taught
      const X = tf.tensor4d(moved, [1, SIDE, SIDE, 3]);
      const [p, q] = [await logits(X).softmax().data(), await linear(X).softmax().data()];
      const likely = [...set.names.keys()].sort((a, b) => p[b]! - p[a]!);
      const rows = likely.map((i) => [set.names[i]!, p[i]!.toFixed(3), q[i]!.toFixed(3)]);
      const [first, second] = maps(X);
      return [
        tableView(`卷积网络说：${set.names[likely[0]!]!}`, ['类', '卷积网络', '线性模型'], rows),
        channelsView('第一层之后，30×30，32 张里的 20 张', 30, await first.data()),
        channelsView('第二层之后，13×13，64 张里的 20 张', 13, await second.data()),
      ];
    },
  },
});
