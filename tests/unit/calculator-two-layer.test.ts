/** Holds the two-layer step against TensorFlow.js, and against itself: small steps lower the loss. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import twoLayerStep from '../../src/calculators/two-layer-step.ts';
import { results } from './calculator-host.ts';

before(async () => {
  await tf.setBackend('cpu');
});

const CASES = [
  {},
  { x: -2, y: 0.3, w1: 1.2, b1: -0.4, w2: -0.8, b2: 0.5, rate: 0.1 },
  { x: 0, y: -1, w1: 3, b1: 0.1, w2: 2, b2: 1, rate: 0.01 },
];

test('The four gradients are those that TensorFlow.js finds', async () => {
  for (const inputs of CASES) {
    const { x, y, w1, b1, w2, b2 } = { x: 1, y: 1.5, w1: 0.5, b1: 0, w2: 1, b2: 0, ...inputs };
    const loss = (...[a, b, c, d]: tf.Tensor[]): tf.Scalar =>
      a!.mul(x).add(b!).sigmoid().mul(c!).add(d!).sub(y).square().mul(0.5).sum();
    const tape = tf.grads(loss)([w1, b1, w2, b2].map((value) => tf.scalar(value)));
    const of = results(twoLayerStep, inputs);
    for (const [i, name] of ['w1Gradient', 'b1Gradient', 'w2Gradient', 'b2Gradient'].entries()) {
      const found = (await tape[i]!.data())[0]!;
      assert.ok(Math.abs(of(name) - found) < 1e-6, `${name}: ${of(name)} and ${found}`);
    }
    assert.ok(of('gap') < 1e-8);
  }
});

test('A small step lowers the loss; a step of no length leaves it', () => {
  for (const inputs of CASES) {
    assert.ok(
      results(twoLayerStep, { ...inputs, rate: 0.01 })('after') <
        results(twoLayerStep, inputs)('loss'),
    );
    assert.equal(
      results(twoLayerStep, { ...inputs, rate: 0 })('after'),
      results(twoLayerStep, inputs)('loss'),
    );
  }
});

test('By default: σ(0.5) = 0.622459, loss 0.385039', () => {
  const of = results(twoLayerStep, {});
  assert.ok(Math.abs(of('predicted') - 0.6224593312) < 1e-9);
  assert.ok(Math.abs(of('loss') - 0.3850389) < 1e-6);
});
