/** AssemblyScript: sums of rows that share a segment. */
import { shareStart } from './range';

/**
 * out[s, :] = Σ x[i, :] over the rows i with ids[i] = s; ids outside [0, segments) are left out.
 * x [rows, width] float32, ids [rows] int32, out [segments, width]. Each thread owns a range of segments.
 */
export function segmentSum(
  x: usize,
  ids: usize,
  out: usize,
  rows: i32,
  width: i32,
  segments: i32,
  part: i32,
  parts: i32,
): void {
  const first = shareStart(segments, part, parts, 1);
  const end = shareStart(segments, part + 1, parts, 1);
  memory.fill(out + ((<usize>first * width) << 2), 0, (<usize>(end - first) * width) << 2);
  for (let i = 0; i < rows; i++) {
    const id = load<i32>(ids + (i << 2));
    if (id < first || id >= end) continue;
    let from = x + ((<usize>i * width) << 2);
    let to = out + ((<usize>id * width) << 2);
    let k = 0;
    for (; k + 4 <= width; k += 4) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
      from += 16;
      to += 16;
    }
    for (; k < width; k++) {
      store<f32>(to, load<f32>(to) + load<f32>(from));
      from += 4;
      to += 4;
    }
  }
}
