/** A decision tree and a line that can be read, beside a network that cannot: who tells biopsies apart better. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CANCER_FEATURES, loadBreastCancer } from '../datasets/breast-cancer.ts';
import * as trees from '../datasets/decision-tree.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';
import type { Samples } from '../datasets/table.ts';

const [HIDDEN, DEPTHS, COLUMNS] = [32, 8, CANCER_FEATURES.length];
const share = { chart: '准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '看得懂的对手：树和直线',
  summary: '决策树、逻辑回归和神经网络判断同样的肿块：前两个能读，看它们输不输给读不了的。',
  techniques: ['evaluation', 'classification'],
  params: {
    depth: number('树最多连问几个问题', 2, [1, DEPTHS]),
    patients: choice('用哪些训练病人', 'all', { all: '全部 398 位', half: '随机一半' }),
    decay: number('直线和网络的 L2 惩罚 λ', 0.001, [0, 0.1], 0.001),
    steps: number('步数', 200, [20, 600], 10),
  },
  metrics: {
    loss: { label: '直线', chart: '训练损失（交叉熵）', better: 'lower' },
    networkLoss: { label: '网络', chart: '训练损失（交叉熵）', better: 'lower' },
    validationAccuracy: { label: '直线，测试', ...share },
    networkAccuracy: { label: '网络，测试', ...share },
    treeAccuracy: { label: '树，测试', ...share },
    treeTrainAccuracy: { label: '树，训练', ...share },
  },
  presets: {
    one: { label: '只问一个', params: { depth: 1 } },
    three: { label: '连问三个', params: { depth: 3 } },
    five: { label: '连问五个', params: { depth: 5 } },
    deep: { label: '连问八个', params: { depth: 8 } },
    half: { label: '只用一半病人', params: { patients: 'half' } },
  },
  // #region data
  async data(run) {
    const { params, seed } = run;
    const { train: all, test } = await loadBreastCancer(run);
    const half = seededRandom(seed)
      .permutation(all.count)
      .slice(0, all.count / 2);
    const train = params.patients === 'all' ? all : trees.chosen(all, half, COLUMNS);
    const raw = ({ x, count }: Samples) => tf.tensor2d(x, [count, COLUMNS]);
    const { mean, variance } = tf.moments(raw(train), 0); // of the training part only
    const scale = (rows: tf.Tensor) => rows.sub(mean).div(variance.sqrt());
    const column = (part: Samples) => tf.tensor2d([...part.labels], [part.count, 1], 'float32');
    const [X, Y, XTest, yTest] = [scale(raw(train)), column(train), scale(raw(test)), column(test)];
    const rows = [train, test].map(({ x, labels }) => ({ x, labels, columns: COLUMNS }));
    return { train: rows[0]!, test: rows[1]!, X, Y, XTest, yTest, scale };
  },
  // #endregion
  // #region model
  model(run, { train }) {
    const depths = Array.from({ length: DEPTHS }, (_, i) => i + 1);
    const grown = depths.map((depth) => trees.growTree(train, depth));
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
    const [W1, W2] = [weights(COLUMNS, HIDDEN), weights(HIDDEN, 1)];
    const [w, b] = [tf.variable(tf.zeros([COLUMNS, 1])), tf.variable(tf.zeros([1]))];
    const line = (X: tf.Tensor) => X.matMul(w).add(b);
    const network = (X: tf.Tensor) => X.matMul(W1).relu().matMul(W2);
    const square = () => tf.addN([w, W1, W2].map((W) => W.square().sum()));
    const adam = run.own(tf.train.adam(0.02, 0.9, 0.999, 1e-7));
    return { grown, tree: grown[run.params.depth - 1]!, w, b, line, network, square, adam };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 200,
    expect: { validationAccuracy: { atLeast: 0.93 }, treeAccuracy: { atLeast: 0.85 } },
  },
  // #region train
  async *train({ params, done }, { train, test, X, Y, XTest, yTest }, model) {
    const { grown, tree, line, network, square, adam } = model;
    const entropy = (z: tf.Tensor): tf.Scalar => z.softplus().sub(z.mul(Y)).mean();
    const right = (z: tf.Tensor): tf.Scalar => z.greater(0).equal(yTest.greater(0.5)).mean();
    const treeAccuracy = trees.treeAccuracy(tree, test);
    const treeTrainAccuracy = trees.treeAccuracy(tree, train);
    const penalty = () => square().mul(params.decay / 2);
    for (let step = done; step < params.steps; step++) {
      adam.minimize(() =>
        entropy(line(X))
          .add(entropy(network(X)))
          .add(penalty()),
      );
      const losses = { loss: entropy(line(X)), networkLoss: entropy(network(X)) };
      yield {
        metrics: {
          ...losses,
          validationAccuracy: right(line(XTest)),
          networkAccuracy: right(network(XTest)),
          ...{ treeAccuracy, treeTrainAccuracy },
        },
        views: () => [
          trees.depthCurve(grown, train, test),
          trees.treeText(tree, CANCER_FEATURES, 3),
          trees.readingCosts(tree, COLUMNS + 1, (COLUMNS + 1) * HIDDEN),
        ],
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '看一位测试病人怎样被判断',
      fields: { patient: { label: '第几位', default: 1, min: 1, max: 171, step: 1 } },
    },
    async infer(_run, { test, scale }, { tree, w, line, network }, input) {
      if (input.kind !== 'numbers') throw new InputError('请填 1 到 171 之间的号。');
      const i = Math.round(input.values.patient ?? 1) - 1;
      const row = trees.rowOf(test, i);
      const X = scale(tf.tensor2d([row]));
      const terms = await X.flatten().mul(w.flatten()).data();
      const said = await tf
        .concat([line(X), network(X)])
        .sigmoid()
        .data();
      const verdicts = [
        ['其实', test.labels[i] === 1 ? '恶性' : '良性'],
        ['直线：恶性的概率', said[0]!.toFixed(4)],
        ['网络：恶性的概率', said[1]!.toFixed(4)],
      ];
      return [
        tableView('三个模型怎么说', ['谁', '说什么'], verdicts),
        trees.pathText(tree, row, CANCER_FEATURES),
        trees.termsView(terms, CANCER_FEATURES),
      ];
    },
  },
});
