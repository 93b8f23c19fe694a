/** Transpose, GatherV2, SplitV and Concat on the WASM heap where they move runs of numbers. */
import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmKernel } from './simd.ts';

const words = ({ dtype }: TensorInfo): boolean => dtype === 'float32' || dtype === 'int32';
const product = (shape: readonly number[], from: number, to: number): number =>
  util.sizeFromShape(shape.slice(from, to));

/** Permutations that change the places of two neighbouring groups of axes and keep the last; others go to stock. */
export const transpose: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as TensorInfo;
  const perm = attrs['perm'] as number[];
  const { shape } = x;
  const { length } = perm;
  if (!words(x)) return stock();
  const out = perm.map((axis) => shape[axis] as number);
  let start = 0;
  while (start < length && perm[start] === start) start++;
  if (start === length) return simd.view(x, out);
  let end = length;
  while (perm[end - 1] === end - 1) end--;
  // Between start and end: [first group, second group] → [second group, first group].
  const middle = perm[start] as number;
  for (let i = start; i < end; i++) {
    const expected = i - start < end - middle ? middle + i - start : i - (end - middle);
    if (perm[i] !== expected) return stock();
  }
  const run = product(shape, end, length) * 4;
  const [m, n] = [product(shape, start, middle), product(shape, middle, end)];
  if (util.sizeFromShape(shape) === 0) return stock();
  if (m === 1 || n === 1) return simd.view(x, out);
  // Numbers on their own are what the stock kernel is good at.
  if (run < 16) return stock();
  const to = simd.output(out, x.dtype);
  const outer = product(shape, 0, start);
  simd.run('swapMiddle', simd.address(x), simd.address(to), outer, m, n, run);
  return to;
};

/** x gathered along an axis by int32 indices; an index outside, and batches, go to stock. */
export const gather: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as TensorInfo;
  const indices = inputs['indices'] as TensorInfo;
  if (!words(x) || indices.dtype !== 'int32' || (attrs['batchDims'] as number) !== 0)
    return stock();
  const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0] as number;
  const count = x.shape[axis] as number;
  const n = util.sizeFromShape(indices.shape);
  const ids = simd.ints(simd.address(indices), n);
  for (let i = 0; i < n; i++) {
    const id = ids[i] as number;
    if (id < 0 || id >= count) return stock();
  }
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const out = simd.output(shape, x.dtype);
  const run = product(x.shape, axis + 1, x.shape.length) * 4;
  const addresses = [simd.address(x), simd.address(indices), simd.address(out)];
  simd.run('gatherRuns', ...addresses, product(x.shape, 0, axis), count, n, run);
  return out;
};

/** Parts of x along an axis. */
export const split: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as TensorInfo;
  if (!words(x)) return stock();
  const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0] as number;
  const sizes = backend_util.prepareSplitSize(
    x,
    attrs['numOrSizeSplits'] as number | number[],
    axis,
  );
  const inner = product(x.shape, axis + 1, x.shape.length) * 4;
  const step = (x.shape[axis] as number) * inner;
  const rows = product(x.shape, 0, axis);
  let done = 0;
  return sizes.map((size) => {
    const out = simd.output(x.shape.with(axis, size), x.dtype);
    const run = size * inner;
    simd.run('copyRuns', simd.address(x) + done, simd.address(out), rows, run, step, run);
    done += run;
    return out;
  });
};

/** Tensors of one type side by side along an axis. */
export const concat: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const parts = inputs as unknown as TensorInfo[];
  const first = parts[0];
  if (!first || !parts.every((part) => words(part) && part.dtype === first.dtype)) return stock();
  const axis = util.parseAxisParam(attrs['axis'] as number, first.shape)[0] as number;
  const shapes = parts.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, axis);
  const shape = backend_util.computeOutShape(shapes, axis);
  const out = simd.output(shape, first.dtype);
  const inner = product(shape, axis + 1, shape.length) * 4;
  const step = (shape[axis] as number) * inner;
  const rows = product(shape, 0, axis);
  let done = 0;
  for (const part of parts) {
    const run = (part.shape[axis] as number) * inner;
    simd.run('copyRuns', simd.address(part), simd.address(out) + done, rows, run, run, step);
    done += run;
  }
  return out;
};
