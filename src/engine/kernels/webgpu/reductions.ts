/** Sum and Mean over axes before the last: the published kernels transpose first. Everything else stays theirs. */
import { backend_util, util, type KernelConfig, type KernelFunc } from '@tensorflow/tfjs-core';
import type { WebgpuBackend } from './backend.ts';
import { columnSum, type ColumnShape } from './column-sum.ts';
import { MOST_GROUPS } from './record.ts';

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
      if (!shape) return published(call);
      const scale = kernelName === 'Mean' ? 1 / shape.rows : 1;
      const sums = columnSum(call.backend as WebgpuBackend, x, shape, scale);
      const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      return {
        ...sums,
        shape: keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape,
      };
    },
  };
}
