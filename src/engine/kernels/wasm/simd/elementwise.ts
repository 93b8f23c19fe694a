/** AssemblyScript: sums, differences (squared too), products and quotients with repeated operands. */
import { Lanes } from './lanes';
import { shareStart } from './range';

const ADD: i32 = 0;
const SUB: i32 = 1;
const MUL: i32 = 2;
const DIV: i32 = 3;
const SQUARED_DIFFERENCE: i32 = 4;

/** How an operand fills [rows, c]: all of it (0), one row [c] (1), one column [rows] (2), or one number (3). */
const FULL: i32 = 0;
const COLUMN: i32 = 2;

class Pairs {
  @inline
  static apply(operation: i32, a: v128, b: v128): v128 {
    if (operation == ADD) return f32x4.add(a, b);
    if (operation == SUB) return f32x4.sub(a, b);
    if (operation == MUL) return f32x4.mul(a, b);
    if (operation == DIV) return f32x4.div(a, b);
    const difference = f32x4.sub(a, b);
    return f32x4.mul(difference, difference);
  }

  /** One row from `from` to `end`, in bytes; an operand that is one number stays where it is. */
  @inline
  static row(
    operation: i32,
    a: usize,
    b: usize,
    out: usize,
    from: usize,
    end: usize,
    aOne: bool,
    bOne: bool,
  ): void {
    const a4 = v128.load32_splat(a);
    const b4 = v128.load32_splat(b);
    let k = from;
    for (; k + 16 <= end; k += 16) {
      const x = aOne ? a4 : v128.load(a + k);
      const y = bOne ? b4 : v128.load(b + k);
      v128.store(out + k, Pairs.apply(operation, x, y));
    }
    for (; k < end; k += 4) {
      const x = aOne ? a4 : v128.load32_zero(a + k);
      const y = bOne ? b4 : v128.load32_zero(b + k);
      Lanes.put(out + k, Pairs.apply(operation, x, y), false);
    }
  }

  @inline
  static rows(
    operation: i32,
    a: usize,
    b: usize,
    out: usize,
    first: i32,
    last: i32,
    width: usize,
    from: usize,
    end: usize,
    aMode: i32,
    bMode: i32,
  ): void {
    const aOne = aMode >= COLUMN;
    const bOne = bMode >= COLUMN;
    const aStep: usize = aMode == FULL ? width : aMode == COLUMN ? 4 : 0;
    const bStep: usize = bMode == FULL ? width : bMode == COLUMN ? 4 : 0;
    for (let row = first; row < last; row++) {
      const x = a + <usize>row * aStep;
      const y = b + <usize>row * bStep;
      const to = out + <usize>row * width;
      if (aOne) Pairs.row(operation, x, y, to, from, end, true, false);
      else if (bOne) Pairs.row(operation, x, y, to, from, end, false, true);
      else Pairs.row(operation, x, y, to, from, end, false, false);
    }
  }
}

/** out [rows, c] = a (operation) b; not both operands are single numbers in a row. Threads share rows, or one row. */
export function elementwise(
  operation: i32,
  a: usize,
  b: usize,
  out: usize,
  rows: i32,
  c: i32,
  aMode: i32,
  bMode: i32,
  part: i32,
  parts: i32,
): void {
  let first = 0;
  let last = rows;
  let from: usize = 0;
  let end = (<usize>c) << 2;
  const width = end;
  if (rows > 1) {
    first = shareStart(rows, part, parts, 1);
    last = shareStart(rows, part + 1, parts, 1);
  } else {
    from = (<usize>shareStart(c, part, parts, 1024)) << 2;
    end = (<usize>shareStart(c, part + 1, parts, 1024)) << 2;
  }
  if (operation == ADD) Pairs.rows(ADD, a, b, out, first, last, width, from, end, aMode, bMode);
  else if (operation == SUB)
    Pairs.rows(SUB, a, b, out, first, last, width, from, end, aMode, bMode);
  else if (operation == MUL)
    Pairs.rows(MUL, a, b, out, first, last, width, from, end, aMode, bMode);
  else if (operation == DIV)
    Pairs.rows(DIV, a, b, out, first, last, width, from, end, aMode, bMode);
  else Pairs.rows(SQUARED_DIFFERENCE, a, b, out, first, last, width, from, end, aMode, bMode);
}

/** out = scale · a · b, n numbers each. */
export function scaledProduct(
  a: usize,
  b: usize,
  out: usize,
  n: i32,
  scale: f32,
  part: i32,
  parts: i32,
): void {
  const end = (<usize>shareStart(n, part + 1, parts, 1024)) << 2;
  const scales = f32x4.splat(scale);
  let k = (<usize>shareStart(n, part, parts, 1024)) << 2;
  for (; k + 16 <= end; k += 16) {
    const product = f32x4.mul(v128.load(a + k), v128.load(b + k));
    v128.store(out + k, f32x4.mul(scales, product));
  }
  for (; k < end; k += 4) store<f32>(out + k, scale * (load<f32>(a + k) * load<f32>(b + k)));
}
