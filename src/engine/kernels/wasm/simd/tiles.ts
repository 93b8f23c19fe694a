/**
 * AssemblyScript: the two inner loops that all matrix products and convolutions are made of. Each computes a tile of
 * 4 rows × 8 columns of C = A·B in eight registers. `b` walks by `bStep` bytes from one k to the next, 8 columns each.
 */

/** What to do with the finished tile. */
export const ADD: i32 = 1;
export const RELU: i32 = 2;

/** a · b + c; one instruction (and one rounding) where relaxed SIMD is there. */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<f32>(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

function put(c: usize, low: v128, high: v128, then: i32): void {
  if (then & ADD) {
    low = f32x4.add(low, v128.load(c));
    high = f32x4.add(high, v128.load(c, 16));
  }
  if (then & RELU) {
    const zero = f32x4.splat(0);
    // pmax(a, b) is a < b ? b : a, with the accumulator first: a NaN stays, as in stock relu.
    low = f32x4.pmax(low, zero);
    high = f32x4.pmax(high, zero);
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}

/**
 * Rows of A lie anywhere (a0 … a3), along k in `outer` × `inner` runs of `run` floats; the steps between runs are in
 * bytes. A plain matrix has outer = inner = 1. The tile starts from `bias` (8 floats, or address 0 for none).
 */
export function rowTile(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  outer: i32,
  outerStep: usize,
  inner: i32,
  innerStep: usize,
  run: i32,
  b: usize,
  bStep: usize,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  bias: usize,
  then: i32,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  if (bias) {
    s00 = v128.load(bias);
    s01 = v128.load(bias, 16);
  }
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  // One address that moves, and no unrolling: engines keep all of this in registers, and it runs twice as fast for it.
  const d1 = a1 - a0;
  const d2 = a2 - a0;
  const d3 = a3 - a0;
  for (let o = 0; o < outer; o++) {
    let q = a0;
    for (let i = 0; i < inner; i++) {
      let p = q;
      for (let k = run; k > 0; k--) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        let x = v128.load32_splat(p);
        s00 = madd(x, b0, s00);
        s01 = madd(x, b1, s01);
        x = v128.load32_splat(p + d1);
        s10 = madd(x, b0, s10);
        s11 = madd(x, b1, s11);
        x = v128.load32_splat(p + d2);
        s20 = madd(x, b0, s20);
        s21 = madd(x, b1, s21);
        x = v128.load32_splat(p + d3);
        s30 = madd(x, b0, s30);
        s31 = madd(x, b1, s31);
        b += bStep;
        p += 4;
      }
      q += innerStep;
    }
    a0 += outerStep;
  }
  put(c0, s00, s01, then);
  put(c1, s10, s11, then);
  put(c2, s20, s21, then);
  put(c3, s30, s31, then);
}

/**
 * Rows of A are neighbours in memory (a, a + 4, a + 8, a + 12 bytes). k runs over `outer` × `inner` runs of `run`
 * points; from one point to the next A walks by `step` bytes, from one run to the next by `innerStep`, and so on.
 * A plain matrix has outer = inner = 1. The tile starts from `bias`, as above.
 */
export function columnTile(
  a: usize,
  outer: i32,
  outerStep: usize,
  inner: i32,
  innerStep: usize,
  run: i32,
  step: usize,
  b: usize,
  bStep: usize,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  bias: usize,
  then: i32,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  if (bias) {
    s00 = v128.load(bias);
    s01 = v128.load(bias, 16);
  }
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  for (let o = 0; o < outer; o++) {
    let row = a;
    for (let i = 0; i < inner; i++) {
      let p = row;
      for (let k = 0; k < run; k++) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        let x = v128.load32_splat(p);
        s00 = madd(x, b0, s00);
        s01 = madd(x, b1, s01);
        x = v128.load32_splat(p, 4);
        s10 = madd(x, b0, s10);
        s11 = madd(x, b1, s11);
        x = v128.load32_splat(p, 8);
        s20 = madd(x, b0, s20);
        s21 = madd(x, b1, s21);
        x = v128.load32_splat(p, 12);
        s30 = madd(x, b0, s30);
        s31 = madd(x, b1, s31);
        p += step;
        b += bStep;
      }
      row += innerStep;
    }
    a += outerStep;
  }
  put(c0, s00, s01, then);
  put(c1, s10, s11, then);
  put(c2, s20, s21, then);
  put(c3, s30, s31, then);
}

/** Moves the `rows` × `cols` corner of a finished tile (4 × 8 floats) to C, as `then` says. */
export function putCorner(
  tile: usize,
  rows: i32,
  cols: i32,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  then: i32,
): void {
  for (let i = 0; i < rows; i++) {
    const c = i == 0 ? c0 : i == 1 ? c1 : i == 2 ? c2 : c3;
    for (let j = 0; j < cols; j++) {
      let value = load<f32>(tile + (i << 5) + (j << 2));
      if (then & ADD) value += load<f32>(c + (j << 2));
      if (then & RELU && value < 0) value = 0;
      store<f32>(c + (j << 2), value);
    }
  }
}

/**
 * Copies 8 columns of a matrix [k, …] to `panel` [k, 8]; the columns past `cols` become zero. From one k to the next
 * B walks by `kStep` bytes, from one column to the next by `columnStep`.
 */
export function packPanel(
  b: usize,
  kStep: usize,
  columnStep: usize,
  k: i32,
  cols: i32,
  panel: usize,
): void {
  if (cols == 8 && columnStep == 4) {
    for (let i = 0; i < k; i++) {
      v128.store(panel, v128.load(b));
      v128.store(panel, v128.load(b, 16), 16);
      b += kStep;
      panel += 32;
    }
    return;
  }
  if (cols == 8 && kStep == 4) {
    let i = 0;
    for (; i + 4 <= k; i += 4) {
      transpose4(b, columnStep, panel);
      transpose4(b + (columnStep << 2), columnStep, panel + 16);
      b += 16;
      panel += 128;
    }
    for (; i < k; i++) {
      for (let j: usize = 0; j < 8; j++) {
        store<f32>(panel + (j << 2), load<f32>(b + j * columnStep));
      }
      b += 4;
      panel += 32;
    }
    return;
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < 8; j++) {
      const value: f32 = j < cols ? load<f32>(b + <usize>j * columnStep) : 0;
      store<f32>(panel + (j << 2), value);
    }
    b += kStep;
    panel += 32;
  }
}

/** Four rows of four floats, `step` bytes apart, become four columns of `to`, whose rows are 32 bytes apart. */
function transpose4(from: usize, step: usize, to: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + step);
  const r2 = v128.load(from + 2 * step);
  const r3 = v128.load(from + 3 * step);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7), 32);
  v128.store(to, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5), 64);
  v128.store(to, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7), 96);
}
