/** A whole LSTM sequence and its gradient on the WASM heap. Contract: ../fused/contracts.ts. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Lstm, LstmGrad } from '../fused/contracts.ts';
import type { Simd, WasmKernel } from './simd.ts';

const FLOAT = 4;
/** Bytes that each part needs: as in simd/matmul.ts and simd/lstm.ts. */
const MATMUL_SCRATCH = 16_512;
const TILE = 128;
/** A part takes rows of the batch through all steps, and the recurrent weights through its cache at each. */
const PARTS_EACH = 2;

/** C [m, n] = A·B (+ bias [n]) at addresses; A [m, k] or transposed [k, m], B [k, n] or transposed [n, k]. */
function product(
  simd: Simd,
  [a, b, c, bias]: readonly [number, number, number, number],
  [m, n, k]: readonly [number, number, number],
  transposeA: 0 | 1,
  transposeB: 0 | 1,
): void {
  const parts = simd.parts(m * n * k);
  simd.scratch(MATMUL_SCRATCH * parts, (scratch) => {
    const sizes = [1, 0, 0, m, n, k, transposeA, transposeB, 0];
    simd.share(parts, 'matmul', a, b, c, bias, scratch, ...sizes);
  });
}

/** Calls a function of simd/lstm.ts with B in panels and with scratch for its parts. */
function alongSteps(
  simd: Simd,
  name: 'lstm' | 'lstmGrad',
  tensors: readonly number[],
  recurrentKernel: TensorInfo,
  [batch, steps, units]: readonly [number, number, number],
  { recurrentActivation, backwards }: Lstm['attrs'],
): void {
  const [n, k] = name === 'lstm' ? [4 * units, units] : [units, 4 * units];
  const bytes = FLOAT * k * 8 * Math.ceil(n / 8);
  const cost = batch * steps * n * k;
  const parts = simd.parts(cost, PARTS_EACH);
  const flags = [Number(recurrentActivation === 'hardSigmoid'), Number(backwards)];
  simd.scratch(bytes + TILE * parts, (panels) => {
    simd.run(
      'packPanels',
      simd.address(recurrentKernel),
      panels,
      n,
      k,
      4 * units,
      Number(name === 'lstmGrad'),
    );
    simd.share(parts, name, ...tensors, panels, panels + bytes, batch, steps, units, ...flags);
  });
}

export const lstm: WasmKernel = (simd, { inputs, attrs }) => {
  const { x, kernel, recurrentKernel, bias, h0, c0 } = inputs as unknown as Lstm['inputs'];
  const attributes = attrs as unknown as Lstm['attrs'];
  const [batch, steps, width] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const states = simd.output([2, batch, steps + 1, units]);
  const gates = simd.output([batch, steps, 4 * units]);
  const at = (info: TensorInfo): number => simd.address(info);
  const from = [at(x), at(kernel), at(gates), bias ? at(bias) : 0] as const;
  product(simd, from, [batch * steps, 4 * units, width], 0, 0);
  const tensors = [gates, states, h0, c0].map(at);
  alongSteps(simd, 'lstm', tensors, recurrentKernel, [batch, steps, units], attributes);
  return [states, gates];
};

export const lstmGrad: WasmKernel = (simd, { inputs, attrs }) => {
  const { dStates, states, gates, x, kernel, recurrentKernel } =
    inputs as unknown as LstmGrad['inputs'];
  const attributes = attrs as unknown as LstmGrad['attrs'];
  const [batch, steps, width] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const [rows, gateWidth] = [batch * steps, 4 * units];
  const dx = simd.output(x.shape);
  const dKernel = simd.output(kernel.shape);
  const dRecurrentKernel = simd.output(recurrentKernel.shape);
  const [dh0, dc0] = [simd.output([batch, units]), simd.output([batch, units])];
  const dBias = attributes.bias ? [simd.output([gateWidth])] : [];
  const at = (info: TensorInfo): number => simd.address(info);
  simd.scratch(FLOAT * rows * (gateWidth + units), (dGates) => {
    const tensors = [...[dStates, states, gates].map(at), dGates, at(dh0), at(dc0)];
    alongSteps(simd, 'lstmGrad', tensors, recurrentKernel, [batch, steps, units], attributes);
    const before = dGates + FLOAT * rows * gateWidth;
    simd.run('statesBefore', at(states), before, batch, steps, units, Number(attributes.backwards));
    product(simd, [dGates, at(kernel), at(dx), 0], [rows, width, gateWidth], 0, 1);
    product(simd, [at(x), dGates, at(dKernel), 0], [width, gateWidth, rows], 1, 0);
    product(simd, [before, dGates, at(dRecurrentKernel), 0], [units, gateWidth, rows], 1, 0);
    if (dBias[0])
      simd.run('biasActivationGrad', dGates, dGates, 0, at(dBias[0]), rows, gateWidth, 0);
  });
  return [dx, dKernel, dRecurrentKernel, dh0, dc0, ...dBias];
};
