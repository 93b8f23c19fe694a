/** One training step of the smallest two-layer network: forward, backward, update, and a central difference beside. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { tex, texFactor } from './notation/numbers.ts';

const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));
/** Step of the central difference: near the cube root of the rounding error. */
const H = 1e-5;

type Weights = readonly [w1: number, b1: number, w2: number, b2: number];

/** Hidden value, prediction and loss ½(y − f)². */
function forward([w1, b1, w2, b2]: Weights, x: number, y: number) {
  const hidden = sigmoid(w1 * x + b1);
  const predicted = w2 * hidden + b2;
  return { hidden, predicted, loss: (y - predicted) ** 2 / 2 };
}

export default defineCalculator({
  title: '两层网络走一步',
  summary: '四个参数，一个样本：前向算出损失，反向算出四个梯度，改一次，再算一遍损失。',
  inputs: {
    x: { symbol: 'x', label: '输入', default: 1, min: -10, max: 10 },
    y: { symbol: 'y', label: '标签', default: 1.5, min: -10, max: 10 },
    w1: { symbol: 'w_1', label: '第一层权重', default: 0.5, min: -10, max: 10 },
    b1: { symbol: 'b_1', label: '第一层偏置', default: 0, min: -10, max: 10 },
    w2: { symbol: 'w_2', label: '第二层权重', default: 1, min: -10, max: 10 },
    b2: { symbol: 'b_2', label: '第二层偏置', default: 0, min: -10, max: 10 },
    rate: { symbol: '\\alpha', label: '学习率', default: 0.5, min: 0, max: 10 },
  },
  compute({ x, y, w1, b1, w2, b2, rate }) {
    const weights: Weights = [w1, b1, w2, b2];
    const { hidden, predicted, loss } = forward(weights, x, y);
    const dPredicted = predicted - y;
    const dHidden = dPredicted * w2;
    const dScore = dHidden * hidden * (1 - hidden);
    const gradient: Weights = [dScore * x, dScore, dPredicted * hidden, dPredicted];

    const moved = (which: number, by: number): Weights => {
      const copy: [number, number, number, number] = [w1, b1, w2, b2];
      copy[which] = (copy[which] ?? NaN) + by;
      return copy;
    };
    const differences = gradient.map(
      (_, i) => (forward(moved(i, H), x, y).loss - forward(moved(i, -H), x, y).loss) / (2 * H),
    );
    const gap = Math.max(...gradient.map((g, i) => Math.abs(g - (differences[i] ?? NaN))));

    const [g1 = NaN, gb1 = NaN, g2 = NaN, gb2 = NaN] = gradient;
    const next: Weights = [w1 - rate * g1, b1 - rate * gb1, w2 - rate * g2, b2 - rate * gb2];
    const after = forward(next, x, y);
    const update = (symbol: string, from: number, slope: number, to: number): string =>
      `${symbol} &\\leftarrow ${tex(from)} - ${texFactor(rate)} \\times ${texFactor(slope)} = ${tex(to)}`;

    return {
      steps: [
        {
          text: '前向，第一层。',
          tex: `h = \\sigma(w_1 x + b_1) = \\sigma(${tex(w1 * x + b1)}) = ${tex(hidden)}`,
        },
        {
          text: '前向，第二层，没有激活。',
          tex: `f = w_2 h + b_2 = ${texFactor(w2)} \\times ${tex(hidden)} + ${texFactor(b2)} = ${tex(predicted)}`,
        },
        {
          text: '损失。',
          tex: `L = \\tfrac12 (y - f)^2 = \\tfrac12 (${tex(y)} - ${texFactor(predicted)})^2 = ${tex(loss)}`,
        },
        {
          text: '反向，从损失往回，先到预测。',
          tex: `\\frac{\\partial L}{\\partial f} = f - y = ${tex(dPredicted)}`,
        },
        {
          text: '第二层的两个参数：权重乘它看到的 h，偏置乘 1。',
          tex: `\\frac{\\partial L}{\\partial w_2} = (f - y)\\,h = ${tex(g2)}, \\qquad \\frac{\\partial L}{\\partial b_2} = f - y = ${tex(gb2)}`,
        },
        {
          text: '穿过第二层的权重，再穿过 σ，它的斜率是 h(1 − h)。',
          tex: `\\delta = (f - y)\\,w_2\\,h(1 - h) = ${tex(dScore)}`,
        },
        {
          text: '第一层的两个参数。',
          tex: `\\frac{\\partial L}{\\partial w_1} = \\delta\\,x = ${tex(g1)}, \\qquad \\frac{\\partial L}{\\partial b_1} = \\delta = ${tex(gb1)}`,
        },
        {
          text: '四个参数各走一步。',
          tex: `\\begin{aligned} ${[
            update('w_1', w1, g1, next[0]),
            update('b_1', b1, gb1, next[1]),
            update('w_2', w2, g2, next[2]),
            update('b_2', b2, gb2, next[3]),
          ].join(' \\\\ ')} \\end{aligned}`,
        },
        {
          text: '再前向一次，看损失降了没有。',
          tex: `L' = \\tfrac12 (${tex(y)} - ${texFactor(after.predicted)})^2 = ${tex(after.loss)}`,
        },
      ],
      results: {
        predicted: { label: '预测 f', value: predicted, digits: 6 },
        loss: { label: '损失', value: loss, digits: 6 },
        w1Gradient: { label: '对 w₁ 的梯度', value: g1, digits: 6 },
        b1Gradient: { label: '对 b₁ 的梯度', value: gb1, digits: 6 },
        w2Gradient: { label: '对 w₂ 的梯度', value: g2, digits: 6 },
        b2Gradient: { label: '对 b₂ 的梯度', value: gb2, digits: 6 },
        gap: { label: '和中心差分最多差', value: gap, digits: 'exponent' },
        after: { label: '走一步以后的损失', value: after.loss, digits: 6 },
      },
    };
  },
});
