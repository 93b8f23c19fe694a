/** What the recurrent kernels on the WASM heap share: products at addresses, and packed recurrent weights. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Simd } from './simd.ts';

export const FLOAT = 4;
/** Bytes that each part needs: as in simd/matmul.ts and simd/recurrent.ts. */
const MATMUL_SCRATCH = 16_512;
const TILE = 128;
/** A part takes rows of the batch through all steps, and the recurrent weights through its cache at each. */
const PARTS_EACH = 2;

/** C [m, n] = A·B (+ bias [n]) at addresses; A [m, k] or transposed [k, m], B [k, n] or transposed [n, k]. */
export function product(
  simd: Simd,
  [a, b, c, bias]: readonly [number, number, number, number],
  [m, n, k]: readonly [number, number, number],
  transposeA: 0 | 1,
  transposeB: 0 | 1,
): void {
  const parts = simd.parts(m * n * k);
  simd.scratch(MATMUL_SCRATCH * parts, (scratch) => {
    const sizes = [1, 0, 0, m, n, k, transposeA, transposeB, 0];
    simd.share(parts, 'matmul', a, b, c, bias, scratch, ...sizes);
  });
}

/** Columns [from, end) of the recurrent weights, as they are or transposed. */
export interface Columns {
  readonly from: number;
  readonly end: number;
  readonly transposed: boolean;
}

/**
 * Packs columns of U [units, width] as simd/recurrent.ts wants them, and calls `use` with the addresses of the panels, with
 * scratch for the parts, and with their number.
 */
export function withPanels(
  simd: Simd,
  recurrentKernel: TensorInfo,
  columns: readonly Columns[],
  rows: number,
  use: (panels: readonly number[], tiles: number, parts: number) => void,
): void {
  const [units, width] = recurrentKernel.shape as [number, number];
  const parts = simd.parts(rows * units * width, PARTS_EACH);
  const sizes = columns.map(({ from, end, transposed }) =>
    transposed ? ([units, end - from] as const) : ([end - from, units] as const),
  );
  const bytes = sizes.map(([n, k]) => FLOAT * k * 8 * Math.ceil(n / 8));
  const all = bytes.reduce((sum, size) => sum + size, 0);
  simd.scratch(all + TILE * parts, (start) => {
    let next = start;
    const panels = columns.map(({ from, transposed }, i) => {
      const [n, k] = sizes[i]!;
      const at = next;
      const u = simd.address(recurrentKernel) + FLOAT * from;
      simd.run('packPanels', u, at, n, k, width, Number(transposed));
      next += bytes[i]!;
      return at;
    });
    use(panels, next, parts);
  });
}

/** Sums of the columns of [rows, width] at an address. */
export function columnSums(
  simd: Simd,
  from: number,
  to: number,
  rows: number,
  width: number,
): void {
  simd.run('biasActivationGrad', from, from, 0, to, rows, width, 0);
}
