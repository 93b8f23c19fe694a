/**
 * The gradient of a convolution by its filter as a tiled product. The published kernel gives each weight one thread that
 * walks all positions: 864 threads for the first layer of a small network.
 */
import { backend_util, util, type KernelConfig, type KernelFunc } from '@tensorflow/tfjs-core';
import type { WebgpuBackend } from './backend.ts';
import { splitProduct } from './split-product.ts';

interface Attrs {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/** Row `p` is a tap of the filter and a channel; position `k` is a place of dy. */
const TAP = `
  let channel = p % u.channels;
  let tap = vec2((p / u.channels) / u.filterWidth, (p / u.channels) % u.filterWidth);`;
const PIXEL = `
        let at = vec2((k / u.outWidth) % u.outHeight, k % u.outWidth);
        let spot = vec2<i32>(at * vec2(u.strideHeight, u.strideWidth) + tap)
          - vec2<i32>(vec2(u.top, u.left));
        if (all(spot >= vec2(0)) && all(spot < vec2<i32>(vec2(u.inHeight, u.inWidth)))) {
          let image = k / (u.outWidth * u.outHeight);
          let place = (image * u.inHeight + u32(spot.x)) * u.inWidth + u32(spot.y);
          a = x(place * u.channels + channel);
        }`;

/**
 * x [n, h, w, c], dy [n, h′, w′, o] → dW [fh, fw, c, o], dW[i, j, c, o] = Σ x[n, i + s·y − top, j + s·x − left, c] ·
 * dy[n, y, x, o]. Channels first, as `published` does it.
 */
export const conv2DFilterGrad = (published: KernelFunc): KernelConfig => ({
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'webgpu',
  kernelFunc: (call) => {
    const { x, dy } = call.inputs;
    const attrs = call.attrs as unknown as Attrs;
    if (!x || !dy || attrs.dataFormat === 'NCHW') return published(call);
    const { filterShape } = attrs;
    const info = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      attrs.strides,
      1,
      attrs.pad,
      attrs.dimRoundingMode,
    );
    const columns = info.outChannels;
    const positions = info.batchSize * info.outHeight * info.outWidth;
    const rows = util.sizeFromShape(filterShape) / columns;
    if (positions * rows * columns === 0) return published(call);
    const sums = splitProduct(call.backend as WebgpuBackend, {
      name: 'Conv2DFilterGrad',
      reads: { x, dy },
      rows,
      columns,
      positions,
      before: TAP,
      left: PIXEL,
      right: 'b = dy(k * u.columns + o);',
      integers: {
        channels: info.inChannels,
        filterWidth: info.filterWidth,
        strideHeight: info.strideHeight,
        strideWidth: info.strideWidth,
        top: info.padInfo.top,
        left: info.padInfo.left,
        inHeight: info.inHeight,
        inWidth: info.inWidth,
        outHeight: info.outHeight,
        outWidth: info.outWidth,
      },
    });
    return { ...sums, shape: filterShape };
  },
});
