/** Gradients of a sum or mean and of softmax on the WASM heap. Contracts: ../fused/contracts.ts. */
import { util } from '@tensorflow/tfjs-core';
import type { SoftmaxGrad, Spread } from '../fused/contracts.ts';
import type { WasmKernel } from './simd.ts';

export const spread: WasmKernel = (simd, { inputs, attrs }) => {
  const { x } = inputs as unknown as Spread['inputs'];
  const { outer, reduced, inner, shape, scale } = attrs as unknown as Spread['attrs'];
  const out = simd.output(shape);
  const cost = outer * reduced * inner * 4;
  simd.share(
    simd.parts(cost),
    'spread',
    simd.address(x),
    simd.address(out),
    outer,
    reduced,
    inner,
    scale,
  );
  return [out];
};

export const softmaxGrad: WasmKernel = (simd, { inputs }) => {
  const { dy, y } = inputs as unknown as SoftmaxGrad['inputs'];
  const out = simd.output(y.shape);
  const c = y.shape.at(-1) ?? 1;
  const rows = c === 0 ? 0 : util.sizeFromShape(y.shape) / c;
  simd.share(
    simd.parts(rows * c * 8),
    'softmaxGrad',
    simd.address(dy),
    simd.address(y),
    simd.address(out),
    rows,
    c,
  );
  return [out];
};
