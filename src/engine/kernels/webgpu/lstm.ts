/** A whole LSTM sequence and its gradient: one workgroup for each row of the batch. Contract: ../fused/contracts.ts. */
import { getKernel, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import type { GateActivation, Lstm, LstmGrad } from '../fused/contracts.ts';
import type { WebgpuBackend } from './backend.ts';
import { columnSum } from './column-sum.ts';
import { record } from './record.ts';

/** Threads of a workgroup: the four gates of 64 units at once. WebGPU's least limit. */
const THREADS = 256;

/** WGSL functions of the gates: an opening and the slope at that opening, and a tanh that keeps NaN and never overflows. */
const functions = (gate: GateActivation): string => `
fn tangent(x: f32) -> f32 {
  let e = exp(-2.0 * abs(x));
  let t = (1.0 - e) / (1.0 + e);
  return select(t, -t, x < 0.0);
}
fn opening(x: f32) -> f32 {
  return ${gate === 'sigmoid' ? '1.0 / (1.0 + exp(-x))' : 'clamp(0.2 * x + 0.5, 0.0, 1.0)'};
}
fn slope(y: f32) -> f32 {
  return ${gate === 'sigmoid' ? 'y * (1.0 - y)' : 'select(0.0, 0.2, y > 0.0 && y < 1.0)'};
}`;

/** Where a step's numbers are; rows of x, gates and dz are in the order of x, states in the order of the steps. */
const places = (backwards: boolean): string => `
    let at = row * u.steps + ${backwards ? 'u.steps - 1u - step' : 'step'};
    let z = at * 4u * u.units;
    let h = (row * (u.steps + 1u) + step) * u.units;`;

function call(
  backend: WebgpuBackend,
  name: string,
  inputs: Readonly<Record<string, TensorInfo | undefined>>,
  attrs: Readonly<Record<string, boolean | string | readonly number[]>>,
): TensorInfo {
  return getKernel(name, 'webgpu').kernelFunc({
    inputs: inputs,
    attrs: attrs,
    backend,
  }) as TensorInfo;
}

/** The same data as a matrix with rows of the last axis. */
const flat = (x: TensorInfo): TensorInfo => {
  const columns = x.shape.at(-1);
  return { ...x, shape: [x.shape.slice(0, -1).reduce((a, b) => a * b, 1), columns] };
};

const forward: KernelConfig = {
  kernelName: 'Lstm',
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WebgpuBackend;
    const { x, kernel, recurrentKernel, bias, h0, c0 } = inputs as unknown as Lstm['inputs'];
    const { recurrentActivation, backwards } = attrs as unknown as Lstm['attrs'];
    const [batch, steps] = x.shape as [number, number];
    const units = recurrentKernel.shape[0] as number;
    // The part of every step that does not wait for the one before: xW + bias.
    const gates = call(
      backend,
      '_FusedMatMul',
      { a: flat(x), b: kernel, bias },
      { transposeA: false, transposeB: false, activation: 'linear' },
    );
    const states = backend.makeTensorInfo([2, batch, steps + 1, units], 'float32');
    record(backend, {
      name: `Lstm ${units} ${recurrentActivation} ${backwards}`,
      threads: THREADS,
      code: () => `
${functions(recurrentActivation)}
var<workgroup> hidden: array<f32, ${units}>;
---
  let row = group.x;
  let cells = groups.x * (u.steps + 1u) * u.units;
  let first = row * (u.steps + 1u) * u.units;
  for (var k = lane; k < u.units; k += ${THREADS}u) {
    hidden[k] = h0(row * u.units + k);
    states[first + k] = hidden[k];
    states[cells + first + k] = c0(row * u.units + k);
  }
  workgroupBarrier();
  for (var step = 0u; step < u.steps; step++) {
    ${places(backwards)}
    for (var j = lane; j < 4u * u.units; j += ${THREADS}u) {
      var sum = gates[z + j];
      for (var k = 0u; k < u.units; k++) {
        sum += hidden[k] * recurrentKernel(k * 4u * u.units + j);
      }
      if (j / u.units == 2u) { gates[z + j] = tangent(sum); } else { gates[z + j] = opening(sum); }
    }
    storageBarrier();
    workgroupBarrier();
    for (var k = lane; k < u.units; k += ${THREADS}u) {
      let c = gates[z + u.units + k] * states[cells + h + k]
        + gates[z + k] * gates[z + 2u * u.units + k];
      states[cells + h + u.units + k] = c;
      hidden[k] = gates[z + 3u * u.units + k] * tangent(c);
      states[h + u.units + k] = hidden[k];
    }
    workgroupBarrier();
  }`,
      reads: { recurrentKernel, h0, c0 },
      writes: { gates, states },
      integers: { steps, units },
      workgroups: [batch],
    });
    return [states, { ...gates, shape: [batch, steps, 4 * units] }];
  },
};

const gradient: KernelConfig = {
  kernelName: 'LstmGrad',
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WebgpuBackend;
    const given = inputs as unknown as LstmGrad['inputs'];
    const { dStates, states, gates, x, kernel, recurrentKernel } = given;
    const { recurrentActivation, backwards, bias } = attrs as unknown as LstmGrad['attrs'];
    const [batch, steps] = x.shape as [number, number];
    const units = recurrentKernel.shape[0] as number;
    const across = call(backend, 'Transpose', { x: recurrentKernel }, { perm: [1, 0] });
    const make = (...shape: number[]): TensorInfo => backend.makeTensorInfo(shape, 'float32');
    const [dz, before] = [make(batch * steps, 4 * units), make(batch * steps, units)];
    const [dh0, dc0] = [make(batch, units), make(batch, units)];
    record(backend, {
      name: `LstmGrad ${units} ${recurrentActivation} ${backwards}`,
      threads: THREADS,
      // dz is the gradient by what goes into the gates; before is h of the step before, in the order of x.
      code: () => `
${functions(recurrentActivation)}
var<workgroup> dh: array<f32, ${units}>;
var<workgroup> dc: array<f32, ${units}>;
---
  let row = group.x;
  let cells = groups.x * (u.steps + 1u) * u.units;
  let last = (row * (u.steps + 1u) + u.steps) * u.units;
  for (var k = lane; k < u.units; k += ${THREADS}u) {
    dh[k] = dStates(last + k);
    dc[k] = dStates(cells + last + k);
  }
  for (var down = 0u; down < u.steps; down++) {
    let step = u.steps - 1u - down;
    ${places(backwards)}
    for (var k = lane; k < u.units; k += ${THREADS}u) {
      let i = gates(z + k);
      let f = gates(z + u.units + k);
      let g = gates(z + 2u * u.units + k);
      let o = gates(z + 3u * u.units + k);
      let t = tangent(states(cells + h + u.units + k));
      let c = dc[k] + dh[k] * o * (1.0 - t * t);
      dz[z + k] = c * g * slope(i);
      dz[z + u.units + k] = c * states(cells + h + k) * slope(f);
      dz[z + 2u * u.units + k] = c * i * (1.0 - g * g);
      dz[z + 3u * u.units + k] = dh[k] * t * slope(o);
      dc[k] = c * f + dStates(cells + h + k);
      before[at * u.units + k] = states(h + k);
    }
    storageBarrier();
    workgroupBarrier();
    for (var k = lane; k < u.units; k += ${THREADS}u) {
      var sum = dStates(h + k);
      for (var j = 0u; j < 4u * u.units; j++) { sum += dz[z + j] * across(j * u.units + k); }
      dh[k] = sum;
    }
  }
  for (var k = lane; k < u.units; k += ${THREADS}u) {
    dh0[row * u.units + k] = dh[k];
    dc0[row * u.units + k] = dc[k];
  }`,
      reads: { dStates, states, gates, across },
      writes: { dz, before, dh0, dc0 },
      integers: { steps, units },
      workgroups: [batch],
    });
    const product = (a: TensorInfo, b: TensorInfo, transposeA: boolean): TensorInfo =>
      call(backend, 'BatchMatMul', { a, b }, { transposeA, transposeB: !transposeA });
    const dx = product(dz, kernel, false);
    const results = [
      { ...dx, shape: x.shape },
      product(flat(x), dz, true),
      product(before, dz, true),
      dh0,
      dc0,
    ];
    if (bias) {
      const rows = { outer: 1, rows: batch * steps, columns: 4 * units };
      results.push({ ...columnSum(backend, dz, rows, 1), shape: [4 * units] });
    }
    for (const { dataId } of [across, dz, before]) backend.disposeData(dataId);
    return results;
  },
};

export const lstm: readonly KernelConfig[] = [forward, gradient];
