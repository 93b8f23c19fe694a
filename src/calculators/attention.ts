/** Scaled dot-product attention worked with the reader's matrices. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

type Matrix = readonly (readonly number[])[];

/** `left · rightᵀ`: every row of one with every row of the other. */
const dots = (left: Matrix, right: Matrix): number[][] =>
  left.map((a) => right.map((b) => a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0)));

const transpose = (matrix: Matrix): number[][] =>
  (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? NaN));

/** Shares of 1; the largest is taken off first, so that no exponential overflows. */
function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

const texMatrix = (matrix: Matrix): string =>
  `\\begin{pmatrix} ${matrix.map((row) => row.map((value) => tex(value, 4)).join(' & ')).join(' \\\\ ')} \\end{pmatrix}`;

export default defineCalculator({
  title: '注意力，一步一步',
  summary: '每一行查询和每一行键做点积，过 softmax 变成权重，再按权重把值加起来。',
  inputs: {
    Q: {
      symbol: '\\mathbf{Q}',
      label: '查询，一行一个',
      default: [
        [1, 0],
        [0, 1],
      ],
      min: -20,
      max: 20,
    },
    K: {
      symbol: '\\mathbf{K}',
      label: '键，一行一个词元',
      default: [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      min: -20,
      max: 20,
    },
    V: {
      symbol: '\\mathbf{V}',
      label: '值，一行一个词元',
      default: [
        [1, 0],
        [0, 2],
        [3, 3],
      ],
      min: -20,
      max: 20,
    },
  },
  compute({ Q, K, V }) {
    const width = Q[0]?.length ?? 0;
    if ((K[0]?.length ?? 0) !== width) {
      throw new CalculatorError(
        'K',
        `查询每行 ${width} 个数，键也要每行 ${width} 个，才能做点积。`,
      );
    }
    if (V.length !== K.length) {
      throw new CalculatorError(
        'V',
        `有 ${K.length} 个键，值也要 ${K.length} 行，一个键配一个值。`,
      );
    }
    const scores = dots(Q, K);
    const scaled = scores.map((row) => row.map((score) => score / Math.sqrt(width)));
    const weights = scaled.map(softmax);
    const output = dots(weights, transpose(V));
    const [first, second] = [output[0] ?? [], output[1] ?? []];
    return {
      steps: [
        {
          text: '打分：每个查询和每个键做点积。',
          tex: `\\mathbf{Q}\\mathbf{K}^{\\top} = ${texMatrix(scores)}`,
        },
        {
          text: '除以查询宽度的平方根。',
          tex: `\\frac{\\mathbf{Q}\\mathbf{K}^{\\top}}{\\sqrt{${width}}} = ${texMatrix(scaled)}`,
        },
        {
          text: '每一行过 softmax，变成加起来是 1 的权重。',
          tex: `\\mathbf{A} = \\mathrm{softmax}\\Big(\\tfrac{\\mathbf{Q}\\mathbf{K}^{\\top}}{\\sqrt{${width}}}\\Big) = ${texMatrix(weights)}`,
        },
        {
          text: '按权重把值加起来，一个查询得一行。',
          tex: `\\mathbf{A}\\mathbf{V} = ${texMatrix(output)}`,
        },
      ],
      results: {
        top: { label: '第一行里最大的权重', value: Math.max(...(weights[0] ?? [])), digits: 7 },
        first: { label: '输出第一行，第一个数', value: first[0] ?? NaN, digits: 7 },
        firstNext: { label: '输出第一行，第二个数', value: first[1] ?? NaN, digits: 7 },
        second: { label: '输出第二行，第一个数', value: second[0] ?? NaN, digits: 7 },
        secondNext: { label: '输出第二行，第二个数', value: second[1] ?? NaN, digits: 7 },
      },
      views: [
        {
          kind: 'matrix',
          title: '权重：谁看谁，每行加起来是 1',
          rowTitle: '查询',
          columnTitle: '词元',
          rows: weights.map((_, i) => String(i + 1)),
          columns: K.map((_, i) => String(i + 1)),
          values: weights.map((row) => row.map((weight) => Number(weight.toFixed(3)))),
        },
      ],
    };
  },
});
