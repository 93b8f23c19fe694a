/** AssemblyScript: matrix products of every orientation, in batches. */
import { shareStart } from './range';
import { ADD, RELU, columnTile, packPanel, putCorner, rowTile } from './tiles';

/** Longest part of k that one pass takes: 8 columns of B then fill half of a small first-level cache. */
const DEPTH: i32 = 512;

/** Bytes of scratch that one thread needs: a panel of B and one tile. */
export const MATMUL_SCRATCH: i32 = DEPTH * 32 + 128;

/**
 * C = A·B (+ bias), then relu if `relu` is 1, for every batch. A [m, k] or transposed [k, m], B [k, n] or transposed
 * [n, k], C [m, n], bias [n] or address 0. aBatch, bBatch: floats from one batch to the next (0: the same for all).
 * scratch: 16512 bytes a thread. Threads share the batches and the panels of 8 columns.
 */
export function matmul(
  a: usize,
  b: usize,
  c: usize,
  bias: usize,
  scratch: usize,
  batches: i32,
  aBatch: i32,
  bBatch: i32,
  m: i32,
  n: i32,
  k: i32,
  transposeA: i32,
  transposeB: i32,
  relu: i32,
  part: i32,
  parts: i32,
): void {
  const panels = (n + 7) >> 3;
  const first = shareStart(batches * panels, part, parts, 1);
  const end = shareStart(batches * panels, part + 1, parts, 1);
  const tile = scratch + part * MATMUL_SCRATCH;
  const panel = tile + 128;
  const aStep = (<usize>(transposeA ? m : k)) << 2;
  const cStep = (<usize>n) << 2;
  const kStep: usize = transposeB ? 4 : cStep;
  const columnStep: usize = transposeB ? (<usize>k) << 2 : 4;
  for (let task = first; task < end; task++) {
    const batch = task / panels;
    const column = (task - batch * panels) << 3;
    const cols = n - column < 8 ? n - column : 8;
    const aStart = a + ((<usize>batch * aBatch) << 2);
    const bStart = b + ((<usize>batch * bBatch) << 2) + <usize>column * columnStep;
    const cStart = c + ((<usize>batch * m * n + column) << 2);
    // Few rows do not pay for a tidy copy of B.
    const direct = !transposeB && cols == 8 && m < 16;
    for (let from = 0; from < k || from == 0; from += DEPTH) {
      const depth = k - from < DEPTH ? k - from : DEPTH;
      const bFrom = bStart + <usize>from * kStep;
      if (!direct) packPanel(bFrom, kStep, columnStep, depth, cols, panel);
      const bTile = direct ? bFrom : panel;
      const bStep: usize = direct ? kStep : 32;
      const begin: usize = bias && from == 0 ? bias + (column << 2) : 0;
      let then = from == 0 ? 0 : ADD;
      if (relu && from + DEPTH >= k) then |= RELU;
      for (let row = 0; row < m; row += 4) {
        const rows = m - row < 4 ? m - row : 4;
        const c0 = cStart + <usize>row * cStep;
        const c1 = c0 + cStep;
        const c2 = c1 + cStep;
        const c3 = c2 + cStep;
        const whole = rows == 4 && cols == 8;
        const t0 = whole ? c0 : tile;
        const t1 = whole ? c1 : tile + 32;
        const t2 = whole ? c2 : tile + 64;
        const t3 = whole ? c3 : tile + 96;
        const now = whole ? then : 0;
        if (transposeA) {
          const a0 = aStart + <usize>from * aStep + (row << 2);
          columnTile(a0, 1, 0, 1, 0, depth, aStep, bTile, bStep, t0, t1, t2, t3, begin, now);
        } else {
          const a0 = aStart + <usize>row * aStep + (from << 2);
          const a1 = rows > 1 ? a0 + aStep : a0;
          const a2 = rows > 2 ? a1 + aStep : a0;
          const a3 = rows > 3 ? a2 + aStep : a0;
          rowTile(a0, a1, a2, a3, 1, 0, 1, 0, depth, bTile, bStep, t0, t1, t2, t3, begin, now);
        }
        if (!whole) putCorner(tile, rows, cols, c0, c1, c2, c3, then);
      }
    }
  }
}
