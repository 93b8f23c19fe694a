/** Calls a fused kernel of the backend in use. Knows the contracts, not the kernels. */
import { engine, getBackend, getKernel, type Tensor } from '@tensorflow/tfjs-core';
import type { FusedKernel, FusedKernels } from './contracts.ts';

/** Whether the backend in use has this kernel. */
export const hasFused = (kernel: FusedKernel): boolean => getKernel(kernel, getBackend()) != null;

/** Runs it. @returns its outputs, in the order of its contract. */
export function runFused<K extends FusedKernel>(
  kernel: K,
  inputs: { readonly [I in keyof FusedKernels[K]['inputs']]: Tensor },
  attrs: FusedKernels[K]['attrs'],
): Tensor[] {
  return engine().runKernel<Tensor[]>(kernel, inputs, attrs);
}
