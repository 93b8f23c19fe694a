/** Tells pleased reviews from displeased ones by their characters, trips over 不. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { tableView } from '../datasets/pictures.ts';
import { makeReviews, type Review } from '../datasets/reviews.ts';

const entropy = tf.losses.sigmoidCrossEntropy<tf.Tensor, tf.Scalar>;
const accuracyChart = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '中文评论的褒贬',
  summary: '逻辑回归读短评里有哪些字，判断写的人满不满意；加上相邻两个字，再看它懂不懂“不”。',
  techniques: ['text', 'classification'],
  params: {
    grams: choice('看什么', '1', { '1': '只看单个字', '2': '加上相邻两个字' }),
    count: number('训练句子', 800, [50, 2000], 50),
    learningRate: number('学习率 α', 0.03, [0.001, 1], 0.001, 'log'),
    steps: number('步数', 150, [20, 500], 10),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '留出的句子', ...accuracyChart },
    negatedAccuracy: { label: '其中带否定的', ...accuracyChart },
  },
  presets: {
    pairs: { label: '加上相邻两个字', params: { grams: '2' } },
    more: { label: '相邻两个字，2000 句', params: { grams: '2', count: 2000 } },
    few: { label: '相邻两个字，100 句', params: { grams: '2', count: 100 } },
    allChars: { label: '单个字，2000 句', params: { count: 2000 } },
  },
  // #region data
  data({ seed, params }) {
    const reviews = makeReviews(seed, params.count + 400);
    const [train, test] = [reviews.slice(0, params.count), reviews.slice(params.count)];
    // 不好吃 → 不 好 吃, with pairs also 不好 好吃; only those seen in training count.
    const pairs = (chars: string[]) => chars.slice(1).map((c, i) => chars[i]! + c);
    const grams = (text: string) =>
      params.grams === '2' ? [...text, ...pairs([...text])] : [...text];
    const vocabulary = [...new Set(train.flatMap(({ text }) => grams(text)))];
    const row = (text: string) => {
      const present = new Set(grams(text));
      return vocabulary.map((gram) => Number(present.has(gram)));
    };
    const tensors = (list: readonly Review[]) => ({
      X: tf.tensor2d(list.map(({ text }) => row(text))), // [sentences, vocabulary]
      y: tf.tensor2d(list.map(({ label }) => [label])),
    });
    const negated = tf.tensor2d(test.map((review) => [Number(review.negated)]));
    const [onTrain, onTest] = [tensors(train), tensors(test)];
    return { test, vocabulary, grams, row, onTrain, onTest, negated };
  },
  // #endregion
  // #region model
  model(run, { vocabulary }) {
    const w = tf.variable(tf.zeros([vocabulary.length, 1]));
    const b = tf.variable(tf.scalar(0));
    const logits = (X: tf.Tensor) => X.matMul(w).add(b);
    return { w, b, logits, optimizer: run.own(tf.train.adam(run.params.learningRate)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 150,
    expect: { validationAccuracy: { atLeast: 0.6 }, negatedAccuracy: { atMost: 0.3 } },
  },
  // #region train
  async *train({ params, done }, data, { w, logits, optimizer }) {
    const { onTrain, onTest, negated, test, vocabulary } = data;
    for (let step = done; step < params.steps; step++) {
      const cost = () => entropy(onTrain.y, logits(onTrain.X));
      const loss = optimizer.minimize(cost, true)!;
      const right = logits(onTest.X).greater(0).toFloat().equal(onTest.y).toFloat();
      const validationAccuracy = right.mean().asScalar();
      const negatedAccuracy = right.mul(negated).sum().div(negated.sum()).asScalar();
      yield {
        metrics: { loss, validationAccuracy, negatedAccuracy },
        views: async () => [
          failures(test, await logits(onTest.X).sigmoid().data()),
          strongest(vocabulary, await w.data()),
        ],
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'text', label: '写一句短评', default: '这家店的面并不好吃', maxLength: 60 },
    async infer(_run, { vocabulary, grams, row }, { w, logits }, input) {
      if (input.kind !== 'text' || !/\p{Script=Han}/u.test(input.text)) {
        throw new InputError('请写一句中文，至少一个汉字，例如“这家店的面并不好吃”。');
      }
      const z = logits(tf.tensor2d([row(input.text)]));
      const [p = NaN] = await z.sigmoid().data();
      const weights = await w.data();
      const rows = [...new Set(grams(input.text))].map((gram) => {
        const weight = weights[vocabulary.indexOf(gram)];
        return [gram, weight?.toFixed(2) ?? '训练时没见过，不算'];
      });
      return [tableView(`满意的概率 ${p.toFixed(2)}`, ['字', '权重：正的往褒推'], rows)];
    },
  },
});

/** Sentences that are judged wrongly, the surest mistakes first. */
function failures(reviews: readonly Review[], p: ArrayLike<number>) {
  const sure = (i: number) => Math.abs(p[i]! - 0.5);
  const all = Array.from(reviews.keys());
  const wrong = all.filter((i) => p[i]! > 0.5 !== (reviews[i]!.label === 1));
  const surest = wrong.sort((a, b) => sure(b) - sure(a)).slice(0, 12);
  const judged = (i: number) => (reviews[i]!.label ? '满意' : '不满');
  const rows = surest.map((i) => [reviews[i]!.text, judged(i), p[i]!.toFixed(2)]);
  return tableView('错得最有把握的句子', ['句子', '其实', '判为满意的概率'], rows);
}

/** The characters (and pairs) with the largest weights, and 不. */
function strongest(vocabulary: readonly string[], w: ArrayLike<number>) {
  const order = Array.from(vocabulary.keys()).sort((a, b) => w[b]! - w[a]!);
  const edge = (rank: number) => rank < 6 || rank >= order.length - 6;
  const shown = order.filter((i, rank) => edge(rank) || vocabulary[i] === '不');
  const rows = shown.map((i) => [vocabulary[i]!, w[i]!.toFixed(2)]);
  return tableView('最大和最小的权重', ['字', '权重'], rows);
}
