/** How the cost of one Transformer layer grows with the length of the text. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

/** Multiplications and additions of QKᵀ and of the weights times V, for n tokens of width d. */
const pairs = (n: number, d: number): number => 4 * n * n * d;

/** The four projections (8nd²) and a feed-forward layer `factor` times as wide (4·factor·nd²). */
const linear = (n: number, d: number, factor: number): number => (8 + 4 * factor) * n * d * d;

export default defineCalculator({
  title: '注意力的代价：文字加长一倍，多算几倍',
  summary: '一层 Transformer 的前向运算分成两份：随长度成正比的，和随长度的平方长的。',
  inputs: {
    length: {
      symbol: 'n',
      label: '文字长度，词元',
      default: 2048,
      min: 1,
      max: 10000000,
      integer: true,
    },
    width: { symbol: 'd', label: '宽度', default: 768, min: 1, max: 100000, integer: true },
    heads: { symbol: 'h', label: '注意力头数', default: 12, min: 1, max: 512, integer: true },
    factor: { symbol: 'd_f / d', label: '前馈层放大几倍', default: 4, min: 0, max: 16 },
    bytes: { symbol: 'e', label: '一个数几字节', default: 2, min: 1, max: 8, integer: true },
  },
  compute({ length: n, width: d, heads, factor, bytes }) {
    if (d % heads !== 0) {
      throw new CalculatorError('heads', `宽度 ${d} 不能被 ${heads} 整除，每个头要一样宽。`);
    }
    const square = pairs(n, d);
    const straight = linear(n, d, factor);
    const scores = n * n * heads * bytes;
    // where 4n²d equals (8 + 4·factor)nd²
    const crossing = (2 + factor) * d;
    const lengths = [128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072];

    return {
      steps: [
        {
          text: '每个词元和每个词元打分，再按分数把值加起来：两次矩阵乘法，各 2n²d。',
          tex: `2n^2 d + 2n^2 d = 4 \\times ${tex(n)}^2 \\times ${tex(d)} = ${tex(square, 5)}`,
        },
        {
          text: '查询、键、值、输出四个方阵，和前馈层的两个矩阵，每个词元一样多。',
          tex: `8nd^2 + 4 \\tfrac{d_f}{d}\\, n d^2 = ${tex(8 + 4 * factor)} \\times ${tex(n)} \\times ${tex(d)}^2 = ${tex(straight, 5)}`,
        },
        {
          text: '打分占这一层的多少。',
          tex: `\\frac{${tex(square, 5)}}{${tex(square, 5)} + ${tex(straight, 5)}} = ${tex((100 * square) / (square + straight), 4)}\\%`,
        },
        {
          text: '两份一样多的长度。',
          tex: `4n^2 d = ${tex(8 + 4 * factor)}\\,n d^2 \\;\\Rightarrow\\; n = ${tex(2 + factor)}\\,d = ${tex(crossing)}`,
        },
        {
          text: '如果把整张分数表存下来，每个头一张。',
          tex: `n^2 h e = ${tex(n)}^2 \\times ${heads} \\times ${bytes} = ${tex(scores, 5)}\\ \\text{字节}`,
        },
      ],
      results: {
        square: { label: '打分和加权', value: square, digits: 'exponent', unit: '次' },
        linear: { label: '方阵和前馈层', value: straight, digits: 'exponent', unit: '次' },
        share: {
          label: '打分占',
          value: (100 * square) / (square + straight),
          digits: 2,
          unit: '%',
        },
        doubled: {
          label: '加长一倍，打分是原来的',
          value: pairs(2 * n, d) / square,
          digits: 2,
          unit: '倍',
        },
        doubledLayer: {
          label: '加长一倍，整层是原来的',
          value: (pairs(2 * n, d) + linear(2 * n, d, factor)) / (square + straight),
          digits: 3,
          unit: '倍',
        },
        crossing: { label: '两份一样多的长度', value: crossing, digits: 0, unit: '词元' },
        scores: {
          label: '分数表',
          value: scores / 1e6,
          digits: scores < 1e4 ? 'exponent' : 2,
          unit: 'MB',
        },
      },
      views: [
        {
          kind: 'curve',
          title: '一层的前向运算量随长度怎样长',
          x: { label: '长度 n，词元', scale: 'log' },
          y: { label: '运算量', scale: 'log' },
          series: [
            { label: '打分和加权', xs: lengths, ys: lengths.map((at) => pairs(at, d)) },
            {
              label: '方阵和前馈层',
              xs: lengths,
              ys: lengths.map((at) => linear(at, d, factor)),
            },
          ],
        },
        {
          kind: 'table',
          title: '长度一次次加倍',
          columns: ['长度', '打分，亿次', '方阵和前馈，亿次', '打分占，%', '分数表，MB'],
          rows: [...new Set([128, 512, 2048, 8192, 32768, n])]
            .sort((a, b) => a - b)
            .map((at) => [
              at.toLocaleString('en-US'),
              pairs(at, d) / 1e8,
              linear(at, d, factor) / 1e8,
              (100 * pairs(at, d)) / (pairs(at, d) + linear(at, d, factor)),
              (at * at * heads * bytes) / 1e6,
            ]),
        },
      ],
    };
  },
});
