/**
 * Products of matrices: directly where tiles do not pay, and over a long inner dimension in a fixed order (the published
 * kernel adds parts up with atomics, in another order each time, so that a run would not repeat itself). All other
 * products stay its own.
 */
import {
  getKernel,
  util,
  type KernelConfig,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { WebgpuBackend } from './backend.ts';
import { directProduct } from './direct-product.ts';
import { splitProduct } from './split-product.ts';

/** Inner length from which the published kernel splits, and the most tiles of 32 × 32 with which it does. */
const LONG = 2000;
const FEW_TILES = 32;

/** a [m, k] · b [k, n], or transposed, float32 → [m, n] (leading axes of size 1 stay), if that is a long product. */
function longProduct(call: Parameters<KernelFunc>[0]): TensorInfo | undefined {
  const { a, b } = call.inputs;
  const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
  if (!a || !b || a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  const [high = 1, wide = 1] = a.shape.slice(-2);
  const [rows, positions] = transposeA ? [wide, high] : [high, wide];
  const columns = b.shape.at(transposeB ? -2 : -1) ?? 1;
  const single =
    util.sizeFromShape(a.shape) === rows * positions &&
    util.sizeFromShape(b.shape) === positions * columns;
  const tiles = Math.ceil(rows / 32) * Math.ceil(columns / 32);
  if (!single || positions < LONG || tiles > FEW_TILES || tiles === 0) return undefined;
  const sums = splitProduct(call.backend as WebgpuBackend, {
    name: `LongProduct ${transposeA} ${transposeB}`,
    reads: { x: a, y: b },
    rows,
    columns,
    positions,
    left: transposeA ? 'a = x(k * u.rows + p);' : 'a = x(p * u.positions + k);',
    right: transposeB ? 'b = y(o * u.positions + k);' : 'b = y(k * u.columns + o);',
    integers: {},
  });
  const leading = a.shape.length >= b.shape.length ? a.shape : b.shape;
  return { ...sums, shape: [...leading.slice(0, -2), rows, columns] };
}

/** The product itself, where it is ours. */
function ourProduct(call: Parameters<KernelFunc>[0], bias?: TensorInfo): TensorInfo | undefined {
  const { a, b } = call.inputs;
  const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
  if (!a || !b) return undefined;
  return directProduct(call.backend as WebgpuBackend, { a, b, transposeA, transposeB, bias });
}

/** `BatchMatMul`: a [… m, k] · b [… k, n] → [… m, n]. */
export const matMul = (published: KernelFunc): KernelConfig => ({
  kernelName: 'BatchMatMul',
  backendName: 'webgpu',
  kernelFunc: (call) => longProduct(call) ?? ourProduct(call) ?? published(call),
});

/** `_FusedMatMul` too, where no activation follows: training never fuses one. */
export const fusedMatMul = (published: KernelFunc): KernelConfig => ({
  kernelName: '_FusedMatMul',
  backendName: 'webgpu',
  kernelFunc: (call) => {
    const { activation = 'linear' } = call.attrs as { activation?: string };
    if (activation !== 'linear') return published(call);
    const { bias } = call.inputs;
    const product = longProduct(call);
    if (!product) return ourProduct(call, bias) ?? published(call);
    if (!bias) return product;
    const { backend } = call;
    const add = getKernel('Add', 'webgpu').kernelFunc;
    const sum = add({ inputs: { a: product, b: bias }, attrs: {}, backend }) as TensorInfo;
    (backend as WebgpuBackend).disposeData(product.dataId);
    return sum;
  },
});
