/** AssemblyScript: what recurrent networks compute at every step: gates and the product with the recurrent weights. */
import { Lanes } from './lanes';
import { shareStart } from './range';
import { ADD, packPanel, putCorner, rowTile } from './tiles';

export class Gate {
  /** tanh x, within 2 units in the last place: Cephes' tanhf below 0.625, 1 − 2 / (e²ˣ + 1) above. */
  @inline
  static tanh(x: v128): v128 {
    const size = f32x4.abs(x);
    const z = f32x4.mul(x, x);
    let p = Lanes.fma(f32x4.splat(-5.70498872745e-3), z, 2.06390887954e-2);
    p = Lanes.fma(p, z, -5.37397155531e-2);
    p = Lanes.fma(p, z, 1.33314422036e-1);
    p = Lanes.fma(p, z, -3.33332819422e-1);
    const near = f32x4.add(x, f32x4.mul(x, f32x4.mul(z, p)));
    const one = f32x4.splat(1);
    const e = Lanes.exp4(f32x4.add(size, size));
    const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
    const sign = v128.and(x, i32x4.splat(<i32>0x80000000));
    return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, f32x4.splat(0.625)));
  }

  /** The sigmoid, or with `hard` the line 0.2x + 0.5 cut off at 0 and 1. */
  @inline
  static open(x: v128, hard: bool): v128 {
    const one = f32x4.splat(1);
    if (hard) {
      const line = f32x4.add(f32x4.splat(0.5), f32x4.mul(f32x4.splat(0.2), x));
      return f32x4.min(f32x4.max(line, f32x4.splat(0)), one);
    }
    return f32x4.div(one, f32x4.add(one, Lanes.exp4(f32x4.neg(x))));
  }

  /** Derivative of `open` from its value. */
  @inline
  static slope(y: v128, hard: bool): v128 {
    const one = f32x4.splat(1);
    if (hard) {
      const between = v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.lt(y, one));
      return v128.and(f32x4.splat(0.2), between);
    }
    return f32x4.mul(y, f32x4.sub(one, y));
  }
}

/**
 * Puts B [k, n] (or with `transposed` B given as [n, k]) in panels of 8 columns, each [k, 8], for `stepProduct`. Rows of
 * what is given are `stride` floats apart. panels: 4 · k · 8 · ⌈n / 8⌉ bytes. Threads share the panels.
 */
export function packPanels(
  b: usize,
  panels: usize,
  n: i32,
  k: i32,
  stride: i32,
  transposed: i32,
  part: i32,
  parts: i32,
): void {
  const count = (n + 7) >> 3;
  const kStep: usize = transposed ? 4 : (<usize>stride) << 2;
  const columnStep: usize = transposed ? (<usize>stride) << 2 : 4;
  const end = shareStart(count, part + 1, parts, 1);
  for (let p = shareStart(count, part, parts, 1); p < end; p++) {
    const column = p << 3;
    const cols = n - column < 8 ? n - column : 8;
    const from = b + <usize>column * columnStep;
    packPanel(from, kStep, columnStep, k, cols, panels + ((<usize>p * k) << 5));
  }
}

/** C += A·B for rows [from, end) of A [·, k] and C [·, n], whose rows are aStep and cStep bytes apart; B in panels. */
export function stepProduct(
  a: usize,
  aStep: usize,
  panels: usize,
  c: usize,
  cStep: usize,
  from: i32,
  end: i32,
  n: i32,
  k: i32,
  tile: usize,
): void {
  for (let column = 0; column < n; column += 8) {
    const cols = n - column < 8 ? n - column : 8;
    const panel = panels + ((<usize>(column >> 3) * k) << 5);
    for (let row = from; row < end; row += 4) {
      const rows = end - row < 4 ? end - row : 4;
      const a0 = a + <usize>row * aStep;
      const a1 = rows > 1 ? a0 + aStep : a0;
      const a2 = rows > 2 ? a1 + aStep : a0;
      const a3 = rows > 3 ? a2 + aStep : a0;
      const c0 = c + <usize>row * cStep + (column << 2);
      const c1 = c0 + cStep;
      const c2 = c1 + cStep;
      const c3 = c2 + cStep;
      if (rows == 4 && cols == 8) {
        rowTile(a0, a1, a2, a3, 1, 0, 1, 0, k, panel, 32, c0, c1, c2, c3, 0, ADD);
      } else {
        const t1 = tile + 32;
        const t2 = tile + 64;
        const t3 = tile + 96;
        rowTile(a0, a1, a2, a3, 1, 0, 1, 0, k, panel, 32, tile, t1, t2, t3, 0, 0);
        putCorner(tile, rows, cols, c0, c1, c2, c3, ADD);
      }
    }
  }
}

/** The h that each step of x began with, in the order of x: out [batch, steps, units]. Threads share the rows of the batch. */
export function statesBefore(
  states: usize,
  out: usize,
  batch: i32,
  steps: i32,
  units: i32,
  backwards: i32,
  part: i32,
  parts: i32,
): void {
  const width = (<usize>units) << 2;
  const end = shareStart(batch, part + 1, parts, 1);
  for (let row = shareStart(batch, part, parts, 1); row < end; row++) {
    const from = states + row * width * (steps + 1);
    const to = out + row * width * steps;
    if (!backwards) memory.copy(to, from, width * steps);
    else {
      for (let step = 0; step < steps; step++) {
        memory.copy(to + width * step, from + width * (steps - 1 - step), width);
      }
    }
  }
}
