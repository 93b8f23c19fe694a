/** The power law through two measurements, against values made from a known law. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computeCalculator } from '../../src/calculators/compute.ts';
import dataNeeded from '../../src/calculators/data-needed.ts';
import { results } from './calculator-host.ts';

const law = (n: number): number => 2 * n ** -0.5;

test('A law with exponent ½ is found again, and its target is where the law has it', () => {
  const of = results(dataNeeded, {
    ...{ fewer: 100, fewerError: law(100), more: 1600, moreError: law(1600) },
    target: law(6400),
  });
  assert.ok(Math.abs(of('exponent') - 0.5) < 1e-6);
  assert.ok(Math.abs(of('needed') - 6400) < 1e-6);
  assert.ok(Math.abs(of('doubled') - Math.SQRT1_2) < 1e-6);
  assert.ok(Math.abs(of('halving') - 4) < 1e-6);
});

test('Errors that do not fall are refused in words', () => {
  const computed = computeCalculator(dataNeeded, { fewerError: 0.04, moreError: 0.05 });
  assert.equal(computed.ok, false);
});
