/** AssemblyScript: gradient of an activation and of the bias before it. Formulas: fused/contracts.ts. */
import { Lanes } from './lanes';
import { shareStart } from './range';

const RELU: i32 = 1;
const SIGMOID: i32 = 2;
const TANH: i32 = 3;

class Part {
  @inline
  static slope(dy: v128, y: v128, activation: i32): v128 {
    const one = f32x4.splat(1);
    if (activation == RELU) return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
    if (activation == SIGMOID) return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one, y)));
    if (activation == TANH) return f32x4.mul(dy, f32x4.sub(one, f32x4.mul(y, y)));
    return dy;
  }

  @inline
  static block(
    dy: usize,
    y: usize,
    dx: usize,
    dBias: usize,
    rows: i32,
    width: usize,
    from: usize,
    end: usize,
    activation: i32,
  ): void {
    let at: usize = 0;
    for (let row = 0; row < rows; row++, at += width) {
      let k = from;
      for (; k + 16 <= end; k += 16) {
        const d = Part.slope(Lanes.get(dy + at + k, true), Lanes.get(y + at + k, true), activation);
        if (dx != 0) Lanes.put(dx + at + k, d, true);
        if (dBias != 0) Lanes.put(dBias + k, f32x4.add(Lanes.get(dBias + k, true), d), true);
      }
      for (; k < end; k += 4) {
        const d = Part.slope(
          Lanes.get(dy + at + k, false),
          Lanes.get(y + at + k, false),
          activation,
        );
        if (dx != 0) Lanes.put(dx + at + k, d, false);
        if (dBias != 0) Lanes.put(dBias + k, f32x4.add(Lanes.get(dBias + k, false), d), false);
      }
    }
  }
}

/**
 * dy, y, dx [rows, c], dBias [c]. `dx` or `dBias` is 0 where it is not wanted; y is read only for an activation,
 * so for none any address of that length will do. Threads share columns.
 */
export function biasActivationGrad(
  dy: usize,
  y: usize,
  dx: usize,
  dBias: usize,
  rows: i32,
  c: i32,
  activation: i32,
  part: i32,
  parts: i32,
): void {
  const from = (<usize>shareStart(c, part, parts, 16)) << 2;
  const end = (<usize>shareStart(c, part + 1, parts, 16)) << 2;
  const width = (<usize>c) << 2;
  if (dBias != 0) memory.fill(dBias + from, 0, end - from);
  if (activation == RELU) Part.block(dy, y, dx, dBias, rows, width, from, end, RELU);
  else if (activation == SIGMOID) Part.block(dy, y, dx, dBias, rows, width, from, end, SIGMOID);
  else if (activation == TANH) Part.block(dy, y, dx, dBias, rows, width, from, end, TANH);
  else Part.block(dy, y, dx, dBias, rows, width, from, end, 0);
}
