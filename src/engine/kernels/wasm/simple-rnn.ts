/** A whole sequence of a simple recurrent network and its gradient on the WASM heap. Contract: ../fused/contracts.ts. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Activation, SimpleRnn, SimpleRnnGrad } from '../fused/contracts.ts';
import { columnSums, FLOAT, product, withPanels } from './recurrent.ts';
import type { WasmKernel } from './simd.ts';

/** Numbers that simd/simple-rnn.ts knows them by. */
const CODES: Readonly<Record<Activation, number>> = { linear: 0, relu: 1, sigmoid: 2, tanh: 3 };

const flags = ({ activation, backwards }: SimpleRnn['attrs']): readonly number[] => [
  CODES[activation],
  Number(backwards),
];

export const simpleRnn: WasmKernel = (simd, { inputs, attrs }) => {
  const { x, kernel, recurrentKernel, bias, h0 } = inputs as unknown as SimpleRnn['inputs'];
  const [batch, steps, width] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const states = simd.output([1, batch, steps + 1, units]);
  const at = (info: TensorInfo): number => simd.address(info);
  simd.scratch(FLOAT * batch * steps * units, (projected) => {
    const from = [at(x), at(kernel), projected, bias ? at(bias) : 0] as const;
    product(simd, from, [batch * steps, units, width], 0, 0);
    const columns = [{ from: 0, end: units, transposed: false }];
    withPanels(simd, recurrentKernel, columns, batch * steps, (panels, tiles, parts) => {
      const sizes = [batch, steps, units, ...flags(attrs as unknown as SimpleRnn['attrs'])];
      simd.share(parts, 'simpleRnn', projected, at(states), at(h0), ...panels, tiles, ...sizes);
    });
  });
  return [states];
};

export const simpleRnnGrad: WasmKernel = (simd, { inputs, attrs }) => {
  const { dStates, states, x, kernel, recurrentKernel } =
    inputs as unknown as SimpleRnnGrad['inputs'];
  const { backwards, bias } = attrs as unknown as SimpleRnnGrad['attrs'];
  const [batch, steps, width] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const rows = batch * steps;
  const dx = simd.output(x.shape);
  const dKernel = simd.output(kernel.shape);
  const dRecurrentKernel = simd.output(recurrentKernel.shape);
  const dh0 = simd.output([batch, units]);
  const dBias = bias ? [simd.output([units])] : [];
  const at = (info: TensorInfo): number => simd.address(info);
  simd.scratch(FLOAT * 2 * rows * units, (d) => {
    const columns = [{ from: 0, end: units, transposed: true }];
    withPanels(simd, recurrentKernel, columns, rows, (panels, tiles, parts) => {
      const sizes = [batch, steps, units, ...flags(attrs as unknown as SimpleRnn['attrs'])];
      const tensors = [at(dStates), at(states), d, at(dh0)];
      simd.share(parts, 'simpleRnnGrad', ...tensors, ...panels, tiles, ...sizes);
    });
    const before = d + FLOAT * rows * units;
    simd.run('statesBefore', at(states), before, batch, steps, units, Number(backwards));
    product(simd, [d, at(kernel), at(dx), 0], [rows, width, units], 0, 1);
    product(simd, [at(x), d, at(dKernel), 0], [width, units, rows], 1, 0);
    product(simd, [before, d, at(dRecurrentKernel), 0], [units, units, rows], 1, 0);
    if (dBias[0]) columnSums(simd, d, at(dBias[0]), rows, units);
  });
  return [dx, dKernel, dRecurrentKernel, dh0, ...dBias];
};
