/** Gradient of an activation and of the bias before it in plain JavaScript. Formulas: fused/contracts.ts. */
import type { Activation } from '../fused/contracts.ts';
import { floats, register } from './values.ts';

const SLOPES: Readonly<Record<Activation, (y: number) => number>> = {
  linear: () => 1,
  relu: (y) => (y > 0 ? 1 : 0),
  sigmoid: (y) => y * (1 - y),
  tanh: (y) => 1 - y * y,
};

export function registerBiasActivationGrad(): void {
  register('BiasActivationGrad', (inputs, { activation, bias }, backend) => {
    const { shape } = inputs.dy;
    const [dy, y] = [floats(backend, inputs.dy), floats(backend, inputs.y)];
    const slope = SLOPES[activation];
    const dx = new Float32Array(dy.length);
    for (let i = 0; i < dy.length; i++) dx[i] = dy[i]! * slope(y[i]!);
    const out = [backend.makeTensorInfo(shape, 'float32', dx)];
    if (bias) {
      const c = shape.at(-1);
      const sums = new Float64Array(c);
      for (let from = 0; from < dx.length; from += c) {
        for (let i = 0; i < c; i++) sums[i]! += dx[from + i]!;
      }
      out.push(backend.makeTensorInfo([c], 'float32', new Float32Array(sums)));
    }
    return out;
  });
}
