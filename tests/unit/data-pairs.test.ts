/** Gains of pairs and their spread, against numbers worked by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, deviation, mean, pairsView } from '../../src/datasets/pairs.ts';

test('the gain is the mean of the differences, the noise their deviation, not that of the values', () => {
  const { gain, noise } = compare([0.1, 0.5, 0.9], [0.2, 0.6, 1]);
  assert.ok(Math.abs(gain - 0.1) < 1e-12);
  assert.ok(noise < 1e-12);
});

test('the deviation of 2, 4, 4, 4, 5, 5, 7, 9 is the root of 32 sevenths; of one value it is 0', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  assert.equal(mean(values), 5);
  assert.ok(Math.abs(deviation(values) - Math.sqrt(32 / 7)) < 1e-12);
  assert.equal(deviation([3]), 0);
});

test('a loss in a pair is written with a minus sign', () => {
  const view = pairsView([0.9, 0.8], [0.85, 0.95]);
  assert.ok(view.kind === 'table');
  assert.deepEqual(view.rows[0], ['第 1 对', 0.9, 0.85, '−0.050']);
  assert.match(view.title, /\+0\.050/);
});
