/** Tests the pictures of feature maps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelsView } from '../../src/datasets/feature-maps.ts';

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
