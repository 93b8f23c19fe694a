/** What the recurrent kernels in plain JavaScript share: gates, and products of one row with columns of a matrix. */
import type { GateActivation } from '../fused/contracts.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const hardSigmoid = (x: number): number => Math.min(1, Math.max(0, 0.5 + 0.2 * x));

/** How far a gate opens. */
export const opening = (gate: GateActivation): ((x: number) => number) =>
  gate === 'hardSigmoid' ? hardSigmoid : sigmoid;

/** The slope of a gate that is open by `y`. */
export const openingSlope = (gate: GateActivation): ((y: number) => number) =>
  gate === 'hardSigmoid' ? (y) => (y > 0 && y < 1 ? 0.2 : 0) : (y) => y * (1 - y);

/** Columns [at, at + n) of a matrix with k rows of `stride` numbers. */
export interface Columns {
  readonly values: Float32Array;
  readonly k: number;
  readonly n: number;
  readonly at: number;
  readonly stride: number;
}

/** A whole matrix [k, n], or n of its columns from `at` on. */
export const columns = (
  values: Float32Array,
  [k, stride]: readonly number[],
  at = 0,
  n = stride! - at,
): Columns => ({ values, k: k!, n, at, stride: stride! });

/** to[toAt + j] += Σ row[rowAt + i] · b[i, j] */
export function addRowTimes(
  row: Float32Array,
  rowAt: number,
  { values: b, k, n, at, stride }: Columns,
  to: Float32Array,
  toAt: number,
): void {
  let i = 0;
  for (; i + 4 <= k; i += 4) {
    const p = row[rowAt + i]!;
    const q = row[rowAt + i + 1]!;
    const r = row[rowAt + i + 2]!;
    const s = row[rowAt + i + 3]!;
    const b0 = at + i * stride;
    const b1 = b0 + stride;
    const b2 = b1 + stride;
    const b3 = b2 + stride;
    for (let j = 0; j < n; j++) {
      to[toAt + j]! += p * b[b0 + j]! + q * b[b1 + j]! + r * b[b2 + j]! + s * b[b3 + j]!;
    }
  }
  for (; i < k; i++) {
    const p = row[rowAt + i]!;
    for (let j = 0; j < n; j++) to[toAt + j]! += p * b[at + i * stride + j]!;
  }
}

/** to[toAt + i] += Σ row[rowAt + j] · b[i, j] */
export function addRowTimesTransposed(
  row: Float32Array,
  rowAt: number,
  { values: b, k, n, at, stride }: Columns,
  to: Float32Array,
  toAt: number,
): void {
  for (let i = 0; i < k; i++) {
    let sum = 0;
    for (let j = 0, from = at + i * stride; j < n; j++) sum += row[rowAt + j]! * b[from + j]!;
    to[toAt + i]! += sum;
  }
}

/** c[i, j] += left[leftAt + i] · right[rightAt + j] */
export function addOuter(
  left: Float32Array,
  leftAt: number,
  right: Float32Array,
  rightAt: number,
  { values: c, k, n, at, stride }: Columns,
): void {
  for (let i = 0; i < k; i++) {
    const p = left[leftAt + i]!;
    for (let j = 0, to = at + i * stride; j < n; j++) c[to + j]! += p * right[rightAt + j]!;
  }
}
