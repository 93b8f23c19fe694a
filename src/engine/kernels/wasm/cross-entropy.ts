/** Cross entropies with their gradients on the WASM heap. Contracts: ../fused/contracts.ts. */
import { util } from '@tensorflow/tfjs-core';
import type { CrossEntropy } from '../fused/contracts.ts';
import type { WasmKernel } from './simd.ts';

export const softmaxCrossEntropy: WasmKernel = (simd, { inputs, attrs }) => {
  const { logits, labels } = inputs as unknown as CrossEntropy['inputs'];
  const { scale } = attrs as unknown as CrossEntropy['attrs'];
  const [n, c] = logits.shape as [number, number];
  const [loss, gradient] = [simd.output([n]), simd.output([n, c])];
  const tensors = [logits, labels, loss, gradient].map((tensor) => simd.address(tensor));
  simd.share(simd.parts(n * c * 16), 'softmaxCrossEntropy', ...tensors, n, c, scale);
  return [loss, gradient];
};

export const sigmoidCrossEntropy: WasmKernel = (simd, { inputs, attrs }) => {
  const { logits, labels } = inputs as unknown as CrossEntropy['inputs'];
  const { scale } = attrs as unknown as CrossEntropy['attrs'];
  const [loss, gradient] = [simd.output(logits.shape), simd.output(logits.shape)];
  const tensors = [logits, labels, loss, gradient].map((tensor) => simd.address(tensor));
  simd.run('sigmoidCrossEntropy', ...tensors, util.sizeFromShape(logits.shape), scale);
  return [loss, gradient];
};
