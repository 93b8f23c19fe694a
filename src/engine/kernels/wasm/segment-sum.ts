/** UnsortedSegmentSum, the gradient of gather (embeddings): stock WASM has none. */
import * as tf from '@tensorflow/tfjs';
import type { WasmKernel } from './simd.ts';

/**
 * out[s, …] = Σ x[i, …] over the i with segmentIds[i] = s; ids outside [0, numSegments) are left out.
 * x [n, …] float32, segmentIds [n] int32 → [numSegments, …].
 */
export const segmentSum: WasmKernel = (simd, { inputs, attrs }) => {
  const x = inputs['x'] as tf.TensorInfo;
  const ids = inputs['segmentIds'] as tf.TensorInfo;
  const segments = attrs['numSegments'] as number;
  if (x.dtype !== 'float32')
    throw new Error(`UnsortedSegmentSum on WASM takes float32, not ${x.dtype}.`);
  const rows = tf.util.sizeFromShape(ids.shape);
  const rest = x.shape.slice(ids.shape.length);
  const out = simd.output([segments, ...rest]);
  const width = tf.util.sizeFromShape(rest);
  simd.run(
    'segmentSum',
    simd.address(x),
    simd.address(ids),
    simd.address(out),
    rows,
    width,
    segments,
  );
  return out;
};
