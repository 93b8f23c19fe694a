/** The size of a test set: against the exact largest of two and three draws, and against drawn coins. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import testSetSize from '../../src/calculators/test-set-size.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { results } from './calculator-host.ts';

test('The largest of one, two and three normal draws is 0, 1/√π and 3/(2√π) on average', () => {
  for (const [models, expected] of [
    [1, 0],
    [2, 1 / Math.sqrt(Math.PI)],
    [3, 1.5 / Math.sqrt(Math.PI)],
  ] as const) {
    const of = results(testSetSize, { accuracy: 0.5, count: 100, models });
    assert.ok(Math.abs(of('luck') / of('error') - expected) < 1e-4, `${models}`);
  }
});

test('The best of 200 coin tossers on 50 questions looks as good as drawn ones do', () => {
  const random = seededRandom(9);
  const best = (): number =>
    Math.max(
      ...Array.from({ length: 200 }, () => {
        let right = 0;
        for (let i = 0; i < 50; i++) right += Number(random.uniform() < 0.5);
        return right / 50;
      }),
    );
  const drawn = Array.from({ length: 200 }, best).reduce((sum, x) => sum + x) / 200;
  const of = results(testSetSize, { accuracy: 0.5, count: 50, models: 200 });
  assert.ok(Math.abs(of('best') - drawn) < 0.01, `${of('best')} ${drawn}`);
});

test('The needed number of questions brings the margin down to what was wanted', () => {
  const needed = results(testSetSize, { accuracy: 0.9, wanted: 0.02 })('needed');
  assert.ok(
    Math.abs(results(testSetSize, { accuracy: 0.9, count: needed })('margin') - 0.02) < 1e-4,
  );
});
