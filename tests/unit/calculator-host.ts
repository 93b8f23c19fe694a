/** Works a calculator as the page does, and gives its results. Knows no calculator. */
import assert from 'node:assert/strict';
import { computeCalculator } from '../../src/calculators/compute.ts';
import type { AnyCalculator, Worked } from '../../src/contract/calculator.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** Steps, results and views for these inputs, the others at their defaults. Fails when an input is refused. */
export function work(calculator: AnyCalculator, inputs: Inputs = {}): Worked {
  const computed = computeCalculator(calculator, inputs);
  if (!computed.ok) assert.fail(JSON.stringify(computed.problems));
  return computed.worked;
}

/** The number of a result. Fails when there is no result of that name. */
export function value(worked: Worked, result: string): number {
  const found = worked.results[result];
  assert.ok(found, `no result ${result}`);
  return found.value;
}

/** The results for these inputs, by name. */
export function results(calculator: AnyCalculator, inputs: Inputs = {}): (name: string) => number {
  const worked = work(calculator, inputs);
  return (name) => value(worked, name);
}

/** Fails when the two numbers are farther apart than `tolerance`. */
export function near(actual: number, expected: number, tolerance: number, what = ''): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what} ${actual} is not ${expected} ± ${tolerance}`,
  );
}
