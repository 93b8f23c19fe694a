/** All kernels of ours for the WASM backend, by the names that TensorFlow.js calls them. */
import { biasActivationGrad } from './bias-activation-grad.ts';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from './cross-entropy.ts';
import { lstm, lstmGrad } from './lstm.ts';
import { registerPlainKernels } from './plain.ts';
import { conv2d, conv2dBackpropFilter, conv2dBackpropInput } from './conv2d.ts';
import { batchMatMul } from './matmul.ts';
import { segmentSum } from './segment-sum.ts';
import { registerSimdKernels } from './simd.ts';
import { updates } from './updates.ts';

/** Registers them all. @param module simd/ compiled for the memory of the backend, plain or shared. */
export function registerWasmKernels(module: WebAssembly.Module): void {
  registerPlainKernels();
  registerSimdKernels(module, {
    Conv2D: conv2d,
    Conv2DBackpropFilter: conv2dBackpropFilter,
    Conv2DBackpropInput: conv2dBackpropInput,
    BatchMatMul: batchMatMul,
    UnsortedSegmentSum: segmentSum,
    ...updates,
    SoftmaxCrossEntropy: softmaxCrossEntropy,
    SigmoidCrossEntropy: sigmoidCrossEntropy,
    BiasActivationGrad: biasActivationGrad,
    Lstm: lstm,
    LstmGrad: lstmGrad,
  });
}
