/** The power law that the learning curve draws. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitPowerLaw, powerLawView } from '../../src/datasets/power-law.ts';

describe('fitPowerLaw', () => {
  it('finds a law from its own values', () => {
    const sizes = [10, 40, 90, 1000];
    const law = fitPowerLaw(
      sizes,
      sizes.map((n) => 3 * n ** -0.7),
    );
    assert.ok(Math.abs(law.factor - 3) < 1e-9);
    assert.ok(Math.abs(law.exponent - 0.7) < 1e-9);
  });
  it('agrees with the slope through two points, and leaves out an error of 0', () => {
    const law = fitPowerLaw([1, 100, 1000], [0.5, 0.05, 0]);
    assert.ok(Math.abs(law.exponent - 0.5) < 1e-12);
    assert.ok(Math.abs(law.factor - 0.5) < 1e-12);
  });
  it('has no slope without two different sizes', () => {
    assert.deepEqual(fitPowerLaw([5], [0.25]), { factor: 0.25, exponent: 0 });
    assert.deepEqual(fitPowerLaw([5, 6], [0, 0]), { factor: 0, exponent: 0 });
  });
});

describe('powerLawView', () => {
  it('draws the law on to twice the largest size', () => {
    const measured = { label: 'e', xs: [1, 2, 4], ys: [1, 0.5, 0.25] };
    const { series } = powerLawView('t', 'n', measured, { factor: 1, exponent: 1 });
    assert.deepEqual(series[1]!.xs, [1, 2, 4, 8]);
    assert.deepEqual(series[1]!.ys, [1, 0.5, 0.25, 0.125]);
  });
});
