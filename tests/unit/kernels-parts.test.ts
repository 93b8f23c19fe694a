/** A kernel's work cut into parts must write what the whole writes: threads take parts in any order. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { seededRandom } from '../../src/datasets/random.ts';
import { compileSimd } from '../../src/engine/kernels/wasm/compile-simd.ts';

const module = new WebAssembly.Module(readFileSync(await compileSimd('plain')));
const memory = new WebAssembly.Memory({ initial: 16 });
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const kernels = exports as Record<string, (...args: number[]) => void>;

/** Addresses of regions of 64 KiB, filled with numbers; the last holds whole numbers below 5. */
const [A, B, C, D, E] = [1, 2, 3, 4, 5].map((k) => k << 16) as [
  number,
  number,
  number,
  number,
  number,
];
const IDS = 6 << 16;

function fill(): void {
  const random = seededRandom(9);
  const floats = new Float32Array(memory.buffer);
  for (let i = 0; i < IDS >> 2; i++) floats[i] = random.normal() ** 2 + 0.1;
  const ids = new Int32Array(memory.buffer, IDS, 1 << 14);
  for (let i = 0; i < ids.length; i++) ids[i] = random.integer(5);
}

/** Name → arguments before part and parts; sizes that do not divide evenly. */
const CALLS: readonly [string, ...number[]][] = [
  ['sgdUpdate', A, B, 5003, 0.1],
  ['momentumUpdate', A, B, C, 5003, 0.1, 0.9, 0],
  ['momentumUpdate', A, B, C, 5003, 0.1, 0.9, 1],
  ['adagradUpdate', A, B, C, 5003, 0.1, 1e-7],
  ['rmspropUpdate', A, B, C, D, 0, 5003, 0.1, 0.9, 0.1, 0.5, 1e-7],
  ['rmspropUpdate', A, B, C, D, E, 5003, 0.1, 0.9, 0.1, 0.5, 1e-7],
  ['adamUpdate', A, B, C, D, 5003, 0.9, 0.1, 0.999, 0.001, 0.1, 1, 1e-7],
  ['softmaxCrossEntropy', A, B, C, D, 7, 13, 0.5],
  ['sigmoidCrossEntropy', A, B, C, D, 1003, 0.5],
  ...[0, 1, 2, 3].map((code): [string, ...number[]] => [
    'biasActivationGrad',
    A,
    B,
    C,
    D,
    9,
    101,
    code,
  ]),
  ['elementwise', 0, A, B, C, 1, 5003, 0, 0],
  ['elementwise', 1, A, B, C, 11, 101, 0, 1],
  ['elementwise', 2, A, B, C, 11, 101, 2, 0],
  ['elementwise', 3, A, B, C, 1, 5003, 0, 3],
  ['scaledProduct', A, B, C, 5003, 2],
  ['spread', A, B, 3, 11, 5, 0.5],
  ['spread', A, B, 3, 101, 1, 0.5],
  ['softmaxGrad', A, B, C, 7, 13],
  ['swapMiddle', A, B, 3, 4, 5, 28],
  ['swapMiddle', A, B, 3, 4, 5, 32],
  ['gatherRuns', A, IDS, B, 3, 5, 11, 28],
  ['copyRuns', A, B, 11, 20, 60, 40],
];

for (const [name, ...args] of CALLS) {
  it(`${name}(${args.join()}) in parts, last part first, is the whole`, () => {
    const kernel = kernels[name]!;
    assert.equal(kernel.length, args.length + 2);
    fill();
    const before = new Uint8Array(memory.buffer).slice();
    kernel(...args, 0, 1);
    const whole = new Uint8Array(memory.buffer).slice();
    assert.ok(Buffer.compare(before, whole) !== 0, 'it writes something');
    for (const parts of [2, 3, 16]) {
      fill();
      // A kernel clears its own output first, if at all: what lies there must not matter.
      for (let part = parts - 1; part >= 0; part--) kernel(...args, part, parts);
      assert.ok(
        Buffer.compare(new Uint8Array(memory.buffer), whole) === 0,
        `${parts} parts differ`,
      );
    }
  });
}
