/** Reads and writes the arrays behind tensors of the cpu backend. */
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type {
  KernelFunc,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { getKernel, registerKernel, unregisterKernel, util } from '@tensorflow/tfjs-core';
import type { FusedKernel, FusedKernels } from '../fused/contracts.ts';

/** Values of a float32 tensor. Not to be written: a reader may hold the same array. */
export const floats = (backend: MathBackendCPU, { dataId }: TensorInfo): Float32Array =>
  backend.readSync(dataId) as Float32Array;

/**
 * Gives a tensor a new array. The old one is left alone because `await tensor.data()` hands out the very array
 * that the backend keeps, and `tf.tensor(array)` keeps the very array that it is given.
 */
export function replace(
  backend: MathBackendCPU,
  { dataId }: TensorInfo,
  values: Float32Array,
): void {
  backend.data.get(dataId).values = values;
}

/** Registers one fused kernel for the cpu backend, if it is not there yet. */
export function register<K extends FusedKernel>(
  kernelName: K,
  run: (
    inputs: FusedKernels[K]['inputs'],
    attrs: FusedKernels[K]['attrs'],
    backend: MathBackendCPU,
  ) => TensorInfo[],
): void {
  const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) =>
    run(
      inputs as unknown as FusedKernels[K]['inputs'],
      attrs as unknown as FusedKernels[K]['attrs'],
      backend as MathBackendCPU,
    );
  if (getKernel(kernelName, 'cpu') == null) {
    registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
  }
}

/** A fresh tensor of float32 values. */
export const output = (
  backend: MathBackendCPU,
  shape: readonly number[],
  values: Float32Array,
): TensorInfo => backend.makeTensorInfo([...shape], 'float32', values);

/**
 * Puts a faster kernel in place of a stock one, which still runs where `fast` returns `undefined`: always for tensors
 * without elements, and for types other than float32 unless `types` names them.
 */
export function improve(
  kernelName: string,
  fast: (
    inputs: NamedTensorInfoMap,
    attrs: NamedAttrMap,
    backend: MathBackendCPU,
  ) => TensorInfo | TensorInfo[] | undefined,
  types: readonly string[] = ['float32'],
): void {
  const stock = getKernel(kernelName, 'cpu');
  unregisterKernel(kernelName, 'cpu');
  const plain = ({ dtype, shape }: TensorInfo): boolean =>
    types.includes(dtype) && util.sizeFromShape(shape) > 0;
  registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { inputs, attrs = {}, backend } = call;
      const fits = Object.values(inputs).every((input) => plain(input as TensorInfo));
      return (fits && fast(inputs, attrs, backend as MathBackendCPU)) || stock.kernelFunc(call);
    },
  });
}
