/** The crew on shared memory, in threads of Node: the same protocol and the same functions as in a browser. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { seededRandom } from '../../src/datasets/random.ts';
import { compileSimd } from '../../src/engine/kernels/wasm/compile-simd.ts';
import { Board, BOARD_BYTES, kernelsOf } from '../../src/engine/kernels/wasm/crew.ts';
import { Simd } from '../../src/engine/kernels/wasm/simd.ts';

const module = new WebAssembly.Module(readFileSync(await compileSimd('shared')));
const threads: Worker[] = [];
after(async () => {
  await Promise.all(threads.map((thread) => thread.terminate()));
});

/** A heap as the threaded build has it, with nothing on it but what a test asks for. */
function heap(): { readonly simd: Simd; readonly take: (floats: number) => number } {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 65_536, shared: true });
  let top = 1024;
  const take = (bytes: number): number => {
    const address = top;
    top += Math.ceil(bytes / 64) * 64;
    assert.ok(top < memory.buffer.byteLength, 'the heap of the test is full');
    return address;
  };
  const wasm = { wasmMemory: memory, _malloc: take, _free: () => undefined };
  const simd = new Simd({ wasm } as unknown as BackendWasm, module);
  return { simd, take: (floats) => take(floats * 4) };
}

const hire = (simd: Simd, count: number): void =>
  simd.hire(count, () => {
    const thread = new Worker(new URL('crew-thread.ts', import.meta.url));
    threads.push(thread);
    return thread as unknown as globalThis.Worker;
  });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const [rows, inner, columns] = [64, 96, 128];
const COST = rows * inner * columns;

/** One product on `parts` parts; the result of one part is computed beside it and must be the same, bit for bit. */
function product(simd: Simd, take: (floats: number) => number, seed: number): () => void {
  const random = seededRandom(seed);
  const [a, b] = [take(rows * inner), take(inner * columns)];
  simd.floats(a, rows * inner).set(random.normals(rows * inner));
  simd.floats(b, inner * columns).set(random.normals(inner * columns));
  const [alone, shared] = [take(rows * columns), take(rows * columns)];
  const parts = simd.parts(COST);
  assert.ok(parts > 1);
  const scratch = take(4128 * parts);
  const numbers = [1, 0, 0, rows, columns, inner, 0, 0, 0];
  simd.run('matmul', a, b, alone, 0, scratch, ...numbers);
  const wanted = simd.floats(alone, rows * columns).slice();
  return () => {
    simd.floats(shared, rows * columns).fill(NaN);
    simd.share(parts, 'matmul', a, b, shared, 0, scratch, ...numbers);
    assert.deepEqual(simd.floats(shared, rows * columns).slice(), wanted);
  };
}

test('thousands of calls on three threads give what one thread gives, asleep or awake', async () => {
  const { simd, take } = heap();
  hire(simd, 3);
  const calls = [1, 2, 3].map((seed) => product(simd, take, seed));
  for (let i = 0; i < 2000; i++) {
    calls[i % calls.length]!();
    // Now and then long enough for the crew to fall asleep.
    if (i % 250 === 0) await pause(20);
  }
});

test('a call that this thread takes no part in is done by the others', async () => {
  const { simd, take } = heap();
  const kernels = kernelsOf(new WebAssembly.Instance(module, { env: { memory: simd.memory } }));
  const address = take(BOARD_BYTES);
  const board = new Board(simd.memory, address, [...kernels.values()]);
  board.close();
  const thread = new Worker(new URL('crew-thread.ts', import.meta.url));
  threads.push(thread);
  thread.postMessage({ module, memory: simd.memory, board: address });
  const [x, out] = [take(60), take(6)];
  simd.floats(x, 60).set(Array.from({ length: 60 }, (_, i) => i));
  board.put([...kernels.keys()].indexOf('sum'), [x, out, 6, 10, 1, 1], 4);
  board.finish();
  assert.deepEqual([...simd.floats(out, 6)], [45, 145, 245, 345, 445, 545]);
});

test('calls go on when the crew has been dismissed', async () => {
  const { simd, take } = heap();
  hire(simd, 3);
  const call = product(simd, take, 5);
  call();
  await pause(100);
  await Promise.all(threads.map((thread) => thread.terminate()));
  for (let i = 0; i < 50; i++) call();
});

test('small work stays on one thread, and so does everything without a crew', () => {
  const { simd } = heap();
  assert.equal(simd.parts(1e9), 1);
  hire(simd, 2);
  assert.equal(simd.parts(1000), 1);
  assert.ok(simd.parts(1e9) > 1);
});
