/** The same LSTM fed the right way round and with batch and time swapped: no error, but it reads other things. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { seededRandom } from '../datasets/random.ts';
import {
  dependencyView,
  drawSequences,
  largestShift,
  TOKENS,
} from '../datasets/token-sequences.ts';

const [BATCH, HELD_OUT, EMBEDDING, EVERY] = [24, 64, 8, 15];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const share = { better: 'higher', fraction: true } as const;
const change = { chart: '同一批换个次序，概率最多变多少', better: 'lower' } as const;

export default defineExample({
  title: 'LSTM 把两维认反了',
  summary: '一串数字里第 k 个大不大？同一个 LSTM，一个按时间读，一个把批当成了时间，都不报错。',
  techniques: ['text', 'architecture'],
  params: {
    place: choice('标签看哪个', 'first', { first: '第一个', middle: '中间', last: '最后' }),
    length: number('每条几个数字', 8, [4, 12]),
    units: number('LSTM 单元', 16, [4, 32]),
    steps: number('步数', 150, [50, 400], 10),
  },
  metrics: {
    loss: { label: '修好的，损失', chart: '交叉熵', better: 'lower' },
    printedLoss: { label: '认反的，损失', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '修好的，准确率', chart: '没见过的 64 条，准确率', ...share },
    printedAccuracy: { label: '认反的，准确率', chart: '没见过的 64 条，准确率', ...share },
    shift: { label: '修好的，打乱以后', ...change },
    printedShift: { label: '认反的，打乱以后', ...change },
  },
  presets: {
    middle: { label: '标签看中间', params: { place: 'middle' } },
    last: { label: '标签看最后', params: { place: 'last' } },
  },
  // #region data
  data({ params: { length, place }, seed }) {
    const k = { first: 0, middle: Math.floor(length / 2), last: length - 1 }[place];
    const random = seededRandom(seed);
    const draw = (count: number) => drawSequences(random, count, length, k);
    return { draw, unseen: draw(HELD_OUT), order: random.permutation(HELD_OUT) };
  },
  // #endregion
  // #region model
  model(run) {
    const { units } = run.params;
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
    const network = (swapped: boolean) => {
      const [E, W] = [weights(TOKENS, EMBEDDING), weights(EMBEDDING, 4 * units)];
      const [U, V] = [weights(units, 4 * units), weights(units, 2)];
      const b = tf.variable(tf.concat([tf.ones([units]), tf.zeros([3 * units])]));
      // [rows, steps, EMBEDDING] → [rows, steps, units]: it walks along the second axis.
      const lstm = (X: tf.Tensor3D): tf.Tensor3D => {
        const [rows, steps] = X.shape;
        let [h, c] = [tf.zeros([rows, units]), tf.zeros([rows, units])];
        const z = X.reshape([-1, EMBEDDING]).matMul(W).add(b).reshape([rows, steps, -1]);
        const states = z.unstack(1).map((x) => {
          const [gates, g] = tf.split(x.add(h.matMul(U)), [3 * units, units], 1);
          const [f, i, o] = tf.split(gates!.sigmoid(), 3, 1);
          c = f!.mul(c).add(i!.mul(g!.tanh()));
          return (h = o!.mul(c.tanh()));
        });
        return tf.stack(states, 1).as3D(rows, steps, units);
      };
      const turn = <T extends tf.Tensor>(X: T): T => (swapped ? tf.transpose(X, [1, 0, 2]) : X);
      const read = (X: tf.Tensor3D): tf.Tensor2D => {
        const last = tf.gather(turn(lstm(turn(X))), [X.shape[1] - 1], 1);
        return last.as2D(X.shape[0], units).matMul(V).as2D(X.shape[0], 2);
      };
      const embed = (rows: number[][]) =>
        tf.gather(E, tf.tensor2d(rows, undefined, 'int32')) as tf.Tensor as tf.Tensor3D;
      return { embed, read, variables: [E, W, U, V, b], optimizer: run.own(tf.train.adam(0.02)) };
    };
    return { fixed: network(false), printed: network(true) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 150,
    expect: { validationAccuracy: { atLeast: 0.9 }, printedAccuracy: { atMost: 0.75 } },
  },
  // #region train
  async *train(run, { draw, unseen, order }, { fixed, printed }) {
    const last = run.params.steps - 1;
    const zeros = { validationAccuracy: 0, printedAccuracy: 0, shift: 0, printedShift: 0 };
    const held = run.state(zeros);
    for (let step = 0; step <= last; step++) {
      const { rows, labels } = draw(BATCH);
      if (step < run.done) continue;
      const Y = tf.oneHot(tf.tensor1d([...labels], 'int32'), 2);
      const learn = ({ embed, read, variables, optimizer }: typeof fixed): tf.Scalar =>
        optimizer.minimize(() => entropy(Y, read(embed(rows))), true, variables)!;
      const [loss, printedLoss] = [learn(fixed), learn(printed)];
      if (step % EVERY === 0 || step === last) {
        [held.validationAccuracy, held.shift] = await examine(fixed);
        [held.printedAccuracy, held.printedShift] = await examine(printed);
      }
      const views = async () => [await depends('修好的', fixed), await depends('认反的', printed)];
      yield { metrics: { loss, printedLoss, ...held }, views };
    }
    async function examine({ embed, read }: typeof fixed): Promise<[number, number]> {
      const large = (some: number[][]) => read(embed(some)).softmax().gather([1], 1).data();
      const p = await large(unseen.rows);
      const again = await large(order.map((row) => unseen.rows[row]!));
      const right = unseen.labels.filter((label, i) => p[i]! > 0.5 === (label === 1));
      return [right.length / HELD_OUT, largestShift(p, again, order)];
    }

    // What each digit of the first six rows adds to the verdict on the third: integrated gradients.
    async function depends(name: string, { embed, read }: typeof fixed) {
      const X = embed(unseen.rows.slice(0, 6));
      const slope = tf.grad((x) => read(tf.reshape(x, X.shape)).slice([2, 1], [1, 1]).asScalar());
      const parts = [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => slope(X.mul(part)).mul(X).sum(2));
      const sizes = (await tf.addN(parts).abs().array()) as number[][];
      return dependencyView(`${name}：第 3 条的答案取决于谁（%）`, sizes);
    }
  },
  // #endregion
});
