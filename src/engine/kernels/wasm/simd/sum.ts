/** AssemblyScript: sums along one block of axes. */
import { shareStart } from './range';

/**
 * out[o, i] = scale · Σ_r x[o, r, i]. x [outer, reduce, inner], out [outer, inner]. Threads share the outer rows, or the
 * columns where there is one outer row.
 */
export function sum(
  x: usize,
  out: usize,
  outer: i32,
  reduce: i32,
  inner: i32,
  scale: f32,
  part: i32,
  parts: i32,
): void {
  const byColumn = outer == 1;
  const first = byColumn ? 0 : shareStart(outer, part, parts, 1);
  const end = byColumn ? 1 : shareStart(outer, part + 1, parts, 1);
  const from = byColumn ? shareStart(inner, part, parts, 16) : 0;
  const to = byColumn ? shareStart(inner, part + 1, parts, 16) : inner;
  const step = (<usize>inner) << 2;
  for (let o = first; o < end; o++) {
    const source = x + <usize>o * <usize>reduce * step;
    const target = out + <usize>o * step;
    if (inner == 1) {
      if (from < to) store<f32>(target, sumRow(source, reduce) * scale);
      continue;
    }
    let i = from;
    for (; i + 16 <= to; i += 16) {
      let p = source + (i << 2);
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let r = 0; r < reduce; r++, p += step) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32));
        s3 = f32x4.add(s3, v128.load(p, 48));
      }
      const q = target + (i << 2);
      const scale4 = f32x4.splat(scale);
      v128.store(q, f32x4.mul(s0, scale4));
      v128.store(q, f32x4.mul(s1, scale4), 16);
      v128.store(q, f32x4.mul(s2, scale4), 32);
      v128.store(q, f32x4.mul(s3, scale4), 48);
    }
    for (; i < to; i++) {
      let p = source + (i << 2);
      let total: f32 = 0;
      for (let r = 0; r < reduce; r++, p += step) total += load<f32>(p);
      store<f32>(target + (i << 2), total * scale);
    }
  }
}

/** Sixteen running sums: quicker than one, and nearer to the true sum. */
function sumRow(x: usize, length: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let k = 0;
  for (; k + 16 <= length; k += 16, x += 64) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x, 16));
    s2 = f32x4.add(s2, v128.load(x, 32));
    s3 = f32x4.add(s3, v128.load(x, 48));
  }
  s0 = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  let total: f32 =
    f32x4.extract_lane(s0, 0) +
    f32x4.extract_lane(s0, 1) +
    (f32x4.extract_lane(s0, 2) + f32x4.extract_lane(s0, 3));
  for (; k < length; k++, x += 4) total += load<f32>(x);
  return total;
}
