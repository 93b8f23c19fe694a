/** Folds cover every row once, and the scale of a fold is measured on what its network learns from. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutFolds, foldsViews, shareEach, standardize } from '../../src/datasets/folds.ts';
import { seededRandom } from '../../src/datasets/random.ts';

test('every row is tested in exactly one fold and learned in all the others', () => {
  const order = seededRandom(5).permutation(103);
  for (const k of [2, 5, 10]) {
    const folds = cutFolds(order, k);
    const tested = folds.flatMap(({ test: rows }) => rows).sort((a, b) => a - b);
    assert.deepEqual(
      tested,
      [...order].sort((a, b) => a - b),
    );
    for (const { train, test: rows } of folds) {
      assert.equal(train.length + rows.length, 103);
      assert.ok(rows.every((row) => !train.includes(row)));
      assert.ok(Math.abs(rows.length - 103 / k) < 1);
    }
  }
});

test('the rows learned from get mean 0 and deviation 1; a tested row does not change the scale', () => {
  const values = seededRandom(6).normals(60, 7);
  const from = Array.from({ length: 15 }, (_, i) => i);
  const scaled = standardize(values, 3, from);
  for (let column = 0; column < 3; column++) {
    const seen = from.map((row) => scaled[row * 3 + column] as number);
    const middle = seen.reduce((sum, value) => sum + value) / 15;
    const square = seen.reduce((sum, value) => sum + (value - middle) ** 2, 0) / 14;
    assert.ok(Math.abs(middle) < 1e-6 && Math.abs(square - 1) < 1e-5);
  }
  values[59] = 1000;
  assert.deepEqual([...standardize(values, 3, from)].slice(0, 57), [...scaled].slice(0, 57));
});

test('a column that never changes becomes 0', () => {
  assert.deepEqual([...standardize([4, 4, 4, 4], 1, [0, 1, 2])], [0, 0, 0, 0]);
});

test('what is right, weighed by the shares, sums to the accuracy', () => {
  const shares = shareEach([1, 3, 4, 6], 8);
  const right = [1, 1, 1, 0, 1, 1, 1, 0];
  const sum = right.reduce((total, one, row) => total + one * (shares[row] as number), 0);
  assert.equal(sum, 3 / 4);
});

test('below the folds stand their mean and deviation', () => {
  const table = foldsViews([1, 1], [0.9, 1]).at(-1);
  assert.ok(table?.kind === 'table');
  assert.deepEqual(table.rows.at(-2), ['平均', 1, 0.95]);
  assert.deepEqual(table.rows.at(-1), ['标准差', 0, 0.071]);
});
