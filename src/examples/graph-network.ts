/** A graph network guesses who belongs to which circle, from a handful of known members and the friendships. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { communityView, HINTS, makeCommunities, MEMBERS } from '../datasets/communities.ts';
import { messageMatrix } from '../datasets/communities.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const accuracyChart = { chart: '未知成员的准确率', better: 'higher', fraction: true } as const;
const friend = { default: 3, min: 0, max: 10, step: 1 };

export default defineExample({
  title: '图网络：看朋友认人',
  summary: '六十个人分两个圈子，只告诉网络四个人的归属，看它能不能靠朋友关系认出其余的人。',
  techniques: ['graph', 'classification', 'architecture'],
  params: {
    labelled: number('每圈已知几人', 2, [1, 10]),
    inside: number('圈内成为朋友的概率', 0.2, [0, 0.5], 0.05),
    between: number('圈外成为朋友的概率', 0.02, [0, 0.5], 0.01),
    hint: number('个人特征里的线索', 0.5, [0, 3], 0.25),
    steps: number('步数', 150, [20, 400], 10),
  },
  metrics: {
    loss: { label: '图网络', chart: '已知成员的交叉熵', better: 'lower' },
    accuracy: { label: '图网络：特征加朋友', ...accuracyChart },
    featuresAccuracy: { label: '普通网络：只看特征', ...accuracyChart },
  },
  presets: {
    mixed: { label: '圈内圈外一样熟', params: { inside: 0.1, between: 0.1 } },
    hinted: { label: '线索 2', params: { hint: 2 } },
    one: { label: '每圈只知道一人', params: { labelled: 1 } },
  },
  // #region data
  data({ seed, params }) {
    const people = makeCommunities(seed, params);
    const unknown = people.labels.map((_, i) => Number(!people.told.includes(i)));
    return {
      people,
      X: tf.tensor2d(people.features as number[][]), // [60, 8]
      A: tf.tensor2d(messageMatrix(MEMBERS, people.edges), [MEMBERS, MEMBERS]),
      Y: tf.oneHot(tf.tensor1d(people.labels as number[], 'int32'), 2).toFloat(), // [60, 2]
      told: tf.tensor1d(unknown.map((value) => 1 - value)),
      unknown: tf.tensor1d(unknown),
    };
  },
  // #endregion
  // #region model
  model(run) {
    const network = (random: ReturnType<typeof seededRandom>) => {
      const weights = (m: number, n: number) =>
        tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
      const [W1, W2] = [weights(HINTS, 16), weights(16, 2)];
      // Each layer first mixes a node with its friends; without A: an ordinary network.
      return (X: tf.Tensor, A?: tf.Tensor) => {
        const mix = (Z: tf.Tensor) => A?.matMul(Z) ?? Z;
        return mix(mix(X).matMul(W1).relu().matMul(W2)); // [nodes, 2]
      };
    };
    const [graph, plain] = [network(seededRandom(run.seed)), network(seededRandom(run.seed))];
    return { graph, plain, optimizer: run.own(tf.train.adam(0.02)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 150, expect: { accuracy: { atLeast: 0.9 }, featuresAccuracy: { atMost: 0.8 } } },
  // #region train
  async *train({ params, done }, { people, X, A, Y, told, unknown }, { graph, plain, optimizer }) {
    // only members whose circle is told count
    const entropy = (z: tf.Tensor): tf.Scalar =>
      z.logSoftmax().mul(Y).sum(1).mul(told).sum().neg().div(told.sum());
    const accuracy = (z: tf.Tensor): tf.Scalar =>
      z.argMax(1).equal(Y.argMax(1)).mul(unknown).sum().div(unknown.sum());
    for (let step = done; step < params.steps; step++) {
      optimizer.minimize(() => entropy(graph(X, A)).add(entropy(plain(X))));
      const [z, alone] = [graph(X, A), plain(X)];
      const metrics = {
        loss: entropy(z),
        accuracy: accuracy(z),
        featuresAccuracy: accuracy(alone),
      };
      const views = async () => [
        communityView('图网络的判断（画圈的判错了）', people, await graph(X, A).argMax(1).data()),
        communityView('只看特征的判断', people, await plain(X).argMax(1).data()),
      ];
      yield { metrics, views };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '来了一个新人：他认识谁？',
      fields: {
        first: { label: '甲圈的朋友', ...friend },
        second: { label: '乙圈的朋友', ...friend, default: 1 },
        hint: { label: '他的线索（负像甲，正像乙）', default: 0, min: -3, max: 3, step: 0.5 },
      },
    },
    async infer(_run, { people }, { graph, plain }, input) {
      if (input.kind !== 'numbers') throw new InputError('这里只收三个数。');
      const { first = 0, second = 0, hint = 0 } = input.values;
      const known = (circle: number, count: number) =>
        Array.from({ length: count }, (_, i) => [(circle * MEMBERS) / 2 + i, MEMBERS] as const);
      const edges = [...people.edges, ...known(0, first), ...known(1, second)];
      const A = tf.tensor2d(messageMatrix(MEMBERS + 1, edges), [MEMBERS + 1, MEMBERS + 1]);
      const features = [
        ...people.features,
        Array.from({ length: HINTS }, (_, j) => (j ? 0 : hint)),
      ];
      const X = tf.tensor2d(features as number[][]);
      const last = async (z: tf.Tensor) => (await z.softmax().data()).slice(-2);
      const [a, b] = [await last(graph(X, A)), await last(plain(X))];
      const row = (name: string, p: ArrayLike<number>) => [
        name,
        p[0]!.toFixed(3),
        p[1]!.toFixed(3),
      ];
      const rows = [row('特征加朋友', a), row('只看特征', b)];
      return [tableView('新人属于哪一圈', ['网络', '甲圈的概率', '乙圈的概率'], rows)];
    },
  },
});
