/** Translates numbers written in digits into Chinese, and is asked for numbers it never saw. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import * as numerals from '../datasets/numerals.ts';
import { numeralSigns, PLACES, SIGNS } from '../datasets/numerals.ts';
import { tokensView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const accuracyChart = { chart: '整个写对的比例', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '最小的翻译：57 → 五十七',
  summary: '一个小网络看几十个数的中文写法，再去写没见过的数，看它学到的是规则还是答案。',
  techniques: ['text', 'classification'],
  params: {
    input: choice('给网络看什么', 'digits', {
      digits: '两位数字分开',
      size: '一个大小：数 ÷ 100',
      whole: '整个数当一个符号',
    }),
    held: choice('考哪些数', 'random', {
      random: '随便留出的',
      sevens: '七十几',
      teens: '十一到十九',
    }),
    count: number('随便留时，学多少个', 80, [20, 95], 5),
    hidden: number('隐藏单元', 32, [2, 128]),
    learningRate: number('学习率 α', 0.01, [0.001, 0.2], 0.001, 'log'),
    steps: number('步数', 200, [20, 600], 10),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    accuracy: { label: '学过的数', ...accuracyChart },
    validationAccuracy: { label: '没见过的数', ...accuracyChart },
    signAccuracy: { label: '没见过的数，逐字算', ...accuracyChart },
  },
  presets: {
    few: { label: '只学 30 个', params: { count: 30 } },
    sevens: { label: '考七十几', params: { held: 'sevens' } },
    teens: { label: '考十一到十九', params: { held: 'teens' } },
    size: { label: '只看大小', params: { input: 'size' } },
    whole: { label: '整个数当一个符号', params: { input: 'whole' } },
  },
  // #region data
  data({ seed, params }) {
    const split = numerals.splitNumerals(seed, params.held, params.count);
    const encode = (list: number[]) =>
      tf.tensor2d(list.map((one) => numerals.numeralInput(one, params.input)));
    const tensors = (list: number[]) => {
      const signs = tf.tensor2d(list.map(numeralSigns), undefined, 'int32'); // [n, 3]
      return {
        list,
        X: encode(list),
        signs,
        Y: tf.oneHot(signs.flatten(), SIGNS.length).toFloat(),
      };
    };
    return { train: tensors(split.train), test: tensors(split.test), encode };
  },
  // #endregion
  // #region model
  model(run, { train }) {
    const random = seededRandom(run.seed);
    const { hidden, learningRate } = run.params;
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const outputs = PLACES * SIGNS.length;
    const [W1, W2] = [weights(train.X.shape[1], hidden), weights(hidden, outputs)];
    const b1 = tf.variable(tf.tensor1d(random.normals(hidden, 0.5)));
    const b2 = tf.variable(tf.zeros([outputs]));
    // One row of 12 for each place of each number: 57 → 五, 十, 七.
    const logits = (X: tf.Tensor) =>
      X.matMul(W1).add(b1).relu().matMul(W2).add(b2).reshape([-1, SIGNS.length]);
    const answer = (X: tf.Tensor) => logits(X).argMax(1).toInt().reshape([-1, PLACES]);
    return { logits, answer, adam: run.own(tf.train.adam(learningRate)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 200, expect: { validationAccuracy: { atLeast: 0.5 } } },
  // #region train
  async *train({ params, done }, { train, test }, { logits, answer, adam }) {
    const right = (set: typeof train) => answer(set.X).equal(set.signs).toFloat();
    const said = async (X: tf.Tensor) => (await answer(X).array()) as number[][];
    const whole = (set: typeof train) => right(set).min(1).mean().asScalar();
    for (let step = done; step < params.steps; step++) {
      const loss = adam.minimize(() => entropy(train.Y, logits(train.X)), true)!;
      yield {
        metrics: {
          loss,
          accuracy: whole(train),
          validationAccuracy: whole(test),
          signAccuracy: right(test).mean().asScalar(),
        },
        views: async () => [numerals.askedView(test.list, await said(test.X))],
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '翻译一个数',
      fields: { number: { label: '0 到 99', default: 57, min: 0, max: 99, step: 1 } },
    },
    async infer(_run, { train, encode }, { logits }, input) {
      const asked = input.kind === 'numbers' ? (input.values['number'] ?? NaN) : NaN;
      if (!(Number.isInteger(asked) && asked >= 0 && asked < numerals.NUMBERS)) {
        throw new InputError('请给一个 0 到 99 的整数；更大的数它没有位置写。');
      }
      const odds = (await logits(encode([asked]))
        .softmax()
        .array()) as number[][];
      const tokens = odds.map((p) => {
        const value = Math.max(...p);
        return { text: SIGNS[p.indexOf(value)]!, value, note: value.toFixed(2) };
      });
      const known = train.list.includes(asked) ? '学过的数' : '没见过的数';
      return [tokensView(`${asked}（${known}）`, '“·”是空位；字下是概率，越深越肯定', tokens)];
    },
  },
});
