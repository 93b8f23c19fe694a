/** The same biopsies split again and again: who of a tree, a line and a network wins, and how often by luck. */
import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { CANCER_FEATURES, loadBreastCancer } from '../datasets/breast-cancer.ts';
import { deviation, mean } from '../datasets/pairs.ts';
import { seededRandom } from '../datasets/random.ts';
import { drawSplits, splitViews, tally, type SplitRows } from '../datasets/repeated-splits.ts';

const [HIDDEN, DEPTHS, COLUMNS, EVERY] = [32, 8, CANCER_FEATURES.length, 10];
const share = { chart: '测试准确率，平均', better: 'higher', fraction: true } as const;
const spread = { chart: '测试准确率，标准差', better: 'lower' } as const;

export default defineExample({
  title: '换五十次划分，谁还赢',
  summary: '同样的病人随机划分五十次，每次长一棵树、拟合一条直线、训练一个网络，看输赢是不是运气。',
  techniques: ['evaluation', 'classification'],
  params: {
    splits: number('划分几次', 50, [5, 100], 5),
    taught: number('每次多少位病人用来学', 398, [50, 520]),
    depth: number('树最多连问几个问题', 2, [1, DEPTHS]),
    decay: number('直线和网络的 L2 惩罚 λ', 0.001, [0, 0.1], 0.001),
    steps: number('步数', 150, [20, 400], 10),
  },
  metrics: {
    loss: { label: '直线', chart: '训练损失（交叉熵），平均', better: 'lower' },
    validationAccuracy: { label: '直线', ...share },
    networkAccuracy: { label: '网络', ...share },
    treeAccuracy: { label: '树', ...share },
    lineSpread: { label: '直线', ...spread },
    networkSpread: { label: '网络', ...spread },
    treeSpread: { label: '树', ...spread },
    treeWins: { label: '树赢过直线几次', chart: '树对直线：赢几次', better: 'higher' },
    treeBehind: { label: '树比直线多错几位', chart: '树对直线：多错几位', better: 'lower' },
  },
  presets: {
    one: { label: '只问一个', params: { depth: 1 } },
    three: { label: '连问三个', params: { depth: 3 } },
    five: { label: '连问五个', params: { depth: 5 } },
    deep: { label: '连问八个', params: { depth: 8 } },
    few: { label: '只用 60 位病人学', params: { taught: 60 } },
  },
  // #region data
  async data(run) {
    const { splits, taught } = run.params;
    const random = seededRandom(run.seed);
    const table = await loadBreastCancer(run);
    const drawn = drawSplits(table, COLUMNS, { splits, taught, depths: DEPTHS }, random);
    const tensors = ({ x, y, rows }: SplitRows) => ({
      X: tf.tensor3d(x, [splits, rows, COLUMNS]),
      Y: tf.tensor3d(y, [splits, rows, 1]),
    });
    return { drawn, random, train: tensors(drawn.train), test: tensors(drawn.test) };
  },
  // #endregion
  // #region model
  model(run, { random }) {
    const k = run.params.splits; // as many lines and networks, all in one tensor
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor3d(random.normals(k * m * n, Math.sqrt(1 / m)), [k, m, n]));
    const [W1, W2] = [weights(COLUMNS, HIDDEN), weights(HIDDEN, 1)];
    const [w, b] = [tf.variable(tf.zeros([k, COLUMNS, 1])), tf.variable(tf.zeros([k, 1, 1]))];
    const line = (X: tf.Tensor) => X.matMul(w).add(b);
    const network = (X: tf.Tensor) => X.matMul(W1).relu().matMul(W2);
    const square = () => tf.addN([w, W1, W2].map((W) => W.square().sum()));
    return { line, network, square, adam: run.own(tf.train.adam(0.02, 0.9, 0.999, 1e-7)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 150,
    expect: { validationAccuracy: { atLeast: 0.96 }, treeAccuracy: { atMost: 0.95 } },
  },
  // #region train
  async *train(run, { drawn, train, test }, { line, network, square, adam }) {
    const { splits, depth, decay, steps } = run.params;
    const tree = drawn.treeScores[depth - 1]!;
    const none = tree.map(() => 0);
    const seen = run.state({ line: none, network: none });
    // Summed over the splits, so that each learns as if it were alone.
    const entropy = (z: tf.Tensor): tf.Scalar =>
      z.softplus().sub(z.mul(train.Y)).mean().mul(splits);
    const right = async (z: tf.Tensor) =>
      Array.from(await z.greater(0).equal(test.Y.greater(0.5)).mean([1, 2]).data());
    for (let step = run.done + 1; step <= steps; step++) {
      adam.minimize(() =>
        entropy(line(train.X))
          .add(entropy(network(train.X)))
          .add(square().mul(decay / 2)),
      );
      if (step % EVERY === 0 || step === 1) {
        [seen.line, seen.network] = [await right(line(test.X)), await right(network(test.X))];
      }
      yield {
        metrics: {
          loss: entropy(line(train.X)).div(splits),
          ...{ validationAccuracy: mean(seen.line), lineSpread: deviation(seen.line) },
          ...{ networkAccuracy: mean(seen.network), networkSpread: deviation(seen.network) },
          ...{ treeAccuracy: mean(tree), treeSpread: deviation(tree) },
          treeWins: tally(tree, seen.line)[0],
          treeBehind: (mean(seen.line) - mean(tree)) * drawn.test.rows,
        },
        views: () => splitViews(drawn, { ...seen, depth }, CANCER_FEATURES),
      };
    }
  },
  // #endregion
});
