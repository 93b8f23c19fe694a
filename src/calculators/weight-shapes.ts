/** Shapes and counts of a layer's weights, in both conventions. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

interface Part {
  readonly name: string;
  /** Rows and columns as a formula writes it, a column vector on the right. */
  readonly formula: readonly number[];
  /** As Keras and TensorFlow.js store it. */
  readonly stored: readonly number[];
}

const shape = (sizes: readonly number[]): string => `[${sizes.join(', ')}]`;
const numbersIn = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** How many units' worth of weights a kind has, and whether it has recurrent ones. */
const KINDS = {
  dense: { label: '全连接', gates: 1, recurrent: false },
  rnn: { label: '循环（简单 RNN）', gates: 1, recurrent: true },
  lstm: { label: '循环（LSTM，四组门）', gates: 4, recurrent: true },
} as const;
type Kind = keyof typeof KINDS;

/** The weights of a layer with `inputs` numbers in and `units` out. */
function partsOf(kind: Kind, inputs: number, units: number): Part[] {
  const { gates, recurrent } = KINDS[kind];
  const width = gates * units;
  return [
    {
      name: recurrent ? '输入的权重' : '权重',
      formula: [width, inputs],
      stored: [inputs, width],
    },
    ...(recurrent
      ? [{ name: '上一刻状态的权重', formula: [width, units], stored: [units, width] }]
      : []),
    { name: '偏置', formula: [width], stored: [width] },
  ];
}

export default defineCalculator({
  title: '一层权重是什么形状',
  summary:
    '输入几个数、输出几个数，权重就是什么形状；公式里怎样写，Keras 和 TensorFlow.js 怎样存。',
  inputs: {
    kind: {
      label: '哪一种层',
      default: 'dense',
      options: Object.fromEntries(Object.entries(KINDS).map(([id, { label }]) => [id, label])),
    },
    inputs: { symbol: 'd_{in}', label: '输入几个数', default: 50, min: 1, max: 1e6, integer: true },
    units: { symbol: 'd', label: '这一层几个单元', default: 100, min: 1, max: 1e6, integer: true },
  },
  compute({ kind, inputs, units }) {
    const name: Kind = Object.hasOwn(KINDS, kind) ? (kind as Kind) : 'dense';
    const { gates, recurrent } = KINDS[name];
    const parts = partsOf(name, inputs, units);
    const total = parts.reduce((sum, { stored }) => sum + numbersIn(stored), 0);
    const kernel = parts[0]?.stored ?? [];
    const times = gates === 1 ? '' : `${gates} \\times `;
    const block = recurrent
      ? `(${tex(units)} \\times ${tex(inputs)} + ${tex(units)} \\times ${tex(units)} + ${tex(units)})`
      : `${tex(units)} \\times ${tex(inputs)} + ${tex(units)}`;
    return {
      steps: [
        {
          text: recurrent
            ? '公式里样本是一列，把上一刻的状态和输入接成一列，权重在左。'
            : '公式里样本是一列，权重在左：一行一个单元，一列一个输入。',
          tex: recurrent
            ? `\\mathbf{W}\\,[\\mathbf{h};\\mathbf{x}]:\\quad (${tex(gates * units)} \\times ${tex(units + inputs)})\\,(${tex(units + inputs)} \\times 1)`
            : `\\mathbf{W}\\mathbf{x}:\\quad (${tex(units)} \\times ${tex(inputs)})\\,(${tex(inputs)} \\times 1)`,
        },
        {
          text: 'Keras 和 TensorFlow.js 里样本是一行，权重在右，存的是转置。',
          tex: parts
            .filter(({ stored }) => stored.length === 2)
            .map(
              ({ stored: [m = 0, n = 0] }) =>
                `(1 \\times ${tex(m)})\\,(${tex(m)} \\times ${tex(n)})`,
            )
            .join(',\\quad '),
        },
        {
          text: '数一数参数：权重，加每个单元一个偏置。',
          tex: `${times}${gates === 1 && recurrent ? block.slice(1, -1) : block} = ${tex(total)}`,
        },
      ],
      results: {
        total: { label: '这一层的参数', value: total, digits: 0, unit: '个' },
        kernelRows: { label: '存的权重，行数', value: kernel[0] ?? NaN, digits: 0 },
        kernelColumns: { label: '存的权重，列数', value: kernel[1] ?? NaN, digits: 0 },
        bias: { label: '偏置的长度', value: gates * units, digits: 0 },
        ...(recurrent && {
          cube: {
            label: '文档说的三维数组有几个数',
            value: units * inputs * units,
            digits: 0,
            mark: 'wrong' as const,
          },
        }),
      },
      views: [
        {
          kind: 'table',
          title: '每一块权重的形状',
          columns: ['哪一块', '公式里，样本是列', '存的，样本是行', '几个数'],
          rows: parts.map((part) => [
            part.name,
            shape(part.formula),
            shape(part.stored),
            numbersIn(part.stored),
          ]),
        },
      ],
    };
  },
});
