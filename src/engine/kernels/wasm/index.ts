/** All kernels of ours for the WASM backend, by the names that TensorFlow.js calls them. */
import { biasActivationGrad } from './bias-activation-grad.ts';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from './cross-entropy.ts';
import {
  add,
  cast,
  multiply,
  realDiv,
  scaledProduct,
  squaredDifference,
  sub,
} from './elementwise.ts';
import { gru, gruGrad } from './gru.ts';
import { lstm, lstmGrad } from './lstm.ts';
import { registerPlainKernels } from './plain.ts';
import {
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  depthwiseConv2d,
  fusedConv2d,
} from './conv2d.ts';
import { batchMatMul, fusedMatMul } from './matmul.ts';
import { avgPoolGrad, maxPoolGrad } from './pool.ts';
import { mean, sum } from './sum.ts';
import { concat, gather, split, transpose } from './move.ts';
import { softmaxGrad, spread } from './spread.ts';
import { segmentSum } from './segment-sum.ts';
import { registerSimdKernels } from './simd.ts';
import { simpleRnn, simpleRnnGrad } from './simple-rnn.ts';
import { updates } from './updates.ts';

/** Registers them all. @param module simd/ compiled for the memory of the backend, plain or shared. */
export function registerWasmKernels(module: WebAssembly.Module): void {
  registerPlainKernels();
  registerSimdKernels(module, {
    Conv2D: conv2d,
    Conv2DBackpropFilter: conv2dBackpropFilter,
    Conv2DBackpropInput: conv2dBackpropInput,
    DepthwiseConv2dNative: depthwiseConv2d,
    DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
    DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
    FusedConv2D: fusedConv2d,
    BatchMatMul: batchMatMul,
    _FusedMatMul: fusedMatMul,
    MaxPoolGrad: maxPoolGrad,
    AvgPoolGrad: avgPoolGrad,
    Sum: sum,
    Mean: mean,
    UnsortedSegmentSum: segmentSum,
    ...updates,
    SoftmaxCrossEntropy: softmaxCrossEntropy,
    SigmoidCrossEntropy: sigmoidCrossEntropy,
    BiasActivationGrad: biasActivationGrad,
    SoftmaxGrad: softmaxGrad,
    Spread: spread,
    ScaledProduct: scaledProduct,
    Add: add,
    Sub: sub,
    Multiply: multiply,
    RealDiv: realDiv,
    SquaredDifference: squaredDifference,
    Cast: cast,
    Transpose: transpose,
    GatherV2: gather,
    SplitV: split,
    Concat: concat,
    Lstm: lstm,
    LstmGrad: lstmGrad,
    Gru: gru,
    GruGrad: gruGrad,
    SimpleRnn: simpleRnn,
    SimpleRnnGrad: simpleRnnGrad,
  });
}
