/** Transpose, gather, split and concat as copies of runs in plain JavaScript; stock moves number by number. */
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { backend_util, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { cut, reshaped, swap } from '../shapes.ts';
import { floats, improve, output } from './values.ts';

/** `rows` runs of `run` numbers, from rows `fromStep` apart to rows `toStep` apart. */
function copyRuns(
  from: Float32Array,
  at: number,
  fromStep: number,
  to: Float32Array,
  into: number,
  toStep: number,
  rows: number,
  run: number,
): void {
  for (let row = 0; row < rows; row++) {
    const [a, b] = [at + row * fromStep, into + row * toStep];
    for (let i = 0; i < run; i++) to[b + i] = from[a + i]!;
  }
}

/** The same data in another shape. */
function view(backend: MathBackendCPU, { dataId, dtype }: TensorInfo, shape: number[]): TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}

export function registerMoves(): void {
  improve('Transpose', (inputs, attrs, backend) => {
    const x = inputs['x'] as TensorInfo;
    const parts = swap(x.shape, attrs['perm'] as number[]);
    if (!parts) return undefined;
    const { out, outer, m, n, run } = parts;
    if (m === 1 || n === 1) return view(backend, x, out);
    const from = floats(backend, x);
    const values = new Float32Array(from.length);
    for (let o = 0; o < outer; o++) {
      const at = o * m * n * run;
      for (let j = 0; j < n; j++) {
        copyRuns(from, at + j * run, n * run, values, at + j * m * run, run, m, run);
      }
    }
    return output(backend, out, values);
  });

  improve(
    'GatherV2',
    (inputs, attrs, backend) => {
      const x = inputs['x'] as TensorInfo;
      const indices = inputs['indices'] as TensorInfo;
      const plain = x.dtype === 'float32' && indices.dtype === 'int32' && attrs['batchDims'] === 0;
      if (!plain) return undefined;
      const { along, rows, count, inner, step } = cut(x.shape, attrs['axis']);
      const ids = backend.readSync(indices.dataId) as Int32Array;
      // Stock says what is wrong with an index.
      if (!ids.every((id) => id >= 0 && id < count)) return undefined;
      const from = floats(backend, x);
      const values = new Float32Array(rows * ids.length * inner);
      ids.forEach((id, i) => {
        copyRuns(from, id * inner, step, values, i * inner, ids.length * inner, rows, inner);
      });
      return output(backend, reshaped(x.shape, along, ...indices.shape), values);
    },
    ['float32', 'int32'],
  );

  improve('SplitV', (inputs, attrs, backend) => {
    const x = inputs['x'] as TensorInfo;
    const { along, rows, inner, step } = cut(x.shape, attrs['axis']);
    const from = floats(backend, x);
    const wanted = attrs['numOrSizeSplits'] as number | number[];
    let done = 0;
    return backend_util.prepareSplitSize(x as Tensor, wanted, along).map((size) => {
      const run = size * inner;
      const values = new Float32Array(rows * run);
      copyRuns(from, done, step, values, 0, run, rows, run);
      done += run;
      return output(backend, reshaped(x.shape, along, size), values);
    });
  });

  improve('Concat', (inputs, attrs, backend) => {
    const parts = inputs as unknown as TensorInfo[];
    const shapes = parts.map(({ shape }) => shape);
    const { along } = cut(shapes[0] as number[], attrs['axis']);
    backend_util.assertParamsConsistent(shapes, along);
    const shape = backend_util.computeOutShape(shapes, along);
    const { rows, inner, step } = cut(shape, along);
    const values = new Float32Array(rows * step);
    let done = 0;
    for (const part of parts) {
      const run = (part.shape[along] as number) * inner;
      copyRuns(floats(backend, part), 0, run, values, done, step, rows, run);
      done += run;
    }
    return output(backend, shape, values);
  });
}
