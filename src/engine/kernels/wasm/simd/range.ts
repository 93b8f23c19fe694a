/** AssemblyScript: which share of a loop belongs to one thread. */

/** First index of share `part` of `parts` over `n` things, in multiples of `grain`; share `parts` starts at n. */
export function shareStart(n: i32, part: i32, parts: i32, grain: i32): i32 {
  if (part >= parts) return n;
  const blocks = (n + grain - 1) / grain;
  const start = <i32>((<i64>blocks * part) / parts) * grain;
  return start < n ? start : n;
}
