/** Softmax of a layer's scores, and what it depends on: their differences. Knows no page. */
import { defineCalculator, type Result } from '../contract/calculator.ts';
import { checkLayer, sameNumbers, softmax, times } from './layers/dense.ts';
import { texMatrix, texVector } from './notation/matrices.ts';
import { tex, texTerm } from './notation/numbers.ts';

/** So many probabilities are results of their own. */
const SHOWN = 4;

const W = [
  [0.1, 0.2],
  [0.3, 0.4],
];
const X = [0.35, 0.55];
/** What the document prints for these numbers. */
const PRINTED = [0.3774, 0.6226];
const GAPS = [0, 0.2, 0.5, 1, 2, 3, 4, 5];

/** The larger of two shares whose scores differ by `gap`. */
const share = (gap: number): number => 1 / (1 + Math.exp(-gap));

export default defineCalculator({
  title: 'softmax：从打分到概率',
  summary: '先乘矩阵得到打分，再变成加起来是 1 的概率。给每个打分加同一个数，看什么变了。',
  inputs: {
    W: { symbol: '\\mathbf{W}', label: '输出层的权重', default: W, min: -100, max: 100 },
    x: { symbol: '\\mathbf{x}', label: '隐藏层的输出', default: X, min: -100, max: 100 },
    c: { symbol: 'c', label: '给每个打分都加上', default: 0, min: -1000, max: 1000 },
    gap: { symbol: '\\Delta', label: '两个打分相差', default: 0.2, min: 0, max: 50 },
  },
  compute({ W: weights, x, c, gap }) {
    checkLayer(
      weights,
      weights.map(() => 0),
      x.length,
      {
        W: { input: 'W', words: 'W' },
        b: { input: 'W', words: 'b' },
        x: { input: 'x', words: 'x ' },
      },
    );
    const product = times(weights, x);
    const z = product.map((value) => value + c);
    const most = Math.max(...z);
    const powers = z.map((value) => Math.exp(value - most));
    const sum = powers.reduce((a, b) => a + b);
    const y = softmax(z);
    const bare = softmax(x);
    const result = (label: string, value: number): Result => ({ label, value, digits: 7 });
    const ours = sameNumbers(weights, W) && sameNumbers(x, X) && c === 0;
    const printed = ours
      ? PRINTED.map((value, i): [string, Result] => [
          `printed${i + 1}`,
          { label: `文档的 y${'₁₂'[i] ?? ''}`, value, digits: 4, mark: 'wrong' },
        ])
      : [];
    return {
      steps: [
        {
          text: '打分：乘矩阵，再给每个都加上 c。',
          tex: `\\mathbf{z} = \\mathbf{W}\\mathbf{x} + c = ${texMatrix(weights)}${texVector(x)} + ${tex(c)} = ${texVector(z)}`,
        },
        {
          text: '减去最大的一个再取指数：比例不变，又不会太大。',
          tex: `e^{\\mathbf{z} ${texTerm(-most)}} = ${texVector(powers, 7)},\\quad \\text{和} = ${tex(sum, 7)}`,
        },
        { text: '各除以和。', tex: `\\mathbf{y} = ${texVector(y, 8)}` },
        {
          text: '只有两类时，概率由打分的差决定，和打分本身多大无关。',
          tex: `\\frac{e^{a+\\Delta}}{e^{a} + e^{a+\\Delta}} = \\frac{1}{1 + e^{-\\Delta}} = \\frac{1}{1 + e^{-${tex(gap)}}} = ${tex(share(gap), 8)}`,
        },
      ],
      results: Object.fromEntries<Result>([
        ...z
          .slice(0, SHOWN)
          .map((value, i): [string, Result] => [
            `z${i + 1}`,
            result(`打分 z${'₁₂₃₄'[i] ?? ''}`, value),
          ]),
        ...y
          .slice(0, SHOWN)
          .map((value, i): [string, Result] => [
            `y${i + 1}`,
            result(`概率 y${'₁₂₃₄'[i] ?? ''}`, value),
          ]),
        ...printed,
        ['bare', result('不乘 W，直接 softmax(x)，最后一个', bare.at(-1) ?? NaN)],
        ['pair', result('两个打分相差 Δ，大的那个的概率', share(gap))],
      ]),
      views: [
        {
          kind: 'points',
          title: '差多少，就偏多少；差得大了，再大也不怎么变',
          x: { label: '两个打分的差 Δ', min: 0, max: Math.max(5, gap) },
          y: { label: '大的那个的概率', min: 0.5, max: 1 },
          points: [{ label: '你填的差', group: 1, xs: [gap], ys: [share(gap)] }],
          lines: [
            {
              label: '1 / (1 + e^−Δ)',
              xs: Array.from({ length: 41 }, (_, i) => (i * Math.max(5, gap)) / 40),
              ys: Array.from({ length: 41 }, (_, i) => share((i * Math.max(5, gap)) / 40)),
            },
          ],
        },
        {
          kind: 'table',
          title: '差和概率',
          columns: ['打分的差', '大的', '小的'],
          rows: GAPS.map((delta) => [
            delta,
            share(delta).toFixed(4),
            (1 - share(delta)).toFixed(4),
          ]),
        },
      ],
    };
  },
});
