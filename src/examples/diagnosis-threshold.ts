/** Logistic regression tells malignant breast masses from benign ones; the reader moves the threshold. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CANCER_FEATURES, loadBreastCancer } from '../datasets/breast-cancer.ts';
import { rocView } from '../datasets/roc.ts';
import type { Samples } from '../datasets/table.ts';
import { measuresAt, partScores, thresholdViews } from '../datasets/threshold.ts';

const WORDS = {
  ...{ positive: '恶性', negative: '良性', alarm: '进一步检查', pass: '放回家' },
  unit: '分',
};
const share = { chart: '171 位没见过的病人', better: 'higher', fraction: true } as const;
const USED = {
  all: CANCER_FEATURES.map((_, column) => column),
  mean: CANCER_FEATURES.map((_, column) => column).slice(0, 10),
  one: [CANCER_FEATURES.indexOf('最差周长')],
} as const;

export default defineExample({
  title: '诊断的线画在哪里',
  summary: '逻辑回归从细胞核的 30 项测量判断肿块是不是恶性；阈值由你来定，看漏诊和误报怎样换。',
  techniques: ['classification', 'evaluation'],
  params: {
    features: choice('用哪些测量', 'all', {
      all: '全部 30 项',
      mean: '10 项平均值',
      one: '只用最差周长',
    }),
    threshold: number('训练时用的阈值', 0.5, [0.01, 0.99], 0.01),
    decay: number('L2 惩罚 λ', 0.01, [0, 1], 0.01),
    steps: number('步数', 200, [20, 1000], 10),
  },
  metrics: {
    loss: { label: '398 位病人', chart: '训练损失（交叉熵）', better: 'lower' },
    validationAccuracy: { label: '准确率', ...share },
    recall: { label: '召回率：恶性查出几成', ...share },
    precision: { label: '精确率：报警里几成是真', ...share },
    area: { label: 'AUC', ...share },
  },
  presets: {
    cautious: { label: '阈值 0.1', params: { threshold: 0.1 } },
    bold: { label: '阈值 0.9', params: { threshold: 0.9 } },
    one: { label: '只用一项', params: { features: 'one' } },
    strict: { label: 'λ = 1', params: { decay: 1 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadBreastCancer(run);
    const columns = tf.tensor1d([...USED[run.params.features]], 'int32');
    const pick = ({ x, count }: Samples) =>
      tf.gather(tf.tensor2d(x, [count, CANCER_FEATURES.length]), columns, 1);
    const raw = pick(train);
    const { mean, variance } = tf.moments(raw, 0); // of the training part only
    const scale = (X: tf.Tensor) => X.sub(mean).div(variance.sqrt());
    const y = tf.tensor1d(Float32Array.from(train.labels));
    return { X: scale(raw), y, XTest: scale(pick(test)), labels: test.labels };
  },
  // #endregion
  // #region model
  model(run, { X }) {
    const w = tf.variable(tf.zeros([X.shape[1]!, 1]));
    const b = tf.variable(tf.zeros([1]));
    const logits = (rows: tf.Tensor) => rows.matMul(w).add(b).flatten();
    return { w, logits, optimizer: run.own(tf.train.adam(0.05, 0.9, 0.999, 1e-7)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 200, expect: { area: { atLeast: 0.97 }, recall: { atLeast: 0.88 } } },
  // #region train
  async *train({ params, done }, { X, y, XTest, labels }, { w, logits, optimizer }) {
    const entropy = (): tf.Scalar => {
      const z = logits(X);
      return z.softplus().sub(z.mul(y)).mean();
    };
    const penalty = () =>
      w
        .square()
        .sum()
        .mul(params.decay / 2);
    for (let step = done; step < params.steps; step++) {
      optimizer.minimize(() => entropy().add(penalty()));
      const scored = partScores(await logits(XTest).sigmoid().data(), labels);
      const measures = measuresAt(scored, params.threshold);
      const { accuracy: validationAccuracy, recall, precision, area } = measures;
      yield {
        metrics: { loss: entropy(), validationAccuracy, recall, precision, area },
        views: () => [
          rocView(
            'ROC 曲线',
            ['误报：良性里报警几成', '召回率'],
            [['这个模型', scored.positives, scored.negatives]],
          ),
        ],
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '移动阈值',
      fields: {
        threshold: { label: '阈值', default: 0.5, min: 0, max: 1, step: 0.01 },
        miss: { label: '漏掉一个恶性，记几分', default: 20, min: 0, max: 1000, step: 1 },
        alarm: { label: '误报一个良性，记几分', default: 1, min: 0, max: 1000, step: 1 },
      },
    },
    async infer(_run, { XTest, labels }, { logits }, input) {
      if (input.kind !== 'numbers') throw new InputError('请填阈值和两种错各记几分。');
      const { threshold = 0.5, miss = 20, alarm = 1 } = input.values;
      const scored = partScores(await logits(XTest).sigmoid().data(), labels);
      return thresholdViews(scored, threshold, { miss, alarm }, WORDS);
    },
  },
});
