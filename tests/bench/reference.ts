/**
 * Writes `reference.json`: the losses of the first steps of each workload by stock TensorFlow.js, in Node, which every
 * cell of the bench is compared with. Run it when a workload changes; name workloads to do only those.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { BENCH_WORKLOADS, type BenchWorkload } from '../../src/contract/bench.ts';
import { WORKLOADS } from './workloads/all.ts';
import type { DataHost } from './workloads/workload.ts';

const FILE = new URL('reference.json', import.meta.url);
export const REFERENCE_STEPS = 50;

export const nodeHost: DataHost = {
  load: async (path) => {
    const bytes = await readFile(new URL(`../../public/datasets/${path}`, import.meta.url));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  },
};

/** Loss of each of the first steps, before that step's update. */
export type Reference = Readonly<Record<BenchWorkload, readonly number[]>>;
export const readReference = (): Reference => JSON.parse(readFileSync(FILE, 'utf8')) as Reference;

/**
 * Stock on cpu takes a minute for a step of the convolutional network. On wasm it lacks one kernel, here put together
 * from its own operations: for each tap of the filter, the pixels under it times the gradient. (Stride 1, no padding.)
 */
export function addMissing(): void {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const { x, dy } = inputs as unknown as { x: tf.Tensor4D; dy: tf.Tensor4D };
        const [h = 0, w = 0, channels = 0, out = 0] = attrs?.['filterShape'] as number[];
        const [batch, rows, columns] = dy.shape;
        const gradient = dy.reshape([-1, out]);
        const taps = Array.from({ length: h * w }, (_, tap) =>
          tf
            .slice(x, [0, Math.floor(tap / w), tap % w, 0], [batch, rows, columns, channels])
            .reshape([-1, channels])
            .matMul(gradient, true),
        );
        return tf.stack(taps).reshape([h, w, channels, out]);
      }),
  });
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const { x, segmentIds } = inputs as unknown as { x: tf.Tensor2D; segmentIds: tf.Tensor1D };
        const kinds = attrs?.['numSegments'] as number;
        const picked = tf.oneHot(segmentIds.flatten(), kinds).toFloat();
        return picked
          .matMul(x.reshape([picked.shape[0], -1]), true)
          .reshape([kinds, ...x.shape.slice(segmentIds.rank)]);
      }),
  });
}

if (import.meta.main) {
  addMissing();
  const named = process.argv.slice(2);
  for (const id of BENCH_WORKLOADS) {
    if (named.length > 0 && !named.includes(id)) continue;
    await tf.setBackend(id === 'cnn' ? 'wasm' : 'cpu');
    const session = WORKLOADS[id].train(tf, await WORKLOADS[id].inputs(nodeHost));
    const losses: number[] = [];
    for (let step = 0; step < REFERENCE_STEPS; step++) {
      session.step();
      losses.push(await session.loss());
      console.log(id, step + 1, losses.at(-1));
    }
    session.free();
    const others = existsSync(FILE) ? readReference() : {};
    writeFileSync(FILE, `${JSON.stringify({ ...others, [id]: losses }, null, 1)}\n`);
  }
}
