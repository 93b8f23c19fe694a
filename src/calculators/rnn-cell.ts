/** A recurrent cell unrolled over the reader's sequence, with an output at every moment. Knows no page. */
import { CalculatorError, defineCalculator, type Result } from '../contract/calculator.ts';
import {
  activation,
  activationOptions,
  checkLayer,
  plus,
  sameNumbers,
  times,
} from './layers/dense.ts';
import { texDot, texMatrix, texVector, type Matrix } from './notation/matrices.ts';
import { tex, texTerm } from './notation/numbers.ts';

/** The document's numbers; its W has only the first two columns. */
const [W_LEFT, B, H, X_FIRST] = [
  [
    [0.1, 0.2],
    [0.3, 0.4],
  ],
  [0.1, 0.2],
  [0.3, 0.4],
  [0.5],
];
const PRINTED_Z = [0.24, 0.39];
/** So many entries of a vector are results of their own. */
const SHOWN = 4;

const written = (vector: readonly number[]): string =>
  `(${vector.map((value) => String(Number(value.toFixed(4)))).join(', ')})`;

/**
 * How much each state can still move when every number of the first one moves by up to 1, to first order: the largest
 * row sum of ∂h_t/∂h₀, a product of one factor `slope · W` for each moment.
 */
function memory(left: Matrix, slopes: readonly (readonly number[])[]): readonly number[] {
  let jacobian: Matrix = left.map((_, i) => left.map((__, j) => (i === j ? 1 : 0)));
  return [
    1,
    ...slopes.map((slope) => {
      const columns = left.map((_, j) =>
        times(
          left,
          jacobian.map((row) => row[j] ?? NaN),
        ),
      );
      jacobian = left.map((_, i) =>
        columns.map((column) => (slope[i] ?? NaN) * (column[i] ?? NaN)),
      );
      return Math.max(
        ...jacobian.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)),
      );
    }),
  ];
}

export default defineCalculator({
  title: '循环单元，一刻一刻地走',
  summary:
    '上一刻的状态和这一刻的输入接成一列，过同一组权重，得到新的状态。输入一行一刻，可以加行。',
  inputs: {
    W: {
      symbol: '\\mathbf{W}_h',
      label: '状态的权重：前几列乘 h，后几列乘 x',
      default: [
        [0.1, 0.2, 0.5],
        [0.3, 0.4, 0.6],
      ],
      min: -100,
      max: 100,
    },
    b: { symbol: '\\mathbf{b}_h', label: '状态的偏置', default: B, min: -100, max: 100 },
    h: { symbol: '\\mathbf{h}_0', label: '开头的状态', default: H, min: -100, max: 100 },
    X: {
      symbol: '\\mathbf{x}_t',
      label: '输入，一行一刻',
      default: [X_FIRST, [1], [-0.5], [0]],
      min: -100,
      max: 100,
    },
    f: {
      label: '状态的激活函数',
      default: 'sigmoid',
      options: activationOptions(['sigmoid', 'tanh', 'relu', 'linear']),
    },
    Wy: {
      symbol: '\\mathbf{W}_y',
      label: '输出层的权重',
      default: W_LEFT,
      min: -100,
      max: 100,
    },
    by: { symbol: '\\mathbf{b}_y', label: '输出层的偏置', default: B, min: -100, max: 100 },
  },
  compute({ W, b, h: start, X, f, Wy, by }) {
    const [units, width] = [start.length, X[0]?.length ?? 0];
    const columns = W[0]?.length ?? 0;
    if (columns !== units + width) {
      throw new CalculatorError(
        'W',
        `状态 ${units} 个数，输入 ${width} 个数，接起来是 ${units} + ${width} = ${units + width} 个；W 每行有 ${columns} 个，对不上。要一个 ${units}×${units + width} 的矩阵。`,
      );
    }
    if (W.length !== units) {
      throw new CalculatorError(
        'W',
        `W 有 ${W.length} 行，算出来的状态就有 ${W.length} 个数；开头的状态有 ${units} 个，下一刻接不上。`,
      );
    }
    checkLayer(W, b, columns, {
      W: { input: 'W', words: 'W' },
      b: { input: 'b', words: 'b' },
      x: { input: 'W', words: '[h, x] ' },
    });
    checkLayer(Wy, by, units, {
      W: { input: 'Wy', words: '输出层的 W' },
      b: { input: 'by', words: '输出层的 b ' },
      x: { input: 'Wy', words: '状态 h ' },
    });
    const cell = activation(f);
    const states: (readonly number[])[] = [start];
    const sums: (readonly number[])[] = [];
    for (const x of X) {
      const z = plus(times(W, [...(states.at(-1) ?? []), ...x]), b);
      sums.push(z);
      states.push(cell.apply(z));
    }
    const outputs = states.slice(1).map((h) => plus(times(Wy, h), by));
    if (![...states, ...outputs].flat().every((value) => Math.abs(value) < 1e100)) {
      throw new CalculatorError(
        'W',
        '状态一刻比一刻大，已经超过 10 的 100 次方：权重小一些，或者换 tanh。',
      );
    }
    const [first, h1, z1] = [X[0] ?? [], states[1] ?? [], sums[0] ?? []];
    const joined = [...start, ...first];
    const last = states.at(-1) ?? [];
    const result = (label: string, value: number): Result => ({ label, value, digits: 7 });
    const each = (name: string, vector: readonly number[], words: string): [string, Result][] =>
      vector
        .slice(0, SHOWN)
        .map((value, i) => [`${name}${i + 1}`, result(`${words}，第 ${i + 1} 个`, value)]);
    const left = W.map((row) => row.slice(0, units));
    const remembered = memory(
      left,
      states.slice(1).map((h) => cell.slope?.(h) ?? []),
    );
    const ours =
      sameNumbers(left, W_LEFT) &&
      sameNumbers(b, B) &&
      sameNumbers(start, H) &&
      sameNumbers(first, X_FIRST);
    const printed: [string, Result][] = ours
      ? PRINTED_Z.map((value, i) => [
          `printed${i + 1}`,
          { label: `文档的 z₁，第 ${i + 1} 个`, value, digits: 7, mark: 'wrong' },
        ])
      : [];
    const rows =
      joined.length > 6 || units > 3
        ? texVector(z1)
        : `\\begin{aligned} ${W.map((row, i) => `&${texDot(row, joined)} ${texTerm(b[i] ?? NaN)} = ${tex(z1[i] ?? NaN)}`).join(' \\\\ ')} \\end{aligned}`;
    return {
      steps: [
        {
          text: '第一刻：状态和输入接成一列。',
          tex: `[\\mathbf{h}_0;\\mathbf{x}_1] = ${texVector(joined)}`,
        },
        { text: '乘权重，加偏置，一行一个。', tex: `\\mathbf{z}_1:\\quad ${rows}` },
        {
          text: cell.does,
          tex: `\\mathbf{h}_1 = ${cell.tex}(\\mathbf{z}_1) = ${texVector(h1, 7)}`,
        },
        {
          text: `后面每一刻用的是同一组权重，一共走 ${X.length} 刻。`,
          tex: `\\mathbf{h}_{${X.length}} = ${cell.tex}\\big(\\mathbf{W}_h[\\mathbf{h}_{${X.length - 1}};\\mathbf{x}_{${X.length}}] + \\mathbf{b}_h\\big) = ${texVector(last, 7)}`,
        },
        {
          text: '开头的状态动一点，最后的状态动多少：每一刻乘一次斜率和左边那块权重。',
          tex: `\\Big\\lVert\\frac{\\partial \\mathbf{h}_{${X.length}}}{\\partial \\mathbf{h}_0}\\Big\\rVert_\\infty = \\Big\\lVert\\prod_{t=1}^{${X.length}} \\mathrm{diag}\\big(f'(\\mathbf{z}_t)\\big)\\,\\mathbf{W}_{hh}\\Big\\rVert_\\infty = ${tex(remembered.at(-1) ?? NaN)}`,
        },
        {
          text: '输出层读的是状态；这里只算打分，不过激活函数。',
          tex: `\\mathbf{W}_y\\mathbf{h}_1 + \\mathbf{b}_y = ${texMatrix(Wy)}${texVector(h1)} + ${texVector(by)} = ${texVector(outputs[0] ?? [], 7)}`,
        },
      ],
      results: Object.fromEntries<Result>([
        ...each('z', z1, '第一刻 z₁'),
        ...printed,
        ...each('h', h1, '第一刻 h₁'),
        ...each('y', outputs[0] ?? [], '第一刻的输出 y₁'),
        ...(X.length > 1 ? each('last', last, `最后一刻 h${'₀₁₂₃₄₅₆₇₈₉'[X.length] ?? ''}`) : []),
        [
          'memory',
          {
            label: '开头的状态各动 1，最后的最多动（按斜率估）',
            value: remembered.at(-1) ?? NaN,
            digits: 'exponent',
          },
        ],
      ]),
      views: [
        {
          kind: 'table',
          title: '每一刻',
          columns: ['时刻', '输入 x', '状态 h', '输出 y', '开头的影响'],
          rows: [
            ['0', '', written(start), '', '1'],
            ...X.map((x, t) => [
              String(t + 1),
              written(x),
              written(states[t + 1] ?? []),
              written(outputs[t] ?? []),
              String(Number((remembered[t + 1] ?? NaN).toPrecision(3))),
            ]),
          ],
        },
        {
          kind: 'curve',
          title: '状态怎样走',
          x: { label: '时刻' },
          y: { label: '状态' },
          series: start.slice(0, SHOWN).map((_, i) => ({
            label: `h 的第 ${i + 1} 个`,
            xs: states.map((__, t) => t),
            ys: states.map((state) => state[i] ?? NaN),
          })),
        },
      ],
    };
  },
});
