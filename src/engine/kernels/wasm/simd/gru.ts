/** AssemblyScript: the part of a GRU that has to go step by step. Formulas and layouts: fused/contracts.ts. */
import { Lanes } from './lanes';
import { shareStart } from './range';
import { Gate, stepProduct } from './recurrent';

class Unit {
  /** z and r become their values; r·h goes to `reset`. */
  @inline
  static gates(
    z: usize,
    width: usize,
    h: usize,
    reset: usize,
    k: usize,
    hard: bool,
    whole: bool,
  ): void {
    Lanes.put(z + k, Gate.open(Lanes.get(z + k, whole), hard), whole);
    const r = Gate.open(Lanes.get(z + width + k, whole), hard);
    Lanes.put(z + width + k, r, whole);
    Lanes.put(reset + k, f32x4.mul(r, Lanes.get(h + k, whole)), whole);
  }

  /** The candidate becomes its value, and the new h lies between it and the old. */
  @inline
  static mix(gates: usize, width: usize, h: usize, k: usize, whole: bool): void {
    const g = Gate.tanh(Lanes.get(gates + 2 * width + k, whole));
    Lanes.put(gates + 2 * width + k, g, whole);
    const z = Lanes.get(gates + k, whole);
    const rest = f32x4.mul(f32x4.sub(f32x4.splat(1), z), g);
    Lanes.put(h + width + k, f32x4.add(f32x4.mul(z, Lanes.get(h + k, whole)), rest), whole);
  }

  /** From dh to the gradients of what came into z and the candidate; dh becomes what goes straight back. */
  @inline
  static unmix(
    gates: usize,
    d: usize,
    width: usize,
    h: usize,
    dh: usize,
    given: usize,
    k: usize,
    hard: bool,
    whole: bool,
  ): void {
    const one = f32x4.splat(1);
    const z = Lanes.get(gates + k, whole);
    const g = Lanes.get(gates + 2 * width + k, whole);
    const up = Lanes.get(dh + k, whole);
    const dz = f32x4.mul(up, f32x4.sub(Lanes.get(h + k, whole), g));
    Lanes.put(d + k, f32x4.mul(dz, Gate.slope(z, hard)), whole);
    const dg = f32x4.mul(f32x4.mul(up, f32x4.sub(one, z)), f32x4.sub(one, f32x4.mul(g, g)));
    Lanes.put(d + 2 * width + k, dg, whole);
    Lanes.put(dh + k, f32x4.add(f32x4.mul(up, z), Lanes.get(given + k, whole)), whole);
  }

  /** From the gradient of r·h to that of what came into r, and on to dh. */
  @inline
  static ungate(
    gates: usize,
    d: usize,
    width: usize,
    h: usize,
    dh: usize,
    dReset: usize,
    k: usize,
    hard: bool,
    whole: bool,
  ): void {
    const r = Lanes.get(gates + width + k, whole);
    const up = Lanes.get(dReset + k, whole);
    const dr = f32x4.mul(f32x4.mul(up, Lanes.get(h + k, whole)), Gate.slope(r, hard));
    Lanes.put(d + width + k, dr, whole);
    Lanes.put(dh + k, f32x4.add(Lanes.get(dh + k, whole), f32x4.mul(up, r)), whole);
  }
}

/**
 * gates [batch, steps, 3 · units]: x·W + b comes in, the values of z, r and the candidate go out. states
 * [batch, steps + 1, units]: h before the first step (from h0) and after each. gatePanels and panels: the first two
 * thirds and the last third of U's columns, packed. reset: [batch, units] of scratch. tiles: 128 bytes a part.
 */
export function gru(
  gates: usize,
  states: usize,
  h0: usize,
  reset: usize,
  gatePanels: usize,
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
  const gateStep = 3 * width;
  const gateRow = gateStep * steps;
  const stateRow = width * (steps + 1);
  const tile = tiles + ((<usize>part) << 7);
  for (let row = from; row < end; row++) {
    memory.copy(states + row * stateRow, h0 + row * width, width);
  }
  for (let step = 0; step < steps; step++) {
    const z = gates + gateStep * (backwards ? steps - 1 - step : step);
    const h = states + width * step;
    stepProduct(h, stateRow, gatePanels, z, gateRow, from, end, units << 1, units, tile);
    for (let row = from; row < end; row++) {
      const to = z + row * gateRow;
      const state = h + row * stateRow;
      const kept = reset + row * width;
      let k: usize = 0;
      if (hard) {
        for (; k < fours; k += 16) Unit.gates(to, width, state, kept, k, true, true);
        for (; k < width; k += 4) Unit.gates(to, width, state, kept, k, true, false);
      } else {
        for (; k < fours; k += 16) Unit.gates(to, width, state, kept, k, false, true);
        for (; k < width; k += 4) Unit.gates(to, width, state, kept, k, false, false);
      }
    }
    stepProduct(reset, width, panels, z + 2 * width, gateRow, from, end, units, units, tile);
    for (let row = from; row < end; row++) {
      const to = z + row * gateRow;
      const state = h + row * stateRow;
      let k: usize = 0;
      for (; k < fours; k += 16) Unit.mix(to, width, state, k, true);
      for (; k < width; k += 4) Unit.mix(to, width, state, k, false);
    }
  }
}

/**
 * dStates as states; dGates as gates is the gradient of what came into them; resets [batch, steps, units] becomes r·h of
 * each step, in the order of x; dh [batch, units] ends as the gradient of h0. gatePanels and panels: the two parts of U,
 * transposed and packed. dReset: [batch, units] of scratch. tiles: 128 bytes a part.
 */
export function gruGrad(
  dStates: usize,
  states: usize,
  gates: usize,
  dGates: usize,
  resets: usize,
  dh: usize,
  dReset: usize,
  gatePanels: usize,
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
  const gateStep = 3 * width;
  const gateRow = gateStep * steps;
  const stateRow = width * (steps + 1);
  const resetRow = width * steps;
  const tile = tiles + ((<usize>part) << 7);
  for (let row = from; row < end; row++) {
    memory.copy(dh + row * width, dStates + row * stateRow + width * steps, width);
  }
  for (let step = steps - 1; step >= 0; step--) {
    const time = backwards ? steps - 1 - step : step;
    const at = gateStep * time;
    for (let row = from; row < end; row++) {
      const value = gates + at + row * gateRow;
      const d = dGates + at + row * gateRow;
      const state = row * stateRow + width * step;
      const h = states + state;
      const given = dStates + state;
      const up = dh + row * width;
      const kept = resets + row * resetRow + width * time;
      let k: usize = 0;
      for (; k < fours; k += 16) {
        v128.store(kept + k, f32x4.mul(v128.load(value + width + k), v128.load(h + k)));
      }
      for (; k < width; k += 4) {
        store<f32>(kept + k, load<f32>(value + width + k) * load<f32>(h + k));
      }
      k = 0;
      if (hard) {
        for (; k < fours; k += 16) Unit.unmix(value, d, width, h, up, given, k, true, true);
        for (; k < width; k += 4) Unit.unmix(value, d, width, h, up, given, k, true, false);
      } else {
        for (; k < fours; k += 16) Unit.unmix(value, d, width, h, up, given, k, false, true);
        for (; k < width; k += 4) Unit.unmix(value, d, width, h, up, given, k, false, false);
      }
      memory.fill(dReset + row * width, 0, width);
    }
    const d = dGates + at;
    stepProduct(d + 2 * width, gateRow, panels, dReset, width, from, end, units, units, tile);
    for (let row = from; row < end; row++) {
      const value = gates + at + row * gateRow;
      const to = d + row * gateRow;
      const h = states + row * stateRow + width * step;
      const up = dh + row * width;
      const back = dReset + row * width;
      let k: usize = 0;
      if (hard) {
        for (; k < fours; k += 16) Unit.ungate(value, to, width, h, up, back, k, true, true);
        for (; k < width; k += 4) Unit.ungate(value, to, width, h, up, back, k, true, false);
      } else {
        for (; k < fours; k += 16) Unit.ungate(value, to, width, h, up, back, k, false, true);
        for (; k < width; k += 4) Unit.ungate(value, to, width, h, up, back, k, false, false);
      }
    }
    stepProduct(d, gateRow, gatePanels, dh, width, from, end, units, units << 1, tile);
  }
}

/** The last third of the columns of both [rows, 3 · units] goes from `from` to `to`. */
export function gruLastThird(
  from: usize,
  to: usize,
  rows: i32,
  units: i32,
  part: i32,
  parts: i32,
): void {
  const width = (<usize>units) << 2;
  const end = shareStart(rows, part + 1, parts, 1);
  for (let row = shareStart(rows, part, parts, 1); row < end; row++) {
    const at = row * 3 * width + 2 * width;
    memory.copy(to + at, from + at, width);
  }
}
