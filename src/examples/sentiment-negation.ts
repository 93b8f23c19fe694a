/** Tells pleased reviews from displeased ones by their characters, and trips over 不. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { makeReviews, type Review } from '../datasets/reviews.ts';

const accuracyChart = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '中文评论的褒贬',
  summary: '逻辑回归读短评里有哪些字，判断写的人满不满意；加上相邻两个字，再看它懂不懂“不”。',
  techniques: ['text', 'classification'],
  params: {
    grams: {
      kind: 'choice',
      label: '看什么',
      default: '1',
      options: { '1': '只看单个字', '2': '加上相邻两个字' },
    },
    count: {
      kind: 'number',
      label: '训练句子',
      default: 800,
      min: 50,
      max: 2000,
      step: 50,
    },
    learningRate: {
      ...{ kind: 'number', label: '学习率 η', scale: 'log' },
      ...{ default: 0.03, min: 0.001, max: 1, step: 0.001 },
    },
    steps: { kind: 'number', label: '步数', default: 150, min: 20, max: 500, step: 10 },
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
    const train = reviews.slice(0, params.count);
    const test = reviews.slice(params.count);
    // 不好吃 → 不 好 吃, and with pairs also 不好 好吃; only grams of the training set count.
    const grams = (text: string) =>
      [...text].flatMap((c, i, all) =>
        params.grams === '2' && i > 0 ? [c, (all[i - 1] ?? '') + c] : [c],
      );
    const vocabulary = [...new Set(train.flatMap(({ text }) => grams(text)))];
    const bag = (texts: readonly string[]) =>
      tf.tensor2d(
        texts.map((text) => {
          const present = new Set(grams(text));
          return vocabulary.map((gram) => Number(present.has(gram)));
        }),
      );
    const rows = (list: readonly Review[]) => ({
      X: bag(list.map(({ text }) => text)), // [sentences, vocabulary]
      y: tf.tensor2d(list.map(({ label }) => [label])),
    });
    const negated = tf.tensor2d(test.map((review) => [Number(review.negated)]));
    return {
      test,
      vocabulary,
      grams,
      bag,
      onTrain: rows(train),
      onTest: rows(test),
      negated,
    };
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
  // #region train
  async *train({ params }, data, { w, logits, optimizer }) {
    const { onTrain, onTest, negated } = data;
    for (let step = 0; step < params.steps; step++) {
      const loss = optimizer.minimize(
        (): tf.Scalar => tf.losses.sigmoidCrossEntropy(onTrain.y, logits(onTrain.X)),
        true,
      );
      const right = logits(onTest.X).greater(0).toFloat().equal(onTest.y).toFloat();
      yield {
        metrics: {
          loss: loss ?? NaN,
          validationAccuracy: right.mean().asScalar(),
          negatedAccuracy: right.mul(negated).sum().div(negated.sum()).asScalar(),
        },
        views: async () => [
          failures(data.test, await logits(onTest.X).sigmoid().data()),
          strongest(data.vocabulary, await w.data()),
        ],
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'text',
      label: '写一句短评',
      default: '这家店的面并不好吃',
      maxLength: 60,
    },
    async infer(_run, { vocabulary, grams, bag }, { w, logits }, input) {
      if (input.kind !== 'text' || !/\p{Script=Han}/u.test(input.text)) {
        throw new InputError('请写一句中文，至少一个汉字，例如“这家店的面并不好吃”。');
      }
      const [p = NaN] = await logits(bag([input.text]))
        .sigmoid()
        .data();
      const weights = await w.data();
      const rows = [...new Set(grams(input.text))].map((gram) => {
        const weight = weights[vocabulary.indexOf(gram)];
        return [gram, weight?.toFixed(2) ?? '训练时没见过，不算'];
      });
      const title = `满意的概率 ${p.toFixed(2)}`;
      return [{ kind: 'table', title, columns: ['字', '权重：正的往褒推'], rows }];
    },
  },
  check: {
    steps: 150,
    expect: { validationAccuracy: { atLeast: 0.6 }, negatedAccuracy: { atMost: 0.3 } },
  },
});

/** Sentences that are judged wrongly, the surest mistakes first. */
function failures(reviews: readonly Review[], p: ArrayLike<number>) {
  const rows = reviews
    .map(({ text, label }, i) => ({ text, label, p: p[i] ?? NaN }))
    .filter((row) => row.p > 0.5 !== (row.label === 1))
    .sort((a, b) => Math.abs(b.p - 0.5) - Math.abs(a.p - 0.5))
    .slice(0, 12)
    .map((row) => [row.text, row.label ? '满意' : '不满', row.p.toFixed(2)]);
  const columns = ['句子', '其实', '判为满意的概率'];
  return { kind: 'table' as const, title: '错得最有把握的句子', columns, rows };
}

/** The characters (and pairs) with the largest weights, and 不. */
function strongest(vocabulary: readonly string[], w: ArrayLike<number>) {
  const sorted = vocabulary
    .map((gram, i) => ({ gram, weight: w[i] ?? NaN }))
    .sort((a, b) => b.weight - a.weight);
  const edge = (i: number) => i < 6 || i >= sorted.length - 6;
  const shown = sorted.filter(({ gram }, i) => edge(i) || gram === '不');
  const rows = shown.map(({ gram, weight }) => [gram, weight.toFixed(2)]);
  return {
    kind: 'table' as const,
    title: '最大和最小的权重',
    columns: ['字', '权重'],
    rows,
  };
}
