/** Add, Sub, Multiply, RealDiv, ScaledProduct and Cast on the WASM heap, called without copying shapes to it. */
import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { ScaledProduct } from '../fused/contracts.ts';
import type { WasmKernel } from './simd.ts';

/** Codes of simd/elementwise.ts. */
const [FULL, ROW, COLUMN, ONE] = [0, 1, 2, 3];

/** How an operand fills `out`: the code and, where it is a row or a column, the number of rows that it makes. */
function fills(shape: readonly number[], out: readonly number[]) {
  const size = util.sizeFromShape(shape as number[]);
  const total = util.sizeFromShape(out as number[]);
  if (size === total) return { mode: FULL };
  if (size === 1) return { mode: ONE };
  const missing = out.length - shape.length;
  let from = 0;
  while (from < out.length && (from < missing || shape[from - missing] === 1)) from++;
  let to = out.length;
  while (to > missing && shape[to - missing - 1] === 1) to--;
  const whole = (start: number, end: number): boolean => {
    for (let axis = start; axis < end; axis++) {
      if (shape[axis - missing] !== out[axis]) return false;
    }
    return true;
  };
  if (whole(from, out.length)) return { mode: ROW, rows: total / size };
  if (missing === 0 && whole(0, to)) return { mode: COLUMN, rows: size };
  return undefined;
}

/** a and b of shapes that fit each other → their elementwise combination; other types and patterns go to stock. */
const binary =
  (operation: number): WasmKernel =>
  (simd, { inputs, stock }) => {
    const a = inputs['a'] as TensorInfo;
    const b = inputs['b'] as TensorInfo;
    if (a.dtype !== 'float32' || b.dtype !== 'float32') return stock();
    const shape = util.arraysEqual(a.shape, b.shape)
      ? a.shape
      : backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const size = util.sizeFromShape(shape);
    const [x, y] = [fills(a.shape, shape), fills(b.shape, shape)];
    if (size === 0 || !x || !y) return stock();
    // One number beside one number, or beside a column of others, has no row to run along.
    if (x.mode !== FULL && y.mode !== FULL && (x.mode >= COLUMN ? y.mode >= COLUMN : false)) {
      return stock();
    }
    const rows = x.rows ?? y.rows ?? 1;
    if ((x.rows ?? rows) !== rows || (y.rows ?? rows) !== rows) return stock();
    const out = simd.output(shape);
    const addresses = [simd.address(a), simd.address(b), simd.address(out)];
    simd.run('elementwise', operation, ...addresses, rows, size / rows, x.mode, y.mode);
    return out;
  };

export const add = binary(0);
export const sub = binary(1);
export const multiply = binary(2);
export const realDiv = binary(3);

export const scaledProduct: WasmKernel = (simd, { inputs, attrs }) => {
  const { a, b } = inputs as unknown as ScaledProduct['inputs'];
  const { scale } = attrs as unknown as ScaledProduct['attrs'];
  const out = simd.output(a.shape);
  const size = util.sizeFromShape(a.shape);
  simd.run('scaledProduct', simd.address(a), simd.address(b), simd.address(out), size, scale);
  return [out];
};

/** To the type that it has already: no copy. */
export const cast: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as TensorInfo;
  return x.dtype === attrs['dtype'] ? simd.view(x, x.shape) : stock();
};
