/** Registers the kernels that need no SIMD module: TypeScript on the heap, or other kernels put together. */
import * as tf from '@tensorflow/tfjs-core';
import { complexKernels } from './complex.ts';
import { conv3dGradients } from './conv3d.ts';
import { dilationKernels } from './dilation2d.ts';
import { einsum } from './einsum.ts';
import { fft, ifft } from './fft.ts';
import { identity } from './identity.ts';

/** Call once. What the backend has under the same name is replaced. */
export function registerPlainKernels(): void {
  for (const kernel of [
    ...complexKernels(),
    ...dilationKernels,
    ...conv3dGradients,
    fft,
    ifft,
    einsum,
    identity,
  ]) {
    if (tf.getKernel(kernel.kernelName, 'wasm')) tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel(kernel);
  }
}
