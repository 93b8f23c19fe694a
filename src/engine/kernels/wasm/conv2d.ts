/**
 * Conv2D, FusedConv2D and the two gradients of a convolution, plain and depthwise: stock WASM has no gradient for a
 * filter, is slow for the input, and lays the filter out anew at every step of a training.
 */
import * as tf from '@tensorflow/tfjs';
import type { Simd, WasmKernel } from './simd.ts';

type Shape4 = [number, number, number, number];
type Info = tf.backend_util.Conv2DInfo;

/** Numbers of the convolution that the functions of simd/conv.ts share, in their order. */
const shape = (info: Info): readonly number[] => [
  info.batchSize,
  info.inHeight,
  info.inWidth,
  info.inChannels,
  info.outHeight,
  info.outWidth,
  info.outChannels,
  info.filterHeight,
  info.filterWidth,
  info.strideHeight,
  info.strideWidth,
  info.dilationHeight,
  info.dilationWidth,
  info.padInfo.top,
  info.padInfo.left,
];

/** Floats of one padded image. */
const imageSize = (info: Info): number =>
  ((info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight) *
  ((info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth) *
  info.inChannels;

/** Multiplications of the convolution, and of either of its gradients. */
const cost = (info: Info): number =>
  tf.util.sizeFromShape(info.outShape) * info.filterHeight * info.filterWidth * info.inChannels;

const eights = (channels: number): number => Math.ceil(channels / 8) * 8;

function infoOf(
  attrs: tf.NamedAttrMap,
  x: readonly number[],
  filter: readonly number[],
  depthwise = false,
): Info {
  return tf.backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    attrs['strides'] as number,
    (attrs['dilations'] ?? 1) as number,
    attrs['pad'] as 'same' | 'valid' | number,
    attrs['dimRoundingMode'] as 'floor' | undefined,
    depthwise,
    tf.backend_util.convertConv2DDataFormat((attrs['dataFormat'] ?? 'NHWC') as 'NHWC'),
  );
}

function convolve(
  simd: Simd,
  info: Info,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  bias: number,
  relu: boolean,
) {
  const out = simd.output(info.outShape);
  const depth = info.filterHeight * info.filterWidth * info.inChannels;
  const bytes = 4 * (32 + eights(info.outChannels) * depth + imageSize(info));
  const parts = simd.parts(cost(info));
  simd.scratch(bytes * parts, (scratch) => {
    simd.share(
      parts,
      'conv',
      simd.address(x),
      simd.address(filter),
      bias,
      simd.address(out),
      scratch,
      bytes,
      ...shape(info),
      Number(relu),
    );
  });
  return out;
}

/** x [n, h, w, in] ∗ filter [kh, kw, in, out] → [n, h', w', out]. */
export const conv2d: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as tf.TensorInfo;
  const filter = inputs['filter'] as tf.TensorInfo;
  if (attrs['dataFormat'] === 'NCHW') return stock();
  return convolve(simd, infoOf(attrs, x.shape, filter.shape), x, filter, 0, false);
};

/**
 * Conv2D with bias [out] and an activation in one pass: none or relu. The other activations, and prelu's weights, are
 * left to stock.
 */
export const fusedConv2d: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const { x, filter, bias } = inputs as {
    x: tf.TensorInfo;
    filter: tf.TensorInfo;
    bias?: tf.TensorInfo;
  };
  const activation = attrs['activation'] as string;
  if (attrs['dataFormat'] === 'NCHW' || !['linear', 'relu'].includes(activation)) return stock();
  const from = bias ? simd.address(bias) : 0;
  return convolve(
    simd,
    infoOf(attrs, x.shape, filter.shape),
    x,
    filter,
    from,
    activation === 'relu',
  );
};

/** dy [n, h', w', out], filter → dx [n, h, w, in] (attr `inputShape`). */
export const conv2dBackpropInput: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const dy = inputs['dy'] as tf.TensorInfo;
  const filter = inputs['filter'] as tf.TensorInfo;
  if (attrs['dataFormat'] === 'NCHW') return stock();
  const inputShape = attrs['inputShape'] as number[];
  const info = infoOf(attrs, inputShape, filter.shape);
  const out = simd.output(inputShape);
  const taps = info.filterHeight * info.filterWidth;
  const bytes = 4 * (32 + taps * eights(info.inChannels) * info.outChannels + imageSize(info));
  const parts = simd.parts(cost(info));
  simd.scratch(bytes * parts, (scratch) => {
    simd.share(
      parts,
      'convInputGrad',
      simd.address(dy),
      simd.address(filter),
      simd.address(out),
      scratch,
      bytes,
      ...shape(info),
    );
  });
  return out;
};

/** x [n, h, w, in], dy [n, h', w', out] → dfilter [kh, kw, in, out] (attr `filterShape`). */
export const conv2dBackpropFilter: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const x = inputs['x'] as tf.TensorInfo;
  const dy = inputs['dy'] as tf.TensorInfo;
  if (attrs['dataFormat'] === 'NCHW') return stock();
  const filterShape = attrs['filterShape'] as number[];
  const info = infoOf(attrs, x.shape, filterShape);
  const out = simd.output(filterShape);
  const points = info.outHeight * info.outWidth;
  // Small images go together: a tile of the filter's gradient is loaded and stored once a group.
  const group = Math.max(1, Math.min(info.batchSize, Math.floor(256 / points)));
  const bytes = 4 * (32 + group * (points * 8 + imageSize(info)));
  // Every part pads every image for itself.
  const parts = simd.parts(cost(info), info.padInfo.type === 'VALID' ? undefined : 1);
  simd.scratch(bytes * parts, (scratch) => {
    simd.share(
      parts,
      'convFilterGrad',
      simd.address(x),
      simd.address(dy),
      simd.address(out),
      scratch,
      bytes,
      group,
      ...shape(info),
    );
  });
  return out;
};

/**
 * x [n, h, w, in], filter [kh, kw, in, m] → [n, h', w', in·m]. Stock gives zeros when the strides differ and padding is
 * `same`.
 */
export const depthwiseConv2d: WasmKernel = (simd, { inputs, attrs }) => {
  const { x, filter } = inputs as Record<'x' | 'filter', tf.TensorInfo>;
  const info = infoOf(attrs, x.shape, filter.shape, true);
  const out = simd.output(info.outShape);
  const places = [x, filter, out].map((tensor) => simd.address(tensor));
  simd.share(simd.parts(cost(info) / info.inChannels), 'depthwise', ...places, ...shape(info));
  return out;
};

/** dy [n, h', w', in·m], filter [kh, kw, in, m] → dx [n, h, w, in] (attr `inputShape`). */
export const depthwiseBackpropInput: WasmKernel = (simd, { inputs, attrs }) => {
  const { dy, filter } = inputs as Record<'dy' | 'filter', tf.TensorInfo>;
  const inputShape = attrs['inputShape'] as number[];
  const info = infoOf(attrs, inputShape, filter.shape, true);
  const out = simd.output(inputShape);
  const places = [dy, filter, out].map((tensor) => simd.address(tensor));
  simd.share(
    simd.parts(cost(info) / info.inChannels),
    'depthwiseInputGrad',
    ...places,
    ...shape(info),
  );
  return out;
};

/** x [n, h, w, in], dy [n, h', w', in·m] → dfilter [kh, kw, in, m] (attr `filterShape`). */
export const depthwiseBackpropFilter: WasmKernel = (simd, { inputs, attrs }) => {
  const { x, dy } = inputs as Record<'x' | 'dy', tf.TensorInfo>;
  const filterShape = attrs['filterShape'] as number[];
  const info = infoOf(attrs, x.shape, filterShape, true);
  const out = simd.output(filterShape);
  const places = [x, dy, out].map((tensor) => simd.address(tensor));
  simd.share(
    simd.parts(cost(info) / info.inChannels),
    'depthwiseFilterGrad',
    ...places,
    ...shape(info),
  );
  return out;
};
