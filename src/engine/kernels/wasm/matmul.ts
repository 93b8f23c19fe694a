/** BatchMatMul and _FusedMatMul: stock WASM is scalar when an operand is transposed or there is more than one batch. */
import * as tf from '@tensorflow/tfjs';
import type { Simd, WasmKernel } from './simd.ts';

/** As in simd/matmul.ts. */
const SCRATCH = 16_512;

function product(
  simd: Simd,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  bias: number,
  relu: boolean,
): tf.TensorInfo {
  const [rows = 1, columns = 1] = a.shape.slice(-2);
  const [m, k] = transposeA ? [columns, rows] : [rows, columns];
  const [bRows = 1, bColumns = 1] = b.shape.slice(-2);
  const n = transposeB ? bRows : bColumns;
  const aBatches = tf.util.sizeFromShape(a.shape.slice(0, -2));
  const bBatches = tf.util.sizeFromShape(b.shape.slice(0, -2));
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  if (aBatches > 1 && bBatches > 1 && aBatches !== bBatches) {
    throw new Error(
      `Products of batches [${a.shape.join()}] and [${b.shape.join()}] are not there.`,
    );
  }
  const batches = tf.util.sizeFromShape(outer);
  const out = simd.output([...outer, m, n]);
  const aBatch = aBatches > 1 ? m * k : 0;
  const bBatch = bBatches > 1 ? k * n : 0;
  const parts = simd.parts(batches * m * n * k);
  simd.scratch(SCRATCH * parts, (scratch) => {
    simd.share(
      parts,
      'matmul',
      simd.address(a),
      simd.address(b),
      simd.address(out),
      bias,
      scratch,
      batches,
      aBatch,
      bBatch,
      m,
      n,
      k,
      Number(transposeA),
      Number(transposeB),
      Number(relu),
    );
  });
  return out;
}

/** a [..., m, k] · b [..., k, n] → [..., m, n], either of them transposed in its last two axes; batches broadcast from 1. */
export const batchMatMul: WasmKernel = (simd, { inputs, attrs, stock }) => {
  const { a, b } = inputs as Record<'a' | 'b', tf.TensorInfo>;
  const { transposeA, transposeB } = attrs as Record<'transposeA' | 'transposeB', boolean>;
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return stock();
  return product(simd, a, b, transposeA, transposeB, 0, false);
};

/** Kernels of the activations that a fused product may end with, where it is not relu. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  sigmoid: 'Sigmoid',
  elu: 'Elu',
  relu6: 'Relu6',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

/**
 * The same with bias [n], and relu in the same pass; another activation is run on the product. Stock is not asked: with
 * transposeA its sigmoid comes out wrong.
 */
export const fusedMatMul: WasmKernel = (simd, { inputs, attrs }) => {
  const { a, b, bias, preluActivationWeights } = inputs as Record<'a' | 'b', tf.TensorInfo> &
    Partial<Record<'bias' | 'preluActivationWeights', tf.TensorInfo>>;
  const { transposeA, transposeB, activation, leakyreluAlpha } = attrs as unknown as {
    transposeA: boolean;
    transposeB: boolean;
    activation: string;
    leakyreluAlpha?: number;
  };
  const from = bias ? simd.address(bias) : 0;
  const linear = product(simd, a, b, transposeA, transposeB, from, activation === 'relu');
  const name = ACTIVATIONS[activation];
  if (!name) return linear;
  const activated = tf.getKernel(name, 'wasm').kernelFunc({
    inputs: preluActivationWeights ? { x: linear, alpha: preluActivationWeights } : { x: linear },
    attrs: { alpha: leakyreluAlpha ?? 0 },
    backend: simd.backend,
  });
  simd.backend.disposeData(linear.dataId);
  return activated;
};
