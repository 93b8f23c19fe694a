/** Reads digits from a few labelled images, without and with built-in knowledge. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { holes, KNOWLEDGE, place } from '../datasets/digit-features.ts';
import { CLASSES, digitPixels, loadDigits, pickDigits } from '../datasets/digits.ts';
import type { DigitSet } from '../datasets/digits.ts';
import { imagesView, tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const [SIDE, REPEATS, STEPS] = [12, 8, 100];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const fraction = { better: 'higher', fraction: true } as const;
const accuracy = { chart: '测试准确率（各次平均）', ...fraction } as const;

export default defineExample({
  title: '领域知识值多少数据',
  summary: '每类只有 2 张带标签的数字；把人知道的一条规则写进特征，换 8 批样本量它有没有用。',
  techniques: ['data', 'classification'],
  params: {
    knowledge: choice('加哪条知识', 'centre', {
      centre: '位置不重要：先居中',
      blur: '相邻像素相近：加模糊图',
      holes: '数洞：加洞的个数',
    }),
    anywhere: { kind: 'toggle', label: '数字落在画布任意位置', default: true },
    perClass: number('每类样本', 2, [1, 40]),
  },
  metrics: {
    before: { label: '只有像素', ...accuracy },
    after: { label: '加上知识', ...accuracy },
    wins: { label: '知识有用的次数所占比例', chart: '胜率', ...fraction },
  },
  presets: {
    many: { label: '每类 40 张', params: { perClass: 40 } },
    aligned: { label: '数字本来就对齐', params: { anywhere: false } },
    blur: { label: '对齐，加模糊图', params: { anywhere: false, knowledge: 'blur' } },
    blurMany: {
      label: '对齐，加模糊图，每类 40 张',
      params: { anywhere: false, knowledge: 'blur', perClass: 40 },
    },
    holes: { label: '对齐，数洞', params: { anywhere: false, knowledge: 'holes' } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const random = seededRandom(run.seed);
    const { knowledge, anywhere, perClass } = run.params;
    const corner = () => (anywhere ? random.integer(5) : 2);
    const onCanvas = (digit: number[]) => place(digit, 8, SIDE, corner(), corner());
    const know = (image: number[]) => KNOWLEDGE[knowledge](image, SIDE);
    const features = (set: DigitSet) => {
      const before = Array.from(set.labels, (_, i) => onCanvas(digitPixels(set, i)));
      return { before, after: before.map(know), labels: set.labels };
    };
    const samples = Array.from({ length: REPEATS }, () => {
      const left = new Array<number>(CLASSES).fill(perClass);
      const rows = random.permutation(train.count);
      const chosen = rows.filter((row) => left[train.labels[row]!]!-- > 0);
      return features(pickDigits(train, chosen));
    });
    const Y = tf.stack(samples.map((s) => tf.oneHot(s.labels, CLASSES))); // [8, n, 10]
    const tested = features(test);
    const kinds = (['before', 'after'] as const).map((kind) => ({
      X: tf.tensor3d(samples.map((sample) => sample[kind])), // [8, n, features]
      XTest: tf.tensor3d([tested[kind]]), // [1, 359, features]
    }));
    return { samples, Y, kinds, test: test.labels };
  },
  // #endregion
  // #region model
  model(run, { kinds }) {
    // Eight softmax regressions of each kind, side by side: one for each sample.
    const zeros = (X: tf.Tensor3D) => tf.zeros([REPEATS, X.shape[2], CLASSES]);
    const W = kinds.map(({ X }) => tf.variable(zeros(X)));
    return { W, adam: run.own(tf.train.adam(0.05)) };
  },
  // #endregion
  length: () => STEPS,
  check: { steps: STEPS, expect: { before: { atMost: 0.3 }, after: { atLeast: 0.55 } } },
  // #region train
  async *train({ done }, { samples, Y, kinds, test }, { W, adam }) {
    const loss = (k: number) => entropy(Y, kinds[k]!.X.matMul(W[k]!));
    const accuracies = (k: number) =>
      kinds[k]!.XTest.matMul(W[k]!).argMax(2).equal(tf.tensor1d(test)).mean(1); // [8]
    for (let step = done; step < STEPS; step++) {
      adam.minimize(() => loss(0).add(loss(1)));
      const [before, after] = [accuracies(0), accuracies(1)];
      yield {
        metrics: {
          before: before.mean().asScalar(),
          after: after.mean().asScalar(),
          wins: after.greater(before).mean().asScalar(),
        },
        views: async () =>
          draw(samples[0]!, await accuracies(0).data(), await accuracies(1).data()),
      };
    }
  },
  // #endregion
});

/** Each sample's accuracy before and after, and the first sample's images. */
type Sample = { before: number[][]; labels: Int32Array };
function draw(sample: Sample, a: ArrayLike<number>, b: ArrayLike<number>) {
  const rows = Array.from(a, (p, i) => [i + 1, p.toFixed(3), b[i]!.toFixed(3)]);
  const images = sample.before.map((pixels, i) => ({
    pixels,
    caption: `${sample.labels[i]}，洞 ${holes(pixels, SIDE)}`,
  }));
  return [
    tableView('换一批样本，结果就不同', ['第几批样本', '只有像素', '加上知识'], rows),
    imagesView('第一批样本', SIDE, images),
  ];
}
