/** Noisy discs and the counts that score a mask, against masks whose answer is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  drawScans,
  patches,
  pixelBaseline,
  scoreMask,
  SIDE,
  SMALL,
  verdicts,
} from '../../src/datasets/lesions.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const scans = drawScans(seededRandom(3), 60, 0.2);

test('every lesion is one patch of the truth, and about as large as its radius says', () => {
  assert.equal(
    patches((pixel) => scans.truth[pixel] === 1, scans.count).length,
    scans.lesions.length,
  );
  for (const { radius, pixels } of scans.lesions) {
    assert.ok(Math.abs(pixels.length - Math.PI * radius ** 2) <= 2 * radius + 2);
    assert.ok(pixels.every((pixel) => scans.truth[pixel] === 1));
  }
  const inside = scans.lesions.reduce((sum, { pixels }) => sum + pixels.length, 0);
  assert.equal(
    inside,
    scans.truth.reduce((sum, value) => sum + value),
  );
});

test('the truth as a mask finds everything, the empty mask nothing, and neither gives an alarm', () => {
  const perfect = { iou: 1, smallFound: 1, largeFound: 1, falseAlarms: 0 };
  assert.deepEqual(scoreMask(scans, scans.truth, 0.5), perfect);
  const nothing = new Float32Array(scans.truth.length);
  assert.deepEqual(scoreMask(scans, nothing, 0.5), {
    ...{ iou: 0, smallFound: 0, largeFound: 0, falseAlarms: 0 },
  });
});

test('a mark away from every lesion is one alarm, diagonal marks are two', () => {
  const mask = Float32Array.from(scans.truth);
  const free = (x: number, y: number): boolean =>
    [-2, -1, 0, 1, 2, 3].every((dx) =>
      [-2, -1, 0, 1, 2, 3].every((dy) => !mask[(y + dy) * SIDE + x + dx]),
    );
  let at = -1;
  for (let pixel = 0; at < 0; pixel++) {
    const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
    if (x > 2 && x < SIDE - 4 && y > 2 && y < SIDE - 4 && free(x, y)) at = pixel;
  }
  mask[at] = 1;
  assert.equal(scoreMask(scans, mask, 0.5).falseAlarms, 1 / scans.count);
  mask[at + SIDE + 1] = 1;
  assert.equal(scoreMask(scans, mask, 0.5).falseAlarms, 2 / scans.count);
});

test('the words under the pictures add up to the score of them all', () => {
  const words = verdicts(scans, scans.pixels, 0.6, scans.count);
  const sum = (find: RegExp) => words.reduce((n, word) => n + Number(find.exec(word)?.[1]), 0);
  assert.equal(sum(/\/(\d+)/), scans.lesions.length);
  assert.equal(sum(/误报 (\d+)/), Math.round(60 * scoreMask(scans, scans.pixels, 0.6).falseAlarms));
});

test('a lower threshold finds at least as many lesions', () => {
  const found = [0.9, 0.6, 0.4, 0.2].map((at) => scoreMask(scans, scans.pixels, at));
  found.slice(1).forEach((score, k) => {
    assert.ok(score.smallFound >= found[k]!.smallFound && score.largeFound >= found[k]!.largeFound);
  });
  assert.ok(pixelBaseline(scans) >= scoreMask(scans, scans.pixels, 0.5).iou);
  assert.ok(scans.lesions.some(({ radius }) => radius <= SMALL));
});
