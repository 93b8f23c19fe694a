/** Draws a power law through two measured errors, and asks it how much data a smaller error would take. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

export default defineCalculator({
  title: '再要多少数据',
  summary: '用两次不同数据量的测试错误率定一条幂律，看数据加倍能降多少，降到目标要多少数据。',
  inputs: {
    fewer: { symbol: 'n_1', label: '少的那次，样本数', default: 400, min: 1, max: 1e12 },
    fewerError: { symbol: 'e_1', label: '少的那次，错误率', default: 0.064, min: 1e-6, max: 1 },
    more: { symbol: 'n_2', label: '多的那次，样本数', default: 1438, min: 1, max: 1e12 },
    moreError: { symbol: 'e_2', label: '多的那次，错误率', default: 0.044, min: 1e-6, max: 1 },
    target: { symbol: 'e^{*}', label: '目标错误率', default: 0.02, min: 1e-6, max: 1 },
  },
  compute({ fewer, fewerError, more, moreError, target }) {
    if (more <= fewer) throw new CalculatorError('more', '第二次的样本要比第一次多。');
    if (moreError >= fewerError) {
      throw new CalculatorError('moreError', '错误率没有降：数据加了没有用，画不出下降的幂律。');
    }
    const exponent = Math.log(fewerError / moreError) / Math.log(more / fewer);
    const factor = moreError * more ** exponent;
    const needed = (factor / target) ** (1 / exponent);
    const doubled = 2 ** -exponent;
    const halving = 2 ** (1 / exponent);
    const last = Math.max(needed, 2 * more);
    const xs = Array.from({ length: 25 }, (_, i) => fewer * (last / fewer) ** (i / 24));
    return {
      steps: [
        {
          text: '指数：两次错误率之比的对数，除以数据量之比的对数。',
          tex: `\\beta = \\frac{\\ln(e_1/e_2)}{\\ln(n_2/n_1)} = \\frac{\\ln(${tex(fewerError)}/${tex(moreError)})}{\\ln(${tex(more)}/${tex(fewer)})} = ${tex(exponent)}`,
        },
        {
          text: '数据加倍，错误率乘上这个数。',
          tex: `2^{-\\beta} = ${tex(doubled)}`,
        },
        {
          text: '错误率减半，数据要乘上这个数。',
          tex: `2^{1/\\beta} = ${tex(halving)}`,
        },
        {
          text: '降到目标要多少，假定幂律一直成立。',
          tex: `n^{*} = n_2\\Big(\\frac{e_2}{e^{*}}\\Big)^{1/\\beta} = ${tex(needed)}`,
        },
      ],
      results: {
        exponent: { label: '指数 β', value: exponent, digits: 4 },
        doubled: { label: '数据加倍，错误率乘', value: doubled, digits: 4 },
        halving: { label: '错误率减半，数据乘', value: halving, digits: 2 },
        needed: { label: '到目标要的样本', value: needed, digits: 0 },
      },
      views: [
        {
          kind: 'curve',
          title: '两次测量和过它们的幂律',
          x: { label: '样本数', scale: 'log' },
          y: { label: '错误率', scale: 'log' },
          series: [
            { label: '量到的', xs: [fewer, more], ys: [fewerError, moreError] },
            { label: '幂律', xs, ys: xs.map((n) => factor * n ** -exponent) },
          ],
        },
      ],
    };
  },
});
