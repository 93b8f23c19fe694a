import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRun, forgetCheckpoint, keepCheckpoint } from '../../src/engine/checkpoints.ts';

const working = indexedDB;
Reflect.deleteProperty(globalThis, 'indexedDB');

const checkpoint = {
  ...{ example: 'a', version: 'v1', date: 1, params: {}, seed: 1, backend: 'cpu' as const },
  ...{ step: 1, steps: 2, ms: 1, variables: [], optimizers: [], states: [], views: [] },
  metrics: {},
};

test('where there is no storage, that is told and nothing is found', async () => {
  assert.equal(await keepCheckpoint(checkpoint), 'storage-blocked');
  assert.equal(await findRun('a'), undefined);
  await forgetCheckpoint('a');
});

test('storage that refuses to open is told, and is tried again the next time', async () => {
  const refused = {
    open: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  };
  Object.assign(globalThis, { indexedDB: refused });
  assert.equal(await keepCheckpoint(checkpoint), 'storage-blocked');
  Object.assign(globalThis, { indexedDB: working });
  assert.equal(await keepCheckpoint(checkpoint), undefined);
  assert.equal((await findRun('a'))?.step, 1);
});
