/** How far a measured accuracy may be off, by the size of the test set and the number of models compared on it. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { tex, texFactor } from './notation/numbers.ts';

/** Half the width of a 95 % interval, in standard errors. */
const WIDE = 1.96;
/** Step and end of the integrals over the normal density. */
const [DX, END] = [0.01, 8];
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Expected largest of `count` independent draws from the standard normal distribution. */
function expectedLargest(count: number): number {
  let below = 0;
  let sum = 0;
  for (let x = -END; x <= END; x += DX) {
    // The share of draws below the middle of this strip.
    const middle = x + DX / 2;
    const strip = density(middle) * DX;
    sum += middle * count * (below + strip / 2) ** (count - 1) * strip;
    below += strip;
  }
  return sum;
}

export default defineCalculator({
  title: '测试集够大吗',
  summary: '准确率量出来偏多少，要看考了多少题；在同一份题上挑最好的，还要再虚高多少。',
  inputs: {
    accuracy: { symbol: 'p', label: '真正的准确率', default: 0.95, min: 0.01, max: 0.99 },
    count: { symbol: 'n', label: '测试样本数', default: 359, min: 1, max: 1e9, integer: true },
    models: { symbol: 'm', label: '比过几个', default: 20, min: 1, max: 1e5, integer: true },
    wanted: { symbol: 'd', label: '想分辨的差', default: 0.01, min: 1e-5, max: 0.5 },
  },
  compute({ accuracy, count, models, wanted }) {
    const spread = accuracy * (1 - accuracy);
    const error = Math.sqrt(spread / count);
    const largest = expectedLargest(models);
    const luck = largest * error;
    const needed = (WIDE ** 2 * spread) / wanted ** 2;
    const counts = Array.from({ length: 21 }, (_, i) => 10 ** (1 + i / 5));
    return {
      steps: [
        {
          text: '标准误：换一批同样多的题，成绩大约会晃这么多。',
          tex: `s = \\sqrt{\\frac{p(1-p)}{n}} = \\sqrt{\\frac{${tex(accuracy)} \\times ${tex(1 - accuracy)}}{${tex(count)}}} = ${tex(error)}`,
        },
        {
          text: '一百次里约九十五次，量到的数落在真值左右这个范围里。',
          tex: `1.96\\,s = ${tex(WIDE * error)}`,
        },
        {
          text: '比 m 个一样好、对错互不相干的模型，最高的那个平均虚高多少。',
          tex: `${texFactor(largest)} \\times s = ${tex(luck)}`,
        },
        {
          text: '要让左右的范围缩到 d，得多少题。',
          tex: `n = \\frac{1.96^2\\,p(1-p)}{d^2} = ${tex(needed)}`,
        },
      ],
      results: {
        error: { label: '标准误', value: error, digits: 4 },
        margin: { label: '左右各', value: WIDE * error, digits: 4 },
        luck: { label: '挑最好的，平均虚高', value: luck, digits: 4 },
        best: { label: '最好的看上去是', value: Math.min(1, accuracy + luck), digits: 3 },
        needed: { label: '要分辨这个差，题数', value: Math.ceil(needed), digits: 0 },
      },
      views: [
        {
          kind: 'curve',
          title: '题数和成绩晃动的范围',
          x: { label: '测试样本数', scale: 'log' },
          y: { label: '左右各' },
          series: [
            {
              label: `真正的准确率 ${tex(accuracy)}`,
              xs: counts,
              ys: counts.map((n) => WIDE * Math.sqrt(spread / n)),
            },
          ],
        },
      ],
    };
  },
});
