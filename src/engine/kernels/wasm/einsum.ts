/** `Einsum` of one or two operands on the wasm backend: sums, transposes and one batched matrix product. */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

interface Operand {
  readonly info: tf.TensorInfo;
  /** One letter an axis. */
  readonly letters: readonly string[];
}

/**
 * `ab,bc->ac` and the like, as core defines it (no ellipsis, no letter twice in an operand).
 * With two operands the letters are of four kinds: in both and in the result (batch), in both only (summed by the product),
 * in one and in the result (free), in one only (summed before).
 */
export const einsum: tf.KernelConfig = {
  kernelName: 'Einsum',
  backendName: 'wasm',
  kernelFunc: (call) => {
    const backend = call.backend as BackendWasm;
    const infos = Object.values(call.inputs) as tf.TensorInfo[];
    const equation = (call.attrs as { equation: string }).equation.replace(/\s/g, '');
    const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, infos.length);
    tf.backend_util.checkEinsumDimSizes(
      allDims.length,
      idDims,
      infos as unknown as Parameters<typeof tf.backend_util.checkEinsumDimSizes>[2],
    );
    const result = [...equation.split('->')[1]!];
    const made: tf.TensorInfo[] = [];
    const run = (name: string, inputs: Record<string, tf.TensorInfo>, attrs: tf.NamedAttrMap) => {
      const out = tf.getKernel(name, 'wasm').kernelFunc({
        inputs: inputs,
        attrs,
        backend,
      }) as tf.TensorInfo;
      made.push(out);
      return out;
    };
    const reshape = (x: tf.TensorInfo, shape: number[]) => run('Reshape', { x }, { shape });
    const arrange = ({ info: x, letters }: Operand, wanted: readonly string[]) => {
      const perm = wanted.map((letter) => letters.indexOf(letter));
      return perm.every((from, to) => from === to) ? x : run('Transpose', { x }, { perm });
    };
    const sumOthers = ({ info: x, letters }: Operand, kept: readonly string[]): Operand => {
      const axis = letters.flatMap((letter, at) => (kept.includes(letter) ? [] : [at]));
      if (axis.length === 0) return { info: x, letters };
      const info = run('Sum', { x }, { axis, keepDims: false });
      return { info, letters: letters.filter((letter) => kept.includes(letter)) };
    };

    // The matrix product knows float32 only.
    const dtype = infos[0]!.dtype;
    const operands = infos.map((x, at): Operand => {
      const letters = idDims[at]!.map((id) => allDims[id]!);
      return {
        info: x.dtype === 'float32' ? x : run('Cast', { x }, { dtype: 'float32' }),
        letters,
      };
    });
    const [first, second] = operands as [Operand, Operand?];
    let out: tf.TensorInfo;
    if (second === undefined) {
      out = arrange(sumOthers(first, result), result);
    } else {
      const a = sumOthers(first, [...second.letters, ...result]);
      const b = sumOthers(second, [...first.letters, ...result]);
      const both = a.letters.filter((letter) => b.letters.includes(letter));
      const batch = both.filter((letter) => result.includes(letter));
      const summed = both.filter((letter) => !result.includes(letter));
      const freeA = a.letters.filter((letter) => !both.includes(letter));
      const freeB = b.letters.filter((letter) => !both.includes(letter));
      const sizeOf = (letters: readonly string[]) =>
        letters.map((letter) => {
          const side = a.letters.includes(letter) ? a : b;
          return side.info.shape[side.letters.indexOf(letter)]!;
        });
      const count = (letters: readonly string[]) => tf.util.sizeFromShape(sizeOf(letters));
      const [left, right] = [
        arrange(a, [...batch, ...freeA, ...summed]),
        arrange(b, [...batch, ...summed, ...freeB]),
      ];
      const product = run(
        'BatchMatMul',
        {
          a: reshape(left, [count(batch), count(freeA), count(summed)]),
          b: reshape(right, [count(batch), count(summed), count(freeB)]),
        },
        { transposeA: false, transposeB: false },
      );
      const letters = [...batch, ...freeA, ...freeB];
      out = arrange({ info: reshape(product, sizeOf(letters)), letters }, result);
    }
    if (out.dtype !== dtype) out = run('Cast', { x: out }, { dtype });
    // An operand that needed nothing done is not ours to hand out.
    if (infos.some(({ dataId }) => dataId === out.dataId)) out = run('Identity', { x: out }, {});
    for (const info of made) if (info !== out) backend.disposeData(info.dataId);
    return out;
  },
};
