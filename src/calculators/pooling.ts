/** Max and average pooling worked window by window, beside the diagonal sum of a printed formula. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import {
  digitsFor,
  MOST_FRAMES,
  placesOf,
  samePadding,
  tidyNumber,
  windowAt,
  type Padding,
} from './layers/sliding.ts';
import { texMatrix, type Matrix } from './notation/matrices.ts';
import { formatNumber, tex, texFactor } from './notation/numbers.ts';

/** A window: its cells that lie on the input, and the largest and the mean of them. */
interface Window {
  readonly row: number;
  readonly column: number;
  /** Where its first cell lies on the input; below 0 it is beyond the edge. */
  readonly top: number;
  readonly left: number;
  readonly cells: readonly {
    readonly row: number;
    readonly column: number;
    readonly value: number;
  }[];
  readonly most: number;
  readonly mean: number;
}

/** @throws CalculatorError when the window is larger than the input and nothing is padded. */
function windows(x: Matrix, size: number, stride: number, same: boolean): Window[][] {
  const [height, width] = [x.length, x[0]?.length ?? 0];
  const padding = (length: number): Padding =>
    same ? samePadding(length, size, stride) : { before: 0, after: 0 };
  const [rows, columns] = [padding(height), padding(width)];
  const down = placesOf(height, size, stride, rows);
  const across = placesOf(width, size, stride, columns);
  if (down < 1 || across < 1) {
    throw new CalculatorError(
      'size',
      `窗口 ${size}×${size}，输入只有 ${height}×${width}，一处也放不下。把窗口改小，或者选“补到整除”。`,
    );
  }
  return Array.from({ length: down }, (_, row) =>
    Array.from({ length: across }, (_unused, column): Window => {
      const [top, left] = [row * stride - rows.before, column * stride - columns.before];
      // a cell beyond the edge has no value: it takes no part, neither in the largest nor in the mean
      const cells = windowAt(x, top, left, size, size)
        .flat()
        .filter(({ value }) => !Number.isNaN(value));
      const values = cells.map(({ value }) => value);
      const sum = values.reduce((a, b) => a + b, 0);
      return {
        row,
        column,
        top,
        left,
        cells,
        most: Math.max(...values),
        mean: tidyNumber(sum / values.length),
      };
    }),
  );
}

const short = (value: number): string =>
  formatNumber(value, 4)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');

export default defineCalculator({
  title: '池化，一格一格',
  summary: '窗口里只留一个数：最大的，或者平均的。没有权重，也没有偏置。',
  inputs: {
    x: {
      symbol: '\\mathbf{X}',
      label: '输入',
      default: [
        [1, 2, 0, 1],
        [3, 4, 1, 0],
        [5, 0, 2, 2],
        [1, 6, 2, 8],
      ],
      min: -1000,
      max: 1000,
    },
    way: {
      label: '留哪个数',
      default: 'max',
      options: { max: '最大的（最大池化）', average: '平均数（平均池化）' },
    },
    padding: {
      label: '边上不够一个窗口时',
      default: 'valid',
      options: { valid: '不要了（valid）', same: '补到整除，补的格不算数（same）' },
    },
    size: { symbol: 'k', label: '窗口边长', default: 2, min: 1, max: 16, integer: true },
    stride: { symbol: 's', label: '步长', default: 2, min: 1, max: 16, integer: true },
  },
  compute({ x, way, padding, size, stride }) {
    const found = windows(x, size, stride, padding === 'same');
    const all = found.flat();
    const [first] = all;
    if (first === undefined) throw new Error('pooling without a window');
    const kept = ({ most, mean }: Window): number => (way === 'max' ? most : mean);
    const values = found.map((row) => row.map(kept));
    const list = first.cells.map(({ value }) => value);
    const diagonal = first.cells.filter(
      ({ row, column }) => row - first.top === column - first.left,
    );
    const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
    const printed = tidyNumber(sumOf(diagonal.map(({ value }) => value)) / list.length);
    const sumTex = (numbers: readonly number[]): string =>
      numbers
        .slice(0, 16)
        .map((value) => texFactor(value))
        .join(' + ') + (numbers.length > 16 ? ' + \\cdots' : '');
    const cut = all.length > MOST_FRAMES ? `（只放前 ${MOST_FRAMES} 步）` : '';
    const read = all.reduce((sum, { cells }) => sum + cells.length, 0);
    return {
      steps: [
        {
          text: '第一个窗口，最大池化。',
          tex: `\\max(${list
            .slice(0, 16)
            .map((value) => tex(value))
            .join(',\\,')}${list.length > 16 ? ',\\,\\ldots' : ''}) = ${tex(first.most)}`,
        },
        {
          text: '第一个窗口，平均池化：窗口里每一个数都加。',
          tex: `\\frac{1}{${list.length}}\\sum_{i}\\sum_{j} x_{ij} = \\frac{${sumTex(list)}}{${list.length}} = ${tex(first.mean)}`,
        },
        {
          text: '文档印的公式只有一个下标，加的是对角线。',
          tex: `\\frac{1}{${list.length}}\\sum_{y} x_{yy} = \\frac{${sumTex(diagonal.map(({ value }) => value))}}{${list.length}} = ${tex(printed)}`,
        },
        {
          text: '全部输出。',
          tex:
            Math.max(values.length, values[0]?.length ?? 0) > 8
              ? `\\text{见图}`
              : texMatrix(values),
        },
      ],
      results: {
        rows: { label: '输出的行数', value: values.length, digits: 0 },
        columns: { label: '输出的列数', value: values[0]?.length ?? 0, digits: 0 },
        max: { label: '第一个窗口，最大', value: first.most, digits: digitsFor(first.most) },
        average: { label: '第一个窗口，平均', value: first.mean, digits: digitsFor(first.mean) },
        // where the diagonal happens to give the mean, nothing is wrong to see
        diagonal: {
          label: '第一个窗口，照印的平均公式',
          value: printed,
          digits: digitsFor(printed),
          ...(printed === first.mean ? {} : { mark: 'wrong' as const }),
        },
        read: { label: '一共读了几个数', value: read, digits: 0 },
        written: { label: '写出几个数', value: all.length, digits: 0 },
        parameters: { label: '参数', value: 0, digits: 0 },
      },
      views: [
        {
          kind: 'frames',
          title:
            (way === 'max' ? '最大池化：每个窗口留最大的' : '平均池化：每个窗口留平均数') + cut,
          grids: [
            { label: '输入', values: x },
            { label: '输出', before: '→', values: values.map((row) => row.map(() => null)) },
          ],
          frames: all.slice(0, MOST_FRAMES).map((window) => ({
            caption: `第 ${window.row + 1} 行第 ${window.column + 1} 列：${window.cells
              .slice(0, 25)
              .map(({ value }) => short(value))
              .join(
                '、',
              )}${window.cells.length > 25 ? '……' : ''} 里${way === 'max' ? '最大的' : '的平均'}是 ${short(kept(window))}`,
            marks: [
              ...window.cells.map(({ row, column, value }) => ({
                grid: 0,
                row,
                column,
                group: way === 'max' && value === window.most ? 1 : 0,
              })),
              { grid: 1, row: window.row, column: window.column, group: 2 },
            ],
            writes: [{ grid: 1, row: window.row, column: window.column, value: kept(window) }],
          })),
        },
      ],
    };
  },
});
