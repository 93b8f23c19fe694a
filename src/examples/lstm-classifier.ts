/** An LSTM reads customers' messages character by character and says praise or complaint. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { encodeMessage, mistakesView, prepareMessages, readingView } from '../datasets/messages.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [BATCH, EMBEDDING, EVERY] = [56, 16, 6];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const share = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '一句留言，是夸还是骂',
  summary: '一百多条顾客留言教一个 LSTM 从左读到右，判断夸还是骂；再打一句你自己的。',
  techniques: ['text', 'classification', 'architecture'],
  params: {
    reader: choice('怎样读', 'lstm', { lstm: 'LSTM，有先后', bag: '取平均，没有先后' }),
    answer: choice('在哪里作答', 'end', { end: '句子的最后一个字', padded: '补齐后的最后一格' }),
    split: choice('一对反话', 'together', { together: '整对留出来考', apart: '一句学，一句考' }),
    length: number('补齐到几格', 20, [20, 48], 4),
    units: number('LSTM 单元', 8, [4, 32]),
    epochs: number('遍数', 20, [5, 60]),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    accuracy: { label: '训练过的留言', ...share },
    validationAccuracy: { label: '没见过的留言', ...share },
  },
  presets: {
    padded: { label: '在补齐的最后一格作答', params: { answer: 'padded' } },
    longer: { label: '补到 40 格再作答', params: { answer: 'padded', length: 40 } },
    apart: { label: '反话一句学，一句考', params: { split: 'apart' } },
    bag: { label: '只取平均', params: { reader: 'bag' } },
  },
  // #region data
  data({ params, seed }) {
    const { vocabulary, train, test } = prepareMessages(seed, params);
    const oneHot = (places: number[], n: number) =>
      tf.oneHot(tf.tensor1d(places, 'int32'), n).toFloat();
    const tensors = ({ rows, ends, labels }: typeof train) => ({
      X: tf.tensor2d(rows, undefined, 'int32'), // [messages, length]
      at: oneHot(ends, params.length), // where the answer is read
      Y: oneHot(labels, 2),
    });
    return { vocabulary, test, seen: tensors(train), unseen: tensors(test) };
  },
  // #endregion
  // #region model
  model(run, { vocabulary }) {
    const { units: u, reader } = run.params;
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number, deviation = Math.sqrt(1 / m)) =>
      tf.variable(tf.tensor2d(random.normals(m * n, deviation), [m, n]));
    const E = weights(vocabulary.length, EMBEDDING, 0.5);
    const [W, U] = [weights(EMBEDDING, 4 * u), weights(u, 4 * u)];
    const b = tf.variable(tf.concat([tf.ones([u]), tf.zeros([3 * u])])); // forget gate starts open
    const V = weights(reader === 'lstm' ? u : EMBEDDING, 2);
    const lstm = (X: tf.Tensor3D) => {
      const [n, steps] = X.shape;
      let [h, c] = [tf.zeros([n, u]), tf.zeros([n, u])];
      const z = X.reshape([-1, EMBEDDING]).matMul(W).add(b).reshape([n, steps, -1]);
      const states = z.unstack(1).map((x) => {
        const [gates, g] = tf.split(x.add(h.matMul(U)), [3 * u, u], 1);
        const [f, i, o] = tf.split(gates!.sigmoid(), 3, 1);
        c = f!.mul(c).add(i!.mul(g!.tanh())); // what to keep of the memory, what to add to it
        return (h = o!.mul(c.tanh()));
      });
      return tf.stack(states, 1);
    };
    const average = (X: tf.Tensor3D) => {
      let sum = tf.zeros([X.shape[0], EMBEDDING]);
      const means = X.unstack(1).map((x, t) => (sum = sum.add(x)).div(t + 1));
      return tf.stack(means, 1);
    };
    // Verdict after every character: [messages, length, 2].
    const verdicts = (rows: tf.Tensor2D) => {
      const X = tf.gather<tf.Tensor>(E, rows) as tf.Tensor3D;
      const flat = (reader === 'lstm' ? lstm(X) : average(X)).reshape([-1, V.shape[0]]).matMul(V);
      return flat.reshape<tf.Tensor3D>([...rows.shape, 2]);
    };
    const logits = (X: tf.Tensor2D, at: tf.Tensor) => verdicts(X).mul(at.expandDims(2)).sum(1);
    const variables = reader === 'lstm' ? [E, W, U, b, V] : [E, V];
    return { verdicts, logits, variables, random, optimizer: run.own(tf.train.adam(0.01)) };
  },
  // #endregion
  length: ({ params }, { seen }) => params.epochs * Math.ceil(seen.X.shape[0] / BATCH),
  check: { steps: 60, expect: { validationAccuracy: { atLeast: 0.55 } } },
  // #region train
  async *train(run, { test, seen, unseen }, { logits, variables, random, optimizer }) {
    const held = run.state({ accuracy: 0, unseen: 0, steps: 0 });
    const accuracy = async ({ X, at, Y }: typeof seen): Promise<number> =>
      (await logits(X, at).argMax(1).equal(Y.argMax(1)).mean().data())[0]!;
    for (const batch of batches(random, seen.X.shape[0], BATCH, run.params.epochs, run.done)) {
      const pick = <T extends tf.Tensor>(t: T): T => tf.gather(t, tf.tensor1d(batch, 'int32'));
      const [X, at, Y] = [pick(seen.X), pick(seen.at), pick(seen.Y)];
      const loss = optimizer.minimize(() => entropy(Y, logits(X, at)), true, variables)!;
      if (++held.steps % EVERY === 0 || held.steps === 1) {
        held.accuracy = await accuracy(seen);
        held.unseen = await accuracy(unseen);
      }
      const metrics = { loss, accuracy: held.accuracy, validationAccuracy: held.unseen };
      const praise = () => logits(unseen.X, unseen.at).softmax().gather([1], 1).data();
      yield { metrics, views: async () => [mistakesView(test.messages, await praise())] };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'text',
      label: '写一句留言',
      default: '客服很耐心，可是东西还是坏的',
      maxLength: 60,
    },
    async infer({ params }, { vocabulary }, { verdicts }, input) {
      if (input.kind !== 'text' || !/\p{Script=Han}/u.test(input.text)) {
        throw new InputError('请写一句中文留言，至少一个汉字，例如“用了三天就坏了”。');
      }
      const [text, end] = [input.text.trim(), [...input.text.trim()].length - 1];
      const row = encodeMessage(vocabulary, text, Math.max(params.length, end + 1));
      const z = verdicts(tf.tensor2d([row], undefined, 'int32'));
      const p = await z.softmax().gather([1], 2).data();
      return [readingView(vocabulary, text, p, params.answer === 'end' ? end : p.length - 1)];
    },
  },
});
