/** Holds the erasing of pixels, and the heat map of the deletion test, against an independent computation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chanceScores,
  deletionCurve,
  eraseBest,
  heatPictures,
  scoresOfTheNext,
} from '../../src/datasets/deletion.ts';
import { PIXELS } from '../../src/datasets/digits.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const IMAGES = 5;
const random = seededRandom(7);
const images = Float32Array.from({ length: IMAGES * PIXELS }, () =>
  random.uniform() < 0.5 ? 0 : random.uniform(),
);
const scores = random.normals(IMAGES * PIXELS);
const rowOf = (values: ArrayLike<number>, k: number): number[] =>
  Array.from(values).slice(k * PIXELS, (k + 1) * PIXELS);

test('Erased are exactly the inked pixels with the largest scores above 0, and nothing else changes', () => {
  for (const erase of [0, 1, 4, 16, PIXELS]) {
    const left = eraseBest(images, scores, erase);
    for (let k = 0; k < IMAGES; k++) {
      const [before, after, score] = [rowOf(images, k), rowOf(left, k), rowOf(scores, k)];
      const usable = score.filter((s, i) => s > 0 && (before[i] ?? 0) > 0);
      const gone = before.flatMap((ink, i) => (ink !== after[i] ? [i] : []));
      assert.equal(gone.length, Math.min(erase, usable.length));
      assert.ok(gone.every((i) => after[i] === 0));
      const worstErased = Math.min(...gone.map((i) => score[i] ?? NaN));
      const kept = score.filter((s, i) => s > 0 && (after[i] ?? 0) > 0);
      assert.ok(kept.every((s) => s <= worstErased || gone.length === 0));
    }
  }
});

test('Chance scores are above 0, come from the seed alone, and erase only inked pixels', () => {
  const chance = chanceScores(seededRandom(3), images.length);
  assert.deepEqual(chance, chanceScores(seededRandom(3), images.length));
  assert.ok(chance.every((score) => score > 0 && score <= 1));
  const inked = images.filter((ink) => ink > 0).length;
  const left = eraseBest(images, chance, 4).filter((ink) => ink > 0).length;
  assert.equal(inked - left, 4 * IMAGES);
});

test('The map of the next image is a rotation by one image, and lengths that do not fit are refused', () => {
  const moved = scoresOfTheNext(scores);
  for (let k = 0; k < IMAGES; k++) {
    assert.deepEqual(rowOf(moved, k), rowOf(scores, (k + 1) % IMAGES));
  }
  assert.throws(() => eraseBest(images, scores.slice(1), 1), RangeError);
  assert.throws(() => eraseBest(images.slice(1), scores.slice(1), 1), RangeError);
});

test('Tints lie between 0 and 1, the strongest pixel has 1, and images beyond the scores have none', () => {
  const p = Array.from({ length: 3 }, () => [0.1, 0.7, 0.2]);
  const view = heatPictures(images, scores.slice(0, PIXELS), p, ['没抹']);
  const [first, second] = view.images;
  assert.equal(Math.max(...(first?.tint ?? [])), 1);
  assert.ok(first?.tint?.every((tint) => tint >= 0 && tint <= 1));
  assert.equal(first?.caption, '没抹：读作 1，0.70');
  assert.equal(second?.tint, undefined);
  assert.equal(second?.caption, '读作 1，0.70');
});

test('The curve asks for every number of pixels, in both orders, and begins with none', async () => {
  const asked: string[] = [];
  const curve = await deletionCurve([[1], [2]], (by, erase) => {
    asked.push(`${by[0]}:${erase}`);
    return Promise.resolve(1 - erase / 16);
  });
  assert.equal(curve.series.length, 2);
  assert.deepEqual(asked.slice(0, 2), ['1:0', '1:1']);
  assert.equal(
    asked.length,
    curve.series.reduce((sum, { xs }) => sum + xs.length, 0),
  );
  assert.equal(curve.series[0]?.ys[0], 1);
});
