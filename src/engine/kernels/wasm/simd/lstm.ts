/**
 * AssemblyScript: the part of an LSTM that has to go step by step. Formulas and layouts: fused/contracts.ts. Threads share
 * the rows of the batch, which know nothing of each other; products with whole sequences are `matmul`.
 */
import { Lanes } from './lanes';
import { shareStart } from './range';
import { ADD, packPanel, putCorner, rowTile } from './tiles';

class Gate {
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

  /** Gates z (i, f, g, o, each `width` bytes) become their values; then the new c and h. */
  @inline
  static forward(
    z: usize,
    width: usize,
    cBefore: usize,
    c: usize,
    h: usize,
    k: usize,
    hard: bool,
    whole: bool,
  ): void {
    const zi = z + k;
    const zf = zi + width;
    const zg = zf + width;
    const zo = zg + width;
    const i = Gate.open(Lanes.get(zi, whole), hard);
    const f = Gate.open(Lanes.get(zf, whole), hard);
    const g = Gate.tanh(Lanes.get(zg, whole));
    const o = Gate.open(Lanes.get(zo, whole), hard);
    const cell = f32x4.add(f32x4.mul(f, Lanes.get(cBefore + k, whole)), f32x4.mul(i, g));
    Lanes.put(zi, i, whole);
    Lanes.put(zf, f, whole);
    Lanes.put(zg, g, whole);
    Lanes.put(zo, o, whole);
    Lanes.put(c + k, cell, whole);
    Lanes.put(h + k, f32x4.mul(o, Gate.tanh(cell)), whole);
  }

  /** From dh and dc to the gradients of the gates' inputs; dc and dh become those that this step hands back so far. */
  @inline
  static backward(
    gates: usize,
    dz: usize,
    width: usize,
    cBefore: usize,
    c: usize,
    dh: usize,
    dc: usize,
    dhGiven: usize,
    dcGiven: usize,
    k: usize,
    hard: bool,
    whole: bool,
  ): void {
    const one = f32x4.splat(1);
    const i = Lanes.get(gates + k, whole);
    const f = Lanes.get(gates + width + k, whole);
    const g = Lanes.get(gates + 2 * width + k, whole);
    const o = Lanes.get(gates + 3 * width + k, whole);
    const t = Gate.tanh(Lanes.get(c + k, whole));
    const up = Lanes.get(dh + k, whole);
    const slope = f32x4.mul(f32x4.mul(up, o), f32x4.sub(one, f32x4.mul(t, t)));
    const cell = f32x4.add(Lanes.get(dc + k, whole), slope);
    const di = f32x4.mul(f32x4.mul(cell, g), Gate.slope(i, hard));
    const df = f32x4.mul(f32x4.mul(cell, Lanes.get(cBefore + k, whole)), Gate.slope(f, hard));
    const dg = f32x4.mul(f32x4.mul(cell, i), f32x4.sub(one, f32x4.mul(g, g)));
    const dO = f32x4.mul(f32x4.mul(up, t), Gate.slope(o, hard));
    Lanes.put(dz + k, di, whole);
    Lanes.put(dz + width + k, df, whole);
    Lanes.put(dz + 2 * width + k, dg, whole);
    Lanes.put(dz + 3 * width + k, dO, whole);
    Lanes.put(dc + k, f32x4.add(f32x4.mul(cell, f), Lanes.get(dcGiven + k, whole)), whole);
    Lanes.put(dh + k, Lanes.get(dhGiven + k, whole), whole);
  }
}

/**
 * Puts B [k, n] (or with `transposed` B given as [n, k]) in panels of 8 columns, each [k, 8], for `stepProduct`.
 * panels: 4 · k · 8 · ⌈n / 8⌉ bytes. Threads share the panels.
 */
export function packPanels(
  b: usize,
  panels: usize,
  n: i32,
  k: i32,
  transposed: i32,
  part: i32,
  parts: i32,
): void {
  const count = (n + 7) >> 3;
  const kStep: usize = transposed ? 4 : (<usize>n) << 2;
  const columnStep: usize = transposed ? (<usize>k) << 2 : 4;
  const end = shareStart(count, part + 1, parts, 1);
  for (let p = shareStart(count, part, parts, 1); p < end; p++) {
    const column = p << 3;
    const cols = n - column < 8 ? n - column : 8;
    const from = b + <usize>column * columnStep;
    packPanel(from, kStep, columnStep, k, cols, panels + ((<usize>p * k) << 5));
  }
}

/** C += A·B for rows [from, end) of A [·, k] and C [·, n], whose rows are aStep and cStep bytes apart; B in panels. */
function stepProduct(
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

/**
 * gates [batch, steps, 4 · units]: x·W + b comes in, the values of the gates go out. states [2, batch, steps + 1, units]:
 * h and c before the first step (from h0, c0 [batch, units]) and after each. panels: U [units, 4 · units] packed.
 * tiles: 128 bytes a part.
 */
export function lstm(
  gates: usize,
  states: usize,
  h0: usize,
  c0: usize,
  panels: usize,
  tiles: usize,
  batch: i32,
  steps: i32,
  units: i32,
  hard: i32,
  backwards: i32,
  part: i32,
  parts: i32,
): void {
  const from = shareStart(batch, part, parts, 4);
  const end = shareStart(batch, part + 1, parts, 4);
  const width = (<usize>units) << 2;
  const fours = width & ~15;
  const gateStep = width << 2;
  const gateRow = gateStep * steps;
  const stateRow = width * (steps + 1);
  const cells = states + stateRow * batch;
  const tile = tiles + ((<usize>part) << 7);
  for (let row = from; row < end; row++) {
    memory.copy(states + row * stateRow, h0 + row * width, width);
    memory.copy(cells + row * stateRow, c0 + row * width, width);
  }
  for (let step = 0; step < steps; step++) {
    const z = gates + gateStep * (backwards ? steps - 1 - step : step);
    const h = states + width * step;
    const c = cells + width * step;
    stepProduct(h, stateRow, panels, z, gateRow, from, end, units << 2, units, tile);
    for (let row = from; row < end; row++) {
      const zRow = z + row * gateRow;
      const cRow = c + row * stateRow;
      const hRow = h + row * stateRow + width;
      let k: usize = 0;
      if (hard) {
        for (; k < fours; k += 16) {
          Gate.forward(zRow, width, cRow, cRow + width, hRow, k, true, true);
        }
        for (; k < width; k += 4) {
          Gate.forward(zRow, width, cRow, cRow + width, hRow, k, true, false);
        }
      } else {
        for (; k < fours; k += 16) {
          Gate.forward(zRow, width, cRow, cRow + width, hRow, k, false, true);
        }
        for (; k < width; k += 4) {
          Gate.forward(zRow, width, cRow, cRow + width, hRow, k, false, false);
        }
      }
    }
  }
}

/**
 * dStates as states; dGates [batch, steps, 4 · units] is the gradient of what came into the gates; dh and dc
 * [batch, units] end as the gradients of h0 and c0. panels: Uᵀ [4 · units, units] packed. tiles: 128 bytes a part.
 */
export function lstmGrad(
  dStates: usize,
  states: usize,
  gates: usize,
  dGates: usize,
  dh: usize,
  dc: usize,
  panels: usize,
  tiles: usize,
  batch: i32,
  steps: i32,
  units: i32,
  hard: i32,
  backwards: i32,
  part: i32,
  parts: i32,
): void {
  const from = shareStart(batch, part, parts, 4);
  const end = shareStart(batch, part + 1, parts, 4);
  const width = (<usize>units) << 2;
  const fours = width & ~15;
  const gateStep = width << 2;
  const gateRow = gateStep * steps;
  const stateRow = width * (steps + 1);
  const cells = states + stateRow * batch;
  const dCells = dStates + stateRow * batch;
  const tile = tiles + ((<usize>part) << 7);
  for (let row = from; row < end; row++) {
    memory.copy(dh + row * width, dStates + row * stateRow + width * steps, width);
    memory.copy(dc + row * width, dCells + row * stateRow + width * steps, width);
  }
  for (let step = steps - 1; step >= 0; step--) {
    const at = gateStep * (backwards ? steps - 1 - step : step);
    const dz = dGates + at;
    for (let row = from; row < end; row++) {
      const gRow = gates + at + row * gateRow;
      const dzRow = dz + row * gateRow;
      const state = row * stateRow + width * step;
      const cRow = cells + state;
      const dhRow = dh + row * width;
      const dcRow = dc + row * width;
      const hGiven = dStates + state;
      const cGiven = dCells + state;
      const cNew = cRow + width;
      let k: usize = 0;
      if (hard) {
        for (; k < fours; k += 16) {
          Gate.backward(
            gRow,
            dzRow,
            width,
            cRow,
            cNew,
            dhRow,
            dcRow,
            hGiven,
            cGiven,
            k,
            true,
            true,
          );
        }
        for (; k < width; k += 4) {
          Gate.backward(
            gRow,
            dzRow,
            width,
            cRow,
            cNew,
            dhRow,
            dcRow,
            hGiven,
            cGiven,
            k,
            true,
            false,
          );
        }
      } else {
        for (; k < fours; k += 16) {
          Gate.backward(
            gRow,
            dzRow,
            width,
            cRow,
            cNew,
            dhRow,
            dcRow,
            hGiven,
            cGiven,
            k,
            false,
            true,
          );
        }
        for (; k < width; k += 4) {
          Gate.backward(
            gRow,
            dzRow,
            width,
            cRow,
            cNew,
            dhRow,
            dcRow,
            hGiven,
            cGiven,
            k,
            false,
            false,
          );
        }
      }
    }
    stepProduct(dz, gateRow, panels, dh, width, from, end, units, units << 2, tile);
  }
}

/** The h that each step of x began with, in the order of x: out [batch, steps, units]. Threads share the rows of the batch. */
export function lstmBefore(
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
