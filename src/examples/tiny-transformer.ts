/** A small transformer, written out: learns the next character of this book from all that came before it. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { attentionView, countsView, lastRowView, readStream } from '../datasets/book-stream.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';
import { perplexity, writtenView } from '../datasets/sentences.ts';

const [HEADS, SHOWN] = [2, '模型在训练集上学得好'];
const SEES = {
  past: (i: number, j: number) => j <= i,
  self: (i: number, j: number) => j === i,
  all: () => true,
};
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const chart = { chart: '留出的句子：困惑度', better: 'lower' } as const;

// #region block
const norm = (x: tf.Tensor, gain: tf.Tensor) => {
  const centred = x.sub(x.mean(1, true)); // every row: mean 0 …
  return centred.mul(centred.square().mean(1, true).add(1e-5).rsqrt()).mul(gain); // … variance 1
};
type Layer = Record<'Q' | 'K' | 'V' | 'O' | 'U' | 'D' | 'before' | 'between', tf.Tensor>;

/** One block: attention and a small network, each added to what came in. h: [rows · n, width]. */
function block(h: tf.Tensor, layer: Layer, mask: tf.Tensor) {
  const [n, width] = [mask.shape[0], h.shape[1]!];
  const cut = (y: tf.Tensor) => y.reshape([-1, n, HEADS, width / HEADS]).transpose([0, 2, 1, 3]);
  const x = norm(h, layer.before);
  const [q, k, v] = [cut(x.matMul(layer.Q)), cut(x.matMul(layer.K)), cut(x.matMul(layer.V))];
  const scores = q.matMul(k, false, true).div(Math.sqrt(width / HEADS));
  const looks = scores.add(mask).softmax(); // [rows, heads, n, n]; what is not to be seen gets 0
  const mixed = looks.matMul(v).transpose([0, 2, 1, 3]).reshape([-1, width]);
  const seen = h.add(mixed.matMul(layer.O));
  const thought = norm(seen, layer.between).matMul(layer.U).relu().matMul(layer.D);
  return { out: seen.add(thought), looks };
}
// #endregion

export default defineExample({
  title: '手写一个小 Transformer',
  summary: '嵌入、因果注意力、残差、层归一化，一样一样写出来，读这本书的句子，猜下一个字。',
  techniques: ['text', 'architecture'],
  params: {
    mask: choice('一个字能看谁', 'past', {
      past: '自己和前面的字',
      self: '只看自己',
      all: '连后面的也看',
    }),
    width: number('宽度', 32, [16, 64], 16),
    blocks: number('几个块', 1, [1, 2]),
    context: number('一段几个字', 32, [8, 64], 8),
    batch: number('一批几段', 16, [4, 32], 4),
    characters: number('读多少字', 60000, [5000, 90000], 5000),
    learningRate: number('最高学习率', 0.01, [0.0005, 0.05], 0.0005, 'log'),
    decay: number('每步权重收缩', 0.003, [0, 0.01], 0.001),
    temperature: number('写的时候的温度', 0.7, [0.2, 1.5], 0.1),
    steps: number('步数', 400, [50, 2000], 50),
  },
  metrics: {
    loss: { label: '训练的这一批', chart: '交叉熵', better: 'lower' },
    validationPerplexity: { label: 'Transformer', ...chart },
    mixedPerplexity: { label: '它和数对子各一半', ...chart },
    bigramPerplexity: { label: '数相邻两个字', ...chart },
    unigramPerplexity: { label: '只数单个字', ...chart },
  },
  presets: {
    long: {
      label: '宽 64，一批 32 段（慢）',
      params: { width: 64, batch: 32, steps: 500, learningRate: 0.006, decay: 0.002 },
    },
    blind: { label: '只看自己', params: { mask: 'self' } },
    peek: { label: '连后面的也看', params: { mask: 'all' } },
    two: { label: '两个块', params: { blocks: 2 } },
    little: { label: '只读 5000 字', params: { characters: 5000 } },
    near: { label: '一段 8 个字', params: { context: 8 } },
  },
  // #region data
  async data(run) {
    const stream = await readStream(run); // pieces of this book, and what counting says of them
    const answers = tf.oneHot(stream.unseen.answers.flat(), stream.vocabulary.length).toFloat();
    return { ...stream, answers, X: tf.tensor2d(stream.unseen.inputs) };
  },
  // #endregion
  // #region model
  model(run, { vocabulary, unigram }) {
    const { width, blocks, context } = run.params;
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number, deviation = Math.sqrt(1 / m)) =>
      tf.variable(tf.tensor2d(random.normals(m * n, deviation), [m, n]));
    const gain = () => tf.variable(tf.ones([width]));
    const E = weights(vocabulary.length, width, 0.1); // what a character is
    const P = weights(context, width, 0.1); // where it stands
    const layers = Array.from({ length: blocks }, () => ({
      ...{ Q: weights(width, width), K: weights(width, width), V: weights(width, width) },
      ...{ O: weights(width, width, 0.02), U: weights(width, 4 * width) },
      ...{ D: weights(4 * width, width, 0.02), before: gain(), between: gain() },
    }));
    const [last, H] = [gain(), weights(width, vocabulary.length, 0.02)];
    const b = tf.variable(tf.tensor1d(unigram).log()); // begins as the counts of characters
    const places = [...Array(context).keys()];
    const sees = SEES[run.params.mask];
    const mask = tf.tensor2d(places.map((i) => places.map((j) => (sees(i, j) ? 0 : -1e4))));
    const forward = (x: tf.Tensor2D) => {
      const [rows, n] = x.shape;
      const where = P.slice(0, n).tile([rows, 1]);
      let h = tf.gather(E, x.flatten().toInt()).add(where);
      let looks = h;
      for (const layer of layers) {
        ({ out: h, looks } = block(h, layer, mask.slice([0, 0], [n, n])));
      }
      return { logits: norm(h, last).matMul(H).add(b), looks }; // [rows · n, characters]
    };
    const shrinking = [E, P, H, ...layers.flatMap(({ Q, K, V, O, U, D }) => [Q, K, V, O, U, D])];
    const all = [E, P, ...layers.flatMap((layer) => Object.values(layer)), last, H, b];
    const size = all.reduce((sum, w) => sum + w.size, 0);
    const next = (text: number[]) =>
      forward(tf.tensor2d([text]))
        .logits.slice(text.length - 1)
        .softmax()
        .data();
    return { forward, next, shrinking, all, size, adam: run.own(tf.train.adam(0.01)), random };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 400,
    expect: { validationPerplexity: { atMost: 110 }, mixedPerplexity: { atMost: 90 } },
  },
  // #region train
  async *train(run, data, { forward, next, shrinking, size, adam, random }) {
    const { steps, batch, decay, learningRate } = run.params;
    const held = run.state({ network: NaN, mixed: NaN, written: [] as [number, string][] });
    for (let step = 1; step <= steps; step++) {
      const rows = Array.from({ length: batch }, () => random.integer(data.train.inputs.length));
      if (step <= run.done) continue;
      const x = tf.tensor2d(rows.map((row) => data.train.inputs[row]!));
      const answers = rows.flatMap((row) => data.train.answers[row]!);
      const y = tf.oneHot(answers, data.vocabulary.length).toFloat();
      const slower = Math.min(1, 1.2 - step / steps); // after a fifth of the way
      Object.assign(adam, { learningRate: learningRate * slower });
      const loss = adam.minimize(() => entropy(y, forward(x).logits), true)!;
      for (const w of shrinking) w.assign(w.mul(1 - decay));
      if (step % 25 === 0 || step === 1) {
        const p = await forward(data.X).logits.softmax().mul(data.answers).sum(1).data();
        held.network = perplexity(p);
        held.mixed = perplexity(p.map((one, i) => (one + data.byPairs[i]!) / 2));
      }
      if ([1, 50, 100, 200, 400, 800, 1600].includes(step)) {
        const drawn = await data.write(data.encode('模型'), next, seededRandom(run.seed + step));
        held.written.push([step, drawn.map(({ char }) => data.vocabulary[char]).join('')]);
      }
      const { network: validationPerplexity, mixed: mixedPerplexity } = held;
      const views = async () => {
        const shown = SHOWN.slice(0, run.params.context); // there are no more places
        const { looks } = forward(tf.tensor2d([data.encode(shown)]));
        const heads = tf.unstack(looks.squeeze([0]));
        return [
          tableView('边学边写（◁ 是句末）', ['步', '它写的'], [...held.written]),
          attentionView('第一个头在看谁', shown, await heads[0]!.data()),
          attentionView('第二个头在看谁', shown, await heads[1]!.data()),
          countsView(data.counts, data.train.inputs.length + run.params.context - 1, size),
        ];
      };
      yield {
        metrics: { loss, validationPerplexity, mixedPerplexity, ...data.counted },
        views,
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'text', label: '写一句话的开头', default: '训练的时候', maxLength: 40 },
    async infer(_run, data, { forward, next }, input) {
      const text = data.encode(input.kind === 'text' ? input.text.trim() : '');
      if (!text.some((char) => char > 2)) {
        throw new InputError('请写一两个书里常见的汉字作开头，例如“模型”“训练的时候”。');
      }
      const given = data.read(text);
      const heads = tf.unstack(forward(tf.tensor2d([given])).looks.squeeze([0]));
      const chars = given.map((char) => data.vocabulary[char]!);
      const drawn = await data.write(text, next, seededRandom(Date.now()));
      return [
        writtenView('接着写（再按一次，写的不一样）', data.vocabulary, drawn),
        lastRowView('写第一个字之前，第一个头看谁', chars, await heads[0]!.data()),
        lastRowView('第二个头看谁', chars, await heads[1]!.data()),
      ];
    },
  },
});
