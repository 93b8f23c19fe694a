/**
 * Sum and Mean over axes before the last: the published kernels transpose first. On a processor that plays GPU also
 * over the last axes. Everything else stays theirs.
 */
import {
  backend_util,
  util,
  type KernelConfig,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { onProcessor, type WebgpuBackend } from './backend.ts';
import { columnSum, type ColumnShape } from './column-sum.ts';
import { MOST_GROUPS, record } from './record.ts';
import { rowDispatch } from './rows.ts';

/** x seen as [outer, rows, columns] with the summed axes as rows, if they stand together and not at the end. */
function columnsOf(shape: readonly number[], axes: readonly number[]): ColumnShape | undefined {
  // Axes of size 1 move freely.
  const summed = axes.filter((axis) => shape[axis] !== 1);
  const first = summed[0];
  const last = summed.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const size = (from: number, to: number): number => util.sizeFromShape(shape.slice(from, to));
  const rows = size(first, last + 1);
  if (rows !== util.sizeFromShape(summed.map((axis) => shape[axis] as number))) return undefined;
  const found = { outer: size(0, first), rows, columns: size(last + 1, shape.length) };
  return found.columns === 1 || found.outer > MOST_GROUPS ? undefined : found;
}

/** x seen as [rows, columns] → scale · the sum of each row, [rows], new. */
function rowSum(
  backend: WebgpuBackend,
  x: TensorInfo,
  rows: number,
  columns: number,
  scale: number,
): TensorInfo {
  const sums = backend.makeTensorInfo([rows], 'float32');
  record(backend, {
    ...rowDispatch(
      backend,
      'RowSum',
      rows,
      columns,
      ({ each, total, once }) => `
  var sum = 0.0;
  ${each('sum += x(start + j);')}
  ${total('sum')}
  ${once('sums[row] = u.scale * sum;')}`,
    ),
    reads: { x },
    writes: { sums },
    floats: { scale },
  });
  return sums;
}

/** Sum or Mean of float32 numbers without a transpose, else as `published` does it. */
export function reduction(kernelName: 'Sum' | 'Mean', published: KernelFunc): KernelConfig {
  return {
    kernelName,
    backendName: 'webgpu',
    kernelFunc: (call) => {
      const { x } = call.inputs;
      const { axis, keepDims } = call.attrs as { axis: number | number[]; keepDims: boolean };
      if (x?.dtype !== 'float32' || util.sizeFromShape(x.shape) === 0) return published(call);
      const axes = util.parseAxisParam(axis, x.shape).toSorted((a, b) => a - b);
      const shape = columnsOf(x.shape, axes);
      const backend = call.backend as WebgpuBackend;
      const [outShape, reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      const count = util.sizeFromShape(reduced);
      const scale = kernelName === 'Mean' ? 1 / count : 1;
      const inner = axes.every((axis, i) => axis === x.shape.length - axes.length + i);
      if (!shape && !(inner && onProcessor(backend))) return published(call);
      const sums = shape
        ? columnSum(backend, x, shape, scale)
        : rowSum(backend, x, util.sizeFromShape(outShape), count, scale);
      return {
        ...sums,
        shape: keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape,
      };
    },
  };
}
