/** Holds attention by hand against TensorFlow.js and the audit's values. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import attention from '../../src/calculators/attention.ts';
import { computeCalculator } from '../../src/calculators/compute.ts';
import { results } from './calculator-host.ts';

before(async () => {
  await tf.setBackend('cpu');
});

const NAMES = ['first', 'firstNext', 'second', 'secondNext'];

function work(inputs: Readonly<Record<string, unknown>>): number[] {
  return NAMES.map(results(attention, inputs));
}

const near = (actual: readonly number[], expected: ArrayLike<number>, tolerance: number): void => {
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] ?? NaN)) <= tolerance, `${value}, not ${expected[i]}`);
  });
};

test('the default matrices give the audited output', () => {
  near(work({}), [1.6044483, 1.5988879, 1.4011121, 2.0055604], 1e-7);
});

test('other matrices give what TensorFlow.js gives', async () => {
  const Q = [
    [2, -1, 0.5],
    [0, 3, 1],
  ];
  const K = [
    [1, 0, 2],
    [-2, 1, 1],
    [0.5, 0.5, -1],
    [4, 4, 4],
  ];
  const V = [
    [1, 2],
    [-3, 0],
    [5, 5],
    [0.1, -0.2],
  ];
  const scores = tf.matMul(Q, K, false, true).div(Math.sqrt(3)).softmax();
  near(work({ Q, K, V }), await scores.matMul(V).data(), 1e-5);
});

test('keys of another width and a missing value are refused, each at its own cell', () => {
  const refused = (inputs: Readonly<Record<string, unknown>>): string | undefined => {
    const computed = computeCalculator(attention, inputs);
    return computed.ok ? undefined : computed.problems[0]?.input;
  };
  assert.equal(refused({ K: [[1], [2], [3]] }), 'K');
  assert.equal(refused({ V: [[1, 1]] }), 'V');
});
