/** Sum and Mean: stock WASM transposes the whole tensor first when other than the last axes are summed. */
import * as tf from '@tensorflow/tfjs';
import type { WasmKernel } from './simd.ts';

const reduction =
  (mean: boolean): WasmKernel =>
  (simd, { inputs, attrs, stock }) => {
    const x = inputs['x'] as tf.TensorInfo;
    const axes = tf.util.parseAxisParam(attrs['axis'] as number | number[], x.shape);
    const sorted = axes.toSorted((a, b) => a - b);
    const [first = 0] = sorted;
    const last = sorted.at(-1) ?? 0;
    // Axes that are not neighbours, and integers, are left to stock.
    if (x.dtype !== 'float32' || axes.length === 0 || last - first + 1 !== axes.length)
      return stock();
    const outer = tf.util.sizeFromShape(x.shape.slice(0, first));
    const reduce = tf.util.sizeFromShape(x.shape.slice(first, last + 1));
    const inner = tf.util.sizeFromShape(x.shape.slice(last + 1));
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const out = simd.output(
      attrs['keepDims'] ? kept : x.shape.filter((_, axis) => !axes.includes(axis)),
    );
    const scale = mean ? 1 / reduce : 1;
    simd.share(
      simd.parts(outer * reduce * inner),
      'sum',
      simd.address(x),
      simd.address(out),
      outer,
      reduce,
      inner,
      scale,
    );
    return out;
  };

/** x summed over attr `axis`; `keepDims` leaves those axes with size 1. */
export const sum = reduction(false);
/** The same divided by the number of elements summed. */
export const mean = reduction(true);
