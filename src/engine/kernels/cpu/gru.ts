/** A whole GRU sequence and its gradient in plain JavaScript. Contract: ../fused/contracts.ts. */
import {
  addOuter,
  addRowTimes,
  addRowTimesTransposed,
  columns,
  opening,
  openingSlope,
} from './recurrent.ts';
import { floats, register } from './values.ts';

export function registerGru(): void {
  register('Gru', (inputs, { recurrentActivation, backwards }, backend) => {
    const [batch, steps, width] = inputs.x.shape as [number, number, number];
    const units = inputs.recurrentKernel.shape[0]!;
    const n = 3 * units;
    const x = floats(backend, inputs.x);
    const w = columns(floats(backend, inputs.kernel), inputs.kernel.shape);
    const u = floats(backend, inputs.recurrentKernel);
    const uGates = columns(u, [units, n], 0, 2 * units);
    const uCandidate = columns(u, [units, n], 2 * units);
    const h0 = floats(backend, inputs.h0);
    const bias = inputs.bias && floats(backend, inputs.bias);
    const open = opening(recurrentActivation);
    const gates = new Float32Array(batch * steps * n);
    const states = new Float32Array(batch * (steps + 1) * units);
    const reset = new Float32Array(units);
    for (let row = 0; row < batch; row++) {
      const first = row * (steps + 1) * units;
      states.set(h0.subarray(row * units, (row + 1) * units), first);
      for (let step = 0; step < steps; step++) {
        const at = row * steps + (backwards ? steps - 1 - step : step);
        const z = at * n;
        const h = first + step * units;
        if (bias) gates.set(bias, z);
        addRowTimes(x, at * width, w, gates, z);
        addRowTimes(states, h, uGates, gates, z);
        for (let k = 0; k < 2 * units; k++) gates[z + k] = open(gates[z + k]!);
        for (let k = 0; k < units; k++) reset[k] = gates[z + units + k]! * states[h + k]!;
        addRowTimes(reset, 0, uCandidate, gates, z + 2 * units);
        for (let k = 0; k < units; k++) {
          const g = Math.tanh(gates[z + 2 * units + k]!);
          const keep = gates[z + k]!;
          gates[z + 2 * units + k] = g;
          states[h + units + k] = keep * states[h + k]! + (1 - keep) * g;
        }
      }
    }
    return [
      backend.makeTensorInfo([1, batch, steps + 1, units], 'float32', states),
      backend.makeTensorInfo([batch, steps, n], 'float32', gates),
    ];
  });

  register('GruGrad', (inputs, { recurrentActivation, backwards, bias }, backend) => {
    const [batch, steps, width] = inputs.x.shape as [number, number, number];
    const units = inputs.recurrentKernel.shape[0]!;
    const n = 3 * units;
    const [x, dStates] = [floats(backend, inputs.x), floats(backend, inputs.dStates)];
    const [states, gates] = [floats(backend, inputs.states), floats(backend, inputs.gates)];
    const w = columns(floats(backend, inputs.kernel), inputs.kernel.shape);
    const u = floats(backend, inputs.recurrentKernel);
    const uGates = columns(u, [units, n], 0, 2 * units);
    const uCandidate = columns(u, [units, n], 2 * units);
    const slope = openingSlope(recurrentActivation);
    const dx = new Float32Array(x.length);
    const dw = columns(new Float32Array(width * n), [width, n]);
    const du = new Float32Array(units * n);
    const duGates = columns(du, [units, n], 0, 2 * units);
    const duCandidate = columns(du, [units, n], 2 * units);
    const dh = new Float32Array(batch * units);
    const dBias = new Float32Array(n);
    const dz = new Float32Array(n);
    const [reset, dReset] = [new Float32Array(units), new Float32Array(units)];
    for (let row = 0; row < batch; row++) {
      const first = row * (steps + 1) * units;
      const here = row * units;
      const last = first + steps * units;
      dh.set(dStates.subarray(last, last + units), here);
      for (let step = steps - 1; step >= 0; step--) {
        const at = row * steps + (backwards ? steps - 1 - step : step);
        const z = at * n;
        const h = first + step * units;
        for (let k = 0; k < units; k++) {
          const [keep, r] = [gates[z + k]!, gates[z + units + k]!];
          const [g, before] = [gates[z + 2 * units + k]!, states[h + k]!];
          const up = dh[here + k]!;
          dz[k] = up * (before - g) * slope(keep);
          dz[2 * units + k] = up * (1 - keep) * (1 - g * g);
          dh[here + k] = up * keep + dStates[h + k]!;
          reset[k] = r * before;
        }
        dReset.fill(0);
        addRowTimesTransposed(dz, 2 * units, uCandidate, dReset, 0);
        for (let k = 0; k < units; k++) {
          const r = gates[z + units + k]!;
          dz[units + k] = dReset[k]! * states[h + k]! * slope(r);
          dh[here + k]! += dReset[k]! * r;
        }
        addRowTimesTransposed(dz, 0, uGates, dh, here);
        addRowTimesTransposed(dz, 0, w, dx, at * width);
        addOuter(x, at * width, dz, 0, dw);
        addOuter(states, h, dz, 0, duGates);
        addOuter(reset, 0, dz, 2 * units, duCandidate);
        for (let j = 0; j < n; j++) dBias[j]! += dz[j]!;
      }
    }
    return [
      backend.makeTensorInfo(inputs.x.shape, 'float32', dx),
      backend.makeTensorInfo(inputs.kernel.shape, 'float32', dw.values),
      backend.makeTensorInfo(inputs.recurrentKernel.shape, 'float32', du),
      backend.makeTensorInfo([batch, units], 'float32', dh),
      ...(bias ? [backend.makeTensorInfo([n], 'float32', dBias)] : []),
    ];
  });
}
