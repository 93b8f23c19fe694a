/**
 * `UnsortedSegmentSum`, the gradient of gather (embeddings), in plain JavaScript: the stock kernel goes through all of x
 * once for every segment.
 */
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import {
  registerKernel,
  unregisterKernel,
  util,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/**
 * out[s, …] = Σ x[i, …] over the i with segmentIds[i] = s; ids outside [0, numSegments) are left out.
 * x [n, …] of any type of number, segmentIds [n] int32 → [numSegments, …] of that type.
 */
const segmentSum: KernelFunc = ({ inputs, attrs, backend: anyBackend }) => {
  const backend = anyBackend as MathBackendCPU;
  const { x, segmentIds } = inputs as unknown as { x: TensorInfo; segmentIds: TensorInfo };
  const { numSegments } = attrs as unknown as { numSegments: number };
  const values = backend.readSync(x.dataId) as Float32Array | Int32Array;
  const ids = backend.readSync(segmentIds.dataId) as Int32Array;
  const rest = x.shape.slice(segmentIds.shape.length);
  const width = util.sizeFromShape(rest);
  const size = numSegments * width;
  const out = x.dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
  for (let row = 0, from = 0; row < ids.length; row++, from += width) {
    const id = ids[row]!;
    if (id < 0 || id >= numSegments) continue;
    for (let k = 0, to = id * width; k < width; k++) out[to + k]! += values[from + k]!;
  }
  return backend.makeTensorInfo([numSegments, ...rest], x.dtype, out);
};

export function registerSegmentSum(): void {
  const kernelName = 'UnsortedSegmentSum';
  unregisterKernel(kernelName, 'cpu');
  registerKernel({ kernelName, backendName: 'cpu', kernelFunc: segmentSum });
}
