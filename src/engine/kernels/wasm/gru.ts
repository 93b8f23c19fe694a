/** A whole GRU sequence and its gradient on the WASM heap. Contract: ../fused/contracts.ts. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Gru, GruGrad } from '../fused/contracts.ts';
import { columnSums, FLOAT, product, withPanels } from './recurrent.ts';
import type { WasmKernel } from './simd.ts';

const flags = ({ recurrentActivation, backwards }: Gru['attrs']): readonly number[] => [
  Number(recurrentActivation === 'hardSigmoid'),
  Number(backwards),
];
/** The weights of the gates z and r, and those of the candidate. */
const columnsOf = (units: number, transposed: boolean) => [
  { from: 0, end: 2 * units, transposed },
  { from: 2 * units, end: 3 * units, transposed },
];

export const gru: WasmKernel = (simd, { inputs, attrs }) => {
  const { x, kernel, recurrentKernel, bias, h0 } = inputs as unknown as Gru['inputs'];
  const [batch, steps, width] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const states = simd.output([1, batch, steps + 1, units]);
  const gates = simd.output([batch, steps, 3 * units]);
  const at = (info: TensorInfo): number => simd.address(info);
  const from = [at(x), at(kernel), at(gates), bias ? at(bias) : 0] as const;
  product(simd, from, [batch * steps, 3 * units, width], 0, 0);
  simd.scratch(FLOAT * batch * units, (reset) => {
    const columns = columnsOf(units, false);
    withPanels(simd, recurrentKernel, columns, batch * steps, (panels, tiles, parts) => {
      const tensors = [gates, states, h0].map(at);
      const sizes = [batch, steps, units, ...flags(attrs as unknown as Gru['attrs'])];
      simd.share(parts, 'gru', ...tensors, reset, ...panels, tiles, ...sizes);
    });
  });
  return [states, gates];
};

export const gruGrad: WasmKernel = (simd, { inputs, attrs }) => {
  const { dStates, states, gates, x, kernel, recurrentKernel } =
    inputs as unknown as GruGrad['inputs'];
  const { backwards, bias } = attrs as unknown as GruGrad['attrs'];
  const [batch, steps, width] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const [rows, gateWidth] = [batch * steps, 3 * units];
  const dx = simd.output(x.shape);
  const dKernel = simd.output(kernel.shape);
  const dRecurrentKernel = simd.output(recurrentKernel.shape);
  const dh0 = simd.output([batch, units]);
  const dBias = bias ? [simd.output([gateWidth])] : [];
  const at = (info: TensorInfo): number => simd.address(info);
  // dGates, r·h, h before each step, one step of d(r·h), and a second gradient of U.
  const sizes = [rows * gateWidth, rows * units, rows * units, batch * units, units * gateWidth];
  simd.scratch(FLOAT * sizes.reduce((a, b) => a + b), (dGates) => {
    let next = dGates;
    const [resets, before, dReset, candidate] = sizes.map((size) => (next += FLOAT * size)) as [
      number,
      number,
      number,
      number,
    ];
    withPanels(simd, recurrentKernel, columnsOf(units, true), rows, (panels, tiles, parts) => {
      const tensors = [...[dStates, states, gates].map(at), dGates, resets, at(dh0), dReset];
      const rest = [batch, steps, units, ...flags(attrs as unknown as Gru['attrs'])];
      simd.share(parts, 'gruGrad', ...tensors, ...panels, tiles, ...rest);
    });
    simd.run('statesBefore', at(states), before, batch, steps, units, Number(backwards));
    product(simd, [dGates, at(kernel), at(dx), 0], [rows, width, gateWidth], 0, 1);
    product(simd, [at(x), dGates, at(dKernel), 0], [width, gateWidth, rows], 1, 0);
    // The candidate's weights met r·h, those of the gates h.
    product(simd, [before, dGates, at(dRecurrentKernel), 0], [units, gateWidth, rows], 1, 0);
    product(simd, [resets, dGates, candidate, 0], [units, gateWidth, rows], 1, 0);
    simd.run('gruLastThird', candidate, at(dRecurrentKernel), units, units);
    if (dBias[0]) columnSums(simd, dGates, at(dBias[0]), rows, gateWidth);
  });
  return [dx, dKernel, dRecurrentKernel, dh0, ...dBias];
};
