/** What the CPU backend can do and the wasm backend cannot, kernel by kernel, and what we do about it. */

/** A kernel that the wasm backend of TensorFlow.js 4.22 lacks → `ours`, or why this book can do without it. */
export const MISSING: Readonly<Record<string, string>> = {
  Complex: 'ours',
  ComplexAbs: 'ours',
  Conv2DBackpropFilter: 'ours',
  DepthwiseConv2dNativeBackpropFilter: 'ours',
  DepthwiseConv2dNativeBackpropInput: 'ours',
  Draw: 'draws on a canvas; a training worker has none, and views are drawn by the page',
  Einsum: 'ours',
  FFT: 'ours',
  IFFT: 'ours',
  Imag: 'ours',
  RaggedGather:
    'rows of unequal length, for models converted from Python; no op of a gradient calls it',
  RaggedRange: 'rows of unequal length, for models converted from Python',
  RaggedTensorToTensor: 'rows of unequal length, for models converted from Python',
  Real: 'ours',
  StaticRegexReplace: 'text in tensors; examples prepare text in TypeScript',
  UnsortedSegmentSum: 'ours',
};

/**
 * Kernels that the wasm backend of TensorFlow.js 4.22 has and that give wrong numbers → how. Ours take their place; a test
 * of the gradient of every op compares them with the CPU backend.
 */
export const WRONG: Readonly<Record<string, string>> = {
  BatchMatMul:
    'keeps the weights of a right operand by its data, so one tensor in two shapes comes out wrong',
  Conv3DBackpropInputV2:
    'pads the gradient as if it were the input: wrong unless padding is symmetric',
  Dilation2D: 'maxima below zero come out as zero',
  Dilation2DBackpropFilter: 'finds the wrong places of maxima below zero',
  Dilation2DBackpropInput: 'finds the wrong places of maxima below zero',
};
