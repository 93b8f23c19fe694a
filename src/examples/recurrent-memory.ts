/** Recall the first of many digits after reading them all: a plain RNN, an LSTM, a GRU, or attention. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { costView, leaningView, reachView, readDigits } from '../datasets/memory.ts';
import { short, tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';
import { drawSequences, TOKENS } from '../datasets/token-sequences.ts';

const [BATCH, HELD_OUT, SIZE, EVERY] = [32, 128, 8, 20];
const READERS = { rnn: '普通 RNN', lstm: 'LSTM', gru: 'GRU', attention: '注意力' };
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;

export default defineExample({
  title: '读完一行，还记得第一个吗',
  summary: '一行数字读到底，问第一个大不大；普通 RNN、LSTM、GRU、注意力，谁还记得，各花多少。',
  techniques: ['architecture', 'text', 'classification'],
  params: {
    reader: choice('谁来读', 'lstm', READERS),
    length: number('一行几个数字 T', 10, [5, 60], 5),
    units: number('状态几个数', 16, [4, 32], 4),
    open: number('LSTM、GRU 记忆门的偏置', 1, [-1, 6], 1),
    learningRate: number('学习率 α', 0.01, [0.001, 0.1], 0.001, 'log'),
    steps: number('步数', 300, [60, 1500], 20),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    validationAccuracy: {
      ...{ label: '准确率', chart: '没见过的 128 行', better: 'higher', fraction: true },
    },
    reach: { label: '第一个 ÷ 最后一个', chart: '梯度传到多远', better: 'higher' },
  },
  presets: {
    rnn: { label: '普通 RNN', params: { reader: 'rnn' } },
    gru: { label: 'GRU', params: { reader: 'gru' } },
    attention: { label: '注意力', params: { reader: 'attention' } },
    rnnLong: { label: '普通 RNN，T=40', params: { reader: 'rnn', length: 40 } },
    lstmLong: { label: 'LSTM，T=40', params: { length: 40 } },
    openLong: { label: 'LSTM，T=40，门偏置 5', params: { length: 40, open: 5 } },
    gruLong: { label: 'GRU，T=40', params: { reader: 'gru', length: 40 } },
    gruOpen: { label: 'GRU，T=40，门偏置 3', params: { reader: 'gru', length: 40, open: 3 } },
    attentionLong: { label: '注意力，T=40', params: { reader: 'attention', length: 40 } },
  },
  // #region data
  data({ seed, params: { length } }) {
    const draw = (random: ReturnType<typeof seededRandom>, count: number) => {
      const { rows, labels } = drawSequences(random, count, length, 0); // is the first ≥ 5?
      return { rows, labels, Y: tf.oneHot(tf.tensor1d([...labels], 'int32'), 2).toFloat() };
    };
    return { draw, unseen: draw(seededRandom(seed), HELD_OUT) };
  },
  // #endregion
  // #region model
  model(run) {
    const { reader, units: u, length, open, learningRate } = run.params;
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
    const bias = (...values: number[]) =>
      tf.variable(tf.concat(values.map((v) => tf.fill([u], v))));
    const E = weights(TOKENS, SIZE);
    const V = weights(u, 2);
    // Each reader turns [rows, T, 8] into one vector of `units` numbers a row.
    const cells = {
      rnn() {
        const [W, U, b] = [weights(SIZE, u), weights(u, u), bias(0)];
        const read = (xs: tf.Tensor[], zero: tf.Tensor) =>
          xs.reduce((h, x) => x.matMul(W).add(h.matMul(U)).add(b).tanh(), zero);
        return { all: [W, U, b], read };
      },
      lstm() {
        const [W, U, b] = [weights(SIZE, 4 * u), weights(u, 4 * u), bias(open, 0, 0, 0)];
        const read = (xs: tf.Tensor[], zero: tf.Tensor) => {
          let [h, c] = [zero, zero];
          for (const x of xs) {
            const [gates, g] = tf.split(x.matMul(W).add(h.matMul(U)).add(b), [3 * u, u], 1);
            const [f, i, o] = tf.split(gates!.sigmoid(), 3, 1);
            c = f!.mul(c).add(i!.mul(g!.tanh())); // keep a part, add a part
            h = o!.mul(c.tanh());
          }
          return h;
        };
        return { all: [W, U, b], read };
      },
      gru() {
        const [W, U, b] = [weights(SIZE, 2 * u), weights(u, 2 * u), bias(open, 0)];
        const [Wn, Un, bn] = [weights(SIZE, u), weights(u, u), bias(0)];
        const read = (xs: tf.Tensor[], zero: tf.Tensor) =>
          xs.reduce((h, x) => {
            const [z, r] = tf.split(x.matMul(W).add(h.matMul(U)).add(b).sigmoid(), 2, 1);
            const fresh = x.matMul(Wn).add(r!.mul(h).matMul(Un)).add(bn).tanh();
            return fresh.add(z!.mul(h.sub(fresh))); // z = 1 keeps the old state
          }, zero);
        return { all: [W, U, b, Wn, Un, bn], read };
      },
      attention() {
        const [K, U, P, q] = [
          weights(SIZE, u),
          weights(SIZE, u),
          weights(length, SIZE),
          weights(u, 1),
        ];
        const read = (xs: tf.Tensor[]) => {
          const X = tf.stack(xs, 1); // [rows, T, 8], all at once
          const keys = X.add(P.slice(0, xs.length)).reshape([-1, SIZE]).matMul(K); // what it is, where it stands
          const looks = keys.matMul(q).div(Math.sqrt(u)).reshape([-1, 1, xs.length]).softmax();
          return looks.matMul(X).reshape([-1, SIZE]).matMul(U);
        };
        return { all: [K, U, P, q], read };
      },
    };
    const { all, read } = cells[reader]();
    const variables = [E, V, ...all];
    const embed = (rows: number[][]) => tf.gather(E, tf.tensor2d(rows, undefined, 'int32'));
    const answer = (X: tf.Tensor) =>
      read(X.unstack(1), tf.zeros([X.shape[0], u])).matMul<tf.Tensor2D>(V);
    return { embed, answer, variables, adam: run.own(tf.train.adam(learningRate)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 300, expect: { validationAccuracy: { atLeast: 0.9 } } },
  // #region train
  async *train(run, { draw, unseen }, { embed, answer, variables, adam }) {
    const { steps, length, reader } = run.params;
    const random = seededRandom(run.seed + 2);
    const held = run.state({ validationAccuracy: 0, reach: 0 });
    // How much the loss would change with each digit: one length for each place.
    const reaches = () => {
      const slope = tf.grad((X) => entropy(unseen.Y, answer(X)))(embed(unseen.rows));
      return slope.square().sum([0, 2]).sqrt().data();
    };
    for (let step = 1; step <= steps; step++) {
      const { rows, Y } = draw(random, BATCH); // never the same twice
      if (step <= run.done) continue;
      const loss = adam.minimize(() => entropy(Y, answer(embed(rows))), true, variables)!;
      if (step % EVERY === 0 || step === 1 || step === steps) {
        const p = await answer(embed(unseen.rows)).softmax().gather([1], 1).data();
        const right = unseen.labels.filter((label, i) => p[i]! > 0.5 === (label === 1));
        held.validationAccuracy = right.length / HELD_OUT;
        const sizes = await reaches();
        held.reach = sizes[0]! / Math.max(sizes[length - 1]!, 1e-30);
      }
      const weights = variables.reduce((sum, w) => sum + w.size, 0);
      const inTurn = reader === 'attention' ? 1 : length;
      const views = async () => [reachView(await reaches()), costView(weights, inTurn)];
      yield { metrics: { loss, ...held }, views };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'text', label: '自己写一行', default: '7 1 4 0 2 3 5 1', maxLength: 200 },
    async infer({ params }, _data, { embed, answer }, input) {
      const row = input.kind === 'text' && readDigits(input.text, params.length);
      if (!row) {
        throw new InputError(
          `请写 2 到 ${params.length} 个数字，每个是 0 到 9，用空格分开，如 7 1 4。`,
        );
      }
      const large = (X: tf.Tensor) => answer(X).softmax().gather([1], 1);
      const X = embed([row]);
      const [p] = await large(X).data();
      const began = performance.now();
      // The answer hangs on the second score less the first.
      const slope = tf.grad((x) =>
        answer(x)
          .mul([[-1, 1]])
          .sum(),
      )(X);
      const sizes = await slope.square().sum([0, 2]).sqrt().data();
      const milliseconds = short(performance.now() - began, 2);
      return [
        tableView(
          '第一个数是 5 或更大吗',
          ['项目', '数'],
          [
            ['“是”的概率', p!.toFixed(3)],
            ['正着反着各走一遍，毫秒', milliseconds],
          ],
        ),
        leaningView('改哪个数，答案动得多', row, sizes),
      ];
    },
  },
});
