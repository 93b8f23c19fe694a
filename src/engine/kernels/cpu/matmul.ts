/** Matrix products in plain JavaScript: tiles of 4 × 4 sums in registers, from operands packed in fours. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { floats, improve, output } from './values.ts';

/** Below this many multiplications packing costs more than it saves. */
const SMALL = 2048;

/** Rows in groups of four, side by side along `columns`; missing rows are zero. Steps are distances in `x`. */
function pack(
  x: Float32Array,
  from: number,
  rows: number,
  columns: number,
  rowStep: number,
  columnStep: number,
): Float64Array {
  const packed = new Float64Array(Math.ceil(rows / 4) * 4 * columns);
  for (let row = 0; row < rows; row++) {
    let to = (row >> 2) * 4 * columns + (row & 3);
    let at = from + row * rowStep;
    for (let k = 0; k < columns; k++, to += 4, at += columnStep) packed[to] = x[at]!;
  }
  return packed;
}

/**
 * out [m, n] = Σ A[i, k] · B[k, j], both packed along k. Written out without arrays: destructuring them here takes ten
 * times as long.
 */
function multiply(
  A: Float64Array,
  B: Float64Array,
  out: Float32Array,
  at: number,
  m: number,
  n: number,
  depth: number,
): void {
  const sums = new Float64Array(16);
  for (let i = 0; i < m; i += 4) {
    for (let j = 0; j < n; j += 4) {
      let x = i * depth;
      let y = j * depth;
      const end = x + depth * 4;
      let c00 = 0;
      let c01 = 0;
      let c02 = 0;
      let c03 = 0;
      let c10 = 0;
      let c11 = 0;
      let c12 = 0;
      let c13 = 0;
      let c20 = 0;
      let c21 = 0;
      let c22 = 0;
      let c23 = 0;
      let c30 = 0;
      let c31 = 0;
      let c32 = 0;
      let c33 = 0;
      for (; x < end; x += 4, y += 4) {
        const a0 = A[x]!;
        const a1 = A[x + 1]!;
        const a2 = A[x + 2]!;
        const a3 = A[x + 3]!;
        const b0 = B[y]!;
        const b1 = B[y + 1]!;
        const b2 = B[y + 2]!;
        const b3 = B[y + 3]!;
        c00 += a0 * b0;
        c01 += a0 * b1;
        c02 += a0 * b2;
        c03 += a0 * b3;
        c10 += a1 * b0;
        c11 += a1 * b1;
        c12 += a1 * b2;
        c13 += a1 * b3;
        c20 += a2 * b0;
        c21 += a2 * b1;
        c22 += a2 * b2;
        c23 += a2 * b3;
        c30 += a3 * b0;
        c31 += a3 * b1;
        c32 += a3 * b2;
        c33 += a3 * b3;
      }
      sums[0] = c00;
      sums[1] = c01;
      sums[2] = c02;
      sums[3] = c03;
      sums[4] = c10;
      sums[5] = c11;
      sums[6] = c12;
      sums[7] = c13;
      sums[8] = c20;
      sums[9] = c21;
      sums[10] = c22;
      sums[11] = c23;
      sums[12] = c30;
      sums[13] = c31;
      sums[14] = c32;
      sums[15] = c33;
      for (let u = 0; u < 4 && i + u < m; u++) {
        const to = at + (i + u) * n + j;
        for (let v = 0; v < 4 && j + v < n; v++) out[to + v] = sums[u * 4 + v]!;
      }
    }
  }
}

export function registerMatMul(): void {
  improve('BatchMatMul', (inputs, attrs, backend) => {
    const [a, b] = [inputs['a'] as TensorInfo, inputs['b'] as TensorInfo];
    const outer = a.shape.slice(0, -2);
    const sizes = ({ shape }: TensorInfo): [number, number] => [shape.at(-2), shape.at(-1)];
    const [[aRows, aColumns], [bRows, bColumns]] = [sizes(a), sizes(b)];
    const [transposeA, transposeB] = [attrs['transposeA'] === true, attrs['transposeB'] === true];
    const [m, depth] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
    const n = transposeB ? bRows : bColumns;
    if (String(outer) !== String(b.shape.slice(0, -2)) || m * n * depth < SMALL) return undefined;
    if (depth !== (transposeB ? bColumns : bRows)) return undefined;
    const batch = outer.reduce((product, size) => product * size, 1);
    const [x, y] = [floats(backend, a), floats(backend, b)];
    const values = new Float32Array(batch * m * n);
    const [aStep, aDepth] = transposeA ? [1, aColumns] : [aColumns, 1];
    const [bStep, bDepth] = transposeB ? [bColumns, 1] : [1, bColumns];
    for (let i = 0; i < batch; i++) {
      const A = pack(x, i * m * depth, m, depth, aStep, aDepth);
      const B = pack(y, i * n * depth, n, depth, bStep, bDepth);
      multiply(A, B, values, i * m * n, m, n, depth);
    }
    return output(backend, [...outer, m, n], values);
  });
}
