/** Add, Sub, SquaredDifference, Multiply, RealDiv, ScaledProduct and Cast on the WASM heap, called without copying shapes to it. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { FILL, pattern } from '../shapes.ts';
import type { ScaledProduct } from '../fused/contracts.ts';
import type { WasmKernel } from './simd.ts';

/** a and b of shapes that fit each other → their elementwise combination; other types and patterns go to stock. */
const binary =
  (operation: number): WasmKernel =>
  (simd, { inputs, stock }) => {
    const a = inputs['a'] as TensorInfo;
    const b = inputs['b'] as TensorInfo;
    if (a.dtype !== 'float32' || b.dtype !== 'float32') return stock();
    const fits = pattern(a.shape, b.shape);
    // One number beside one number, or beside a column of others, has no row to run along.
    if (!fits || (fits.a >= FILL.column && fits.b >= FILL.column)) return stock();
    const out = simd.output(fits.shape);
    const addresses = [simd.address(a), simd.address(b), simd.address(out)];
    simd.share(
      simd.parts(fits.rows * fits.c * 4),
      'elementwise',
      operation,
      ...addresses,
      fits.rows,
      fits.c,
      fits.a,
      fits.b,
    );
    return out;
  };

export const add = binary(0);
export const sub = binary(1);
export const multiply = binary(2);
export const realDiv = binary(3);
export const squaredDifference = binary(4);

export const scaledProduct: WasmKernel = (simd, { inputs, attrs }) => {
  const { a, b } = inputs as unknown as ScaledProduct['inputs'];
  const { scale } = attrs as unknown as ScaledProduct['attrs'];
  const out = simd.output(a.shape);
  const size = util.sizeFromShape(a.shape);
  simd.share(
    simd.parts(size * 4),
    'scaledProduct',
    simd.address(a),
    simd.address(b),
    simd.address(out),
    size,
    scale,
  );
  return [out];
};

/** To the type that it has already: no copy. */
export const cast: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as TensorInfo;
  return x.dtype === attrs['dtype'] ? simd.view(x, x.shape) : stock();
};
