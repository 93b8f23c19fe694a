/**
 * The gradients of a convolution in three dimensions on the wasm backend. The stock kernels give wrong numbers: that by the
 * input for padding that is not symmetric, that by the filter for strides other than 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { numbers } from './complex.ts';

type Shape = [number, number, number, number, number];
interface Attrs {
  readonly inputShape: Shape;
  readonly filterShape: Shape;
  readonly strides: number | [number, number, number];
  readonly pad: 'valid' | 'same';
}
type Inputs = Readonly<Record<'x' | 'filter' | 'dy', tf.TensorInfo>>;

/** Tells of every tap that falls inside the input: where its channels begin in y, in x and in the filter. */
function eachTap(
  inputShape: Shape,
  filterShape: Shape,
  { strides, pad }: Attrs,
  tell: (inY: number, inX: number, inFilter: number) => void,
): void {
  const info = tf.backend_util.computeConv3DInfo(inputShape, filterShape, strides, 1, pad);
  const taps = info.filterDepth * info.filterHeight * info.filterWidth;
  let inY = 0;
  for (let b = 0; b < info.batchSize; b++)
    for (let o = 0; o < info.outDepth; o++)
      for (let p = 0; p < info.outHeight; p++)
        for (let q = 0; q < info.outWidth; q++, inY += info.outChannels)
          for (let tap = 0; tap < taps; tap++) {
            const line = Math.floor(tap / info.filterWidth);
            const k = Math.floor(line / info.filterHeight);
            const z = o * info.strideDepth - info.padInfo.front + k;
            const y = p * info.strideHeight - info.padInfo.top + (line - k * info.filterHeight);
            const x = q * info.strideWidth - info.padInfo.left + (tap % info.filterWidth);
            if (z < 0 || z >= info.inDepth || y < 0 || y >= info.inHeight) continue;
            if (x < 0 || x >= info.inWidth) continue;
            const plane = (b * info.inDepth + z) * info.inHeight + y;
            const inX = (plane * info.inWidth + x) * info.inChannels;
            tell(inY, inX, tap * info.inChannels * info.outChannels);
          }
}

const kernel = (
  kernelName: string,
  run: (inputs: Inputs, attrs: Attrs, backend: BackendWasm) => tf.TensorInfo,
): tf.KernelConfig => ({
  kernelName,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend }) =>
    run(inputs as unknown as Inputs, attrs as unknown as Attrs, backend as BackendWasm),
});

export const conv3dGradients: readonly tf.KernelConfig[] = [
  // dx[…, i] = Σ dy[…, j] · w[tap, i, j] over the taps that fell there; dy [b, …, out], filter [d, h, w, in, out].
  kernel('Conv3DBackpropInputV2', ({ dy, filter }, attrs, backend) => {
    const out = backend.makeOutput(attrs.inputShape, 'float32');
    const [to, up, weights] = [out, dy, filter].map((info) => numbers(backend, info)) as Three;
    const [inChannels, outChannels] = filter.shape.slice(3) as [number, number];
    to.fill(0);
    eachTap(attrs.inputShape, filter.shape as Shape, attrs, (inY, inX, inFilter) => {
      for (let i = 0, w = inFilter; i < inChannels; i++) {
        let sum = 0;
        for (let j = 0; j < outChannels; j++) sum += up[inY + j]! * weights[w++]!;
        to[inX + i]! += sum;
      }
    });
    return out;
  }),
  // dw[tap, i, j] = Σ x[…, i] · dy[…, j] over the places where the tap fell; x [b, …, in], dy [b, …, out].
  kernel('Conv3DBackpropFilterV2', ({ x, dy }, attrs, backend) => {
    const out = backend.makeOutput(attrs.filterShape, 'float32');
    const [to, values, up] = [out, x, dy].map((info) => numbers(backend, info)) as Three;
    const [inChannels, outChannels] = attrs.filterShape.slice(3) as [number, number];
    to.fill(0);
    eachTap(x.shape as Shape, attrs.filterShape, attrs, (inY, inX, inFilter) => {
      for (let i = 0, w = inFilter; i < inChannels; i++) {
        const value = values[inX + i]!;
        for (let j = 0; j < outChannels; j++) to[w++]! += value * up[inY + j]!;
      }
    });
    return out;
  }),
];
type Three = [Float32Array, Float32Array, Float32Array];
