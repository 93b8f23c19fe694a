/** Transpose, GatherV2, SplitV and Concat on the WASM heap where they move runs of numbers. */
import { backend_util, util, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { cut, reshaped, swap } from '../shapes.ts';
import type { WasmKernel } from './simd.ts';

const words = ({ dtype }: TensorInfo): boolean => dtype === 'float32' || dtype === 'int32';
/** Permutations that change the places of two neighbouring groups of axes and keep the last; others go to stock. */
export const transpose: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as TensorInfo;
  const parts = swap(x.shape, attrs['perm'] as number[]);
  if (!parts || !words(x) || util.sizeFromShape(x.shape) === 0) return stock();
  const { out, outer, m, n, run } = parts;
  if (m === 1 || n === 1) return simd.view(x, out);
  // Numbers on their own are what the stock kernel is good at.
  if (run < 4) return stock();
  const to = simd.output(out, x.dtype);
  const cost = util.sizeFromShape(out) * 4;
  simd.share(
    simd.parts(cost),
    'swapMiddle',
    simd.address(x),
    simd.address(to),
    outer,
    m,
    n,
    run * 4,
  );
  return to;
};

/** x gathered along an axis by int32 indices, in batches too, which stock gets wrong; an index outside goes to stock. */
export const gather: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as TensorInfo;
  const indices = inputs['indices'] as TensorInfo;
  if (!words(x) || indices.dtype !== 'int32') return stock();
  const { along, rows, count, inner } = cut(x.shape, attrs['axis']);
  const size = util.sizeFromShape(indices.shape);
  const ids = simd.ints(simd.address(indices), size);
  for (let i = 0; i < size; i++) {
    const id = ids[i] as number;
    if (id < 0 || id >= count) return stock();
  }
  const batchDims = (attrs['batchDims'] as number | undefined) ?? 0;
  const batches = util.sizeFromShape(x.shape.slice(0, batchDims));
  const places = indices.shape.slice(batchDims);
  const out = simd.output(reshaped(x.shape, along, ...places), x.dtype);
  if (batches === 0) return out;
  const [outer, n] = [rows / batches, size / batches];
  for (let batch = 0; batch < batches; batch++) {
    simd.run(
      'gatherRuns',
      simd.address(x) + batch * outer * count * inner * 4,
      simd.address(indices) + batch * n * 4,
      simd.address(out) + batch * outer * n * inner * 4,
      outer,
      count,
      n,
      inner * 4,
    );
  }
  return out;
};

/** Parts of x along an axis. */
export const split: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as TensorInfo;
  if (!words(x)) return stock();
  const { along, rows, inner, step } = cut(x.shape, attrs['axis']);
  const wanted = attrs['numOrSizeSplits'] as number | number[];
  let done = 0;
  return backend_util.prepareSplitSize(x as Tensor, wanted, along).map((size) => {
    const out = simd.output(reshaped(x.shape, along, size), x.dtype);
    const run = size * inner * 4;
    simd.run('copyRuns', simd.address(x) + done, simd.address(out), rows, run, step * 4, run);
    done += run;
    return out;
  });
};

/** Tensors of one type side by side along an axis. */
export const concat: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const parts = inputs as unknown as TensorInfo[];
  const first = parts[0];
  if (!first || !parts.every((part) => words(part) && part.dtype === first.dtype)) return stock();
  const { along } = cut(first.shape, attrs['axis']);
  const shapes = parts.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, along);
  const shape = backend_util.computeOutShape(shapes, along);
  const { rows, inner, step } = cut(shape, along);
  const out = simd.output(shape, first.dtype);
  let done = 0;
  for (const part of parts) {
    const run = (part.shape[along] as number) * inner * 4;
    simd.run('copyRuns', simd.address(part), simd.address(out) + done, rows, run, run, step * 4);
    done += run;
  }
  return out;
};
