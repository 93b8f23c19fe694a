/** One model, two groups: equal accuracy is not equal errors, and every rule of fairness costs somebody something. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { drawApplicants, FEATURES, groupsView, outcome } from '../datasets/applicants.ts';
import { RULES, rulesTable, thresholdsFor, type Applicants } from '../datasets/applicants.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const [PEOPLE, STEPS, EVERY] = [4000, 150, 10];
const higher = { better: 'higher', fraction: true } as const;

export default defineExample({
  title: '两组人，一条线',
  summary: '一个模型批贷款，两组人还款比例不同、资料好坏不同；选一条公平规则，看它让谁付代价。',
  techniques: ['safety', 'evaluation'],
  params: {
    rule: choice('批准的规则', 'one', RULES),
    sees: choice('模型看得见', 'group', {
      results: '只有两项成绩',
      postcode: '成绩和邮编',
      group: '成绩、邮编和组别',
    }),
    baseB: number('乙组合格的比例（甲组 0.5）', 0.2, [0.1, 0.9], 0.1),
    noiseB: number('乙组成绩的误差（甲组 1.5）', 2, [0.5, 3], 0.1),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    accuracy: { label: '两组一起', chart: '准确率', ...higher },
    accuracyA: { label: '甲组', chart: '准确率', ...higher },
    accuracyB: { label: '乙组', chart: '准确率', ...higher },
    approvedA: { label: '甲组合格的', chart: '合格的人里批准了多少', ...higher },
    approvedB: { label: '乙组合格的', chart: '合格的人里批准了多少', ...higher },
  },
  presets: {
    postcode: { label: '删掉组别', params: { sees: 'postcode' } },
    results: { label: '组别、邮编都删', params: { sees: 'results' } },
    rate: { label: '批准率相同', params: { rule: 'rate' } },
    opportunity: { label: '机会相同', params: { rule: 'opportunity' } },
    better: { label: '乙组资料收好', params: { noiseB: 1 } },
    alike: { label: '两组一样', params: { baseB: 0.5, noiseB: 1.5 } },
  },
  // #region data
  data({ params, seed }) {
    const random = seededRandom(seed);
    const columns = { results: 2, postcode: 3, group: FEATURES }[params.sees];
    const draw = () => drawApplicants(random, PEOPLE, [0.5, params.baseB], [1.5, params.noiseB]);
    const [train, held, test] = [draw(), draw(), draw()];
    const seen = ({ x, count }: Applicants) =>
      tf.tensor2d(x, [count, FEATURES]).slice([0, 0], [count, columns]);
    const Y = tf.tensor2d([...train.able], [PEOPLE, 1]);
    return { held, test, X: seen(train), Y, XHeld: seen(held), XTest: seen(test) };
  },
  // #endregion
  // #region model
  model(run, { X }) {
    const w = tf.variable(tf.zeros([X.shape[1], 1]));
    const b = tf.variable(tf.scalar(0));
    const logit = (A: tf.Tensor) => A.matMul(w).add(b); // [people, 1]
    return { logit, optimizer: run.own(tf.train.adam(0.05)) };
  },
  // #endregion
  length: () => STEPS,
  check: {
    steps: STEPS,
    expect: {
      accuracy: { atLeast: 0.8 },
      approvedA: { atLeast: 0.75 },
      approvedB: { atMost: 0.65 },
    },
  },
  // #region train
  async *train(run, { held, test, X, Y, XHeld, XTest }, { logit, optimizer }) {
    const chances = (A: tf.Tensor) => logit(A).sigmoid().data();
    const now = run.state({ accuracy: 0, accuracyA: 0, accuracyB: 0, approvedA: 0, approvedB: 0 });
    for (let step = run.done; step < STEPS; step++) {
      const entropy = () => tf.losses.sigmoidCrossEntropy<tf.Tensor, tf.Scalar>(Y, logit(X));
      const loss = optimizer.minimize(entropy, true)!;
      if (step % EVERY === 0 || step === STEPS - 1) {
        const thresholds = thresholdsFor(run.params.rule, held, await chances(XHeld));
        const p = await chances(XTest);
        const [a, b] = [outcome(test, p, thresholds, 0), outcome(test, p, thresholds, 1)];
        now.accuracy = outcome(test, p, thresholds).accuracy;
        Object.assign(now, { accuracyA: a.accuracy, accuracyB: b.accuracy });
        Object.assign(now, { approvedA: a.truePositive, approvedB: b.truePositive });
      }
      yield {
        metrics: { loss, ...now },
        views: async () => {
          const [pHeld, p] = await Promise.all([chances(XHeld), chances(XTest)]);
          const thresholds = thresholdsFor(run.params.rule, held, pHeld);
          return [rulesTable(held, pHeld, test, p), groupsView(test, p, thresholds)];
        },
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '自己画两条线：概率到多少就批？',
      fields: {
        a: { label: '甲组的线', default: 0.5, min: 0, max: 1, step: 0.01 },
        b: { label: '乙组的线', default: 0.4, min: 0, max: 1, step: 0.01 },
      },
    },
    async infer(_run, { test, XTest }, { logit }, input) {
      if (input.kind !== 'numbers') throw new InputError('这里只收两个数：两组的线。');
      const lines = [input.values['a'] ?? 0.5, input.values['b'] ?? 0.5];
      const p = await logit(XTest).sigmoid().data();
      const [a, b] = [outcome(test, p, lines, 0), outcome(test, p, lines, 1)];
      const row = (label: string, key: keyof typeof a) => [
        label,
        a[key].toFixed(3),
        b[key].toFixed(3),
      ];
      const rows = [row('准确率', 'accuracy'), row('批准率', 'approved')];
      rows.push(row('合格的获批', 'truePositive'), row('不合格的获批', 'falsePositive'));
      return [tableView('你的两条线', ['', '甲组', '乙组'], rows)];
    },
  },
});
