/** A whole sequence of a simple recurrent network and its gradient in plain JavaScript. Contract: ../fused/contracts.ts. */
import type { Activation } from '../fused/contracts.ts';
import { addOuter, addRowTimes, addRowTimesTransposed, columns } from './recurrent.ts';
import { floats, register } from './values.ts';

const VALUE: Readonly<Record<Activation, (x: number) => number>> = {
  linear: (x) => x,
  // Not Math.max: a value that is not a number stays.
  relu: (x) => (x < 0 ? 0 : x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};
/** The derivative from the value y. */
const SLOPE: Readonly<Record<Activation, (y: number) => number>> = {
  linear: () => 1,
  relu: (y) => (y > 0 ? 1 : 0),
  sigmoid: (y) => y * (1 - y),
  tanh: (y) => 1 - y * y,
};

export function registerSimpleRnn(): void {
  register('SimpleRnn', (inputs, { activation, backwards }, backend) => {
    const [batch, steps, width] = inputs.x.shape as [number, number, number];
    const units = inputs.recurrentKernel.shape[0]!;
    const x = floats(backend, inputs.x);
    const w = columns(floats(backend, inputs.kernel), inputs.kernel.shape);
    const u = columns(floats(backend, inputs.recurrentKernel), inputs.recurrentKernel.shape);
    const h0 = floats(backend, inputs.h0);
    const bias = inputs.bias && floats(backend, inputs.bias);
    const value = VALUE[activation];
    const states = new Float32Array(batch * (steps + 1) * units);
    for (let row = 0; row < batch; row++) {
      const first = row * (steps + 1) * units;
      states.set(h0.subarray(row * units, (row + 1) * units), first);
      for (let step = 0; step < steps; step++) {
        const at = row * steps + (backwards ? steps - 1 - step : step);
        const h = first + step * units;
        const next = h + units;
        if (bias) states.set(bias, next);
        addRowTimes(x, at * width, w, states, next);
        addRowTimes(states, h, u, states, next);
        for (let k = next; k < next + units; k++) states[k] = value(states[k]!);
      }
    }
    return [backend.makeTensorInfo([1, batch, steps + 1, units], 'float32', states)];
  });

  register('SimpleRnnGrad', (inputs, { activation, backwards, bias }, backend) => {
    const [batch, steps, width] = inputs.x.shape as [number, number, number];
    const units = inputs.recurrentKernel.shape[0]!;
    const [x, dStates] = [floats(backend, inputs.x), floats(backend, inputs.dStates)];
    const states = floats(backend, inputs.states);
    const w = columns(floats(backend, inputs.kernel), inputs.kernel.shape);
    const u = columns(floats(backend, inputs.recurrentKernel), inputs.recurrentKernel.shape);
    const slope = SLOPE[activation];
    const dx = new Float32Array(x.length);
    const dw = columns(new Float32Array(width * units), [width, units]);
    const du = columns(new Float32Array(units * units), [units, units]);
    const dh = new Float32Array(batch * units);
    const dBias = new Float32Array(units);
    const dz = new Float32Array(units);
    for (let row = 0; row < batch; row++) {
      const first = row * (steps + 1) * units;
      const here = row * units;
      const last = first + steps * units;
      dh.set(dStates.subarray(last, last + units), here);
      for (let step = steps - 1; step >= 0; step--) {
        const at = row * steps + (backwards ? steps - 1 - step : step);
        const h = first + step * units;
        for (let k = 0; k < units; k++) {
          dz[k] = dh[here + k]! * slope(states[h + units + k]!);
          dBias[k]! += dz[k]!;
          dh[here + k] = dStates[h + k]!;
        }
        addRowTimesTransposed(dz, 0, u, dh, here);
        addRowTimesTransposed(dz, 0, w, dx, at * width);
        addOuter(x, at * width, dz, 0, dw);
        addOuter(states, h, dz, 0, du);
      }
    }
    return [
      backend.makeTensorInfo(inputs.x.shape, 'float32', dx),
      backend.makeTensorInfo(inputs.kernel.shape, 'float32', dw.values),
      backend.makeTensorInfo(inputs.recurrentKernel.shape, 'float32', du.values),
      backend.makeTensorInfo([batch, units], 'float32', dh),
      ...(bias ? [backend.makeTensorInfo([units], 'float32', dBias)] : []),
    ];
  });
}
