/** Two-dimensional convolution, cross-correlation and the matrix product, worked window by window. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import type { FramesView } from '../contract/view.ts';
import {
  digitsFor,
  MOST_FRAMES,
  padded,
  placesOf,
  productsText,
  samePadding,
  spanOf,
  tidyNumber,
  turned,
  windowAt,
  type Padding,
} from './layers/sliding.ts';
import { texMatrix, type Matrix } from './notation/matrices.ts';
import { formatNumber, tex, texFactor } from './notation/numbers.ts';

type Pair = readonly [kernel: number, input: number];

/** One output cell: which cells made it, and the products that were added. */
interface Cell {
  readonly row: number;
  readonly column: number;
  readonly value: number;
  readonly pairs: readonly Pair[];
}
interface Settings {
  readonly padding: string;
  readonly pad: number;
  readonly stride: number;
  readonly dilation: number;
}

/** The kernel and input of the source document, and the matrix that it prints as their convolution. */
const DOCUMENT = '[[0,1],[1,0]] [[1,0],[0,1]]';
const PRINTED: Matrix = [
  [0, 1],
  [1, 0],
];

const size = (matrix: Matrix): readonly [number, number] => [matrix.length, matrix[0]?.length ?? 0];

function paddingOf(length: number, kernel: number, settings: Settings): Padding {
  const span = spanOf(kernel, settings.dilation);
  switch (settings.padding) {
    case 'same':
      return samePadding(length, span, settings.stride);
    case 'full':
      return { before: span - 1, after: span - 1 };
    case 'number':
      return { before: settings.pad, after: settings.pad };
    default:
      return { before: 0, after: 0 };
  }
}

/**
 * Slides `kernel` over `input` without turning it.
 *
 * @throws CalculatorError when the kernel fits nowhere.
 */
function slide(input: Matrix, kernel: Matrix, settings: Settings) {
  const [height, width] = size(input);
  const [tall, wide] = size(kernel);
  const { stride, dilation } = settings;
  const rows = paddingOf(height, tall, settings);
  const columns = paddingOf(width, wide, settings);
  const down = placesOf(height, spanOf(tall, dilation), stride, rows);
  const across = placesOf(width, spanOf(wide, dilation), stride, columns);
  for (const [places, length, kernelLength, padding, name] of [
    [down, height, tall, rows, '行'],
    [across, width, wide, columns, '列'],
  ] as const) {
    if (places >= 1) continue;
    const all = length + padding.before + padding.after;
    const spread = dilation > 1 ? `，隔开以后占 ${spanOf(kernelLength, dilation)} ${name}` : '';
    throw new CalculatorError(
      'k',
      `核有 ${kernelLength} ${name}${spread}；输入连补的零只有 ${all} ${name}，放不下。补零，或者用小一点的核。`,
    );
  }
  const field = padded(input, rows, columns);
  const cells: Cell[][] = Array.from({ length: down }, (_, row) =>
    Array.from({ length: across }, (_unused, column) => {
      const under = windowAt(field, row * stride, column * stride, tall, wide, dilation).flat();
      const pairs = kernel.flat().map((k, n): Pair => [k, under[n]?.value ?? NaN]);
      return {
        row,
        column,
        value: tidyNumber(pairs.reduce((sum, [k, x]) => sum + k * x, 0)),
        pairs,
      };
    }),
  );
  return { field, rows, columns, cells };
}

/** `kernel · input` as matrices. @throws CalculatorError when the inner lengths differ. */
function multiply(kernel: Matrix, input: Matrix): Cell[][] {
  const inner = kernel[0]?.length ?? 0;
  if (inner !== input.length) {
    throw new CalculatorError(
      'k',
      `矩阵乘法要核的列数等于输入的行数：核有 ${inner} 列，输入有 ${input.length} 行。卷积没有这个要求。`,
    );
  }
  return kernel.map((line, row) =>
    (input[0] ?? []).map((_, column) => {
      const pairs = line.map((k, n): Pair => [k, input[n]?.[column] ?? NaN]);
      return {
        row,
        column,
        value: tidyNumber(pairs.reduce((sum, [k, x]) => sum + k * x, 0)),
        pairs,
      };
    }),
  );
}

const valuesOf = (cells: readonly (readonly Cell[])[]): number[][] =>
  cells.map((row) => row.map(({ value }) => value));

/** A matrix in a formula, or its size where it would be too large to read. */
const shown = (matrix: Matrix): string =>
  Math.max(...size(matrix)) > 8
    ? `${size(matrix).join(' \\times ')}\\text{ 的矩阵，见图}`
    : texMatrix(matrix);

/** The rule for the size of an output, and the two sides worked with the reader's numbers. */
const sizeTex = (rows: string, columns: string): string =>
  `\\begin{aligned} n' &= \\Big\\lfloor\\frac{n + p - d(k - 1) - 1}{s}\\Big\\rfloor + 1 \\\\ \\text{行：} &\\quad ${rows} \\\\ \\text{列：} &\\quad ${columns} \\end{aligned}`;

const caption = ({ row, column, value, pairs }: Cell): string =>
  `第 ${row + 1} 行第 ${column + 1} 列：${productsText(pairs)} = ${formatNumber(value, 4).replace(/\.?0+$/, '')}`;

function frames(
  view: Pick<FramesView, 'title' | 'grids'>,
  cells: readonly Cell[],
  inputMarks: (cell: Cell) => readonly { row: number; column: number }[],
  kernelMarks: (cell: Cell) => readonly { row: number; column: number }[],
): FramesView {
  const cut = cells.length > MOST_FRAMES ? `（只放前 ${MOST_FRAMES} 步）` : '';
  return {
    kind: 'frames',
    title: view.title + cut,
    grids: view.grids,
    frames: cells.slice(0, MOST_FRAMES).map((cell) => ({
      caption: caption(cell),
      marks: [
        ...inputMarks(cell).map((at) => ({ grid: 0, ...at, group: 0 })),
        ...kernelMarks(cell).map((at) => ({ grid: 1, ...at, group: 1 })),
        { grid: 2, row: cell.row, column: cell.column, group: 2 },
      ],
      writes: [{ grid: 2, row: cell.row, column: cell.column, value: cell.value }],
    })),
  };
}

const empty = (matrix: Matrix): null[][] => matrix.map((row) => row.map(() => null));

export default defineCalculator({
  title: '卷积，一格一格',
  summary: '输入和核随你改，大小也能改。图里一步算一格，乘积全部写出来；同样的数还能当矩阵乘。',
  inputs: {
    x: {
      symbol: '\\mathbf{X}',
      label: '输入',
      default: [
        [1, 2],
        [3, 4],
      ],
      min: -1000,
      max: 1000,
    },
    k: {
      symbol: '\\mathbf{K}',
      label: '核',
      default: [
        [0, 1],
        [2, 3],
      ],
      min: -1000,
      max: 1000,
    },
    way: {
      label: '算法',
      default: 'correlation',
      options: {
        correlation: '互相关：核照原样滑（框架里的“卷积”）',
        convolution: '卷积：核先转 180°',
        product: '矩阵乘法 KX（不是卷积）',
      },
    },
    padding: {
      label: '补零',
      default: 'full',
      options: {
        valid: '不补（valid）',
        same: '补到输出和输入一样大（same）',
        full: '补到碰着一个角就算（full）',
        number: '自己定，填在右边',
      },
    },
    pad: { symbol: 'p', label: '自己定：四周各补几圈', default: 1, min: 0, max: 16, integer: true },
    stride: { symbol: 's', label: '步长', default: 1, min: 1, max: 16, integer: true },
    dilation: {
      symbol: 'd',
      label: '扩张，核里相邻两数隔几格',
      default: 1,
      min: 1,
      max: 16,
      integer: true,
    },
  },
  compute({ x, k, way, padding, pad, stride, dilation }) {
    const settings: Settings = { padding, pad, stride, dilation };
    const isDocument = `${JSON.stringify(k)} ${JSON.stringify(x)}` === DOCUMENT;
    const printedStep = {
      text: '文档把这两个矩阵相乘，印成了卷积。',
      tex: `\\mathbf{K}\\mathbf{X} = ${texMatrix(PRINTED)}`,
    };
    const results = (cells: readonly (readonly Cell[])[]) => {
      const values = valuesOf(cells);
      const number = (label: string, value: number) => ({
        label,
        value,
        digits: digitsFor(value),
      });
      const sum = tidyNumber(values.flat().reduce((a, b) => a + b, 0));
      return {
        rows: { label: '输出的行数', value: values.length, digits: 0 },
        columns: { label: '输出的列数', value: values[0]?.length ?? 0, digits: 0 },
        first: number('输出左上角的数', values[0]?.[0] ?? NaN),
        last: number('输出右下角的数', values.at(-1)?.at(-1) ?? NaN),
        sum: number('输出各数之和', sum),
        // only where the printed matrix is another one: with `same` the two happen to agree
        ...(isDocument && JSON.stringify(values) !== JSON.stringify(PRINTED)
          ? {
              printedRows: { label: '文档印的行数', value: 2, digits: 0, mark: 'wrong' as const },
              printedSum: {
                label: '文档印的各数之和',
                value: 2,
                digits: 0,
                mark: 'wrong' as const,
              },
            }
          : {}),
      };
    };
    if (way === 'product') {
      const cells = multiply(k, x);
      const values = valuesOf(cells);
      const [first] = cells.flat();
      return {
        steps: [
          {
            text: '一个输出，是核的一行和输入的一列：没有窗口，也不滑。步长、补零、扩张都用不上。',
            tex: `${(first?.pairs ?? []).map(([a, b]) => `${texFactor(a)} \\times ${texFactor(b)}`).join(' + ')} = ${tex(first?.value ?? NaN)}`,
          },
          { text: '全部输出。', tex: `${shown(k)}\\,${shown(x)} = ${shown(values)}` },
          ...(isDocument ? [printedStep] : []),
        ],
        results: results(cells),
        views: [
          frames(
            {
              title: '矩阵乘法：核的一行，输入的一列',
              grids: [
                { label: '输入', values: x },
                { label: '核', before: '·', values: k },
                { label: '乘积 KX', before: '=', values: empty(values) },
              ],
            },
            cells.flat(),
            ({ column }) => x.map((_, row) => ({ row, column })),
            ({ row }) => (k[0] ?? []).map((_, column) => ({ row, column })),
          ),
        ],
      };
    }
    const kernel = way === 'convolution' ? turned(k) : k;
    const { field, rows, columns, cells } = slide(x, kernel, settings);
    const values = valuesOf(cells);
    const [first] = cells.flat();
    const [tall, wide] = size(kernel);
    const side = (
      length: number,
      count: number,
      { before, after }: Padding,
      places: number,
    ): string =>
      `\\left\\lfloor\\frac{${length} + ${before + after} - ${dilation}\\times(${count} - 1) - 1}{${stride}}\\right\\rfloor + 1 = ${places}`;
    return {
      steps: [
        {
          text: '输出多大：窗口在每个方向能停几处。p 是两头一共补的零。',
          tex: sizeTex(
            side(x.length, tall, rows, values.length),
            side(x[0]?.length ?? 0, wide, columns, values[0]?.length ?? 0),
          ),
        },
        ...(way === 'convolution'
          ? [{ text: '核转 180°。', tex: `${shown(k)} \\;\\to\\; ${shown(kernel)}` }]
          : []),
        {
          text: '左上角那一格：对着的数相乘，全部加起来。',
          tex: `${(first?.pairs ?? [])
            .slice(0, 12)
            .map(([a, b]) => `${texFactor(a)} \\times ${texFactor(b)}`)
            .join(
              ' + ',
            )}${(first?.pairs.length ?? 0) > 12 ? ' + \\cdots' : ''} = ${tex(first?.value ?? NaN)}`,
        },
        { text: '全部输出。', tex: `\\mathbf{Y} = ${shown(values)}` },
        ...(isDocument ? [printedStep] : []),
      ],
      results: results(cells),
      views: [
        frames(
          {
            title: way === 'convolution' ? '卷积：转过的核滑过输入' : '互相关：核滑过输入',
            grids: [
              {
                label:
                  rows.before + rows.after + columns.before + columns.after > 0
                    ? '输入，灰的是补的零'
                    : '输入',
                values: field,
                outside: {
                  top: rows.before,
                  bottom: rows.after,
                  left: columns.before,
                  right: columns.after,
                },
              },
              { label: way === 'convolution' ? '转过的核' : '核', before: '∗', values: kernel },
              { label: '输出', before: '=', values: empty(values) },
            ],
          },
          cells.flat(),
          ({ row, column }) =>
            windowAt(field, row * stride, column * stride, tall, wide, dilation).flat(),
          () => [],
        ),
      ],
    };
  },
});
