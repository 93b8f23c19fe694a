/** A whole LSTM sequence and its gradient in plain JavaScript. Contract: ../fused/contracts.ts. */
import {
  addOuter,
  addRowTimes,
  addRowTimesTransposed,
  columns,
  opening,
  openingSlope,
} from './recurrent.ts';
import { floats, register } from './values.ts';

export function registerLstm(): void {
  register('Lstm', (inputs, { recurrentActivation, backwards }, backend) => {
    const [batch, steps, width] = inputs.x.shape as [number, number, number];
    const units = inputs.recurrentKernel.shape[0]!;
    const n = 4 * units;
    const x = floats(backend, inputs.x);
    const w = columns(floats(backend, inputs.kernel), inputs.kernel.shape);
    const u = columns(floats(backend, inputs.recurrentKernel), inputs.recurrentKernel.shape);
    const [h0, c0] = [floats(backend, inputs.h0), floats(backend, inputs.c0)];
    const bias = inputs.bias && floats(backend, inputs.bias);
    const open = opening(recurrentActivation);
    const gates = new Float32Array(batch * steps * n);
    const states = new Float32Array(2 * batch * (steps + 1) * units);
    const cells = batch * (steps + 1) * units;
    for (let row = 0; row < batch; row++) {
      const first = row * (steps + 1) * units;
      states.set(h0.subarray(row * units, (row + 1) * units), first);
      states.set(c0.subarray(row * units, (row + 1) * units), cells + first);
      for (let step = 0; step < steps; step++) {
        const at = row * steps + (backwards ? steps - 1 - step : step);
        const z = at * n;
        const h = first + step * units;
        if (bias) gates.set(bias, z);
        addRowTimes(x, at * width, w, gates, z);
        addRowTimes(states, h, u, gates, z);
        for (let k = 0; k < units; k++) {
          const i = open(gates[z + k]!);
          const f = open(gates[z + units + k]!);
          const g = Math.tanh(gates[z + 2 * units + k]!);
          const o = open(gates[z + 3 * units + k]!);
          const c = f * states[cells + h + k]! + i * g;
          gates[z + k] = i;
          gates[z + units + k] = f;
          gates[z + 2 * units + k] = g;
          gates[z + 3 * units + k] = o;
          states[cells + h + units + k] = c;
          states[h + units + k] = o * Math.tanh(c);
        }
      }
    }
    return [
      backend.makeTensorInfo([2, batch, steps + 1, units], 'float32', states),
      backend.makeTensorInfo([batch, steps, n], 'float32', gates),
    ];
  });

  register('LstmGrad', (inputs, { recurrentActivation, backwards, bias }, backend) => {
    const [batch, steps, width] = inputs.x.shape as [number, number, number];
    const units = inputs.recurrentKernel.shape[0]!;
    const n = 4 * units;
    const [x, dStates] = [floats(backend, inputs.x), floats(backend, inputs.dStates)];
    const w = columns(floats(backend, inputs.kernel), inputs.kernel.shape);
    const u = columns(floats(backend, inputs.recurrentKernel), inputs.recurrentKernel.shape);
    const [states, gates] = [floats(backend, inputs.states), floats(backend, inputs.gates)];
    const slope = openingSlope(recurrentActivation);
    const cells = batch * (steps + 1) * units;
    const dx = new Float32Array(x.length);
    const dw = columns(new Float32Array(w.values.length), inputs.kernel.shape);
    const du = columns(new Float32Array(u.values.length), inputs.recurrentKernel.shape);
    const [dh, dc] = [new Float32Array(batch * units), new Float32Array(batch * units)];
    const dBias = new Float32Array(n);
    const dz = new Float32Array(n);
    for (let row = 0; row < batch; row++) {
      const first = row * (steps + 1) * units;
      const here = row * units;
      const last = first + steps * units;
      dh.set(dStates.subarray(last, last + units), here);
      dc.set(dStates.subarray(cells + last, cells + last + units), here);
      for (let step = steps - 1; step >= 0; step--) {
        const at = row * steps + (backwards ? steps - 1 - step : step);
        const z = at * n;
        const h = first + step * units;
        for (let k = 0; k < units; k++) {
          const [i, f] = [gates[z + k]!, gates[z + units + k]!];
          const [g, o] = [gates[z + 2 * units + k]!, gates[z + 3 * units + k]!];
          const t = Math.tanh(states[cells + h + units + k]!);
          const up = dh[here + k]!;
          const cell = dc[here + k]! + up * o * (1 - t * t);
          dz[k] = cell * g * slope(i);
          dz[units + k] = cell * states[cells + h + k]! * slope(f);
          dz[2 * units + k] = cell * i * (1 - g * g);
          dz[3 * units + k] = up * t * slope(o);
          dc[here + k] = cell * f + dStates[cells + h + k]!;
          dh[here + k] = dStates[h + k]!;
        }
        addRowTimesTransposed(dz, 0, u, dh, here);
        addRowTimesTransposed(dz, 0, w, dx, at * width);
        addOuter(x, at * width, dz, 0, dw);
        addOuter(states, h, dz, 0, du);
        for (let j = 0; j < n; j++) dBias[j]! += dz[j]!;
      }
    }
    return [
      backend.makeTensorInfo(inputs.x.shape, 'float32', dx),
      backend.makeTensorInfo(inputs.kernel.shape, 'float32', dw.values),
      backend.makeTensorInfo(inputs.recurrentKernel.shape, 'float32', du.values),
      backend.makeTensorInfo([batch, units], 'float32', dh),
      backend.makeTensorInfo([batch, units], 'float32', dc),
      ...(bias ? [backend.makeTensorInfo([n], 'float32', dBias)] : []),
    ];
  });
}
