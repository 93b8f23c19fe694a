/** A help desk for this book: finds out what a question wants, and says so when it does not know. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import * as desk from '../datasets/questions.ts';
import { type Guess, INTENTS, type Question } from '../datasets/questions.ts';
import { seededRandom } from '../datasets/random.ts';

const NONE = INTENTS.length;
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const chart = { chart: '比例', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '会说“不知道”的客服',
  summary: '从每种问题的几句问法学会读者想问什么；没把握时拒答，看拒答线画在哪里合算。',
  techniques: ['text', 'classification', 'evaluation'],
  params: {
    each: number('每种问题学几句', 15, [1, 15]),
    threshold: number('拒答线', 0.5, [0, 1], 0.05),
    others: { kind: 'toggle', label: '也学 20 句不相干的话', default: false },
    learningRate: number('学习率 α', 0.01, [0.001, 0.5], 0.001, 'log'),
    steps: number('步数', 140, [20, 800], 10),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '每句都答时的准确率', ...chart },
    retrievalAccuracy: { label: '找最像的一句：准确率', ...chart },
    coverage: { label: '该答的答了几成', ...chart },
    answeredAccuracy: { label: '答了的对几成', ...chart },
    refusedAccuracy: { label: '不该答的拒了几成', ...chart },
  },
  presets: {
    always: { label: '每句都答', params: { threshold: 0 } },
    careful: { label: '拒答线 0.7', params: { threshold: 0.7 } },
    others: { label: '也学不相干的话', params: { others: true } },
    few: { label: '每种只学 3 句', params: { each: 3 } },
    long: { label: '800 步', params: { steps: 800 } },
  },
  // #region data
  async data({ seed, params }) {
    const { train, test } = desk.splitQuestions(seed, params.each, params.others);
    const { row, size } = desk.tfIdf(train.map(({ text }) => text));
    const rows = (list: readonly Question[]) => tf.tensor2d(list.map(({ text }) => row(text)));
    const [X, T] = [rows(train), rows(test)]; // [questions, characters and pairs]
    const labels = train.map(({ label }) => label);
    const Y = tf.oneHot(labels, NONE + 1).toFloat();
    // The old way: the most similar of the learned questions, by cosine.
    const nearest = async (T: tf.Tensor) => {
      const likeness = (await T.matMul(X, false, true).array()) as number[][];
      const best = likeness.map((row) => row.indexOf(Math.max(...row)));
      return best.map((at, i) => ({ sure: likeness[i]![at]!, ...train[at]! }));
    };
    return { train, test, row, size, X, T, Y, nearest, found: await nearest(T) };
  },
  // #endregion
  // #region model
  model(run, { size }) {
    const random = seededRandom(run.seed);
    const first = tf.tensor2d(random.normals(size * (NONE + 1), 0.01), [size, NONE + 1]);
    const [W, b] = [tf.variable(first), tf.variable(tf.zeros([NONE + 1]))];
    const logits = (X: tf.Tensor) => X.matMul(W).add(b);
    const guess = async (X: tf.Tensor) => {
      const odds = (await logits(X).softmax().array()) as number[][];
      return odds.map((p): Guess => ({ sure: Math.max(...p), label: p.indexOf(Math.max(...p)) }));
    };
    return { logits, guess, adam: run.own(tf.train.adam(run.params.learningRate)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 140,
    expect: { validationAccuracy: { atLeast: 0.6 }, refusedAccuracy: { atLeast: 0.7 } },
  },
  // #region train
  async *train({ params, done }, { test, X, T, Y, found }, { logits, guess, adam }) {
    for (let step = done; step < params.steps; step++) {
      const loss = adam.minimize(() => entropy(Y, logits(X)), true)!;
      const guesses = await guess(T);
      yield {
        metrics: {
          loss,
          validationAccuracy: desk.accuracyOf(test, guesses),
          retrievalAccuracy: desk.accuracyOf(test, found),
          ...desk.deskScore(test, guesses, params.threshold),
        },
        views: () => [
          desk.thresholdView('网络：拒答线画在哪里', test, guesses),
          desk.thresholdView('找最像的一句：拒答线画在哪里', test, found),
          desk.mistakesView(test, guesses, params.threshold),
        ],
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'text', label: '问一句', default: '我没有显卡怎么办', maxLength: 60 },
    async infer({ params }, { row, nearest }, { guess }, input) {
      const text = input.kind === 'text' ? input.text.trim() : '';
      const features = row(text);
      if (!features.some((value) => value > 0)) {
        throw new InputError('这句话里没有它学过的字：请用中文问一句，例如“训练太慢怎么办”。');
      }
      const x = tf.tensor2d([features]);
      const [[mine], [like]] = await Promise.all([guess(x), nearest(x)]);
      const { label, sure } = mine!;
      const knows = label < NONE && sure >= params.threshold;
      const closest = `${desk.intentName(label)}（${sure.toFixed(2)}）`;
      const refusal = `我不知道。最接近的是${closest}，没到拒答线 ${params.threshold}。`;
      const said = knows ? `${closest}：${INTENTS[label]!.answer}` : refusal;
      const found = `${like!.text}（相似度 ${like!.sure.toFixed(2)}，${desk.intentName(like!.label)}）`;
      return [
        { kind: 'text', title: '回答', text: said },
        { kind: 'text', title: '学过的句子里最像的', text: found },
      ];
    },
  },
});
