/** Holds the step counter against the batches that examples really take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computeCalculator } from '../../src/calculators/compute.ts';
import stepsPerEpoch from '../../src/calculators/steps-per-epoch.ts';
import { batches, seededRandom } from '../../src/datasets/random.ts';
import { results, work } from './calculator-host.ts';

test('50,000 pictures in batches of 64 are 782 steps, the last of 16; ten epochs are 7,820', () => {
  const value = results(stepsPerEpoch);
  assert.deepEqual(['perEpoch', 'last', 'seen', 'total'].map(value), [782, 16, 50_000, 7820]);
});

test('the counts are those of the batches that an example walks through', () => {
  for (const [samples, batch, epochs] of [
    [1000, 64, 6],
    [128, 64, 2],
    [5, 9, 3],
    [1, 1, 1],
    [99, 7, 4],
  ] as const) {
    const walked = [...batches(seededRandom(1), samples, batch, epochs, 0)];
    const value = results(stepsPerEpoch, { samples, batch, epochs });
    assert.equal(value('total'), walked.length);
    assert.equal(value('perEpoch'), walked.length / epochs);
    assert.equal(value('last'), walked.at(-1)?.length);
    assert.equal(value('seen') * epochs, walked.flat().length);
  }
});

test('a dropped last batch takes its samples with it', () => {
  const value = results(stepsPerEpoch, { rest: 'drop' });
  assert.deepEqual(['perEpoch', 'last', 'seen', 'total'].map(value), [781, 64, 49_984, 7810]);
});

test("the document's number stands beside the right one only for its own samples and batch", () => {
  assert.equal(work(stepsPerEpoch).results['printed']?.value, 64);
  assert.equal(work(stepsPerEpoch, { batch: 32 }).results['printed'], undefined);
});

test('a batch that is never full is refused when incomplete ones are dropped', () => {
  const computed = computeCalculator(stepsPerEpoch, { samples: 5, batch: 9, rest: 'drop' });
  assert.ok(!computed.ok);
  assert.equal(computed.problems[0]?.input, 'batch');
});
