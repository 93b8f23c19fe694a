/** Grey dilation and its gradients on the wasm backend: in the stock kernels a maximum below zero counts as zero. */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { numbers } from './complex.ts';

interface Attrs {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dilations: number | [number, number];
}
type Inputs = Readonly<Record<'x' | 'filter' | 'dy', tf.TensorInfo>>;

/**
 * y[b, i, j, c] = max over (k, l) of x[b, i·s + k·d, j·s + l·d, c] + filter[k, l, c] inside x. Tells of every maximum, in the
 * order of y, its value and where it lies in x and in filter (the first of equals).
 */
function eachMaximum(
  { x, filter }: Inputs,
  { strides, pad, dilations }: Attrs,
  backend: BackendWasm,
  tell: (place: number, value: number, inX: number, inFilter: number) => void,
): void {
  const info = dilationInfo({ x, filter }, { strides, pad, dilations });
  const [values, weights] = [numbers(backend, x), numbers(backend, filter)];
  const channels = info.inChannels;
  let place = 0;
  for (let b = 0; b < info.batchSize; b++)
    for (let i = 0; i < info.outHeight; i++)
      for (let j = 0; j < info.outWidth; j++)
        for (let c = 0; c < channels; c++, place++) {
          let [best, inX, inFilter] = [-Infinity, 0, 0];
          for (let k = 0; k < info.filterHeight; k++) {
            const row = i * info.strideHeight - info.padInfo.top + k * info.dilationHeight;
            if (row < 0 || row >= info.inHeight) continue;
            for (let l = 0; l < info.filterWidth; l++) {
              const column = j * info.strideWidth - info.padInfo.left + l * info.dilationWidth;
              if (column < 0 || column >= info.inWidth) continue;
              const at = ((b * info.inHeight + row) * info.inWidth + column) * channels + c;
              const tap = (k * info.filterWidth + l) * channels + c;
              const value = values[at]! + weights[tap]!;
              if (value > best) [best, inX, inFilter] = [value, at, tap];
            }
          }
          tell(place, best, inX, inFilter);
        }
}

const dilationInfo = (
  { x, filter }: Pick<Inputs, 'x' | 'filter'>,
  { strides, pad, dilations }: Attrs,
): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides,
    pad,
    'NHWC',
    dilations,
  );

const kernel = (
  kernelName: string,
  run: (inputs: Inputs, attrs: Attrs, backend: BackendWasm) => tf.TensorInfo,
): tf.KernelConfig => ({
  kernelName,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend }) =>
    run(inputs as unknown as Inputs, attrs as unknown as Attrs, backend as BackendWasm),
});

/** dy goes to where the maxima were, in x or in filter. */
const gradient = (kernelName: string, of: 'x' | 'filter'): tf.KernelConfig =>
  kernel(kernelName, (inputs, attrs, backend) => {
    const out = backend.makeOutput(inputs[of].shape, 'float32');
    const [to, dy] = [numbers(backend, out), numbers(backend, inputs.dy)];
    to.fill(0);
    eachMaximum(inputs, attrs, backend, (place, _value, inX, inFilter) => {
      to[of === 'x' ? inX : inFilter]! += dy[place]!;
    });
    return out;
  });

export const dilationKernels: readonly tf.KernelConfig[] = [
  kernel('Dilation2D', (inputs, attrs, backend) => {
    const out = backend.makeOutput(dilationInfo(inputs, attrs).outShape, 'float32');
    const to = numbers(backend, out);
    eachMaximum(inputs, attrs, backend, (place, value) => {
      to[place] = value;
    });
    return out;
  }),
  gradient('Dilation2DBackpropInput', 'x'),
  gradient('Dilation2DBackpropFilter', 'filter'),
];
