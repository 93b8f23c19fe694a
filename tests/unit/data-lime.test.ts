/** The surrogate around a sample against functions whose answer is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { likeness, meanLikeness, neighbours, ranking, surrogate } from '../../src/datasets/lime.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const x = [0.3, -1, 2];
const answersOf = (rows: Float32Array, f: (row: readonly number[]) => number): number[] =>
  Array.from({ length: rows.length / 3 }, (_, i) => f([...rows.slice(3 * i, 3 * i + 3)]));

test('a linear function is explained by its own weights, with a fit of 1, at every width', () => {
  for (const width of [0.1, 1, 3]) {
    const rows = neighbours(seededRandom(1), x, width, 60);
    const found = surrogate(
      x,
      rows,
      answersOf(rows, ([a, b, c]) => 5 + 2 * a! - 3 * b! + 0 * c!),
      width,
    );
    [2, -3, 0].forEach((weight, j) => assert.ok(Math.abs(found.weights[j]! - weight) < 1e-5));
    assert.ok(found.fit > 1 - 1e-9);
    assert.deepEqual(ranking(found.weights).slice(0, 2), [2, 1]);
  }
});

test('a narrow surrogate of a smooth function has the weights of its gradient; a wide one fits worse', () => {
  const f = ([a, b, c]: readonly number[]): number => Math.sin(2 * a!) + b! * c!;
  const fits = [0.01, 1, 3].map((width) => {
    const rows = neighbours(seededRandom(2), x, width, 400);
    return surrogate(x, rows, answersOf(rows, f), width);
  });
  const gradient = [2 * Math.cos(2 * x[0]!), x[2]!, x[1]!];
  gradient.forEach((slope, j) => assert.ok(Math.abs(fits[0]!.weights[j]! - slope) < 0.01));
  assert.ok(fits[0]!.fit > 0.999 && fits[1]!.fit < fits[0]!.fit && fits[2]!.fit < fits[1]!.fit);
});

test('neighbours have the mean of the sample and the spread of the width', () => {
  const rows = neighbours(seededRandom(3), x, 0.5, 4000);
  const first = Array.from({ length: 4000 }, (_, i) => rows[3 * i]! - x[0]!);
  const mean = first.reduce((sum, value) => sum + value, 0) / 4000;
  const spread = Math.sqrt(first.reduce((sum, value) => sum + value ** 2, 0) / 4000);
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(spread - 0.5) < 0.03);
});

test('likeness is the cosine: 1 for the same direction, 0 for a right angle, −1 for the opposite', () => {
  assert.ok(Math.abs(likeness([1, 2], [2, 4]) - 1) < 1e-12);
  assert.equal(likeness([1, 0], [0, 3]), 0);
  assert.equal(likeness([1, 0], [-2, 0]), -1);
  const each = [
    [1, 0],
    [0, 1],
    [1, 0],
  ].map((weights) => ({ weights, fit: 1 }));
  assert.ok(Math.abs(meanLikeness(each) - 1 / 3) < 1e-12);
});
