/** A whole LSTM sequence and its gradient on the WASM heap. Contract: ../fused/contracts.ts. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Lstm, LstmGrad } from '../fused/contracts.ts';
import type { Simd, WasmKernel } from './simd.ts';

/** Bytes that simd/lstm.ts needs on each thread, for as many threads as there may be. */
const TILES = 128 * 64;
const FLOAT = 4;
/** As in simd/matmul.ts, for as many threads. */
const MATMUL_SCRATCH = 16_512 * 64;

/** C [m, n] = A·B (+ bias [n]) at addresses; A [m, k] or transposed [k, m], B [k, n] or transposed [n, k]. */
function product(
  simd: Simd,
  [a, b, c, bias]: readonly [number, number, number, number],
  [m, n, k]: readonly [number, number, number],
  transposeA: 0 | 1,
  transposeB: 0 | 1,
): void {
  simd.scratch(MATMUL_SCRATCH, (scratch) => {
    simd.run('matmul', a, b, c, bias, scratch, 1, 0, 0, m, n, k, transposeA, transposeB, 0);
  });
}

/** Runs `use` with B in panels, as simd/lstm.ts wants it, and with the scratch of every thread. */
function withPanels(
  simd: Simd,
  b: TensorInfo,
  [n, k]: readonly [number, number],
  transposed: 0 | 1,
  use: (panels: number, tiles: number) => void,
): void {
  const bytes = FLOAT * k * 8 * Math.ceil(n / 8);
  simd.scratch(bytes + TILES, (panels) => {
    simd.run('packPanels', simd.address(b), panels, n, k, transposed);
    use(panels, panels + bytes);
  });
}

export const lstm: WasmKernel = (simd, { inputs, attrs }) => {
  const { x, kernel, recurrentKernel, bias, h0, c0 } = inputs as unknown as Lstm['inputs'];
  const { recurrentActivation, backwards } = attrs as unknown as Lstm['attrs'];
  const [batch, steps, width] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const states = simd.output([2, batch, steps + 1, units]);
  const gates = simd.output([batch, steps, 4 * units]);
  const addresses = [x, kernel, gates].map((info) => simd.address(info));
  product(
    simd,
    [...(addresses as [number, number, number]), bias ? simd.address(bias) : 0],
    [batch * steps, 4 * units, width],
    0,
    0,
  );
  withPanels(simd, recurrentKernel, [4 * units, units], 0, (panels, tiles) => {
    const [to, from] = [
      [gates, states].map((info) => simd.address(info)),
      [h0, c0].map((info) => simd.address(info)),
    ];
    const hard = Number(recurrentActivation === 'hardSigmoid');
    simd.run('lstm', ...to, ...from, panels, tiles, batch, steps, units, hard, Number(backwards));
  });
  return [states, gates];
};

export const lstmGrad: WasmKernel = (simd, { inputs, attrs }) => {
  const { dStates, states, gates, x, kernel, recurrentKernel } =
    inputs as unknown as LstmGrad['inputs'];
  const { recurrentActivation, backwards, bias } = attrs as unknown as LstmGrad['attrs'];
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
    withPanels(simd, recurrentKernel, [units, gateWidth], 1, (panels, tiles) => {
      const [from, to] = [[dStates, states, gates].map(at), [dh0, dc0].map(at)];
      const hard = Number(recurrentActivation === 'hardSigmoid');
      simd.run(
        'lstmGrad',
        ...from,
        dGates,
        ...to,
        panels,
        tiles,
        batch,
        steps,
        units,
        hard,
        Number(backwards),
      );
    });
    const before = dGates + FLOAT * rows * gateWidth;
    simd.run('lstmBefore', at(states), before, batch, steps, units, Number(backwards));
    product(simd, [dGates, at(kernel), at(dx), 0], [rows, width, gateWidth], 0, 1);
    product(simd, [at(x), dGates, at(dKernel), 0], [width, gateWidth, rows], 1, 0);
    product(simd, [before, dGates, at(dRecurrentKernel), 0], [units, gateWidth, rows], 1, 0);
    if (dBias[0])
      simd.run('biasActivationGrad', dGates, dGates, 0, at(dBias[0]), rows, gateWidth, 0);
  });
  return [dx, dKernel, dRecurrentKernel, dh0, dc0, ...dBias];
};
