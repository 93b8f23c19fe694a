/** MaxPoolGrad and AvgPoolGrad: stock WASM walks them one number at a time. */
import * as tf from '@tensorflow/tfjs';
import type { WasmKernel } from './simd.ts';

type Shape4 = [number, number, number, number];

function poolInfo(attrs: tf.NamedAttrMap, x: readonly number[]): tf.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as {
    filterSize: [number, number];
    strides: [number, number];
    pad: 'valid' | 'same' | number;
    dimRoundingMode?: 'floor' | 'round' | 'ceil';
  };
  return tf.backend_util.computePool2DInfo(
    x as Shape4,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** Numbers that the functions of simd/pool.ts share, in their order. */
const shape = (info: tf.backend_util.Conv2DInfo): readonly number[] => [
  info.batchSize,
  info.inHeight,
  info.inWidth,
  info.inChannels,
  info.outHeight,
  info.outWidth,
  info.filterHeight,
  info.filterWidth,
  info.strideHeight,
  info.strideWidth,
  info.padInfo.top,
  info.padInfo.left,
];

/** dy and the pooled `output` [n, h', w', c], input [n, h, w, c] → dx: each dy goes to the first largest of its window. */
export const maxPoolGrad: WasmKernel = (simd, { inputs, attrs }) => {
  const { dy, input, output } = inputs as Record<'dy' | 'input' | 'output', tf.TensorInfo>;
  const dx = simd.output(input.shape);
  const places = [dy, input, output, dx].map((tensor) => simd.address(tensor));
  const parts = simd.parts(tf.util.sizeFromShape(input.shape) * 4);
  simd.share(parts, 'maxPoolGrad', ...places, ...shape(poolInfo(attrs, input.shape)));
  return dx;
};

/** dy [n, h', w', c], input [n, h, w, c] → dx: each dy spread evenly over its window. */
export const avgPoolGrad: WasmKernel = (simd, { inputs, attrs }) => {
  const { dy, input } = inputs as Record<'dy' | 'input', tf.TensorInfo>;
  const dx = simd.output(input.shape);
  const info = poolInfo(attrs, input.shape);
  const scale = 1 / (info.filterHeight * info.filterWidth);
  const parts = simd.parts(tf.util.sizeFromShape(input.shape) * 4);
  simd.share(parts, 'avgPoolGrad', simd.address(dy), simd.address(dx), scale, ...shape(info));
  return dx;
};
