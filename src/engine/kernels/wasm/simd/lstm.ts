/**
 * AssemblyScript: the part of an LSTM that has to go step by step. Formulas and layouts: fused/contracts.ts. Threads share
 * the rows of the batch, which know nothing of each other; products with whole sequences are `matmul`.
 */
import { Lanes } from './lanes';
import { shareStart } from './range';
import { Gate, stepProduct } from './recurrent';

class Cell {
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
          Cell.forward(zRow, width, cRow, cRow + width, hRow, k, true, true);
        }
        for (; k < width; k += 4) {
          Cell.forward(zRow, width, cRow, cRow + width, hRow, k, true, false);
        }
      } else {
        for (; k < fours; k += 16) {
          Cell.forward(zRow, width, cRow, cRow + width, hRow, k, false, true);
        }
        for (; k < width; k += 4) {
          Cell.forward(zRow, width, cRow, cRow + width, hRow, k, false, false);
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
          Cell.backward(
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
          Cell.backward(
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
          Cell.backward(
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
          Cell.backward(
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
