/** Tests the pictures of feature maps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inkOf } from '../../src/datasets/photographed.ts';
import { movedAround } from '../../src/datasets/moved-digits.ts';
import { channelsView, shares, wayView } from '../../src/datasets/feature-maps.ts';

test('each channel becomes one picture, and all share one scale', () => {
  // [2, 2, 3]: value = 10 · pixel + channel
  const values = [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32];
  const { images, width } = channelsView('', 2, values);
  assert.equal(width, 2);
  assert.equal(images.length, 3);
  images.forEach(({ pixels }, channel) => {
    pixels.forEach((ink, i) => assert.ok(Math.abs(ink - (10 * i + channel) / 32) < 1e-12));
  });
});

test('a map that is the same everywhere is drawn as paper', () => {
  const { images } = channelsView('', 2, [3, 3, 3, 3]);
  assert.deepEqual(images[0]?.pixels, [0, 0, 0, 0]);
});

test('the first round of guesses is counted apart from those after it', () => {
  assert.deepEqual(shares([1, 2, 0, 0, 1, 0, 1, 2], [1, 2]), [1, 0.5]);
});

test('the way of an image ends in maps of the side that it is told', () => {
  const views = wayView([], [new Float32Array(18), new Float32Array(72), [1, 2]], 1);
  assert.deepEqual(
    views.map(({ width, images }) => [width, images.length]),
    [
      [8, 1],
      [3, 2],
      [6, 2],
      [1, 2],
    ],
  );
});

test('digits move right, left, down and up, and what leaves the picture is gone', () => {
  const images = new Float32Array(64);
  images[7] = 1; // top right corner
  const sets = movedAround({ count: 1, images, labels: Int32Array.of(4) }, 1);
  assert.deepEqual(
    sets.map((set) => set.images.indexOf(1)),
    [7, -1, 6, 15, -1],
  );
});

test('a picture of writing becomes ink: the darkest is 1, shadows are paper, an even picture is nothing', () => {
  assert.deepEqual(inkOf([0.9, 0.1, 0.7, 0.5]), [0, 1, 0, 0.5]);
  assert.equal(inkOf([0.5, 0.55, 0.6]), undefined);
  assert.equal(inkOf([]), undefined);
});
