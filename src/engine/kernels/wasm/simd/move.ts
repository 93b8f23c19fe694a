/** AssemblyScript: moves runs of bytes: transposes whose last axis stays, rows by index, parts of rows. */
import { shareStart } from './range';

/** x [outer, m, n] of runs of `run` bytes → [outer, n, m]. Threads share outer · n. */
export function swapMiddle(
  x: usize,
  out: usize,
  outer: i32,
  m: i32,
  n: i32,
  run: i32,
  part: i32,
  parts: i32,
): void {
  const bytes = <usize>run;
  const end = shareStart(outer * n, part + 1, parts, 1);
  for (let unit = shareStart(outer * n, part, parts, 1); unit < end; unit++) {
    const o = unit / n;
    const j = unit % n;
    let from = x + (<usize>o * m * n + j) * bytes;
    let to = out + <usize>unit * m * bytes;
    for (let i = 0; i < m; i++) {
      if (bytes & 15) {
        for (let k: usize = 0; k < bytes; k += 4) store<u32>(to + k, load<u32>(from + k));
      } else {
        for (let k: usize = 0; k < bytes; k += 16) v128.store(to + k, v128.load(from + k));
      }
      from += <usize>n * bytes;
      to += bytes;
    }
  }
}

/** out[o, i] = x[o, ids[i]], runs of `run` bytes; x [outer, count], ids [n] within 0 … count − 1. */
export function gatherRuns(
  x: usize,
  ids: usize,
  out: usize,
  outer: i32,
  count: i32,
  n: i32,
  run: i32,
  part: i32,
  parts: i32,
): void {
  const bytes = <usize>run;
  const end = shareStart(outer * n, part + 1, parts, 1);
  for (let unit = shareStart(outer * n, part, parts, 1); unit < end; unit++) {
    const id = load<i32>(ids + ((<usize>(unit % n)) << 2));
    memory.copy(out + <usize>unit * bytes, x + (<usize>(unit / n) * count + id) * bytes, bytes);
  }
}

/** Copies `rows` runs of `run` bytes between rows of other widths, all in bytes. */
export function copyRuns(
  x: usize,
  out: usize,
  rows: i32,
  run: i32,
  xStep: i32,
  outStep: i32,
  part: i32,
  parts: i32,
): void {
  const end = shareStart(rows, part + 1, parts, 1);
  for (let row = shareStart(rows, part, parts, 1); row < end; row++) {
    memory.copy(out + <usize>row * outStep, x + <usize>row * xStep, <usize>run);
  }
}
