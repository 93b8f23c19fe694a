/** A query looks for the decisive token of a row; averaging all tokens cannot find it. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';
import { describeTokens, DIGITS, drawRows, FEATURES } from '../datasets/starred.ts';
import { QUESTIONS, readRow, weightsView } from '../datasets/starred.ts';

const [WIDTH, BATCH, TEST] = [16, 64, 256];
const accuracyChart = { chart: '没见过的 256 行', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '注意力：在一行里找要紧的那个',
  summary: '一行四十个数字，只有一个带星号；学会看谁，和把大家平均，两种读法比一比。',
  techniques: ['architecture', 'text', 'classification'],
  params: {
    question: choice('问什么', 'starred', QUESTIONS),
    length: number('一行几个数字', 40, [5, 100], 5),
    learningRate: number('学习率 α', 0.02, [0.001, 0.2], 0.001, 'log'),
    steps: number('步数', 200, [50, 600], 50),
  },
  metrics: {
    loss: { label: '注意力', chart: '交叉熵', better: 'lower' },
    accuracy: { label: '注意力', ...accuracyChart },
    meanAccuracy: { label: '平均', ...accuracyChart },
    weight: { label: '给星号的权重', chart: '权重', better: 'higher', fraction: true },
  },
  presets: {
    long: { label: '一行 100 个', params: { length: 100 } },
    first: { label: '问第一个', params: { question: 'first' } },
    most: { label: '问哪个最多', params: { question: 'most' } },
  },
  // #region data
  data({ seed, params }) {
    const { question, length } = params;
    const test = drawRows(seededRandom(seed), TEST, length, question);
    // which digit, and whether it has the star: [rows · length, 9]
    const encode = (rows: readonly (readonly number[])[]) => tf.tensor2d(describeTokens(rows));
    const starred = test.rows.map((row) => row.map((token) => Number(token >= DIGITS)));
    return {
      encode,
      rows: test.rows,
      X: encode(test.rows),
      answers: tf.tensor1d(test.answers),
      starred: tf.tensor2d(starred),
    };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
    const [K, V, q] = [weights(FEATURES, WIDTH), weights(FEATURES, WIDTH), weights(WIDTH, 1)];
    const [Wa, Wm] = [weights(WIDTH, DIGITS), weights(FEATURES, DIGITS)];
    // How much each token is looked at: softmax of qᵀk/√d over the row.
    const look = (X: tf.Tensor, rows: number) =>
      X.matMul(K).matMul(q).div(Math.sqrt(WIDTH)).reshape([rows, -1]).softmax(); // [rows, length]
    const attend = (X: tf.Tensor, rows: number) => {
      const values = X.matMul(V).reshape([rows, -1, WIDTH]); // [rows, length, 16]
      const mixed = look(X, rows).reshape([rows, 1, -1]).matMul(values); // [rows, 1, 16]
      return mixed.reshape([rows, WIDTH]).matMul(Wa); // [rows, 8]
    };
    const average = (X: tf.Tensor, rows: number) =>
      X.reshape([rows, -1, FEATURES]).mean(1).mul(10).matMul(Wm); // the same for every token
    return { look, attend, average, adam: run.own(tf.train.adam(run.params.learningRate)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 200, expect: { accuracy: { atLeast: 0.95 }, meanAccuracy: { atMost: 0.4 } } },
  // #region train
  async *train({ params, seed, done }, data, { look, attend, average, adam }) {
    const random = seededRandom(seed + 2);
    const { question, length, steps } = params;
    const cost = (z: tf.Tensor, Y: tf.Tensor): tf.Scalar => tf.losses.softmaxCrossEntropy(Y, z);
    const accuracy = (z: tf.Tensor): tf.Scalar => z.argMax(1).equal(data.answers).mean();
    for (let step = 0; step < steps; step++) {
      const { rows, answers } = drawRows(random, BATCH, length, question); // never the same twice
      if (step < done) continue;
      const X = data.encode(rows);
      const Y = tf.oneHot(tf.tensor1d(answers, 'int32'), DIGITS).toFloat();
      const both = () => cost(attend(X, BATCH), Y).add<tf.Scalar>(cost(average(X, BATCH), Y));
      adam.minimize(both);
      const z = attend(data.X, TEST);
      const weights = look(data.X, TEST);
      const metrics = {
        loss: cost(attend(X, BATCH), Y),
        accuracy: accuracy(z),
        meanAccuracy: accuracy(average(data.X, TEST)),
        weight: weights.mul(data.starred).sum(1).mean<tf.Scalar>(),
      };
      const views = async () => {
        const shown = await look(data.X, TEST).slice([0, 0], [3, -1]).array();
        return (shown as number[][]).map((row, i) =>
          weightsView(`第 ${i + 1} 行：看哪里`, data.rows[i]!, row),
        );
      };
      yield { metrics, views };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'text', label: '自己写一行', default: '3 1 4 *1 5 2 6', maxLength: 300 },
    async infer(_run, { encode }, { look, attend }, input) {
      const row = input.kind === 'text' && readRow(input.text);
      if (!row) throw new InputError('请写 0 到 7 的数字，用空格分开；要紧的前面加 *，如 3 *1 4。');
      const X = encode([row]);
      const p = await attend(X, 1).softmax().data();
      const best = p.indexOf(Math.max(...p));
      const rows = Array.from(p, (value, digit) => [digit, value.toFixed(3)]);
      return [
        weightsView(`它看哪里，答 ${best}`, row, await look(X, 1).data()),
        tableView('每个答案的概率', ['数字', '概率'], rows),
      ];
    },
  },
});
