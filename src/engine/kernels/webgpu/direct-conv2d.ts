/**
 * Convolution and its gradient by the input for a processor that plays GPU: each thread makes 4 places × 4 channels
 * straight from the tensors, without the barriers of the published tiles. A real GPU keeps the published kernels.
 */
import { backend_util, util, type KernelConfig, type KernelFunc } from '@tensorflow/tfjs-core';
import { onProcessor, type WebgpuBackend } from './backend.ts';
import { GROUP, MOST_GROUPS, record } from './record.ts';

type Four = [number, number, number, number];
interface Attrs {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly inputShape?: Four;
}

/** `from`, `weight`: WGSL that finds a place of what is summed over, and the weights that meet it. */
const code = (from: string, weight: string): string => `
  let across = (u.outer + 3u) / 4u;
  let first = id.x / across * 4u;
  if (first >= u.places) { return; }
  let left = id.x % across * 4u;
  var o: array<u32, 4>;
  var image: array<u32, 4>;
  var at: array<vec2<i32>, 4>;
  for (var i = 0u; i < 4u; i++) {
    o[i] = min(left + i, u.outer - 1u);
    let place = min(first + i, u.places - 1u);
    image[i] = place / (u.height * u.width);
    at[i] = vec2<i32>(vec2((place / u.width) % u.height, place % u.width));
  }
  let pad = vec2<i32>(vec2(u.top, u.left));
  let stride = vec2<i32>(vec2(u.strideHeight, u.strideWidth));
  let dilation = vec2<i32>(vec2(u.dilationHeight, u.dilationWidth));
  let limit = vec2<i32>(vec2(u.fromHeight, u.fromWidth));
  var sum0 = vec4(0.0);
  var sum1 = vec4(0.0);
  var sum2 = vec4(0.0);
  var sum3 = vec4(0.0);
  for (var tap = 0u; tap < u.filterHeight * u.filterWidth; tap++) {
    let shift = vec2<i32>(vec2(tap / u.filterWidth, tap % u.filterWidth)) * dilation;
    var start: array<u32, 4>;
    var here = vec4(0.0);
    for (var i = 0u; i < 4u; i++) {
      ${from}
      if (inside && all(spot >= vec2(0)) && all(spot < limit)) {
        here[i] = 1.0;
        start[i] = ((image[i] * u.fromHeight + u32(spot.x)) * u.fromWidth + u32(spot.y)) * u.inner;
      }
    }
    if (all(here == vec4(0.0))) { continue; }
    let taps = tap * u.inner * u.outer;
    for (var c = 0u; c < u.inner; c++) {
      let s = vec4(${[0, 1, 2, 3].map((i) => `w(taps + ${weight.replace('#', `o[${i}]`)})`).join(', ')});
      sum0 += here.x * x(start[0] + c) * s;
      sum1 += here.y * x(start[1] + c) * s;
      sum2 += here.z * x(start[2] + c) * s;
      sum3 += here.w * x(start[3] + c) * s;
    }
  }
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u && first + i < u.places; i++) {
    for (var j = 0u; j < 4u && left + j < u.outer; j++) {
      y[(first + i) * u.outer + left + j] = sums[i][j];
    }
  }`;

const FORWARD = code(
  `let spot = at[i] * stride + shift - pad;
      let inside = true;`,
  'c * u.outer + #',
);
const BACKWARD = code(
  `let reach = at[i] + pad - shift;
      let spot = reach / stride;
      let inside = all(reach >= vec2(0)) && all(spot * stride == reach);`,
  '# * u.inner + c',
);

/** @param forward the convolution; otherwise its gradient by the input. */
function direct(kernelName: 'Conv2D' | 'Conv2DBackpropInput', published: KernelFunc): KernelConfig {
  const forward = kernelName === 'Conv2D';
  return {
    kernelName,
    backendName: 'webgpu',
    kernelFunc: (call) => {
      const backend = call.backend as WebgpuBackend;
      const source = forward ? call.inputs['x'] : call.inputs['dy'];
      const { filter } = call.inputs;
      const attrs = call.attrs as unknown as Attrs;
      const inShape = (forward ? source?.shape : attrs.inputShape) as Four | undefined;
      if (!source || !filter || !inShape || attrs.dataFormat === 'NCHW' || !onProcessor(backend)) {
        return published(call);
      }
      const info = backend_util.computeConv2DInfo(
        inShape,
        filter.shape as Four,
        attrs.strides,
        attrs.dilations ?? 1,
        attrs.pad,
        attrs.dimRoundingMode,
      );
      const { inChannels, outChannels } = info;
      const [inner, outer] = forward ? [inChannels, outChannels] : [outChannels, inChannels];
      const near = { height: info.inHeight, width: info.inWidth };
      const far = { height: info.outHeight, width: info.outWidth };
      const [to, from] = forward ? [far, near] : [near, far];
      const places = info.batchSize * to.height * to.width;
      const groups = Math.ceil((Math.ceil(places / 4) * Math.ceil(outer / 4)) / GROUP);
      const taps = util.sizeFromShape(filter.shape);
      const floats = source.dtype === 'float32' && filter.dtype === 'float32';
      if (!floats || places * taps === 0 || groups > MOST_GROUPS) return published(call);
      const y = backend.makeTensorInfo([info.batchSize, to.height, to.width, outer], 'float32');
      record(backend, {
        name: `Direct${kernelName}`,
        code: () => (forward ? FORWARD : BACKWARD),
        reads: { x: source, w: filter },
        writes: { y },
        integers: {
          ...{ inner, outer, places, ...to },
          ...{ fromHeight: from.height, fromWidth: from.width },
          ...{ filterHeight: info.filterHeight, filterWidth: info.filterWidth },
          ...{ strideHeight: info.strideHeight, strideWidth: info.strideWidth },
          ...{ dilationHeight: info.dilationHeight, dilationWidth: info.dilationWidth },
          ...{ top: info.padInfo.top, left: info.padInfo.left },
        },
        workgroups: [groups],
      });
      return y;
    },
  };
}

/** x [n, h, w, c], filter [fh, fw, c, o] → y[n, y, x, o] = Σ x[n, s·y + d·i − top, s·x + d·j − left, c] · W[i, j, c, o]. */
export const conv2D = (published: KernelFunc): KernelConfig => direct('Conv2D', published);

/** dy [n, h′, w′, o], filter → dx[n, h, w, c] = Σ dy[n, (h + top − i) / s, (w + left − j) / s, o] · W[i, j, c, o]. */
export const conv2DInputGrad = (published: KernelFunc): KernelConfig =>
  direct('Conv2DBackpropInput', published);
