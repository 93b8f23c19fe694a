/** A small network learns from labels, or from the softened answers of a big one: is it worth it? */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { readTwice } from '../datasets/compressed.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { compare, mean, pairsView } from '../datasets/pairs.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [TEACHER, BATCH, SIDE, EVERY, PAIRS] = [128, 64, 24, 23, 5]; // 23 batches are one epoch
const [TAUGHT, NETS] = [8, 2 * PAIRS]; // epochs of the teacher
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const tested = { chart: '没见过的 359 张，准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '蒸馏：跟标签学，还是跟老师学',
  summary: '五对小网络，起点两两相同：一个跟标签学，一个跟大网络的软答案学，比准确率和种子的噪声。',
  techniques: ['classification', 'architecture'],
  params: {
    labels: choice('学生有标签的图', 'few', { few: '200 张', all: '1438 张' }),
    teacher: choice('老师学过', 'all', { all: '1438 张的标签', same: '和学生一样的标签' }),
    temperature: number('温度 T', 4, [1, 20], 0.5),
    hidden: number('学生的隐藏单元', 8, [2, 32]),
    epochs: number('学生学几遍', 20, [1, 40]),
  },
  metrics: {
    loss: { label: '这时在学的', chart: '训练损失（交叉熵）', better: 'lower' },
    teacher: { label: '老师', ...tested },
    hard: { label: '跟标签学，五个平均', ...tested },
    soft: { label: '跟老师学，五个平均', ...tested },
    gain: { label: '跟老师学多对的，五对平均', chart: '多对的比例', better: 'higher' },
    noise: { label: '它在五对里的标准差', chart: '多对的比例', better: 'lower' },
  },
  presets: {
    all: { label: '标签全有', params: { labels: 'all' } },
    same: { label: '老师也只有 200 个标签', params: { teacher: 'same' } },
    cold: { label: '温度 1', params: { temperature: 1 } },
    allCold: { label: '标签全有，温度 1', params: { labels: 'all', temperature: 1 } },
  },
  // #region data
  async data(run) {
    const { labels, teacher } = run.params;
    const { train, test } = await loadDigits(run);
    const X = tf.tensor2d(train.images, [train.count, PIXELS]);
    const Y = tf.oneHot(train.labels, CLASSES).toFloat();
    const known = labels === 'all' ? train.count : 200; // the first ones have labels
    const taught = teacher === 'all' ? train.count : known;
    const XTest = tf.tensor2d(test.images, [test.count, PIXELS]);
    return { X, Y, known, taught, XTest, answers: tf.tensor1d(test.labels, 'int32') };
  },
  // #endregion
  // #region model
  model(run) {
    const { hidden, temperature } = run.params;
    const random = seededRandom(run.seed);
    const he = (m: number, n: number) =>
      tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]);
    const network = (hidden: number) => [
      ...[he(PIXELS, hidden), tf.zeros([1, hidden])],
      ...[he(hidden, CLASSES), tf.zeros([1, CLASSES])],
    ];
    const teacher = network(TEACHER).map((part) => tf.variable(part));
    // Five students for the labels, and their twins for the teacher: one stack of ten.
    const five = Array.from({ length: PAIRS }, () => network(hidden));
    const students = [0, 1, 2, 3].map((i) =>
      tf.variable(tf.stack([...five, ...five].map((net) => net[i]!))),
    );
    const logits = (X: tf.Tensor, [W1, b1, W2, b2]: tf.Tensor[]) =>
      X.matMul(W1!).add(b1!).relu().matMul(W2!).add(b2!);
    const adam = () => run.own(tf.train.adam(0.01, 0.9, 0.999, 1e-7));
    const repeat = (one: tf.Tensor) => Array<tf.Tensor>(PAIRS).fill(one);
    const heat = tf.stack([tf.ones([1, 1]), tf.fill([1, 1], temperature)].flatMap(repeat));
    const [first, second] = [adam(), adam()];
    // Makes the second one's memory now, if a checkpoint has not: a gradient of zero moves nothing.
    const nothing = (): tf.Scalar =>
      logits(tf.zeros([1, PIXELS]), students)
        .sum()
        .mul(0);
    if (run.done === 0) second.minimize(nothing, false, students);
    return { teacher, students, logits, repeat, heat, first, second, random };
  },
  // #endregion
  length: ({ params }) => (TAUGHT + params.epochs) * EVERY,
  check: { steps: 644, expect: { teacher: { atLeast: 0.93 }, gain: { atLeast: 0.01 } } },
  // #region train
  async *train(run, { X, Y, known, taught, XTest, answers }, model) {
    const { teacher, students, logits, repeat, heat, first, second, random } = model;
    const { temperature: T, epochs } = run.params;
    const seen = run.state({ right: Array.from({ length: NETS }, () => 0) });
    const right = (z: tf.Tensor) => z.argMax(-1).equal(answers).toFloat().mean(-1);
    const count = X.shape[0];
    let step = run.done;
    for (const rows of batches(random, count, BATCH, TAUGHT + epochs, run.done)) {
      // Of the first `known` images only: each row, counted round.
      const take = (of: tf.Tensor, known: number) => {
        const some = rows.map((row) => row % known);
        return of.gather(tf.tensor1d(some, 'int32'));
      };
      let loss: tf.Scalar;
      if (++step <= TAUGHT * EVERY) {
        const [x, y] = [take(X, taught), take(Y, taught)];
        loss = first.minimize(() => entropy(y, logits(x, teacher)), true, teacher)!;
      } else {
        // #region distil
        const [x, y] = [take(X, known), take(Y, known)];
        const every = take(X, count); // the teacher needs no labels to answer
        const soft = logits(every, teacher).div(T).softmax();
        const inputs = tf.stack([x, every].flatMap(repeat));
        const targets = tf.stack([y, soft].flatMap(repeat));
        const lesson = () => entropy(targets, logits(inputs, students).div(heat));
        loss = second.minimize(lesson, true, students)!;
        // #endregion
      }
      if (step % EVERY === 0) seen.right = Array.from(await right(logits(XTest, students)).data());
      const [hard, soft] = [seen.right.slice(0, PAIRS), seen.right.slice(PAIRS)];
      yield {
        metrics: {
          loss,
          teacher: right(logits(XTest, teacher)).asScalar(),
          ...{ hard: mean(hard), soft: mean(soft), ...compare(hard, soft) },
        },
        views: () => [pairsView(hard, soft)],
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字，老师和学生一起读', width: SIDE, height: SIDE },
    async infer({ params: { temperature: T } }, _data, { teacher, students, logits }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const x = tf.tensor2d(image, [1, PIXELS]);
      const read = (z: tf.Tensor) => z.softmax().data();
      const [z, all] = [logits(x, teacher), logits(x, students)];
      const pupil = await read(all.slice([PAIRS, 0, 0], [1, 1, CLASSES]));
      const answers = [
        ['老师', await read(z)],
        [`温度 ${T} 的老师`, await read(z.div(T))],
      ] as const;
      return readTwice([...image], ...answers, ['学生', pupil]);
    },
  },
});
