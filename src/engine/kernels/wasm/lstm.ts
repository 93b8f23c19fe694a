/** A whole LSTM sequence and its gradient on the WASM heap. Contract: ../fused/contracts.ts. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Lstm, LstmGrad } from '../fused/contracts.ts';
import { columnSums, FLOAT, product, withPanels } from './recurrent.ts';
import type { WasmKernel } from './simd.ts';

const flags = ({ recurrentActivation, backwards }: Lstm['attrs']): readonly number[] => [
  Number(recurrentActivation === 'hardSigmoid'),
  Number(backwards),
];

export const lstm: WasmKernel = (simd, { inputs, attrs }) => {
  const { x, kernel, recurrentKernel, bias, h0, c0 } = inputs as unknown as Lstm['inputs'];
  const [batch, steps, width] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const states = simd.output([2, batch, steps + 1, units]);
  const gates = simd.output([batch, steps, 4 * units]);
  const at = (info: TensorInfo): number => simd.address(info);
  const from = [at(x), at(kernel), at(gates), bias ? at(bias) : 0] as const;
  product(simd, from, [batch * steps, 4 * units, width], 0, 0);
  const columns = [{ from: 0, end: 4 * units, transposed: false }];
  withPanels(simd, recurrentKernel, columns, batch * steps, (panels, tiles, parts) => {
    const tensors = [gates, states, h0, c0].map(at);
    const sizes = [batch, steps, units, ...flags(attrs as unknown as Lstm['attrs'])];
    simd.share(parts, 'lstm', ...tensors, ...panels, tiles, ...sizes);
  });
  return [states, gates];
};

export const lstmGrad: WasmKernel = (simd, { inputs, attrs }) => {
  const { dStates, states, gates, x, kernel, recurrentKernel } =
    inputs as unknown as LstmGrad['inputs'];
  const { backwards, bias } = attrs as unknown as LstmGrad['attrs'];
  const [batch, steps, width] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const [rows, gateWidth] = [batch * steps, 4 * units];
  const dx = simd.output(x.shape);
  const dKernel = simd.output(kernel.shape);
  const dRecurrentKernel = simd.output(recurrentKernel.shape);
  const [dh0, dc0] = [simd.output([batch, units]), simd.output([batch, units])];
  const dBias = bias ? [simd.output([gateWidth])] : [];
  const at = (info: TensorInfo): number => simd.address(info);
  simd.scratch(FLOAT * rows * (gateWidth + units), (dGates) => {
    const columns = [{ from: 0, end: gateWidth, transposed: true }];
    withPanels(simd, recurrentKernel, columns, rows, (panels, tiles, parts) => {
      const tensors = [...[dStates, states, gates].map(at), dGates, at(dh0), at(dc0)];
      const sizes = [batch, steps, units, ...flags(attrs as unknown as Lstm['attrs'])];
      simd.share(parts, 'lstmGrad', ...tensors, ...panels, tiles, ...sizes);
    });
    const before = dGates + FLOAT * rows * gateWidth;
    simd.run('statesBefore', at(states), before, batch, steps, units, Number(backwards));
    product(simd, [dGates, at(kernel), at(dx), 0], [rows, width, gateWidth], 0, 1);
    product(simd, [at(x), dGates, at(dKernel), 0], [width, gateWidth, rows], 1, 0);
    product(simd, [before, dGates, at(dRecurrentKernel), 0], [units, gateWidth, rows], 1, 0);
    if (dBias[0]) columnSums(simd, dGates, at(dBias[0]), rows, gateWidth);
  });
  return [dx, dKernel, dRecurrentKernel, dh0, dc0, ...dBias];
};
