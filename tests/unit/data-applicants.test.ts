/** Applicants of two groups and the thresholds of each rule, against counting them one by one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawApplicants, outcome, thresholdsFor } from '../../src/datasets/applicants.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const people = drawApplicants(seededRandom(3), 20_000, [0.5, 0.2], [1.5, 2]);
const near = (a: number, b: number, slack: number) =>
  assert.ok(Math.abs(a - b) < slack, `${a} ${b}`);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

test('three in ten are of the second group, and each group is as able as asked', () => {
  near(mean(people.group), 0.3, 0.01);
  for (const [g, base] of [0.5, 0.2].entries()) {
    near(mean(people.able.filter((_, i) => people.group[i] === g)), base, 0.015);
  }
});

test('the postcode tells the group nine times in ten, the last column always', () => {
  const agree = (column: number) =>
    mean(people.group.map((g, i) => (people.x[i * 4 + column]! > 0 === (g === 1) ? 1 : 0)));
  near(agree(2), 0.9, 0.01);
  assert.equal(agree(3), 1);
});

// The sum of both results: a score that means something, but needs no model.
const scores = people.group.map(
  (_, i) => 1 / (1 + Math.exp(-people.x[i * 4]! - people.x[i * 4 + 1]!)),
);

test('each rule makes equal, on the people it was set on, what its name says', () => {
  const pick = { rate: 'approved', opportunity: 'truePositive', alarm: 'falsePositive' } as const;
  for (const rule of ['rate', 'opportunity', 'alarm'] as const) {
    const lines = thresholdsFor(rule, people, scores);
    const [a, b] = [outcome(people, scores, lines, 0), outcome(people, scores, lines, 1)];
    near(a[pick[rule]], b[pick[rule]], 0.002);
  }
  assert.deepEqual(thresholdsFor('one', people, scores), [0.5, 0.5]);
});

test('an outcome is what counting gives, and both groups together are their weighted mean', () => {
  const lines = [0.6, 0.4];
  let [yes, hits, right, n] = [0, 0, 0, 0];
  people.group.forEach((g, i) => {
    if (g !== 1) return;
    n++;
    const approved = scores[i]! >= 0.4;
    if (approved) yes++;
    if (approved && people.able[i]) hits++;
    if (approved === (people.able[i] === 1)) right++;
  });
  const b = outcome(people, scores, lines, 1);
  near(b.approved, yes / n, 1e-12);
  near(b.accuracy, right / n, 1e-12);
  const able = people.able.filter((y, i) => y === 1 && people.group[i] === 1).length;
  near(b.truePositive, hits / able, 1e-12);
  near(b.falsePositive, (yes - hits) / (n - able), 1e-12);
  const [all, a] = [outcome(people, scores, lines), outcome(people, scores, lines, 0)];
  near(all.accuracy, (a.accuracy * (people.count - n) + b.accuracy * n) / people.count, 1e-12);
});
