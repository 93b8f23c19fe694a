/** Sums over an axis that is not the last, without the transpose of the published kernels. Knows no gradient. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuBackend } from './backend.ts';
import { GROUP, record } from './record.ts';

/** A tensor seen as [outer, rows, columns]; the sum is over the rows. */
export interface ColumnShape {
  readonly outer: number;
  readonly rows: number;
  readonly columns: number;
}

/** What becomes of each element on its way into the sum, written to a tensor too. */
export interface Mapped {
  /** Name of the pipeline's variant. */
  readonly name: string;
  /** Read beside `x`, elements at the same places. */
  readonly reads: Readonly<Record<string, TensorInfo>>;
  /** WGSL expression of `x(i)` and `<name>(i)`. */
  readonly value: string;
  readonly into: TensorInfo;
}

/** Rows that one thread sums, one after the other, before a second dispatch pays. */
const MOST_ROWS = 256;
const ROWS = 64;

/**
 * x [outer, rows, columns] → scale · Σ over rows, [outer, columns], float32, a new tensor. One dispatch, or two where
 * a thread would sum more than 256 rows: the first then sums parts of the rows. The order of the additions is fixed.
 * A workgroup takes up to 64 columns; where there are fewer, its threads share the rows of a column.
 */
export function columnSum(
  backend: WebgpuBackend,
  x: TensorInfo,
  { outer, rows, columns }: ColumnShape,
  scale: number,
  mapped?: Mapped,
): TensorInfo {
  let width = GROUP;
  while (width >= 2 * columns) width /= 2;
  const share = GROUP / width;
  const parts = rows <= MOST_ROWS * share ? 1 : Math.ceil(rows / (ROWS * share));
  const sums = backend.makeTensorInfo(
    parts === 1 ? [outer, columns] : [outer, parts, columns],
    'float32',
  );
  record(backend, {
    name: `ColumnSum${width}${mapped?.name ?? ''}`,
    code: () => `
${share > 1 ? `var<workgroup> shared_sums: array<f32, ${GROUP}>;` : ''}
---
  let column = group.x * ${width}u + lane % ${width}u;
  let end = min(u.rows, (group.y + 1u) * u.part);
  var sum = 0.0;
  if (column < u.columns) {
    for (var row = group.y * u.part + lane / ${width}u; row < end; row += ${share}u) {
      let i = (group.z * u.rows + row) * u.columns + column;
      ${mapped ? `let value = ${mapped.value};\n      mapped[i] = value;` : 'let value = x(i);'}
      sum += value;
    }
  }
  ${
    share > 1
      ? `shared_sums[lane] = sum;
  workgroupBarrier();
  for (var half = ${GROUP / 2}u; half >= ${width}u; half >>= 1u) {
    if (lane < half) { shared_sums[lane] += shared_sums[lane + half]; }
    workgroupBarrier();
  }
  sum = shared_sums[lane];`
      : ''
  }
  if (lane < ${width}u && column < u.columns) {
    sums[(group.z * groups.y + group.y) * u.columns + column] = u.scale * sum;
  }`,
    reads: { x, ...mapped?.reads },
    writes: { sums, ...(mapped && { mapped: mapped.into }) },
    integers: { rows, columns, part: Math.ceil(rows / parts) },
    floats: { scale: parts === 1 ? scale : 1 },
    workgroups: [Math.ceil(columns / width), parts, outer],
  });
  if (parts === 1) return sums;
  const whole = columnSum(backend, sums, { outer, rows: parts, columns }, scale);
  backend.disposeData(sums.dataId);
  return whole;
}
