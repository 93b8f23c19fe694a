/** Squared error and cross-entropy of one sigmoid output, and how hard each pulls on the logit. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { tex, texFactor } from './notation/numbers.ts';

const sigmoid = (z: number): number =>
  z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));

/** −[y ln σ(z) + (1 − y) ln(1 − σ(z))], without overflow for large |z|. */
const crossEntropyOf = (z: number, y: number): number =>
  Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));

/** σ(z)(1 − σ(z)), exact far out where 1 − σ(z) would round to 0. */
const slopeOf = (z: number): number => sigmoid(z) * sigmoid(-z);

/** σ(z) − y without cancellation, for y of 0 or 1. */
const errorOf = (z: number, y: number): number => (y === 1 ? -sigmoid(-z) : sigmoid(z));

/** Closer where the curves bend. */
const Z_GRID = [
  ...Array.from({ length: 6 }, (_, position) => position - 10),
  ...Array.from({ length: 33 }, (_, position) => -4 + position / 4),
  ...Array.from({ length: 6 }, (_, position) => position + 5),
];

export default defineCalculator({
  title: '平方误差和交叉熵，谁推得动饱和的 sigmoid',
  summary: '输入 z 和标签，比较两种损失的值，以及它们对 z 的导数。',
  inputs: {
    z: { symbol: 'z', label: 'sigmoid 的输入', default: -5, min: -30, max: 30 },
    y: { symbol: 'y', label: '标签，0 或 1', default: 1, min: 0, max: 1, integer: true },
    square: {
      label: '平方误差的写法',
      default: 'half',
      options: { half: '带 ½：½(y − p)²', full: '不带 ½：(y − p)²' },
    },
  },
  compute({ z, y, square }) {
    const factor = square === 'full' ? 2 : 1;
    const p = sigmoid(z);
    const error = errorOf(z, y);
    const slope = slopeOf(z);
    const squared = (factor * error * error) / 2;
    const crossEntropy = crossEntropyOf(z, y);
    const squaredGradient = factor * error * slope;
    const ratio = 1 / (factor * slope);
    const half = factor === 1 ? '\\tfrac{1}{2}' : '';
    const two = factor === 1 ? '' : '2';
    const times = factor === 1 ? '' : '2 \\times ';
    const logged = y === 1 ? `-\\ln ${tex(p)}` : `-\\ln(1 - ${tex(p)})`;

    return {
      steps: [
        {
          text: '先算概率。',
          tex: `p = \\sigma(z) = \\frac{1}{1 + e^{-z}} = \\frac{1}{1 + e^{${tex(-z)}}} = ${tex(p)}`,
        },
        {
          text: '平方误差。',
          tex: `L_{\\text{平方}} = ${half}(y - p)^2 = ${half}(${tex(y)} - ${tex(p)})^2 = ${tex(squared)}`,
        },
        {
          text: '交叉熵，标签那一类的概率取对数再变号。',
          tex: `L_{\\text{交叉熵}} = -y\\ln p - (1 - y)\\ln(1 - p) = ${logged} = ${tex(crossEntropy)}`,
        },
        {
          text: '平方误差对 z 求导，带上了 sigmoid 的斜率 p(1 − p)。',
          tex: `\\frac{\\partial L_{\\text{平方}}}{\\partial z} = ${two}(p - y)\\,p(1 - p) = ${times}${texFactor(error)} \\times ${tex(slope)} = ${tex(squaredGradient)}`,
        },
        {
          text: '交叉熵对 z 求导，斜率刚好被对数的导数消去。',
          tex: `\\frac{\\partial L_{\\text{交叉熵}}}{\\partial z} = p - y = ${tex(error)}`,
        },
        {
          text: '两者之比只取决于斜率：饱和得越深，差得越多。',
          tex: `\\frac{1}{${two}p(1 - p)} = \\frac{1}{${times}${tex(slope)}} = ${tex(ratio)}`,
        },
      ],
      results: {
        probability: { label: '概率 p', value: p, digits: 6 },
        squared: { label: '平方误差', value: squared, digits: 6 },
        crossEntropy: { label: '交叉熵', value: crossEntropy, digits: 6 },
        squaredGradient: { label: '平方误差对 z 的导数', value: squaredGradient, digits: 6 },
        crossEntropyGradient: { label: '交叉熵对 z 的导数', value: error, digits: 6 },
        ratio: { label: '导数之比（交叉熵 / 平方误差）', value: ratio, digits: 2 },
      },
      views: [
        {
          kind: 'curve',
          title: `标签 ${y} 时，损失对 z 的导数`,
          x: { label: 'z' },
          y: { label: '导数' },
          series: [
            { label: '交叉熵', xs: Z_GRID, ys: Z_GRID.map((at) => errorOf(at, y)) },
            {
              label: '平方误差',
              xs: Z_GRID,
              ys: Z_GRID.map((at) => factor * errorOf(at, y) * slopeOf(at)),
            },
          ],
        },
      ],
    };
  },
});
