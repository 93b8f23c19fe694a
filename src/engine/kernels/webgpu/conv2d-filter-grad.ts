/**
 * The gradient of a convolution by its filter as a tiled matrix product, split over the positions. The published kernel
 * gives each weight one thread that walks all positions: 864 threads for the first layer of a small network.
 */
import { backend_util, util, type KernelConfig, type KernelFunc } from '@tensorflow/tfjs-core';
import type { WebgpuBackend } from './backend.ts';
import { columnSum } from './column-sum.ts';
import { record } from './record.ts';

/** A workgroup of 64 threads makes 32 × 32 weights, 4 × 4 a thread, from 16 positions at a time. */
const TILE = 32;
const DEPTH = 16;
/** Enough workgroups for any GPU, and the fewest positions that make one worth its while. */
const WORKGROUPS = 512;
const LEAST_PART = 256;

interface Attrs {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

const code = (): string => `
var<workgroup> patches: array<f32, ${TILE * DEPTH}>;
var<workgroup> slopes: array<f32, ${TILE * DEPTH}>;
---
  let corner = vec2(group.x, group.y) * ${TILE}u;
  let column = lane % ${TILE}u;
  let p = corner.x + column;
  let o = corner.y + column;
  let channel = p % u.channels;
  let tap = vec2((p / u.channels) / u.filterWidth, (p / u.channels) % u.filterWidth);
  let first = group.z * u.part;
  let end = min(first + u.part, u.positions);
  let mine = vec2(lane / 8u, lane % 8u) * 4u;
  var sum0 = vec4(0.0);
  var sum1 = vec4(0.0);
  var sum2 = vec4(0.0);
  var sum3 = vec4(0.0);
  for (var start = first; start < end; start += ${DEPTH}u) {
    for (var i = lane / ${TILE}u; i < ${DEPTH}u; i += 2u) {
      let k = start + i;
      var pixel = 0.0;
      var slope = 0.0;
      if (k < end && p < u.taps) {
        let at = vec2((k / u.outWidth) % u.outHeight, k % u.outWidth);
        let spot = vec2<i32>(at * vec2(u.strideHeight, u.strideWidth) + tap)
          - vec2<i32>(vec2(u.top, u.left));
        if (all(spot >= vec2(0)) && all(spot < vec2<i32>(vec2(u.inHeight, u.inWidth)))) {
          let image = k / (u.outWidth * u.outHeight);
          let place = (image * u.inHeight + u32(spot.x)) * u.inWidth + u32(spot.y);
          pixel = x(place * u.channels + channel);
        }
      }
      if (k < end && o < u.filters) { slope = dy(k * u.filters + o); }
      patches[i * ${TILE}u + column] = pixel;
      slopes[i * ${TILE}u + column] = slope;
    }
    workgroupBarrier();
    for (var i = 0u; i < ${DEPTH}u; i++) {
      let a = i * ${TILE}u + mine.x;
      let b = i * ${TILE}u + mine.y;
      let s = vec4(slopes[b], slopes[b + 1u], slopes[b + 2u], slopes[b + 3u]);
      sum0 += patches[a] * s;
      sum1 += patches[a + 1u] * s;
      sum2 += patches[a + 2u] * s;
      sum3 += patches[a + 3u] * s;
    }
    workgroupBarrier();
  }
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u; i++) {
    let row = corner.x + mine.x + i;
    for (var j = 0u; j < 4u; j++) {
      let outer = corner.y + mine.y + j;
      if (row < u.taps && outer < u.filters) {
        parts[(group.z * u.taps + row) * u.filters + outer] = sums[i][j];
      }
    }
  }`;

/**
 * x [n, h, w, c], dy [n, h′, w′, o] → dW [fh, fw, c, o], dW[i, j, c, o] = Σ x[n, i + s·y − top, j + s·x − left, c] ·
 * dy[n, y, x, o]. One dispatch, and one more that adds the parts up where the positions were split. Channels first, as
 * `published` does it.
 */
export const conv2DFilterGrad = (published: KernelFunc): KernelConfig => ({
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'webgpu',
  kernelFunc: (call) => {
    const backend = call.backend as WebgpuBackend;
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
    const filters = info.outChannels;
    const positions = info.batchSize * info.outHeight * info.outWidth;
    const patch = util.sizeFromShape(filterShape) / filters;
    if (positions * patch * filters === 0) return published(call);
    const tiles = [Math.ceil(patch / TILE), Math.ceil(filters / TILE)] as const;
    const most = Math.ceil(WORKGROUPS / (tiles[0] * tiles[1]));
    const count = Math.max(1, Math.min(most, Math.floor(positions / LEAST_PART)));
    const part = Math.ceil(positions / count / DEPTH) * DEPTH;
    const used = Math.ceil(positions / part);
    const parts = backend.makeTensorInfo([used, patch * filters], 'float32');
    record(backend, {
      name: 'Conv2DFilterGrad',
      code,
      reads: { x, dy },
      writes: { parts },
      integers: {
        positions,
        part,
        taps: patch,
        filters,
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
      workgroups: [...tiles, used],
    });
    if (used === 1) return { ...parts, shape: filterShape };
    const whole = columnSum(backend, parts, { outer: 1, rows: used, columns: patch * filters }, 1);
    backend.disposeData(parts.dataId);
    return { ...whole, shape: filterShape };
  },
});
