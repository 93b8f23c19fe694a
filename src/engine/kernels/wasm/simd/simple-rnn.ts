/** AssemblyScript: a simple recurrent network step by step. Formulas and layouts: fused/contracts.ts. */
import { Lanes } from './lanes';
import { shareStart } from './range';
import { Gate, stepProduct } from './recurrent';

const RELU: i32 = 1;
const SIGMOID: i32 = 2;
const TANH: i32 = 3;

class Act {
  @inline
  static value(x: v128, activation: i32): v128 {
    if (activation == TANH) return Gate.tanh(x);
    if (activation == SIGMOID) return Gate.open(x, false);
    if (activation == RELU) return f32x4.pmax(x, f32x4.splat(0));
    return x;
  }

  /** dy times the derivative, from the value y. */
  @inline
  static slope(dy: v128, y: v128, activation: i32): v128 {
    const one = f32x4.splat(1);
    if (activation == TANH) return f32x4.mul(dy, f32x4.sub(one, f32x4.mul(y, y)));
    if (activation == SIGMOID) return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one, y)));
    if (activation == RELU) return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
    return dy;
  }
}

/**
 * states [batch, steps + 1, units]: h before the first step (from h0 [batch, units]) and after each. inputs
 * [batch, steps, units]: x·W + b. panels: U [units, units] packed. tiles: 128 bytes a part.
 */
export function simpleRnn(
  inputs: usize,
  states: usize,
  h0: usize,
  panels: usize,
  tiles: usize,
  batch: i32,
  steps: i32,
  units: i32,
  activation: i32,
  backwards: i32,
  part: i32,
  parts: i32,
): void {
  const from = shareStart(batch, part, parts, 4);
  const end = shareStart(batch, part + 1, parts, 4);
  const width = (<usize>units) << 2;
  const fours = width & ~15;
  const inputRow = width * steps;
  const stateRow = width * (steps + 1);
  const tile = tiles + ((<usize>part) << 7);
  for (let row = from; row < end; row++) {
    memory.copy(states + row * stateRow, h0 + row * width, width);
  }
  for (let step = 0; step < steps; step++) {
    const x = inputs + width * (backwards ? steps - 1 - step : step);
    const h = states + width * step;
    for (let row = from; row < end; row++) {
      memory.copy(h + row * stateRow + width, x + row * inputRow, width);
    }
    stepProduct(h, stateRow, panels, h + width, stateRow, from, end, units, units, tile);
    for (let row = from; row < end; row++) {
      const to = h + row * stateRow + width;
      let k: usize = 0;
      for (; k < fours; k += 16) {
        v128.store(to + k, Act.value(v128.load(to + k), activation));
      }
      for (; k < width; k += 4) {
        Lanes.put(to + k, Act.value(Lanes.get(to + k, false), activation), false);
      }
    }
  }
}

/**
 * dStates as states; dInputs [batch, steps, units] is the gradient of x·W + b; dh [batch, units] ends as that of h0.
 * panels: Uᵀ packed. tiles: 128 bytes a part.
 */
export function simpleRnnGrad(
  dStates: usize,
  states: usize,
  dInputs: usize,
  dh: usize,
  panels: usize,
  tiles: usize,
  batch: i32,
  steps: i32,
  units: i32,
  activation: i32,
  backwards: i32,
  part: i32,
  parts: i32,
): void {
  const from = shareStart(batch, part, parts, 4);
  const end = shareStart(batch, part + 1, parts, 4);
  const width = (<usize>units) << 2;
  const fours = width & ~15;
  const inputRow = width * steps;
  const stateRow = width * (steps + 1);
  const tile = tiles + ((<usize>part) << 7);
  for (let row = from; row < end; row++) {
    memory.copy(dh + row * width, dStates + row * stateRow + width * steps, width);
  }
  for (let step = steps - 1; step >= 0; step--) {
    const dx = dInputs + width * (backwards ? steps - 1 - step : step);
    for (let row = from; row < end; row++) {
      const y = states + row * stateRow + width * (step + 1);
      const up = dh + row * width;
      const to = dx + row * inputRow;
      let k: usize = 0;
      for (; k < fours; k += 16) {
        v128.store(to + k, Act.slope(v128.load(up + k), v128.load(y + k), activation));
      }
      for (; k < width; k += 4) {
        const slope = Act.slope(Lanes.get(up + k, false), Lanes.get(y + k, false), activation);
        Lanes.put(to + k, slope, false);
      }
      memory.copy(up, dStates + row * stateRow + width * step, width);
    }
    stepProduct(dx, inputRow, panels, dh, width, from, end, units, units, tile);
  }
}
