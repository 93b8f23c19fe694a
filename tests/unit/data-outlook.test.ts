/** What the planets, the circles of friends and the captions promise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CAPTIONS,
  CHARACTERS,
  countCharacters,
  onBothPapers,
} from '../../src/datasets/captions.ts';
import { UNSEEN } from '../../src/datasets/captions.ts';
import { makeCommunities, MEMBERS, messageMatrix } from '../../src/datasets/communities.ts';
import { MISPRINTED_MARS, PLANETS, powerLaw } from '../../src/datasets/planets.ts';

test('the planets obey the three-halves law to a thousandth, and the misprinted Mars does not', () => {
  for (const { name, distance, period } of PLANETS)
    assert.ok(Math.abs(period / distance ** 1.5 - 1) < 1e-3, name);
  const mars = PLANETS.find(({ name }) => name === '火星');
  assert.ok(mars && Math.abs(mars.period / MISPRINTED_MARS ** 1.5 - 1) > 3e-3);
});

test('the least-squares exponent of all eight planets is three halves to the fourth digit', () => {
  const [exponent, logFactor] = powerLaw(PLANETS);
  assert.ok(Math.abs(exponent - 1.5) < 2e-4, String(exponent));
  assert.ok(Math.abs(logFactor) < 2e-4);
  // no other line through the logarithms has a smaller sum of squares
  const squares = (k: number, c: number): number =>
    PLANETS.reduce((s, p) => s + (Math.log(p.period) - k * Math.log(p.distance) - c) ** 2, 0);
  for (const [dk, dc] of [
    [1e-3, 0],
    [-1e-3, 0],
    [0, 1e-3],
    [0, -1e-3],
  ] as const)
    assert.ok(squares(exponent + dk, logFactor + dc) > squares(exponent, logFactor));
});

const shape = { inside: 0.2, between: 0.02, hint: 0.5, labelled: 3 };

test('circles of friends are the same for the same seed, and friends are mostly inside', () => {
  const people = makeCommunities(7, shape);
  assert.deepEqual(people, makeCommunities(7, shape));
  const across = people.edges.filter(([i, j]) => people.labels[i] !== people.labels[j]).length;
  const pairs = { inside: 2 * ((30 * 29) / 2), across: 900 };
  assert.ok(Math.abs(across / pairs.across - 0.02) < 0.015);
  assert.ok(Math.abs((people.edges.length - across) / pairs.inside - 0.2) < 0.05);
  assert.equal(people.told.length, 6);
  assert.equal(new Set(people.told).size, 6);
  assert.equal(people.told.filter((i) => people.labels[i] === 0).length, 3);
});

test('the message matrix is symmetric, and leaves the square roots of the degrees as they are', () => {
  const { edges } = makeCommunities(3, shape);
  const A = messageMatrix(MEMBERS, edges);
  const degree = Array.from(
    { length: MEMBERS },
    (_, i) => 1 + edges.filter((edge) => edge.includes(i)).length,
  );
  for (let i = 0; i < MEMBERS; i++) {
    let sum = 0;
    for (let j = 0; j < MEMBERS; j++) {
      assert.equal(A[i * MEMBERS + j], A[j * MEMBERS + i]);
      sum += (A[i * MEMBERS + j] ?? 0) * Math.sqrt(degree[j] ?? 0);
    }
    assert.ok(Math.abs(sum - Math.sqrt(degree[i] ?? 0)) < 1e-5);
  }
});

test('every caption is made of the known characters, and pictures carry the right one', () => {
  assert.equal(new Set(CAPTIONS).size, 20);
  const counts = countCharacters(CAPTIONS);
  counts.forEach((row, k) => {
    assert.equal(
      row.reduce((a, b) => a + b, 0),
      [...(CAPTIONS[k] ?? '')].length,
    );
    assert.equal(row.length, CHARACTERS.length);
  });
  assert.deepEqual(
    UNSEEN.map((k) => CAPTIONS[k]),
    ['黑底的三', '黑底的七'],
  );
  const images = new Float32Array(128).fill(0.25, 0, 64).fill(1, 64);
  const both = onBothPapers({ count: 2, images, labels: Int32Array.of(3, 9) });
  assert.deepEqual(
    [...both.captions].map((k) => CAPTIONS[k]),
    ['白底的三', '白底的九', '黑底的三', '黑底的九'],
  );
  assert.deepEqual([both.images[0], both.images[128], both.images[192]], [0.25, 0.75, 0]);
});
