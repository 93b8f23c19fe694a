/** Holds the detector's four numbers against counting one verdict at a time, and against the audit's values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computeCalculator } from '../../src/calculators/compute.ts';
import calculator from '../../src/calculators/precision-recall.ts';
import { results } from './calculator-host.ts';

test('The audit’s fraud detector: accuracy 0.8950, recall 0.7297, precision 0.1189; letting all pass 0.9815', () => {
  const of = results(calculator);
  const digits = (name: string): string => of(name).toFixed(4);
  assert.deepEqual(['accuracy', 'recall', 'precision', 'idle'].map(digits), [
    ...['0.8950', '0.7297', '0.1189', '0.9815'],
  ]);
});

test('The four numbers agree with counting verdict by verdict', () => {
  const bad = Array.from({ length: 50 }, (_, i) => i % 7 === 0);
  const flagged = Array.from({ length: 50 }, (_, i) => i % 3 === 0);
  const count = (is: (i: number) => boolean): number => bad.filter((_, i) => is(i)).length;
  const caught = count((i) => bad[i] === true && flagged[i] === true);
  const of = results(calculator, {
    ...{ all: 50, bad: count((i) => bad[i] === true), caught },
    ...{ wronged: count((i) => bad[i] !== true && flagged[i] === true), miss: 7, check: 2 },
  });
  const right = count((i) => bad[i] === flagged[i]);
  assert.equal(of('accuracy'), right / 50);
  assert.equal(of('precision'), caught / count((i) => flagged[i] === true));
  assert.equal(of('recall'), caught / count((i) => bad[i] === true));
  const mean = 2 / (1 / of('precision') + 1 / of('recall'));
  assert.ok(Math.abs(of('f1') - mean) < 1e-12);
  assert.equal(
    of('money'),
    7 * (of('idleMoney') / 7 - caught) + 2 * count((i) => flagged[i] === true),
  );
});

test('More caught than there are is refused', () => {
  assert.ok(!computeCalculator(calculator, { caught: 38 }).ok);
  assert.ok(!computeCalculator(calculator, { wronged: 1964 }).ok);
  assert.ok(!computeCalculator(calculator, { bad: 2001 }).ok);
});
