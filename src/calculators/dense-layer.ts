/** Two dense layers, one feeding the other, worked with the reader's numbers. Knows no page. */
import { defineCalculator, type Result } from '../contract/calculator.ts';
import type { GraphView } from '../contract/view.ts';
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

/** More rows than this are only written as one matrix. */
const FEW = 3;
/** So many entries of a vector are results of their own. */
const SHOWN = 4;
/** A drawing with more nodes than this cannot be read. */
const MOST_NODES = 24;

const [W_FIRST, B_FIRST, X_FIRST] = [
  [
    [0.1, 0.2],
    [0.3, 0.4],
  ],
  [0.1, 0.2],
  [0.5, 1],
];
const W_RELU = [
  [-0.5, 0.2],
  [0.3, -0.4],
];
const X_RELU = [-0.5, 1];

interface Printed {
  readonly f: string;
  readonly W: Matrix;
  readonly x: readonly number[];
  readonly z: readonly [number, number];
  readonly h: readonly [number, number];
}
/** What the document prints for its three layers; the sigmoid line is left as fractions, here worked out. */
const PRINTED: readonly Printed[] = [
  {
    f: 'sigmoid',
    W: W_FIRST,
    x: X_FIRST,
    z: [0.45, 0.75],
    h: [1 / (1 + Math.exp(-0.45)), 1 / (1 + Math.exp(-0.75))],
  },
  { f: 'relu', W: W_RELU, x: X_RELU, z: [0.35, 0.45], h: [0, 0.45] },
  { f: 'tanh', W: W_FIRST, x: X_FIRST, z: [0.45, 0.75], h: [0.5174, 0.6881] },
];

const subscript = (n: number): string => '₀₁₂₃₄₅₆₇₈₉'[n] ?? `[${n}]`;

/** The first entries of a vector as results `z1`, `z2`, … */
const entries = (name: string, vector: readonly number[], words: string): [string, Result][] =>
  vector
    .slice(0, SHOWN)
    .map((value, i) => [
      `${name}${i + 1}`,
      { label: `${words} ${name}${subscript(i + 1)}`, value, digits: 7 },
    ]);

function drawing(layers: readonly (readonly number[])[]): GraphView[] {
  const count = layers.reduce((sum, layer) => sum + layer.length, 0);
  if (count > MOST_NODES) return [];
  const nodes = layers.flatMap((layer, column) =>
    layer.map((value, i) => ({
      x: 3 * column,
      y: (layer.length - 1) / 2 - i,
      group: column,
      label: String(Number(value.toFixed(4))),
    })),
  );
  const starts = layers.map((_, column) =>
    layers.slice(0, column).reduce((sum, layer) => sum + layer.length, 0),
  );
  const edges = layers
    .slice(1)
    .flatMap((layer, column) =>
      layer.flatMap((_, to) =>
        (layers[column] ?? []).map((__, from): [number, number] => [
          (starts[column] ?? 0) + from,
          (starts[column + 1] ?? 0) + to,
        ]),
      ),
    );
  const groups = ['输入 x', '第一层 h', '第二层 y'];
  return [{ kind: 'graph', title: '数从左往右流，一条线一个权重', groups, nodes, edges }];
}

export default defineCalculator({
  title: '两层，一层接一层',
  summary: '矩阵乘向量，加偏置，过激活函数；得数再进第二层。行和列都可以加减。',
  inputs: {
    W: { symbol: '\\mathbf{W}', label: '第一层的权重', default: W_FIRST, min: -100, max: 100 },
    b: { symbol: '\\mathbf{b}', label: '第一层的偏置', default: B_FIRST, min: -100, max: 100 },
    x: { symbol: '\\mathbf{x}', label: '输入', default: X_FIRST, min: -100, max: 100 },
    f: {
      label: '第一层的激活函数',
      default: 'sigmoid',
      options: activationOptions(['sigmoid', 'relu', 'tanh', 'linear']),
    },
    W2: { symbol: '\\mathbf{W}_2', label: '第二层的权重', default: W_FIRST, min: -100, max: 100 },
    b2: { symbol: '\\mathbf{b}_2', label: '第二层的偏置', default: [0, 0], min: -100, max: 100 },
    f2: {
      label: '第二层的激活函数',
      default: 'softmax',
      options: activationOptions(['softmax', 'sigmoid', 'relu', 'tanh', 'linear']),
    },
  },
  compute({ W, b, x, f, W2, b2, f2 }) {
    checkLayer(W, b, x.length, {
      W: { input: 'W', words: '第一层的 W' },
      b: { input: 'b', words: 'b' },
      x: { input: 'x', words: '输入 x ' },
    });
    checkLayer(W2, b2, W.length, {
      W: { input: 'W2', words: '第二层的 W₂' },
      b: { input: 'b2', words: 'b₂' },
      x: { input: 'W2', words: '第一层交出的 h ' },
    });
    const [first, second] = [activation(f), activation(f2)];
    const product = times(W, x);
    const z = plus(product, b);
    const h = first.apply(z);
    const z2 = plus(times(W2, h), b2);
    const y = second.apply(z2);
    const printed = PRINTED.find(
      (one) =>
        one.f === f && sameNumbers(one.W, W) && sameNumbers(one.x, x) && sameNumbers(B_FIRST, b),
    );
    const wrong = (name: 'z' | 'h', mine: readonly number[]): [string, Result][] =>
      (printed?.[name] ?? [])
        .map((value, i): [string, Result] => [
          `${name}Printed${i + 1}`,
          { label: `文档的 ${name}${subscript(i + 1)}`, value, digits: 7, mark: 'wrong' },
        ])
        .filter((_, i) => Math.abs((printed?.[name][i] ?? NaN) - (mine[i] ?? NaN)) > 1e-6);
    const rows =
      W.length > FEW || x.length > FEW
        ? []
        : [
            {
              text: '一行一行地看：对应相乘，加起来，再加偏置。',
              tex: `\\begin{aligned} ${W.map((row, i) => `z_${i + 1} &= ${texDot(row, x)} ${texTerm(b[i] ?? NaN)} = ${tex(z[i] ?? NaN)}`).join(' \\\\ ')} \\end{aligned}`,
            },
          ];
    return {
      steps: [
        {
          text: '矩阵乘向量：W 的每一行和 x 对应相乘，加起来。',
          tex: `\\mathbf{W}\\mathbf{x} = ${texMatrix(W)}${texVector(x)} = ${texVector(product)}`,
        },
        ...rows,
        {
          text: '加偏置，得到 z。',
          tex: `\\mathbf{z} = \\mathbf{W}\\mathbf{x} + \\mathbf{b} = ${texVector(product)} + ${texVector(b)} = ${texVector(z)}`,
        },
        { text: first.does, tex: `\\mathbf{h} = ${first.tex}(\\mathbf{z}) = ${texVector(h, 7)}` },
        {
          text: '第二层的输入就是 h。',
          tex: `\\mathbf{z}_2 = \\mathbf{W}_2\\mathbf{h} + \\mathbf{b}_2 = ${texMatrix(W2)}${texVector(h)} + ${texVector(b2)} = ${texVector(z2)}`,
        },
        {
          text: second.does,
          tex: `\\mathbf{y} = ${second.tex}(\\mathbf{z}_2) = ${texVector(y, 7)}`,
        },
      ],
      results: Object.fromEntries([
        ...entries('z', z, '第一层'),
        ...wrong('z', z),
        ...entries('h', h, '第一层'),
        ...wrong('h', h),
        ...entries('y', y, '第二层'),
      ]),
      views: drawing([x, h, y]),
    };
  },
});
