/** Two payments in a hundred are fraud: a plain loss lets them pass, a weighted one does not. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { BEST_AREA, drawPayments, SIGNS, type Payments } from '../datasets/payments.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';
import { rocView } from '../datasets/roc.ts';
import { measuresAt, NOTHING, partScores, thresholdViews } from '../datasets/threshold.ts';

const WORDS = {
  ...{ positive: '欺诈', negative: '正常', alarm: '拦下来查', pass: '放行' },
  unit: '元',
};
const [TEST, EVERY] = [4000, 5];
const share = { better: 'higher', fraction: true } as const;

export default defineExample({
  title: '一百笔里两笔是骗子',
  summary:
    '两个逻辑回归看同样的付款，一个按笔数平均损失，一个把欺诈的损失加重；比准确率，也比抓到几成。',
  techniques: ['classification', 'evaluation', 'data'],
  params: {
    fraud: number('欺诈占几成', 0.02, [0.005, 0.5], 0.005),
    weight: number('漏掉一笔算几笔', 30, [1, 200]),
    taught: number('学多少笔', 4000, [500, 20000], 500),
    steps: number('步数', 150, [20, 600], 10),
  },
  metrics: {
    loss: { label: '平常的损失', chart: '训练损失（交叉熵）', better: 'lower' },
    accuracy: { label: '平常的损失', chart: '准确率', ...share },
    weightedAccuracy: { label: '加重欺诈', chart: '准确率', ...share },
    recall: { label: '平常的损失', chart: '召回率：欺诈抓到几成', ...share },
    weightedRecall: { label: '加重欺诈', chart: '召回率：欺诈抓到几成', ...share },
    precision: { label: '加重欺诈，拦下的里几成是真', chart: '精确率', ...share },
    area: { label: '平常的损失', chart: 'AUC', ...share },
    weightedArea: { label: '加重欺诈', chart: 'AUC', ...share },
  },
  presets: {
    even: { label: '一半是欺诈', params: { fraud: 0.5, weight: 1 } },
    heavy: { label: '漏一笔算 200 笔', params: { weight: 200 } },
    few: { label: '只学 500 笔', params: { taught: 500 } },
  },
  // #region data
  data({ params, seed }) {
    const random = seededRandom(seed);
    const tensors = ({ x, labels, count }: Payments) => ({
      X: tf.tensor2d(x, [count, SIGNS.length]),
      y: tf.tensor1d(Float32Array.from(labels)),
      labels,
    });
    const train = tensors(drawPayments(random, params.taught, params.fraud));
    return { train, test: tensors(drawPayments(random, TEST, params.fraud)) };
  },
  // #endregion
  // #region model
  model(run) {
    const logistic = () => {
      const w = tf.variable(tf.zeros([SIGNS.length, 1]));
      const b = tf.variable(tf.zeros([1]));
      const logits = (X: tf.Tensor) => X.matMul(w).add(b).flatten();
      return { w, logits, optimizer: run.own(tf.train.adam(0.1, 0.9, 0.999, 1e-7)) };
    };
    return { plain: logistic(), weighted: logistic() };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 150,
    expect: {
      accuracy: { atLeast: 0.96 },
      recall: { atMost: 0.4 },
      weightedRecall: { atLeast: 0.55 },
    },
  },
  // #region train
  async *train(run, { train, test }, { plain, weighted }) {
    const { params } = run;
    const entropy = ({ logits }: typeof plain, fraudWeight: number): tf.Scalar => {
      const z = logits(train.X);
      const weights = train.y.mul(fraudWeight - 1).add(1); // honest ones keep 1
      return z.softplus().sub(z.mul(train.y)).mul(weights).sum().div(weights.sum());
    };
    const score = async ({ logits }: typeof plain) =>
      partScores(await logits(test.X).sigmoid().data(), test.labels);
    const measure = async (model: typeof plain) => measuresAt(await score(model), 0.5);
    const held = run.state({ one: NOTHING, two: NOTHING });
    for (let step = run.done; step < params.steps; step++) {
      const loss = plain.optimizer.minimize(() => entropy(plain, 1), true)!;
      weighted.optimizer.minimize(() => entropy(weighted, params.weight));
      if (step % EVERY === 0 || step === params.steps - 1) {
        [held.one, held.two] = [await measure(plain), await measure(weighted)];
      }
      const { one, two } = held;
      yield {
        metrics: {
          ...{ loss, accuracy: one.accuracy, weightedAccuracy: two.accuracy },
          ...{ recall: one.recall, weightedRecall: two.recall, precision: two.precision },
          ...{ area: one.area, weightedArea: two.area },
        },
        views: async () => {
          const [a, b] = [await score(plain), await score(weighted)];
          const values = await weighted.w.data();
          const rows = SIGNS.map((sign, i) => [sign, values[i]!.toFixed(2)]);
          return [
            rocView(
              `ROC 曲线；这份数据最好能到 ${BEST_AREA.toFixed(3)}`,
              ['误拦', '召回率'],
              [
                ['平常的损失', a.positives, a.negatives],
                ['加重欺诈', b.positives, b.negatives],
              ],
            ),
            tableView('加重欺诈的模型看什么', ['迹象', '权重'], rows),
          ];
        },
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '移动平常那个模型的阈值',
      fields: {
        threshold: { label: '阈值', default: 0.1, min: 0, max: 1, step: 0.01 },
        miss: { label: '放过一笔欺诈赔几元', default: 1000, min: 0, max: 1e6, step: 1 },
        alarm: { label: '查错一笔花几元', default: 20, min: 0, max: 1e6, step: 1 },
      },
    },
    async infer(_run, { test }, { plain }, input) {
      if (input.kind !== 'numbers') throw new InputError('请填阈值和两种错各值几元。');
      const { threshold = 0.1, miss = 1000, alarm = 20 } = input.values;
      const scored = partScores(await plain.logits(test.X).sigmoid().data(), test.labels);
      return thresholdViews(scored, threshold, { miss, alarm }, WORDS);
    },
  },
});
