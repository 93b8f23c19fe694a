/** Adam's step under a constant gradient, with and without bias correction. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { tex, texFactor } from './notation/numbers.ts';

/** How many steps are searched for the longest uncorrected one. */
const SEARCHED = 5000;

interface Moments {
  readonly m: number;
  readonly v: number;
  /** Step lengths in units of the learning rate. */
  readonly plain: number;
  readonly corrected: number;
}

/** Steps 1 … `count` of Kingma & Ba (2015), algorithm 1, for the gradient `g` at every step. */
function walk(g: number, beta1: number, beta2: number, epsilon: number, count: number): Moments[] {
  const moments: Moments[] = [];
  let m = 0;
  let v = 0;
  for (let t = 1; t <= count; t++) {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const plain = m / (Math.sqrt(v) + epsilon);
    const corrected = m / (1 - beta1 ** t) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
    moments.push({ m, v, plain, corrected });
  }
  return moments;
}

export default defineCalculator({
  title: 'Adam 的偏差修正',
  summary: '梯度一直不变时，比较修正前后每一步走多长。单位是学习率 α。',
  inputs: {
    g: { symbol: 'g', label: '每一步的梯度', default: 1, min: -1000, max: 1000 },
    rate: { symbol: '\\alpha', label: '学习率', default: 0.001, min: 0.000001, max: 1 },
    beta1: { symbol: '\\beta_1', label: '一阶矩的衰减率', default: 0.9, min: 0, max: 0.9999 },
    beta2: { symbol: '\\beta_2', label: '二阶矩的衰减率', default: 0.999, min: 0, max: 0.9999 },
    epsilon: { symbol: '\\epsilon', label: '防止除以 0 的小数', default: 1e-8, min: 1e-12, max: 1 },
    t: { symbol: 't', label: '看到第几步', default: 10, min: 1, max: 200, integer: true },
  },
  compute({ g, rate, beta1, beta2, epsilon, t }) {
    const all = walk(g, beta1, beta2, epsilon, SEARCHED);
    const shown = all.slice(0, t);
    const { m, v, plain, corrected } = shown[t - 1] ?? {
      m: NaN,
      v: NaN,
      plain: NaN,
      corrected: NaN,
    };
    const lengths = all.map((moment) => Math.abs(moment.plain));
    const peak = lengths.reduce((longest, length) => Math.max(longest, length), 0);
    const peakAt = lengths.indexOf(peak) + 1;
    const index = shown.map((_, position) => position + 1);
    const fix1 = 1 - beta1 ** t;
    const fix2 = 1 - beta2 ** t;
    const first = all[0]?.plain ?? NaN;

    return {
      steps: [
        {
          text: '从 0 出发，梯度又不变，两个矩有现成的式子。',
          tex: `m_t = (1 - \\beta_1^t)\\,g = (1 - ${tex(beta1)}^{${t}}) \\times ${texFactor(g)} = ${tex(m)}`,
        },
        {
          text: '二阶矩衰减得慢，所以更久地偏向 0。',
          tex: `v_t = (1 - \\beta_2^t)\\,g^2 = (1 - ${tex(beta2)}^{${t}}) \\times ${texFactor(g)}^2 = ${tex(v)}`,
        },
        {
          text: '文档的写法：两个矩直接相除。',
          tex: `\\frac{m_t}{\\sqrt{v_t} + \\epsilon} = \\frac{${tex(m)}}{\\sqrt{${tex(v)}} + ${tex(epsilon)}} = ${tex(plain)}`,
        },
        {
          text: '先把两个矩各自放大回来。',
          tex: `\\hat{m}_t = \\frac{m_t}{1 - \\beta_1^t} = \\frac{${tex(m)}}{${tex(fix1)}} = ${tex(m / fix1)}, \\quad \\hat{v}_t = \\frac{v_t}{1 - \\beta_2^t} = \\frac{${tex(v)}}{${tex(fix2)}} = ${tex(v / fix2)}`,
        },
        {
          text: '修正之后再相除。',
          tex: `\\frac{\\hat{m}_t}{\\sqrt{\\hat{v}_t} + \\epsilon} = ${tex(corrected)}`,
        },
        {
          text: '参数这一步实际移动多少。',
          tex: `-\\alpha \\times ${texFactor(corrected)} = -${tex(rate)} \\times ${texFactor(corrected)} = ${tex(-rate * corrected)}`,
        },
      ],
      results: {
        plain: { label: `第 ${t} 步，不修正`, value: plain, unit: 'α', mark: 'wrong' },
        corrected: { label: `第 ${t} 步，修正`, value: corrected, unit: 'α', mark: 'right' },
        move: { label: `第 ${t} 步，参数的变化`, value: -rate * corrected, digits: 8 },
        first: { label: '第 1 步，不修正', value: first, unit: 'α', mark: 'wrong' },
        peak: { label: '不修正时最长的一步', value: peak, unit: 'α', mark: 'wrong' },
        peakAt: { label: '最长的是第几步', value: peakAt, digits: 0 },
      },
      views: [
        {
          kind: 'curve',
          title: '每一步的长度',
          x: { label: '步 t' },
          y: { label: '步长 / α' },
          series: [
            { label: '修正', xs: index, ys: shown.map((moment) => moment.corrected) },
            { label: '不修正', xs: index, ys: shown.map((moment) => moment.plain) },
          ],
        },
      ],
    };
  },
});
