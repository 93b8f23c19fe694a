/** Drops the training images with the largest loss, and counts what was dropped. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { CLASSES, digitPixels, loadDigits, pickDigits, PIXELS } from '../datasets/digits.ts';
import { imagesView, tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const [COUNT, EPOCHS, BATCH, HIDDEN] = [300, 60, 50, 64];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const fraction = { better: 'higher', fraction: true } as const;

export default defineExample({
  title: '清洗错标签',
  summary: '300 张数字里两成标错；学 10 遍，删掉损失最大的两成接着学，和不删的比。',
  techniques: ['data', 'evaluation'],
  params: {
    wrong: number('标错的比例', 0.2, [0, 0.5], 0.05),
    drop: number('删掉的比例', 0.2, [0, 0.5], 0.05),
    when: number('学几遍后删', 10, [1, 50]),
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
    const other = (label: number) => (label + 1 + random.integer(9)) % CLASSES;
    const wrong = COUNT * run.params.wrong;
    const given = labels.map((label, i) => (i < wrong ? other(label) : label));
    const X = tf.tensor2d(images, [COUNT, PIXELS]);
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    return { images, labels, given, X, test: tf.tensor1d(test.labels), XTest, random };
  },
  // #endregion
  // #region model
  model(run) {
    const mlp = () => {
      const random = seededRandom(run.seed); // the same start for all three
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
  check: { steps: 60, expect: { cleaned: { atLeast: 0.85 }, noisy: { atMost: 0.88 } } },
  // #region train
  async *train(run, data, { noisy, cleaned, clean }) {
    const { images, labels, given, X, test, XTest, random } = data;
    const learn = ({ logits, adam }: typeof clean, y: Int32Array, rows: number[]) => {
      for (let from = 0; from < rows.length; from += BATCH) {
        const batch = rows.slice(from, from + BATCH);
        const x = X.gather(batch);
        const Y = tf.oneHot(y, CLASSES).gather(batch);
        adam.minimize(() => entropy(Y, logits(x)));
      }
    };
    const recall = ({ logits }: typeof clean, which: tf.Tensor): tf.Scalar =>
      logits(XTest).argMax(1).equal(test).toFloat().mul(which).sum().div(which.sum());
    const bin = run.state({ dropped: [] as number[] });
    for (let epoch = 1; epoch <= EPOCHS; epoch++) {
      const rows = random.permutation(COUNT);
      if (epoch <= run.done) continue; // only the chance is drawn again
      const kept = rows.filter((row) => !bin.dropped.includes(row));
      learn(noisy, given, rows);
      learn(cleaned, given, kept);
      learn(clean, labels, rows);
      if (epoch === run.params.when) {
        const Y = tf.oneHot(given, CLASSES);
        const p = await cleaned.logits(X).softmax().mul(Y).sum(1).data(); // e^−loss
        const leastBelieved = rows.toSorted((a, b) => p[a]! - p[b]!);
        const count = Math.round(run.params.drop * COUNT);
        bin.dropped = leastBelieved.slice(0, count);
      }
      const [every, eights] = [tf.onesLike(test), test.equal(8).toFloat()];
      const metrics = {
        noisy: recall(noisy, every),
        cleaned: recall(cleaned, every),
        clean: recall(clean, every),
        noisyEights: recall(noisy, eights),
        cleanedEights: recall(cleaned, eights),
      };
      yield { metrics, views: () => draw(images, labels, given, bin.dropped) };
    }
  },
  // #endregion
});

/** What was dropped: counts, and the first images. */
function draw(images: Float32Array, labels: Int32Array, given: Int32Array, dropped: number[]) {
  const right = (row: number) => labels[row] === given[row];
  const counts = (name: string, belongs: (row: number) => boolean) => {
    const all = Array.from(labels.keys()).filter(belongs);
    return [name, dropped.filter(belongs).length, all.length];
  };
  const shown = dropped.map((row) => ({
    pixels: digitPixels({ images }, row),
    caption: `标成 ${given[row]}，其实是 ${labels[row]}`,
  }));
  const rows = [
    counts('标错的', (row) => !right(row)),
    counts('标对的', right),
    counts('其实是 8 的', (row) => labels[row] === 8),
  ];
  const table = tableView('删掉了什么', ['', '删掉', '共有'], rows);
  return [table, imagesView('损失最大的', 8, shown)];
}
