/**
 * Complex numbers on the wasm backend, which has none: `Complex`, `Real`, `Imag`, `ComplexAbs`, and complex operands for
 * the kernels that the CPU backend lets take them. A complex tensor is one block of the heap: real, imaginary, real, …
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type Inputs = Readonly<Record<string, tf.TensorInfo>>;
type Kernel = (
  inputs: Inputs,
  backend: BackendWasm,
  attrs: tf.NamedAttrMap,
) => tf.TensorInfo | tf.TensorInfo[];

/** The numbers of a float32 tensor, or the pairs of a complex64 tensor, where they lie on the heap. */
export function numbers(backend: BackendWasm, info: tf.TensorInfo): Float32Array {
  const size = tf.util.sizeFromShape(info.shape) * (info.dtype === 'complex64' ? 2 : 1);
  const { buffer } = (backend.wasm as unknown as { HEAPU8: Uint8Array }).HEAPU8;
  return new Float32Array(buffer, backend.getMemoryOffset(info.dataId), size);
}

const readable = new WeakSet<BackendWasm>();

/** A new complex64 tensor. The backend stores and frees it as it is; only its `readSync` refuses the type. */
export function makeComplex(backend: BackendWasm, shape: number[]): tf.TensorInfo {
  if (!readable.has(backend)) {
    readable.add(backend);
    const stock = backend.readSync.bind(backend);
    // Privately known: the map from a dataId to its type.
    const { dataIdMap } = backend as unknown as { dataIdMap: tf.DataStorage<tf.TensorInfo> };
    backend.readSync = (dataId, start, end) => {
      const info = dataIdMap.get(dataId);
      if (info.dtype !== 'complex64') return stock(dataId, start, end);
      const pairs = numbers(backend, { ...info, dataId });
      return pairs.slice(2 * (start ?? 0), 2 * (end ?? pairs.length / 2));
    };
  }
  return backend.makeOutput(shape, 'complex64');
}

const kernel = (kernelName: string, run: Kernel): tf.KernelConfig => ({
  kernelName,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) =>
    run(inputs as unknown as Inputs, backend as BackendWasm, attrs ?? {}),
});

/** real, imag: float32 of one shape → complex64 of that shape. */
const complex = kernel('Complex', ({ real, imag }, backend) => {
  const out = makeComplex(backend, real!.shape);
  const [re, im, z] = [real!, imag!, out].map((info) => numbers(backend, info));
  for (let i = 0; i < re!.length; i++) {
    z![2 * i] = re![i]!;
    z![2 * i + 1] = im![i]!;
  }
  return out;
});

/** One part of each pair, or a copy of real numbers (zeros for `Imag`). */
const part = (kernelName: string, offset: 0 | 1): tf.KernelConfig =>
  kernel(kernelName, ({ input }, backend) => {
    const out = backend.makeOutput(input!.shape, 'float32');
    const [z, values] = [numbers(backend, input!), numbers(backend, out)];
    for (let i = 0; i < values.length; i++) values[i] = z[2 * i + offset]!;
    return out;
  });

/** |z|, without overflow in the squares. */
const complexAbs = kernel('ComplexAbs', ({ x }, backend) => {
  const out = backend.makeOutput(x!.shape, 'float32');
  const [z, values] = [numbers(backend, x!), numbers(backend, out)];
  for (let i = 0; i < values.length; i++) values[i] = Math.hypot(z[2 * i]!, z[2 * i + 1]!);
  return out;
});

/** Adds a case for complex64 to a kernel that the backend has for other types. */
function extend(
  kernelName: string,
  isComplex: (inputs: Inputs, attrs: tf.NamedAttrMap) => boolean,
  run: Kernel,
): tf.KernelConfig {
  const stock = tf.getKernel(kernelName, 'wasm');
  return {
    ...stock,
    kernelFunc: (call) => {
      const inputs = call.inputs as unknown as Inputs;
      return isComplex(inputs, call.attrs ?? {})
        ? run(inputs, call.backend as BackendWasm, call.attrs ?? {})
        : stock.kernelFunc(call);
    },
  };
}

/** Elementwise on complex operands of broadcastable shapes; `set(z, o, a, b, c, d)` writes (a + ib)∘(c + id) at z[o], z[o+1]. */
function binary(
  kernelName: string,
  set: (z: Float32Array, o: number, a: number, b: number, c: number, d: number) => void,
): tf.KernelConfig {
  return extend(
    kernelName,
    ({ a }) => a!.dtype === 'complex64',
    ({ a, b }, backend) => {
      const shape = tf.backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape);
      const out = makeComplex(backend, shape);
      const [x, y, z] = [a!, b!, out].map((info) => numbers(backend, info));
      const strides = [a!, b!].map((info) => broadcastStrides(info.shape, shape));
      const at = shape.map(() => 0);
      let [i, j] = [0, 0];
      for (let o = 0; o < z!.length; o += 2) {
        set(z!, o, x![2 * i]!, x![2 * i + 1]!, y![2 * j]!, y![2 * j + 1]!);
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          const [p, q] = [strides[0]![axis]!, strides[1]![axis]!];
          i += p;
          j += q;
          at[axis]!++;
          if (at[axis]! < shape[axis]!) break;
          at[axis] = 0;
          i -= p * shape[axis]!;
          j -= q * shape[axis]!;
        }
      }
      return out;
    },
  );
}

/** Strides of `from` along the axes of `to`; 0 where `from` is repeated. */
function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = to.map(() => 0);
  let stride = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    if (from[axis] !== 1) strides[axis + to.length - from.length] = stride;
    stride *= from[axis]!;
  }
  return strides;
}

/** To complex64 (imaginary part 0), or from it (the real part). */
const cast = (): tf.KernelConfig =>
  extend(
    'Cast',
    ({ x }, { dtype }) => x!.dtype === 'complex64' || dtype === 'complex64',
    ({ x }, backend, attrs) => {
      const dtype = attrs['dtype'] as tf.DataType;
      const toComplex = dtype === 'complex64';
      const out = toComplex ? makeComplex(backend, x!.shape) : backend.makeOutput(x!.shape, dtype);
      if (x!.dtype === dtype) {
        numbers(backend, out).set(numbers(backend, x!));
        return out;
      }
      const fromComplex = x!.dtype === 'complex64';
      const values = fromComplex
        ? numbers(backend, x!)
        : backend.typedArrayFromHeap(x as tf.Tensor);
      const target = fromComplex ? backend.typedArrayFromHeap(out) : numbers(backend, out);
      const [step, to] = fromComplex ? [2, 1] : [1, 2];
      if (!fromComplex) target.fill(0);
      for (let i = 0; i < values.length / step; i++) target[to * i] = values[step * i]!;
      return out;
    },
  );

const zerosLike = (): tf.KernelConfig =>
  extend(
    'ZerosLike',
    ({ x }) => x!.dtype === 'complex64',
    ({ x }, backend) => {
      const out = makeComplex(backend, x!.shape);
      numbers(backend, out).fill(0);
      return out;
    },
  );

const concat = (): tf.KernelConfig =>
  extend(
    'Concat',
    (inputs) => inputs[0]?.dtype === 'complex64',
    (inputs, backend, attrs) => {
      const parts = Object.values(inputs);
      const shapes = parts.map(({ shape }) => shape);
      const axis = tf.util.parseAxisParam(attrs['axis'] as number, shapes[0]!)[0]!;
      tf.backend_util.assertParamsConsistent(shapes, axis);
      const out = makeComplex(backend, tf.backend_util.computeOutShape(shapes, axis));
      const z = numbers(backend, out);
      const rows = tf.util.sizeFromShape(shapes[0]!.slice(0, axis));
      let from = 0;
      for (const info of parts) {
        const values = numbers(backend, info);
        const width = values.length / rows;
        for (let row = 0; row < rows; row++) {
          z.set(values.subarray(row * width, (row + 1) * width), (row * z.length) / rows + from);
        }
        from += width;
      }
      return out;
    },
  );

/** What must be registered for complex tensors; reads the stock kernels that it extends, so call it once. */
export const complexKernels = (): tf.KernelConfig[] => [
  complex,
  part('Real', 0),
  part('Imag', 1),
  complexAbs,
  cast(),
  zerosLike(),
  concat(),
  binary('Add', (z, o, a, b, c, d) => {
    z[o] = a + c;
    z[o + 1] = b + d;
  }),
  binary('Sub', (z, o, a, b, c, d) => {
    z[o] = a - c;
    z[o + 1] = b - d;
  }),
  binary('Multiply', (z, o, a, b, c, d) => {
    z[o] = a * c - b * d;
    z[o + 1] = a * d + b * c;
  }),
];
