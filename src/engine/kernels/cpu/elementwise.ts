/** Sums, differences, products and quotients in plain JavaScript; stock looks up every index of a repeated operand. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FILL, pattern, type Fill } from '../shapes.ts';
import { floats, improve, output, register } from './values.ts';

type Loop = (
  a: Float32Array,
  b: Float32Array,
  out: Float32Array,
  rows: number,
  c: number,
  aFill: Fill,
  bFill: Fill,
) => void;

const rowStep = (fill: Fill, c: number): number =>
  fill === FILL.all ? c : fill === FILL.column ? 1 : 0;
const step = (fill: Fill): number => (fill <= FILL.row ? 1 : 0);

// Loops written out: one loop with a function for the operation is several times slower.
const LOOPS: Readonly<Record<string, Loop>> = {
  Add: (a, b, out, rows, c, aFill, bFill) => {
    const da = step(aFill);
    const db = step(bFill);
    for (let row = 0, o = 0; row < rows; row++) {
      let i = row * rowStep(aFill, c);
      let j = row * rowStep(bFill, c);
      for (let k = 0; k < c; k++, i += da, j += db) out[o++] = a[i]! + b[j]!;
    }
  },
  Sub: (a, b, out, rows, c, aFill, bFill) => {
    const da = step(aFill);
    const db = step(bFill);
    for (let row = 0, o = 0; row < rows; row++) {
      let i = row * rowStep(aFill, c);
      let j = row * rowStep(bFill, c);
      for (let k = 0; k < c; k++, i += da, j += db) out[o++] = a[i]! - b[j]!;
    }
  },
  Multiply: (a, b, out, rows, c, aFill, bFill) => {
    const da = step(aFill);
    const db = step(bFill);
    for (let row = 0, o = 0; row < rows; row++) {
      let i = row * rowStep(aFill, c);
      let j = row * rowStep(bFill, c);
      for (let k = 0; k < c; k++, i += da, j += db) out[o++] = a[i]! * b[j]!;
    }
  },
  RealDiv: (a, b, out, rows, c, aFill, bFill) => {
    const da = step(aFill);
    const db = step(bFill);
    for (let row = 0, o = 0; row < rows; row++) {
      let i = row * rowStep(aFill, c);
      let j = row * rowStep(bFill, c);
      for (let k = 0; k < c; k++, i += da, j += db) out[o++] = a[i]! / b[j]!;
    }
  },
  SquaredDifference: (a, b, out, rows, c, aFill, bFill) => {
    const da = step(aFill);
    const db = step(bFill);
    for (let row = 0, o = 0; row < rows; row++) {
      let i = row * rowStep(aFill, c);
      let j = row * rowStep(bFill, c);
      for (let k = 0; k < c; k++, i += da, j += db) {
        const difference = a[i]! - b[j]!;
        out[o++] = difference * difference;
      }
    }
  },
};

export function registerElementwise(): void {
  for (const [name, loop] of Object.entries(LOOPS)) {
    improve(name, (inputs, _, backend) => {
      const [a, b] = [inputs['a'] as TensorInfo, inputs['b'] as TensorInfo];
      const fits = pattern(a.shape, b.shape);
      if (!fits) return undefined;
      const { shape, rows, c } = fits;
      const values = new Float32Array(rows * c);
      loop(floats(backend, a), floats(backend, b), values, rows, c, fits.a, fits.b);
      return output(backend, shape, values);
    });
  }

  improve('Relu', (inputs, _, backend) => {
    const x = inputs['x'] as TensorInfo;
    const from = floats(backend, x);
    const values = new Float32Array(from.length);
    // Keeps what is not a number.
    for (let i = 0; i < from.length; i++) values[i] = from[i]! < 0 ? 0 : from[i]!;
    return output(backend, x.shape, values);
  });

  register('ScaledProduct', ({ a, b }, { scale }, backend) => {
    const [x, y] = [floats(backend, a), floats(backend, b)];
    const values = new Float32Array(x.length);
    for (let i = 0; i < x.length; i++) values[i] = scale * (x[i]! * y[i]!);
    return [output(backend, a.shape, values)];
  });
}
