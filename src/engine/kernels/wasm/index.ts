/** All kernels of ours for the WASM backend, by the names that TensorFlow.js calls them. */
import { registerPlainKernels } from './plain.ts';
import { segmentSum } from './segment-sum.ts';
import { registerSimdKernels } from './simd.ts';

/** Registers them all. @param module simd/ compiled for the memory of the backend, plain or shared. */
export function registerWasmKernels(module: WebAssembly.Module): void {
  registerPlainKernels();
  registerSimdKernels(module, {
    UnsortedSegmentSum: segmentSum,
  });
}
