/** A whole LSTM sequence and its gradient in plain JavaScript. Contract: ../fused/contracts.ts. */
import { floats, register } from './values.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const hardSigmoid = (x: number): number => Math.min(1, Math.max(0, 0.5 + 0.2 * x));

/** c[cAt + j] += Σ a[aAt + i] · b[i · n + j] over i < k, for j < n. */
function addRowTimes(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  c: Float32Array,
  cAt: number,
  n: number,
  k: number,
): void {
  let i = 0;
  for (; i + 4 <= k; i += 4) {
    const [p, q, r, s] = [a[aAt + i]!, a[aAt + i + 1]!, a[aAt + i + 2]!, a[aAt + i + 3]!];
    const [b0, b1, b2, b3] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n];
    for (let j = 0; j < n; j++) {
      c[cAt + j]! += p * b[b0 + j]! + q * b[b1 + j]! + r * b[b2 + j]! + s * b[b3 + j]!;
    }
  }
  for (; i < k; i++) {
    const p = a[aAt + i]!;
    for (let j = 0; j < n; j++) c[cAt + j]! += p * b[i * n + j]!;
  }
}

/** c[cAt + i] += Σ a[aAt + j] · b[i · n + j] over j < n, for i < k. */
function addRowTimesTransposed(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  c: Float32Array,
  cAt: number,
  n: number,
  k: number,
): void {
  for (let i = 0; i < k; i++) {
    let sum = 0;
    for (let j = 0, at = i * n; j < n; j++) sum += a[aAt + j]! * b[at + j]!;
    c[cAt + i]! += sum;
  }
}

/** c[i · n + j] += a[aAt + i] · b[bAt + j] for i < k and j < n. */
function addOuter(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  bAt: number,
  c: Float32Array,
  n: number,
  k: number,
): void {
  for (let i = 0; i < k; i++) {
    const p = a[aAt + i]!;
    for (let j = 0, at = i * n; j < n; j++) c[at + j]! += p * b[bAt + j]!;
  }
}

export function registerLstm(): void {
  register('Lstm', (inputs, { recurrentActivation, backwards }, backend) => {
    const [batch, steps, width] = inputs.x.shape as [number, number, number];
    const units = inputs.recurrentKernel.shape[0]!;
    const n = 4 * units;
    const x = floats(backend, inputs.x);
    const [w, u] = [floats(backend, inputs.kernel), floats(backend, inputs.recurrentKernel)];
    const [h0, c0] = [floats(backend, inputs.h0), floats(backend, inputs.c0)];
    const bias = inputs.bias && floats(backend, inputs.bias);
    const open = recurrentActivation === 'hardSigmoid' ? hardSigmoid : sigmoid;
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
        addRowTimes(x, at * width, w, gates, z, n, width);
        addRowTimes(states, h, u, gates, z, n, units);
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
    const [w, u] = [floats(backend, inputs.kernel), floats(backend, inputs.recurrentKernel)];
    const [states, gates] = [floats(backend, inputs.states), floats(backend, inputs.gates)];
    const hard = recurrentActivation === 'hardSigmoid';
    const slope = (y: number): number => (hard ? (y > 0 && y < 1 ? 0.2 : 0) : y * (1 - y));
    const cells = batch * (steps + 1) * units;
    const dx = new Float32Array(x.length);
    const [dw, du] = [new Float32Array(w.length), new Float32Array(u.length)];
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
        addRowTimesTransposed(dz, 0, u, dh, here, n, units);
        addRowTimesTransposed(dz, 0, w, dx, at * width, n, width);
        addOuter(x, at * width, dz, 0, dw, n, width);
        addOuter(states, h, dz, 0, du, n, units);
        for (let j = 0; j < n; j++) dBias[j]! += dz[j]!;
      }
    }
    return [
      backend.makeTensorInfo(inputs.x.shape, 'float32', dx),
      backend.makeTensorInfo(inputs.kernel.shape, 'float32', dw),
      backend.makeTensorInfo(inputs.recurrentKernel.shape, 'float32', du),
      backend.makeTensorInfo([batch, units], 'float32', dh),
      backend.makeTensorInfo([batch, units], 'float32', dc),
      ...(bias ? [backend.makeTensorInfo([n], 'float32', dBias)] : []),
    ];
  });
}
