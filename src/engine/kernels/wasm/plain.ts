/** Registers the kernels that need no SIMD module: TypeScript on the heap, or other kernels put together. */
import * as tf from '@tensorflow/tfjs-core';
import { complexKernels } from './complex.ts';
import { einsum } from './einsum.ts';
import { fft, ifft } from './fft.ts';
import { identity } from './identity.ts';
import { WRONG } from './missing.ts';

/** Call once. What the backend has under the same name is replaced, and what it does wrong is taken away. */
export function registerPlainKernels(): void {
  for (const kernel of [...complexKernels(), fft, ifft, einsum, identity]) {
    if (tf.getKernel(kernel.kernelName, 'wasm')) tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel(kernel);
  }
  for (const name of Object.keys(WRONG)) tf.unregisterKernel(name, 'wasm');
}
