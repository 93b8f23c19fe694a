/** One gradient step of ½(y − θx)², with the gradient taken three ways. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { tex, texFactor, texTerm } from './notation/numbers.ts';

const H = 1e-3;

/** θ after 0, 1, … `steps` updates with the given gradient rule. */
function path(
  start: number,
  rate: number,
  steps: number,
  gradient: (theta: number) => number,
): number[] {
  const thetas = [start];
  let theta = start;
  for (let step = 0; step < steps; step++) {
    theta -= rate * gradient(theta);
    thetas.push(theta);
  }
  return thetas;
}

export default defineCalculator({
  title: '一步梯度下降，三种算法',
  summary: '同一个样本、同一个损失，用差分、链式法则和文档的公式各算一次梯度，再各走几步。',
  inputs: {
    x: { symbol: 'x', label: '输入', default: -2, min: -10, max: 10 },
    y: { symbol: 'y', label: '标签', default: 4, min: -100, max: 100 },
    theta: { symbol: '\\theta', label: '参数的当前值', default: 0, min: -100, max: 100 },
    rate: { symbol: '\\alpha', label: '学习率', default: 0.1, min: 0.0001, max: 1 },
    steps: { symbol: 'n', label: '走几步', default: 10, min: 1, max: 50, integer: true },
  },
  compute({ x, y, theta, rate, steps }) {
    const loss = (at: number): number => 0.5 * (y - at * x) ** 2;
    const exactAt = (at: number): number => -(y - at * x) * x;
    const documentAt = (at: number): number => -2 * (y - at * x);

    const prediction = theta * x;
    const numeric = (loss(theta + H) - loss(theta - H)) / (2 * H);
    const exact = exactAt(theta);
    const wrong = documentAt(theta);
    const truePath = path(theta, rate, steps, exactAt);
    const wrongPath = path(theta, rate, steps, documentAt);
    const index = truePath.map((_, step) => step);
    const end = truePath[steps] ?? NaN;
    const wrongEnd = wrongPath[steps] ?? NaN;
    const error = `(${tex(y)} - ${texFactor(prediction)})`;
    const optimum =
      x === 0 ? [] : [{ label: '最小点 y / x', xs: index, ys: index.map(() => y / x) }];

    return {
      steps: [
        {
          text: '先预测。',
          tex: `\\hat{y} = \\theta x = ${tex(theta)} \\times ${texFactor(x)} = ${tex(prediction)}`,
        },
        {
          text: '再算损失，它带一个 ½。',
          tex: `L = \\tfrac{1}{2}(y - \\hat{y})^2 = \\tfrac{1}{2}${error}^2 = ${tex(loss(theta))}`,
        },
        {
          text: '中心差分：把 θ 左右各挪一点，看损失变了多少，不用求导。',
          tex: `\\frac{L(\\theta + h) - L(\\theta - h)}{2h} = \\frac{${tex(loss(theta + H), 8)} - ${tex(loss(theta - H), 8)}}{2 \\times ${H}} = ${tex(numeric)}`,
        },
        {
          text: '链式法则：平方的导数消去 ½，里层再贡献一个 −x。',
          tex: `\\frac{\\partial L}{\\partial \\theta} = -(y - \\hat{y})\\,x = -${error} \\times ${texFactor(x)} = ${tex(exact)}`,
        },
        {
          text: '文档的公式：多了系数 2，少了 x。',
          tex: `-2(y - \\hat{y}) = -2 \\times ${error} = ${tex(wrong)}`,
        },
        {
          text: '用正确的梯度更新一次。',
          tex: `\\theta - \\alpha \\frac{\\partial L}{\\partial \\theta} = ${tex(theta)} - ${tex(rate)} \\times ${texFactor(exact)} = ${tex(truePath[1] ?? NaN)}`,
        },
        {
          text: '用文档的公式更新一次。',
          tex: `\\theta + 2\\alpha (y - \\hat{y}) = ${tex(theta)} ${texTerm(2 * rate)} \\times ${error} = ${tex(wrongPath[1] ?? NaN)}`,
        },
      ],
      results: {
        numeric: { label: '中心差分的梯度', value: numeric },
        exact: { label: '链式法则的梯度', value: exact, mark: 'right' },
        document: { label: '文档公式的“梯度”', value: wrong, mark: 'wrong' },
        next: { label: '下一个 θ', value: truePath[1] ?? NaN, mark: 'right' },
        nextDocument: { label: '下一个 θ（按文档）', value: wrongPath[1] ?? NaN, mark: 'wrong' },
        end: { label: `${steps} 步后的 θ`, value: end, mark: 'right' },
        endDocument: { label: `${steps} 步后的 θ（按文档）`, value: wrongEnd, mark: 'wrong' },
      },
      views: [
        {
          kind: 'curve',
          title: 'θ 走过的路',
          x: { label: '步' },
          y: { label: 'θ' },
          series: [
            { label: '链式法则', xs: index, ys: truePath },
            { label: '文档的公式', xs: index, ys: wrongPath },
            ...optimum,
          ],
        },
      ],
    };
  },
});
