/** Sums and means over neighbouring axes without a transpose, softmax, and their gradients, in plain JavaScript. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { neighbours } from '../shapes.ts';
import { floats, improve, output, register } from './values.ts';

export function registerReductions(): void {
  for (const name of ['Sum', 'Mean']) {
    improve(name, (inputs, attrs, backend) => {
      const x = inputs['x'] as TensorInfo;
      const parts = neighbours(x.shape, attrs['axis']);
      if (!parts) return undefined;
      const { outer, reduced, inner, kept, rest } = parts;
      const scale = name === 'Mean' ? 1 / reduced : 1;
      const from = floats(backend, x);
      const values = new Float32Array(outer * inner);
      if (inner === 1) {
        for (let o = 0, at = 0; o < outer; o++) {
          let sum = 0;
          for (let r = 0; r < reduced; r++) sum += from[at++]!;
          values[o] = scale * sum;
        }
        return output(backend, attrs['keepDims'] ? kept : rest, values);
      }
      const sums = new Float64Array(inner);
      for (let o = 0, at = 0; o < outer; o++) {
        sums.fill(0);
        for (let r = 0; r < reduced; r++) {
          for (let i = 0; i < inner; i++) sums[i]! += from[at++]!;
        }
        for (let i = 0; i < inner; i++) values[o * inner + i] = scale * sums[i]!;
      }
      return output(backend, attrs['keepDims'] ? kept : rest, values);
    });
  }

  register('Spread', ({ x }, { outer, reduced, inner, shape, scale }, backend) => {
    const from = floats(backend, x);
    const values = new Float32Array(outer * reduced * inner);
    for (let o = 0, at = 0; o < outer; o++) {
      for (let r = 0; r < reduced; r++) {
        for (let i = 0; i < inner; i++) values[at++] = scale * from[o * inner + i]!;
      }
    }
    return [output(backend, shape, values)];
  });

  improve('Softmax', (inputs, _, backend) => {
    const x = inputs['logits'] as TensorInfo;
    const from = floats(backend, x);
    const c = x.shape.at(-1) ?? 1;
    const values = new Float32Array(from.length);
    for (let row = 0; row < from.length; row += c) {
      let max = -Infinity;
      for (let i = row; i < row + c; i++) if (!(from[i]! <= max)) max = from[i]!;
      let sum = 0;
      for (let i = row; i < row + c; i++) {
        const e = Math.exp(from[i]! - max);
        values[i] = e;
        sum += e;
      }
      for (let i = row; i < row + c; i++) values[i] = values[i]! / sum;
    }
    return output(backend, x.shape, values);
  });

  register('SoftmaxGrad', (inputs, _, backend) => {
    const { shape } = inputs.y;
    const [dy, y] = [floats(backend, inputs.dy), floats(backend, inputs.y)];
    const c = shape.at(-1) ?? 1;
    const values = new Float32Array(y.length);
    for (let row = 0; row < y.length; row += c) {
      let sum = 0;
      for (let i = row; i < row + c; i++) sum += dy[i]! * y[i]!;
      for (let i = row; i < row + c; i++) values[i] = y[i]! * (dy[i]! - sum);
    }
    return [output(backend, shape, values)];
  });
}
