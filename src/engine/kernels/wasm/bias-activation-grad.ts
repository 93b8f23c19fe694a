/** Gradient of an activation and of the bias before it on the WASM heap. Contract: ../fused/contracts.ts. */
import { util } from '@tensorflow/tfjs-core';
import type { Activation, BiasActivationGrad } from '../fused/contracts.ts';
import type { WasmKernel } from './simd.ts';

/** Numbers that simd/bias-activation-grad.ts knows them by. */
const CODES: Readonly<Record<Activation, number>> = { linear: 0, relu: 1, sigmoid: 2, tanh: 3 };

export const biasActivationGrad: WasmKernel = (simd, { inputs, attrs }) => {
  const { dy, y } = inputs as unknown as BiasActivationGrad['inputs'];
  const { activation, bias } = attrs as unknown as BiasActivationGrad['attrs'];
  const size = util.sizeFromShape(dy.shape);
  // Without a sum over the rows there is nothing to keep apart: one long row.
  const c = bias ? (dy.shape.at(-1) ?? 1) : size;
  const linear = activation === 'linear';
  const dx = linear ? simd.view(dy, dy.shape) : simd.output(dy.shape);
  const dBias = bias ? [simd.output([c])] : [];
  if (!linear || bias) {
    const to = [linear ? 0 : simd.address(dx), dBias[0] ? simd.address(dBias[0]) : 0];
    const rows = c === 0 ? 0 : size / c;
    simd.share(
      simd.parts(size * 4),
      'biasActivationGrad',
      simd.address(dy),
      simd.address(y),
      ...to,
      rows,
      c,
      CODES[activation],
    );
  }
  return [dx, ...dBias];
};
