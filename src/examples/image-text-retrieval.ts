/** Two encoders, one for pictures and one for captions, learn to put what belongs together in one place. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { CAPTIONS, captionViews, CHARACTERS, countCharacters } from '../datasets/captions.ts';
import { nearestPictures, onBothPapers, UNSEEN } from '../datasets/captions.ts';
import { loadDigits, PIXELS } from '../datasets/digits.ts';
import { seededRandom } from '../datasets/random.ts';

const [HIDDEN, BATCH] = [64, 64];
const accuracyChart = { chart: '看图选说明', better: 'higher', fraction: true } as const;
const direction = (v: tf.Tensor): tf.Tensor => v.div(v.square().sum(-1, true).add(1e-8).sqrt());

export default defineExample({
  title: '图文互找：两个编码器',
  summary: '一个网络看图，一个网络读说明，学着把同一件事放到同一处，然后用文字找没见过的图。',
  techniques: ['vision', 'text', 'architecture'],
  params: {
    dimensions: number('向量宽度 d', 16, [2, 32]),
    temperature: number('温度 τ', 0.1, [0.02, 1], 0.01, 'log'),
    holdOut: { kind: 'toggle', label: '训练时藏起“黑底的三”和“黑底的七”', default: false },
    steps: number('步数', 400, [50, 1000], 50),
  },
  metrics: {
    loss: { label: '对比损失', chart: '损失', better: 'lower' },
    accuracy: { label: '全部 20 种说明', ...accuracyChart },
    unseenAccuracy: { label: '黑底的三和七', ...accuracyChart },
  },
  presets: {
    hidden: { label: '藏起黑底的三和七', params: { holdOut: true } },
    flat: { label: '宽度 4', params: { dimensions: 4 } },
    soft: { label: '温度 1', params: { temperature: 1 } },
  },
  // #region data
  async data(run) {
    const digits = await loadDigits(run);
    const [train, test] = [onBothPapers(digits.train), onBothPapers(digits.test)];
    const hidden = run.params.holdOut ? UNSEEN : [];
    const rows = Array.from(train.captions.keys());
    const allowed = rows.filter((i) => !hidden.includes(train.captions[i]!));
    return {
      test,
      train: tf.tensor2d(train.images, [train.count, PIXELS]),
      captions: train.captions,
      allowed,
      X: tf.tensor2d(test.images, [test.count, PIXELS]),
      right: tf.tensor1d(test.captions),
      unseen: tf.tensor1d(Array.from(test.captions, (c) => Number(UNSEEN.includes(c)))),
      texts: tf.tensor2d(countCharacters(CAPTIONS)), // [20, 14]
    };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed);
    const d = run.params.dimensions;
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const [W1, W2, E] = [
      weights(PIXELS, HIDDEN),
      weights(HIDDEN, d),
      weights(CHARACTERS.length, d),
    ];
    const b = tf.variable(tf.zeros([HIDDEN]));
    return {
      seeing: (X: tf.Tensor) => direction(X.matMul(W1).add(b).relu().matMul(W2)), // [n, d]
      reading: (counts: tf.Tensor) => direction(counts.matMul(E)), // a sum of characters
      optimizer: run.own(tf.train.adam(0.005)),
      random,
    };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 400, expect: { accuracy: { atLeast: 0.9 } } },
  // #region train
  async *train({ params, done }, data, { seeing, reading, optimizer, random }) {
    const any = () => data.allowed[random.integer(data.allowed.length)]!;
    for (let step = 0; step < params.steps; step++) {
      const batch = Array.from({ length: BATCH }, any);
      if (step < done) continue;
      const names = batch.map((i) => data.captions[i]!);
      const named = tf.tensor1d(names, 'int32');
      const X = tf.gather(data.train, tf.tensor1d(batch, 'int32'));
      const T = tf.gather(data.texts, named);
      // Pictures with the same caption are all right answers for each other.
      const same = named.reshape([BATCH, 1]).equal(named).toFloat();
      const target = same.div(same.sum(1, true));
      const loss = optimizer.minimize((): tf.Scalar => {
        const S = seeing(X).matMul(reading(T), false, true).div(params.temperature); // [64, 64]
        const rows = S.logSoftmax().mul(target).sum();
        const columns = S.transpose().logSoftmax().mul(target).sum();
        return rows.add(columns).div(-2 * BATCH);
      }, true)!;
      const guess = seeing(data.X).matMul(reading(data.texts), false, true).argMax(1);
      const hit = guess.equal(data.right).toFloat();
      const unseenAccuracy: tf.Scalar = hit.mul(data.unseen).sum().div(data.unseen.sum());
      const views = async () =>
        captionViews(data.test, await similarities(data, { seeing, reading }, data.texts));
      yield { metrics: { loss, accuracy: hit.mean<tf.Scalar>(), unseenAccuracy }, views };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'text', label: '用文字找图', default: '黑底的七', maxLength: 20 },
    async infer(_run, data, model, input) {
      const text = input.kind === 'text' ? input.text : '';
      const unknown = [...text].filter((character) => !CHARACTERS.includes(character));
      if (text === '' || unknown.length > 0)
        throw new InputError(`它只认这些字：${CHARACTERS.join('')}。请用它们写，比如“黑底的七”。`);
      const [row] = await similarities(data, model, tf.tensor2d(countCharacters([text])));
      return nearestPictures(`离“${text}”最近的图`, data.test, row!);
    },
  },
});

type Encoders = Record<'seeing' | 'reading', (input: tf.Tensor) => tf.Tensor>;

/** Cosine of every text with every test picture: `[texts][pictures]`. */
async function similarities(
  { X }: { X: tf.Tensor },
  { seeing, reading }: Encoders,
  texts: tf.Tensor,
) {
  return (await reading(texts).matMul(seeing(X), false, true).array()) as number[][];
}
