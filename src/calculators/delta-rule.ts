/** Back-propagation through a chain of two sigmoid neurons, against a difference and a printed product. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { tex, texFactor } from './notation/numbers.ts';

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
/** Step of the central difference. */
const H = 1e-5;

/** x → σ(w₁x + b₁) → σ(w₂a₁ + b₂) = a₂, C = ½(a₂ − y)². */
function forward(w1: number, b1: number, w2: number, b2: number, x: number, y: number) {
  const z1 = w1 * x + b1;
  const a1 = sigmoid(z1);
  const z2 = w2 * a1 + b2;
  const a2 = sigmoid(z2);
  return { z1, a1, z2, a2, cost: (a2 - y) ** 2 / 2 };
}

export default defineCalculator({
  title: '两个神经元的反向传播，一步一步',
  summary:
    '一条链：输入，一个隐藏神经元，一个输出神经元。看误差怎样从后往前传，再和有限差分、和文档的连乘式比。',
  inputs: {
    x: { symbol: 'x', label: '输入', default: 0.5, min: -10, max: 10 },
    y: { symbol: 'y', label: '标签', default: 1, min: 0, max: 1 },
    w1: { symbol: 'w_1', label: '第一层的权重', default: 0.7, min: -10, max: 10 },
    b1: { symbol: 'b_1', label: '第一层的偏置', default: 0, min: -10, max: 10 },
    w2: { symbol: 'w_2', label: '第二层的权重', default: -1.3, min: -10, max: 10 },
    b2: { symbol: 'b_2', label: '第二层的偏置', default: 0, min: -10, max: 10 },
  },
  compute({ x, y, w1, b1, w2, b2 }) {
    const { z1, a1, z2, a2, cost } = forward(w1, b1, w2, b2, x, y);
    const [slope1, slope2] = [a1 * (1 - a1), a2 * (1 - a2)];
    const delta2 = (a2 - y) * slope2;
    const delta1 = w2 * delta2 * slope1;
    const [dw2, dw1] = [delta2 * a1, delta1 * x];
    const costAt = (v1: number, v2: number): number => forward(v1, b1, v2, b2, x, y).cost;
    const difference2 = (costAt(w1, w2 + H) - costAt(w1, w2 - H)) / (2 * H);
    const difference1 = (costAt(w1 + H, w2) - costAt(w1 - H, w2)) / (2 * H);
    // the printed product for l = 2, read factor by factor
    const dx = delta1 * w1;
    const printed = delta2 * (1 / slope2) * slope2 * (1 / slope1) * dx;
    return {
      steps: [
        {
          text: '前向，第一层。',
          tex: `z_1 = w_1 x + b_1 = ${tex(z1)},\\quad a_1 = \\sigma(z_1) = ${tex(a1)}`,
        },
        {
          text: '前向，第二层和损失。',
          tex: `z_2 = w_2 a_1 + b_2 = ${tex(z2)},\\quad a_2 = \\sigma(z_2) = ${tex(a2)},\\quad C = \\tfrac{1}{2}(a_2 - y)^2 = ${tex(cost)}`,
        },
        {
          text: '反向从损失开始：第二层的 δ。',
          tex: `\\delta_2 = (a_2 - y)\\,a_2(1 - a_2) = ${texFactor(a2 - y)} \\times ${tex(slope2)} = ${tex(delta2)}`,
        },
        {
          text: '往前传一层：乘上连接的权重，再乘这一层的斜率。',
          tex: `\\delta_1 = w_2\\,\\delta_2\\,a_1(1 - a_1) = ${texFactor(w2)} \\times ${texFactor(delta2)} \\times ${tex(slope1)} = ${tex(delta1)}`,
        },
        {
          text: '每个权重的梯度：δ 乘这一层的输入；偏置的梯度就是 δ。',
          tex: `\\frac{\\partial C}{\\partial w_2} = \\delta_2 a_1 = ${tex(dw2)},\\quad \\frac{\\partial C}{\\partial w_1} = \\delta_1 x = ${tex(dw1)}`,
        },
        {
          text: '文档的连乘式照字面读：前两个因子相乘是 1，最后一个因子是对输入的梯度。',
          tex: `\\frac{\\partial C}{\\partial z_2}\\cdot\\underbrace{\\frac{\\partial z_2}{\\partial a_2}\\frac{\\partial a_2}{\\partial z_2}}_{1}\\cdot\\frac{\\partial z_1}{\\partial a_1}\\cdot\\frac{\\partial C}{\\partial x} = ${texFactor(delta2)} \\times ${tex(1 / slope1)} \\times ${texFactor(dx)} = ${tex(printed)}`,
        },
      ],
      results: {
        cost: { label: '损失 C', value: cost, digits: 8 },
        dw2: { label: '∂C/∂w₂，δ 法则', value: dw2, digits: 10, mark: 'right' },
        difference2: { label: '∂C/∂w₂，中心差分', value: difference2, digits: 10 },
        printed: { label: '∂C/∂w₂，文档的连乘式', value: printed, digits: 10, mark: 'wrong' },
        dw1: { label: '∂C/∂w₁，δ 法则', value: dw1, digits: 10, mark: 'right' },
        difference1: { label: '∂C/∂w₁，中心差分', value: difference1, digits: 10 },
        db2: { label: '∂C/∂b₂', value: delta2, digits: 8 },
        db1: { label: '∂C/∂b₁', value: delta1, digits: 8 },
      },
    };
  },
});
