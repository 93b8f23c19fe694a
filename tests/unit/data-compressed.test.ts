/** Bytes of compressed weights against counting bits by hand, and errors of rounding against its bound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTwice, relativeError, sizeInBytes } from '../../src/datasets/compressed.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const NETWORK = [
  [64, 128],
  [128, 10],
];

test('the digit network of 9,610 numbers takes 38,440 bytes in 32 bits and a quarter of its matrices in 8', () => {
  assert.equal(sizeInBytes(NETWORK, 32, false), 9610 * 4);
  assert.equal(sizeInBytes(NETWORK, 8, false), 64 * 128 + 128 * 10 + 138 * 4 + 2 * 4);
  assert.equal(sizeInBytes(NETWORK, 8, true), 64 * 128 + 128 * 10 + 138 * 4 + 138 * 4);
});

test('three bits are packed eight to three bytes', () => {
  assert.equal(sizeInBytes([[8, 1]], 3, false), 3 + 4 + 4);
  assert.equal(sizeInBytes([[3, 1]], 3, false), 2 + 4 + 4);
});

test('rounding to a grid errs by about its step over the root of twelve', () => {
  const weights = seededRandom(2).normals(20_000);
  const step = 0.25;
  const rounded = weights.map((w) => Math.round(w / step) * step);
  assert.ok(Math.abs(relativeError(weights, rounded) - step / Math.sqrt(12)) < 0.002);
  assert.equal(relativeError(weights, weights), 0);
});

test('two readings of one picture stand beside each other under what each says', () => {
  const sure = Array.from({ length: 10 }, (_, digit) => (digit === 7 ? 1 : 0));
  const torn = sure.map((_, digit) => (digit === 2 ? 0.6 : 0.4 / 9));
  const [table] = readTwice(
    Array.from({ length: 64 }, () => 0),
    ['甲', sure],
    ['乙', torn],
  );
  assert.ok(table?.kind === 'table');
  assert.equal(table.title, '甲读作 7，乙读作 2');
  assert.deepEqual(table.rows[2], [2, '0.000', '0.600']);
});
