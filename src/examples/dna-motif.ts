/** A small convolution finds a word hidden anywhere in DNA; a larger network without shared weights cannot. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { encode, filterView, firingView, LENGTH } from '../datasets/dna.ts';
import { makeSequences, readLetters } from '../datasets/dna.ts';
import { tableView } from '../datasets/pictures.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [WIDTH, HIDDEN, BATCH, TESTS, EVERY] = [6, 16, 50, 400, 10];
const entropy = tf.losses.sigmoidCrossEntropy<tf.Tensor1D, tf.Scalar>;
const accuracyChart = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '找 DNA 里的一个词',
  summary: '40 个字母的 DNA 里藏没藏着 TATAAT：共用权重的小卷积和大得多的全连接网络比。',
  techniques: ['science', 'architecture', 'classification'],
  params: {
    word: choice('藏的词', 'TATAAT', { TATAAT: 'TATAAT', GGGCGG: 'GGGCGG', CACGTG: 'CACGTG' }),
    mutation: number('每个字母换掉的概率', 0.05, [0, 0.5], 0.05),
    fixed: { kind: 'toggle', label: '词总在正中', default: false },
    count: number('训练序列条数', 1000, [100, 2000], 100),
    filters: number('卷积核个数', 4, [1, 16]),
    epochs: number('遍数', 30, [5, 100], 5),
  },
  metrics: {
    loss: { label: '卷积', chart: '训练交叉熵', better: 'lower' },
    mlpLoss: { label: '全连接', chart: '训练交叉熵', better: 'lower' },
    validationAccuracy: { label: '卷积：测试', ...accuracyChart },
    mlpValidationAccuracy: { label: '全连接：测试', ...accuracyChart },
    mlpAccuracy: { label: '全连接：这一批训练', ...accuracyChart },
  },
  presets: {
    fixed: { label: '词总在正中', params: { fixed: true } },
    more: { label: '2000 条', params: { count: 2000 } },
    mutated: { label: '换掉四成字母', params: { mutation: 0.4 } },
    one: { label: '只用 1 个卷积核', params: { filters: 1 } },
  },
  // #region data
  data({ params, seed }) {
    const random = seededRandom(seed);
    const tensors = (count: number) => {
      const { letters, labels } = makeSequences(count, params, random);
      const X = tf.tensor3d(encode(letters), [count, LENGTH, 4]);
      return { X, y: tf.tensor1d([...labels]) };
    };
    return { train: tensors(params.count), test: tensors(TESTS), random };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number, deviation: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, deviation), [m, n]));
    const f = run.params.filters;
    const F = tf.variable(tf.tensor3d(random.normals(WIDTH * 4 * f, 0.5), [WIDTH, 4, f]));
    const v = tf.variable(tf.ones([f, 1]));
    const [W1, W2] = [weights(LENGTH * 4, HIDDEN, 0.1), weights(HIDDEN, 1, 0.25)];
    const [b, c] = [tf.variable(tf.zeros([HIDDEN])), tf.variable(tf.zeros([1]))];
    /** The same filters at every place: [sequences, places, filters]. */
    const scores = (X: tf.Tensor3D) => tf.conv1d(X, F, 1, 'valid');
    const found = (X: tf.Tensor3D): tf.Tensor1D => {
      const softMaximum = scores(X)
        .logSumExp(1)
        .sub(Math.log(X.shape[1] - WIDTH + 1));
      return softMaximum.matMul(v).add(c).flatten();
    };
    const dense = (X: tf.Tensor3D): tf.Tensor1D => {
      const row = X.reshape([-1, LENGTH * 4]);
      return row.matMul(W1).add(b).relu().matMul(W2).flatten();
    };
    const [adam, mlpAdam] = [run.own(tf.train.adam(0.02)), run.own(tf.train.adam(0.02))];
    return { F, v, scores, found, dense, adam, mlpAdam };
  },
  // #endregion
  length: ({ params }) => params.epochs * Math.ceil(params.count / BATCH),
  check: {
    steps: 600,
    expect: { validationAccuracy: { atLeast: 0.8 }, mlpValidationAccuracy: { atMost: 0.65 } },
  },
  // #region train
  async *train(run, { train, test, random }, model) {
    const { F, v, found, dense, adam, mlpAdam } = model;
    const { count, epochs } = run.params;
    const right = (z: tf.Tensor, y: tf.Tensor) => z.greater(0).equal(y.greater(0)).mean();
    const read = async (score: tf.Tensor) => (await score.data())[0]!;
    const last = run.state({ conv: 0.5, mlp: 0.5 });
    let step = run.done;
    for (const rows of batches(random, count, BATCH, epochs, run.done)) {
      const [X, y] = [train.X.gather<tf.Tensor3D>(rows), train.y.gather(rows)];
      const loss = adam.minimize(() => entropy(y, found(X)), true)!;
      const mlpLoss = mlpAdam.minimize(() => entropy(y, dense(X)), true)!;
      if (step++ % EVERY === EVERY - 1) {
        last.conv = await read(right(found(test.X), test.y));
        last.mlp = await read(right(dense(test.X), test.y));
      }
      yield {
        metrics: {
          ...{ loss, mlpLoss, mlpAccuracy: right(dense(X), y).asScalar() },
          ...{ validationAccuracy: last.conv, mlpValidationAccuracy: last.mlp },
        },
        views: async () => [filterView(await F.data(), await v.data())],
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'text', label: '写一段 DNA', default: 'GCCATTACGGTATAATCCGAT', maxLength: 60 },
    async infer(_run, _data, { v, scores, found, dense }, input) {
      const letters = input.kind === 'text' ? readLetters(input.text) : undefined;
      if (!letters || letters.length < WIDTH) {
        throw new InputError(`只认 A、C、G、T，至少 ${WIDTH} 个字母，例如 GGTATAATCC。`);
      }
      const X = tf.tensor3d(encode([letters], letters.length), [1, letters.length, 4]);
      const padded = tf.tensor3d(encode([letters]), [1, LENGTH, 4]);
      const fires = await scores(X).mul(v.flatten()).max(2).data();
      const p = [await found(X).sigmoid().data(), await dense(padded).sigmoid().data()];
      const row = (name: string, i: number) => [name, p[i]![0]!.toFixed(3)];
      return [
        firingView('卷积核在哪里响', letters, Array.from(fires), WIDTH),
        tableView('藏着词的概率', ['模型', '概率'], [row('卷积', 0), row('全连接', 1)]),
      ];
    },
  },
});
