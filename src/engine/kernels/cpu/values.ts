/** Reads and writes the arrays behind tensors of the cpu backend. */
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { registerKernel } from '@tensorflow/tfjs-core';
import type { FusedKernel, FusedKernels } from '../fused/contracts.ts';

/** Values of a float32 tensor. Not to be written: a reader may hold the same array. */
export const floats = (backend: MathBackendCPU, { dataId }: TensorInfo): Float32Array =>
  backend.readSync(dataId) as Float32Array;

/**
 * Gives a tensor a new array. The old one is left alone because `await tensor.data()` hands out the very array
 * that the backend keeps, and `tf.tensor(array)` keeps the very array that it is given.
 */
export function replace(
  backend: MathBackendCPU,
  { dataId }: TensorInfo,
  values: Float32Array,
): void {
  backend.data.get(dataId).values = values;
}

/** Registers one fused kernel for the cpu backend. */
export function register<K extends FusedKernel>(
  kernelName: K,
  run: (
    inputs: FusedKernels[K]['inputs'],
    attrs: FusedKernels[K]['attrs'],
    backend: MathBackendCPU,
  ) => TensorInfo[],
): void {
  const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) =>
    run(
      inputs as unknown as FusedKernels[K]['inputs'],
      attrs as unknown as FusedKernels[K]['attrs'],
      backend as MathBackendCPU,
    );
  registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
}
