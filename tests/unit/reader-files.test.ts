/** Files that a reader has brought stay in the browser's storage, all or none, until they are dropped. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { IDBObjectStore } from 'fake-indexeddb';
import { findFiles, forgetFiles, keepFiles, loadFile } from '../../src/engine/reader-files.ts';

const put = Reflect.get(IDBObjectStore.prototype, 'put') as (
  this: IDBObjectStore,
  ...args: unknown[]
) => IDBRequest;
afterEach(async () => {
  Object.assign(IDBObjectStore.prototype, { put });
  await forgetFiles('a');
  await forgetFiles('ab');
});

const blob = (...bytes: number[]): Blob => new Blob([Uint8Array.from(bytes)]);
const bytesOf = async (path: string): Promise<number[] | undefined> => {
  const buffer = await loadFile(path);
  return buffer && [...new Uint8Array(buffer)];
};

test('a kept file is found with its size and read back; others are not there', async () => {
  assert.equal(await keepFiles(new Map([['a/one.bin', blob(1, 2, 3)]])), undefined);
  const [found, ...more] = await findFiles('a');
  assert.deepEqual([found?.path, found?.bytes, more.length], ['a/one.bin', 3, 0]);
  assert.deepEqual(await bytesOf('a/one.bin'), [1, 2, 3]);
  assert.equal(await loadFile('a/two.bin'), undefined);
});

test('files kept later join those kept before, and take the place of the same name', async () => {
  await keepFiles(new Map([['a/one.bin', blob(1)]]));
  await keepFiles(
    new Map([
      ['a/one.bin', blob(9)],
      ['a/two.bin', blob(2)],
    ]),
  );
  assert.deepEqual(
    (await findFiles('a')).map(({ path }) => path),
    ['a/one.bin', 'a/two.bin'],
  );
  assert.deepEqual(await bytesOf('a/one.bin'), [9]);
});

test('dropping a folder leaves another whose name begins alike', async () => {
  await keepFiles(
    new Map([
      ['a/one.bin', blob(1)],
      ['ab/one.bin', blob(2)],
    ]),
  );
  await forgetFiles('a');
  assert.deepEqual(await findFiles('a'), []);
  assert.deepEqual(await bytesOf('ab/one.bin'), [2]);
});

for (const [name, refusal] of [
  ['QuotaExceededError', 'storage-full'],
  ['SecurityError', 'storage-blocked'],
] as const) {
  test(`when the second file cannot be kept (${name}), the first is as it was`, async () => {
    await keepFiles(new Map([['a/one.bin', blob(1)]]));
    let puts = 0;
    Object.assign(IDBObjectStore.prototype, {
      put(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
        if (++puts > 2) throw new DOMException('no', name);
        return put.apply(this, args);
      },
    });
    const told = await keepFiles(
      new Map([
        ['a/one.bin', blob(9)],
        ['a/two.bin', blob(2)],
      ]),
    );
    assert.equal(told, refusal);
    Object.assign(IDBObjectStore.prototype, { put });
    assert.deepEqual(await bytesOf('a/one.bin'), [1]);
    assert.equal(await loadFile('a/two.bin'), undefined);
  });
}
