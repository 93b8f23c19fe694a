/** Drops the training images with the largest loss, and counts what was dropped. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { CLASSES, loadDigits, pickDigits, PIXELS } from '../datasets/digits.ts';
import { seededRandom } from '../datasets/random.ts';

const [COUNT, EPOCHS, BATCH, HIDDEN] = [300, 60, 50, 64];
const fraction = { better: 'higher', fraction: true } as const;

export default defineExample({
  title: '清洗错标签',
  summary: '300 张数字里两成标错；学 10 遍，删掉损失最大的两成接着学，和不删的比。',
  techniques: ['data', 'evaluation'],
  params: {
    wrong: {
      kind: 'number',
      label: '标错的比例',
      default: 0.2,
      min: 0,
      max: 0.5,
      step: 0.05,
    },
    drop: {
      kind: 'number',
      label: '删掉的比例',
      default: 0.2,
      min: 0,
      max: 0.5,
      step: 0.05,
    },
    when: { kind: 'number', label: '学几遍后删', default: 10, min: 1, max: 50, step: 1 },
    rare: { kind: 'toggle', label: '数字 8 只留 6 张', default: false },
  },
  metrics: {
    noisy: { label: '不删', chart: '测试准确率', ...fraction },
    cleaned: { label: '删', chart: '测试准确率', ...fraction },
    clean: { label: '标签全对（对照）', chart: '测试准确率', ...fraction },
    noisyEights: { label: '不删，8', chart: '测试集的 8 认出几成', ...fraction },
    cleanedEights: { label: '删，8', chart: '测试集的 8 认出几成', ...fraction },
  },
  presets: {
    late: { label: '学 50 遍才删', params: { when: 50 } },
    nothingWrong: { label: '没有错标也删', params: { wrong: 0 } },
    rare: { label: '没有错标，8 稀有', params: { wrong: 0, rare: true } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const random = seededRandom(run.seed);
    let eights = run.params.rare ? 6 : COUNT;
    const rows = random.permutation(train.count);
    const kept = rows.filter((row) => train.labels[row] !== 8 || eights-- > 0);
    const { images, labels } = pickDigits(train, kept.slice(0, COUNT));
    const given = labels.map((label, i) =>
      i < COUNT * run.params.wrong ? (label + 1 + random.integer(9)) % CLASSES : label,
    ); // a wrong label is any other digit
    const X = tf.tensor2d(images, [COUNT, PIXELS]);
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    return { images, labels, given, X, test: tf.tensor1d(test.labels), XTest, random };
  },
  // #endregion
  // #region model
  model(run) {
    const mlp = () => {
      const random = seededRandom(run.seed); // the same first weights for each network
      const weights = (m: number, n: number) =>
        tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
      const [W1, W2] = [weights(PIXELS, HIDDEN), weights(HIDDEN, CLASSES)];
      const b = tf.variable(tf.zeros([HIDDEN]));
      const logits = (X: tf.Tensor) => X.matMul(W1).add(b).relu().matMul(W2);
      return { logits, adam: run.own(tf.train.adam(0.005)) };
    };
    return { noisy: mlp(), cleaned: mlp(), clean: mlp() };
  },
  // #endregion
  length: () => EPOCHS,
  // #region train
  async *train({ params }, data, { noisy, cleaned, clean }) {
    const { labels, given, X, test, XTest, random } = data;
    const learn = ({ logits, adam }: typeof clean, y: Int32Array, rows: number[]) => {
      for (let from = 0; from < rows.length; from += BATCH) {
        const batch = rows.slice(from, from + BATCH);
        const Y = tf.oneHot(
          batch.map((row) => y[row] ?? 0),
          CLASSES,
        );
        const x = X.gather(batch);
        adam.minimize((): tf.Scalar => tf.losses.softmaxCrossEntropy(Y, logits(x)));
      }
    };
    const recall = ({ logits }: typeof clean, which: tf.Tensor): tf.Scalar =>
      logits(XTest).argMax(1).equal(test).toFloat().mul(which).sum().div(which.sum());
    let dropped: number[] = [];
    for (let epoch = 1; epoch <= EPOCHS; epoch++) {
      const rows = random.permutation(COUNT);
      learn(noisy, given, rows);
      learn(
        cleaned,
        given,
        rows.filter((row) => !dropped.includes(row)),
      );
      learn(clean, labels, rows);
      if (epoch === params.when) {
        const Y = tf.oneHot(given, CLASSES);
        const p = await cleaned.logits(X).softmax().mul(Y).sum(1).data(); // loss = −ln p
        const leastBelieved = rows.toSorted((a, b) => p[a]! - p[b]!);
        dropped = leastBelieved.slice(0, Math.round(params.drop * COUNT));
      }
      const [every, eights] = [tf.onesLike(test), test.equal(8).toFloat()];
      yield {
        metrics: {
          noisy: recall(noisy, every),
          cleaned: recall(cleaned, every),
          clean: recall(clean, every),
          noisyEights: recall(noisy, eights),
          cleanedEights: recall(cleaned, eights),
        },
        views: () => draw(data, dropped),
      };
    }
  },
  // #endregion
  check: { steps: 60, expect: { cleaned: { atLeast: 0.85 }, noisy: { atMost: 0.88 } } },
});

/** What was dropped: counts, and the first images. */
function draw({ images, labels, given }: Parts, dropped: number[]) {
  const wrong = dropped.filter((row) => labels[row] !== given[row]);
  const eights = dropped.filter((row) => labels[row] === 8);
  const all = given.filter((label, row) => label !== labels[row]).length;
  const rows = [
    ['标错的', wrong.length, all],
    ['标对的', dropped.length - wrong.length, COUNT - all],
    ['其实是 8 的', eights.length, labels.filter((label) => label === 8).length],
  ];
  const caption = (row: number) =>
    labels[row] === given[row]
      ? `标对了：${given[row]}`
      : `标成 ${given[row]}，其实是 ${labels[row]}`;
  const shown = dropped.slice(0, 20).map((row) => ({
    pixels: [...images.subarray(row * PIXELS, (row + 1) * PIXELS)],
    caption: caption(row),
  }));
  return [
    { kind: 'table' as const, title: '删掉了什么', columns: ['', '删掉', '共有'], rows },
    { kind: 'images' as const, title: '损失最大的', width: 8, height: 8, images: shown },
  ];
}
interface Parts {
  images: Float32Array;
  labels: Int32Array;
  given: Int32Array;
}
