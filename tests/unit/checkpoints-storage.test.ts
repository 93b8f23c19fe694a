import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { IDBObjectStore } from 'fake-indexeddb';
import type { Checkpoint } from '../../src/contract/checkpoint.ts';
import {
  findRun,
  forgetCheckpoint,
  keepCheckpoint,
  loadCheckpoint,
  sizeOf,
} from '../../src/engine/checkpoints.ts';

const MB = 2 ** 20;

/** A checkpoint whose one variable takes that many bytes. */
const checkpoint = (example: string, date: number, bytes = 40): Checkpoint => ({
  ...{ example, version: 'v1', date, params: { rate: 0.1 }, seed: 7, backend: 'wasm' },
  ...{ step: date, steps: 100, ms: 5, optimizers: [], states: [{ best: 1 }], views: [] },
  variables: [
    { shape: [bytes / 4], dtype: 'float32', values: new Float32Array(bytes / 4).fill(2) },
  ],
  metrics: { loss: Float64Array.from({ length: date }, (_, i) => 1 / i) },
});

const put = Reflect.get(IDBObjectStore.prototype, 'put') as (
  this: IDBObjectStore,
  ...args: unknown[]
) => IDBRequest;
afterEach(async () => {
  Object.assign(IDBObjectStore.prototype, { put });
  for (const id of 'abcdefg') await forgetCheckpoint(id);
});

test('the newest checkpoint of an example takes the place of the one before', async () => {
  assert.equal(await keepCheckpoint(checkpoint('a', 1)), undefined);
  assert.equal(await keepCheckpoint(checkpoint('a', 2)), undefined);
  assert.deepEqual(await loadCheckpoint('a'), checkpoint('a', 2));
  const { step, steps, params, seed, backend } = (await findRun('a')) ?? {};
  assert.deepEqual([step, steps, params, seed, backend], [2, 100, { rate: 0.1 }, 7, 'wasm']);
  assert.equal(await findRun('b'), undefined);
});

test('a forgotten checkpoint is gone', async () => {
  await keepCheckpoint(checkpoint('a', 1));
  await keepCheckpoint(checkpoint('b', 1));
  await forgetCheckpoint('a');
  assert.deepEqual([await findRun('a'), await loadCheckpoint('a')], [undefined, undefined]);
  assert.deepEqual(await loadCheckpoint('b'), checkpoint('b', 1));
});

test('when all together grow too large, the oldest go', async () => {
  for (const [i, id] of [...'abcde'].entries()) {
    assert.equal(await keepCheckpoint(checkpoint(id, 5 - i, 30 * MB)), undefined);
  }
  // The last came in fifth, but is the oldest of all; what comes in stays.
  const kept = await Promise.all([...'abcde'].map(findRun));
  assert.deepEqual(
    kept.map((run) => run?.example),
    ['a', 'b', 'c', undefined, 'e'],
  );
});

test('one that is too large by itself is refused and told as such', async () => {
  assert.equal(await keepCheckpoint(checkpoint('a', 1, 33 * MB)), 'too-large');
  assert.equal(await findRun('a'), undefined);
});

/** A browser whose storage refuses what `full` says. */
function fullFor(full: (value: unknown) => boolean): void {
  Object.assign(IDBObjectStore.prototype, {
    put(this: IDBObjectStore, value: unknown) {
      if (full(value)) throw new DOMException('no room', 'QuotaExceededError');
      return put.call(this, value);
    },
  });
}

test('storage that is full is told, and keeps what it had of the example', async () => {
  await keepCheckpoint(checkpoint('a', 1));
  fullFor((value) => sizeOf(value) > 1000);
  assert.equal(await keepCheckpoint(checkpoint('a', 2, 4000)), 'storage-full');
  assert.equal((await loadCheckpoint('a'))?.step, 1);
});

test('before storage counts as full, the checkpoints of other examples make room', async () => {
  await keepCheckpoint(checkpoint('a', 1));
  await keepCheckpoint(checkpoint('b', 2));
  let asked = 0;
  fullFor(() => asked++ === 0);
  assert.equal(await keepCheckpoint(checkpoint('c', 3)), undefined);
  const kept = await Promise.all([...'abc'].map(findRun));
  assert.deepEqual(
    kept.map((run) => run?.example),
    [undefined, undefined, 'c'],
  );
});
