/** AssemblyScript: cross entropies with their gradients. Formulas: fused/contracts.ts. */
import { Lanes } from './lanes';
import { shareStart } from './range';

class Element {
  @inline
  static sigmoid(
    x: usize,
    z: usize,
    loss: usize,
    gradient: usize,
    i: i32,
    scale: v128,
    whole: bool,
  ): void {
    const at = (<usize>i) << 2;
    const logit = Lanes.get(x + at, whole);
    const label = Lanes.get(z + at, whole);
    const zero = f32x4.splat(0);
    const one = f32x4.splat(1);
    const e = Lanes.exp4(f32x4.neg(f32x4.abs(logit)));
    const linear = f32x4.sub(f32x4.max(logit, zero), f32x4.mul(logit, label));
    const top = v128.bitselect(one, e, f32x4.ge(logit, zero));
    const p = f32x4.div(top, f32x4.add(one, e));
    Lanes.put(loss + at, f32x4.add(linear, Lanes.log1p4(e)), whole);
    Lanes.put(gradient + at, f32x4.mul(scale, f32x4.sub(p, label)), whole);
  }
}

/** x, z, gradient [rows, c], loss [rows]. Threads share rows. */
export function softmaxCrossEntropy(
  x: usize,
  z: usize,
  loss: usize,
  gradient: usize,
  rows: i32,
  c: i32,
  scale: f32,
  part: i32,
  parts: i32,
): void {
  const end = shareStart(rows, part + 1, parts, 1);
  const width = (<usize>c) << 2;
  const fours = (<usize>(c & ~3)) << 2;
  for (let row = shareStart(rows, part, parts, 1); row < end; row++) {
    const xs = x + <usize>row * width;
    const zs = z + <usize>row * width;
    const gs = gradient + <usize>row * width;

    let tops = f32x4.splat(-f32.MAX_VALUE);
    let k: usize = 0;
    for (; k < fours; k += 16) tops = f32x4.max(tops, v128.load(xs + k));
    let top = Lanes.maxLane(tops);
    for (; k < width; k += 4) top = max(top, load<f32>(xs + k));

    const shift = f32x4.splat(top);
    let sums = f32x4.splat(0);
    let masses = f32x4.splat(0);
    for (k = 0; k < fours; k += 16) {
      const e = Lanes.exp4(f32x4.sub(v128.load(xs + k), shift));
      v128.store(gs + k, e);
      sums = f32x4.add(sums, e);
      masses = f32x4.add(masses, v128.load(zs + k));
    }
    let sum = Lanes.sumLanes(sums);
    let mass = Lanes.sumLanes(masses);
    for (; k < width; k += 4) {
      const e = f32x4.extract_lane(Lanes.exp4(f32x4.sub(Lanes.get(xs + k, false), shift)), 0);
      store<f32>(gs + k, e);
      sum += e;
      mass += load<f32>(zs + k);
    }

    const log = top + Lanes.log1(sum);
    const logs = f32x4.splat(log);
    const times = f32x4.splat((scale * mass) / sum);
    const scales = f32x4.splat(scale);
    let costs = f32x4.splat(0);
    for (k = 0; k < fours; k += 16) {
      const label = v128.load(zs + k);
      costs = f32x4.add(costs, f32x4.mul(f32x4.sub(logs, v128.load(xs + k)), label));
      const slope = f32x4.sub(f32x4.mul(v128.load(gs + k), times), f32x4.mul(scales, label));
      v128.store(gs + k, slope);
    }
    let cost = Lanes.sumLanes(costs);
    for (; k < width; k += 4) {
      const label = load<f32>(zs + k);
      cost += (log - load<f32>(xs + k)) * label;
      store<f32>(gs + k, load<f32>(gs + k) * ((scale * mass) / sum) - scale * label);
    }
    store<f32>(loss + ((<usize>row) << 2), cost);
  }
}

/** All of n numbers. */
export function sigmoidCrossEntropy(
  x: usize,
  z: usize,
  loss: usize,
  gradient: usize,
  n: i32,
  scale: f32,
  part: i32,
  parts: i32,
): void {
  const end = shareStart(n, part + 1, parts, 64);
  const scales = f32x4.splat(scale);
  let i = shareStart(n, part, parts, 64);
  for (; i + 4 <= end; i += 4) Element.sigmoid(x, z, loss, gradient, i, scales, true);
  for (; i < end; i++) Element.sigmoid(x, z, loss, gradient, i, scales, false);
}
