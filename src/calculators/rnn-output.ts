/** The output layer of a recurrent network, worked with the reader's state. Knows no page. */
import { defineCalculator, type Result } from '../contract/calculator.ts';
import {
  activation,
  activationOptions,
  checkLayer,
  plus,
  sameNumbers,
  times,
} from './layers/dense.ts';
import { texDot, texVector } from './notation/matrices.ts';
import { tex, texTerm } from './notation/numbers.ts';

const [W, B, H] = [
  [
    [0.1, 0.2],
    [0.3, 0.4],
  ],
  [0.1, 0.2],
  [0.5, 0.6],
];
/** What the document prints before the activation function. */
const PRINTED_Z = [0.45, 0.64];
/** So many entries of a vector are results of their own. */
const SHOWN = 4;

export default defineCalculator({
  title: '从状态到输出',
  summary: '输出层就是一个全连接层，输入是这一刻的状态。换激活函数，看同一组打分变成什么。',
  inputs: {
    W: { symbol: '\\mathbf{W}_y', label: '输出层的权重', default: W, min: -100, max: 100 },
    b: { symbol: '\\mathbf{b}_y', label: '输出层的偏置', default: B, min: -100, max: 100 },
    h: { symbol: '\\mathbf{h}_t', label: '这一刻的状态', default: H, min: -100, max: 100 },
    f: {
      label: '输出的激活函数',
      default: 'sigmoid',
      options: activationOptions(['sigmoid', 'softmax', 'linear']),
    },
  },
  compute({ W: weights, b, h, f }) {
    checkLayer(weights, b, h.length, {
      W: { input: 'W', words: 'W' },
      b: { input: 'b', words: 'b' },
      x: { input: 'h', words: '状态 h ' },
    });
    const last = activation(f);
    const product = times(weights, h);
    const z = plus(product, b);
    const y = last.apply(z);
    const each = (name: string, vector: readonly number[], words: string): [string, Result][] =>
      vector
        .slice(0, SHOWN)
        .map((value, i) => [
          `${name}${i + 1}`,
          { label: `${words}，第 ${i + 1} 个`, value, digits: 7 },
        ]);
    const ours = sameNumbers(weights, W) && sameNumbers(b, B) && sameNumbers(h, H);
    const wrong = (name: string, values: readonly number[]): [string, Result][] =>
      ours
        ? values.map((value, i) => [
            `${name}Printed${i + 1}`,
            { label: `文档的 ${name}，第 ${i + 1} 个`, value, digits: 7, mark: 'wrong' },
          ])
        : [];
    const few = weights.length <= 4 && h.length <= 4;
    return {
      steps: [
        {
          text: '一行一个打分：权重和状态对应相乘，加起来，再加偏置。',
          tex: few
            ? `\\begin{aligned} ${weights.map((row, i) => `z_${i + 1} &= ${texDot(row, h)} ${texTerm(b[i] ?? NaN)} = ${tex(z[i] ?? NaN)}`).join(' \\\\ ')} \\end{aligned}`
            : `\\mathbf{z} = ${texVector(z)}`,
        },
        { text: last.does, tex: `\\mathbf{y} = ${last.tex}(\\mathbf{z}) = ${texVector(y, 7)}` },
      ],
      results: Object.fromEntries([
        ...each('z', z, '打分 z'),
        ...wrong('z', PRINTED_Z),
        ...each('y', y, '输出 y'),
        ...(f === 'sigmoid' ? wrong('y', activation('sigmoid').apply(PRINTED_Z)) : []),
      ]),
    };
  },
});
