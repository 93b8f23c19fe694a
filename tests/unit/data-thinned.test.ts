/** Which weights pruning keeps, against sorting them all, and the bytes of what is left. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/datasets/random.ts';
import { keepGreatest, thinnedBytes, thinnedViews } from '../../src/datasets/thinned.ts';

test('every kept weight scores at least as high as every weight that goes, and the share is right', () => {
  const scores = seededRandom(4).normals(1280).map(Math.abs);
  for (const share of [0, 0.5, 0.9, 0.98]) {
    const mask = keepGreatest(scores, share);
    const kept = scores.filter((_, i) => mask[i] === 1);
    const gone = scores.filter((_, i) => mask[i] === 0);
    assert.equal(kept.length, Math.round((1 - share) * scores.length));
    assert.ok(Math.min(...kept) >= Math.max(0, ...gone));
  }
});

test('at least one weight stays', () => {
  assert.deepEqual([...keepGreatest([1, 3, 2], 1)], [0, 1, 0]);
});

test('half the weights with their places take three quarters of the bytes', () => {
  assert.equal(thinnedBytes(4736, 0) / (4 * 9472), 0.75);
  assert.equal(thinnedBytes(0, 138), 4 * 138);
});

test('the picture of a mask has ink where weights are kept', () => {
  const mask = Array.from({ length: 128 }, (_, i) => Number(i >= 126)); // two units, only the last pixel
  const masks = Array.from({ length: 6 }, () => mask);
  const numbers = masks.map(() => 0.5);
  const seen = { shares: [0.5, 0.9, 0.98], before: numbers, after: numbers, masks };
  const views = thinnedViews({ ...seen, ink: mask.slice(0, 64), weights: 100, biases: 2 });
  const images = views.at(-1);
  assert.ok(images?.kind === 'images');
  assert.equal(images.images.length, 5);
  assert.deepEqual(
    images.images[1]?.pixels.map((value, i) => (value > 0 ? i : -1)).filter((i) => i >= 0),
    [63],
  );
});
