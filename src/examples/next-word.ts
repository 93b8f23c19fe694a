/** A language model of this book: guesses the next character from the few before it. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { tableView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';
import * as book from '../datasets/sentences.ts';

const [BATCH, SIZE, HIDDEN] = [256, 32, 128];
const entropy = tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>;
const chart = { chart: '困惑度', better: 'lower' } as const;

export default defineExample({
  title: '读这本书，猜下一个字',
  summary: '一个小语言模型读本书的句子，按前面几个字猜下一个字，和数字数的老办法比谁猜得准。',
  techniques: ['text', 'architecture'],
  params: {
    context: number('看前几个字', 3, [1, 6]),
    characters: number('读多少字', 20000, [2000, 60000], 1000),
    learningRate: number('学习率 α', 0.01, [0.0005, 0.1], 0.0005, 'log'),
    decay: number('每步权重收缩', 0.003, [0, 0.02], 0.001),
    temperature: number('写的时候的温度', 0.7, [0.2, 1.5], 0.1),
    steps: number('步数', 250, [20, 600], 10),
  },
  metrics: {
    perplexity: { label: '这一批训练字', ...chart },
    validationPerplexity: { label: '留出的句子：网络', ...chart },
    mixedPerplexity: { label: '网络和数对子各一半', ...chart },
    bigramPerplexity: { label: '数相邻两个字', ...chart },
    unigramPerplexity: { label: '只数单个字', ...chart },
  },
  presets: {
    memorize: { label: '不收缩，500 步', params: { decay: 0, steps: 500 } },
    little: { label: '只读 4000 字', params: { characters: 4000 } },
    more: { label: '读 60000 字', params: { characters: 60000 } },
    near: { label: '只看前 1 个字', params: { context: 1 } },
    far: { label: '看前 6 个字', params: { context: 6 } },
  },
  // #region data
  async data(run) {
    const text = await book.loadSentences(run); // sentences of this book
    const reading = book.readSentences(text, { seed: run.seed, ...run.params });
    const { train, heldOut, vocabulary } = reading;
    const answers = tf.oneHot(heldOut.next, vocabulary.length).toFloat();
    const X = tf.tensor2d(train.contexts); // [characters, context]
    return { ...reading, ...book.countOdds(reading), X, answers };
  },
  // #endregion
  // #region model
  model(run, { vocabulary, unigram }) {
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number, deviation: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, deviation), [m, n]));
    const inputs = run.params.context * SIZE;
    const E = weights(vocabulary.length, SIZE, 0.1); // a row of 32 numbers a character
    const W1 = weights(inputs, HIDDEN, Math.sqrt(2 / inputs));
    const W2 = weights(HIDDEN, vocabulary.length, 0.01);
    const b1 = tf.variable(tf.zeros([HIDDEN]));
    const b2 = tf.variable(tf.tensor1d(unigram).log()); // begins as the counts of characters
    const logits = (x: tf.Tensor) => {
      const rows = tf.gather(E, x.flatten().toInt()).reshape([-1, inputs]);
      return rows.matMul(W1).add(b1).relu().matMul(W2).add(b2);
    };
    const odds = (contexts: number[][]) => logits(tf.tensor2d(contexts)).softmax();
    const next = (context: number[]) => odds([context]).data();
    const adam = run.own(tf.train.adam(run.params.learningRate));
    return { logits, odds, next, shrinking: [E, W1, W2], adam, random };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 250, expect: { validationPerplexity: { atMost: 140 } } },
  // #region train
  async *train(run, data, { logits, odds, next, shrinking, adam, random }) {
    const { train, heldOut, X, answers, byPairs, counted, vocabulary } = data;
    const held = run.state({ network: NaN, mixed: NaN, written: [] as [number, string][] });
    const { steps, decay, context, temperature } = run.params;
    const begin = data.encode('模型');
    let step = run.done;
    for (const rows of batches(random, train.next.length, BATCH, steps, run.done)) {
      if (++step > steps) return;
      const x = tf.gather(X, tf.tensor1d(rows, 'int32')); // [256, context]
      const answer = rows.map((i) => train.next[i]!);
      const y = tf.oneHot(answer, vocabulary.length).toFloat();
      const loss = adam.minimize(() => entropy(y, logits(x)), true)!;
      for (const w of shrinking) w.assign(w.mul(1 - decay));
      if (step % 10 === 0 || step === 1) {
        const p = await odds(heldOut.contexts).mul(answers).sum(1).data();
        held.network = book.perplexity(p);
        held.mixed = book.perplexity(p.map((one, i) => (one + byPairs[i]!) / 2));
      }
      if ([1, 20, 50, 100, 250, 500].includes(step)) {
        const chance = { random: seededRandom(run.seed + step), temperature };
        const drawn = await book.continueText(begin, next, { context, ...chance });
        const text = drawn.map(({ char }) => vocabulary[char]).join('');
        held.written.push([step, `模型${text}`]);
      }
      const { network: validationPerplexity, mixed: mixedPerplexity } = held;
      const measured = { perplexity: loss.exp(), validationPerplexity, mixedPerplexity };
      yield {
        metrics: { ...measured, ...counted },
        views: () => [tableView('边学边写（◁ 是句末）', ['步', '它写的'], [...held.written])],
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'text', label: '写一句话的开头', default: '模型', maxLength: 40 },
    async infer(run, { vocabulary, encode }, { next }, input) {
      const given = input.kind === 'text' ? encode(input.text.trim()) : [];
      if (!given.some((char) => char > 2)) {
        throw new InputError('请写一两个书里常见的汉字作开头，例如“模型”“训练的时候”。');
      }
      const { context, temperature } = run.params;
      const first = await next(book.lastOf(given, context));
      const chance = { random: seededRandom(Date.now()), temperature };
      const drawn = await book.continueText(given, next, { context, ...chance });
      const text = given.map((char) => ({ char, p: NaN })).concat(drawn);
      const all = Array.from(first, (p, char) => ({ char, p })).sort((a, b) => b.p - a.p);
      return [
        book.writtenView('接着写（再按一次，写的不一样）', vocabulary, text),
        book.writtenView('你的开头后面，最可能的十个字', vocabulary, all.slice(0, 10)),
      ];
    },
  },
});
