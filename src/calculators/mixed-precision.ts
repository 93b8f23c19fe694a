/** What 16-bit floating point keeps of a number, of many small updates and of a small gradient. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { FORMATS, largest, roundTo, smallest, spacing } from './layers/sixteen-bits.ts';
import { tex, texFactor } from './notation/numbers.ts';

/** Points of each curve. */
const POINTS = 40;

export default defineCalculator({
  title: '混合精度：16 位记得住什么',
  summary:
    '一个数存成 16 位剩下什么；很小的更新加一千次，16 位的和与 32 位的母本差多少；损失放大救回什么。',
  inputs: {
    format: {
      label: '哪一种 16 位',
      default: 'fp16',
      options: Object.fromEntries(Object.entries(FORMATS).map(([id, { label }]) => [id, label])),
    },
    x: { symbol: 'x', label: '要存的数', default: 70000, min: -1e9, max: 1e9 },
    w: { symbol: 'w', label: '权重的起点', default: 1, min: -1000, max: 1000 },
    u: { symbol: 'u', label: '每步加多少', default: 0.0001, min: -10, max: 10 },
    n: { symbol: 'n', label: '加几步', default: 1000, min: 1, max: 20000, integer: true },
    g: { symbol: 'g', label: '一个梯度', default: 1e-8, min: -1000, max: 1000 },
    S: { symbol: 'S', label: '损失放大几倍', default: 1024, min: 1, max: 2 ** 24 },
  },
  compute({ format, x, w, u, n, g, S }) {
    const kind = Object.hasOwn(FORMATS, format) ? (format as keyof typeof FORMATS) : 'fp16';
    const target = FORMATS[kind];
    const short = (value: number): number => roundTo(value, target);
    const kept = short(x);
    let [half, master] = [short(w), Math.fround(w)];
    const [halfUpdate, update] = [short(u), Math.fround(u)];
    const stride = Math.max(1, Math.floor(n / POINTS));
    const [xs, halves, masters] = [[0], [half], [master]];
    for (let step = 1; step <= n; step++) {
      half = short(half + halfUpdate);
      master = Math.fround(master + update);
      if (step % stride === 0 || step === n) {
        xs.push(step);
        halves.push(half);
        masters.push(master);
      }
    }
    const scaled = short(g * S);
    const rescued = Math.fround(scaled / S);
    const step = spacing(w, target);
    const name = kind;
    return {
      steps: [
        {
          text: `${name} 在 x 附近，相邻两个数隔多远；存的是最近的一个，一样近取偶数的那个。`,
          tex: `2^{e - ${target.fractionBits}} = ${tex(spacing(x, target))},\\quad ${tex(x, 8)} \\to ${tex(kept, 8)}`,
        },
        {
          text: `${name} 能存的最大的数和最小的正数；再大变成无穷，再小变成 0。`,
          tex: `${tex(largest(target))},\\quad ${tex(smallest(target))}`,
        },
        {
          text: '权重附近的间隔和每步的更新：更新不到间隔的一半，加上去等于没加。',
          tex: `\\frac{u}{\\text{间隔}} = \\frac{${tex(u)}}{${tex(step)}} = ${tex(u / step, 4)}`,
        },
        {
          text: `加 ${n} 步：每步都存成 ${name}，和 32 位的母本。`,
          tex: `${tex(half, 8)} \\quad\\text{与}\\quad ${tex(master, 11)}`,
        },
        {
          text: '先把损失乘 S，梯度跟着大 S 倍，存下来，更新前再除回去。',
          tex: `${texFactor(g)} \\times ${tex(S)} = ${tex(g * S)} \\to ${tex(scaled)},\\quad ${tex(scaled)} / ${tex(S)} = ${tex(rescued)}`,
        },
      ],
      results: {
        kept: { label: `x 存成 ${name}`, value: kept, digits: 10 },
        largest: {
          label: `${name} 最大的数`,
          value: largest(target),
          digits: kind === 'fp16' ? 0 : 'exponent',
        },
        smallest: { label: `${name} 最小的正数`, value: smallest(target), digits: 'exponent' },
        spacing: { label: '权重附近的间隔', value: step, digits: 'exponent' },
        half: { label: `${n} 步以后，只用 ${name}`, value: half, digits: 10 },
        master: { label: `${n} 步以后，32 位的母本`, value: master, digits: 10 },
        exact: { label: '准确的和', value: w + n * u, digits: 10 },
        lost: { label: `g 直接存成 ${name}`, value: short(g), digits: 'exponent' },
        rescued: { label: '放大、存下、再除回来', value: rescued, digits: 'exponent' },
      },
      views: [
        {
          kind: 'curve',
          title: '一步一步加上去',
          x: { label: '步' },
          y: { label: '权重' },
          series: [
            { label: `只用 ${name}`, xs, ys: halves },
            { label: '32 位的母本', xs, ys: masters },
          ],
        },
      ],
    };
  },
});
