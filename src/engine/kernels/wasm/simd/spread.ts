/** AssemblyScript: gradients of a sum over neighbouring axes and of softmax. */
import { Lanes } from './lanes';
import { shareStart } from './range';

/** out[o, r, i] = scale · x[o, i]; x [outer, inner], out [outer, reduced, inner]. Threads share r. */
export function spread(
  x: usize,
  out: usize,
  outer: i32,
  reduced: i32,
  inner: i32,
  scale: f32,
  part: i32,
  parts: i32,
): void {
  const first = shareStart(reduced, part, parts, 1);
  const last = shareStart(reduced, part + 1, parts, 1);
  const scales = f32x4.splat(scale);
  const width = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++) {
    const from = x + <usize>o * width;
    let to = out + (<usize>o * reduced + first) * width;
    if (inner == 1) {
      const value = scale * load<f32>(from);
      const values = f32x4.splat(value);
      const end = to + ((<usize>(last - first)) << 2);
      for (; to + 16 <= end; to += 16) v128.store(to, values);
      for (; to < end; to += 4) store<f32>(to, value);
      continue;
    }
    for (let r = first; r < last; r++, to += width) {
      let k: usize = 0;
      for (; k + 16 <= width; k += 16) v128.store(to + k, f32x4.mul(scales, v128.load(from + k)));
      for (; k < width; k += 4) store<f32>(to + k, scale * load<f32>(from + k));
    }
  }
}

/** dx = y · (dy − Σ dy · y) in each of `rows` rows of c. Threads share rows. */
export function softmaxGrad(
  dy: usize,
  y: usize,
  dx: usize,
  rows: i32,
  c: i32,
  part: i32,
  parts: i32,
): void {
  const end = shareStart(rows, part + 1, parts, 1);
  const width = (<usize>c) << 2;
  for (let row = shareStart(rows, part, parts, 1); row < end; row++) {
    const d = dy + <usize>row * width;
    const p = y + <usize>row * width;
    const to = dx + <usize>row * width;
    let sums = f32x4.splat(0);
    let k: usize = 0;
    for (; k + 16 <= width; k += 16) {
      sums = f32x4.add(sums, f32x4.mul(v128.load(d + k), v128.load(p + k)));
    }
    let sum = Lanes.sumLanes(sums);
    for (; k < width; k += 4) sum += load<f32>(d + k) * load<f32>(p + k);
    const all = f32x4.splat(sum);
    k = 0;
    for (; k + 16 <= width; k += 16) {
      v128.store(to + k, f32x4.mul(v128.load(p + k), f32x4.sub(v128.load(d + k), all)));
    }
    for (; k < width; k += 4) store<f32>(to + k, load<f32>(p + k) * (load<f32>(d + k) - sum));
  }
}
