/** Holds back-propagation by hand against TensorFlow.js, differences and the audit's values. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import deltaRule from '../../src/calculators/delta-rule.ts';
import { differences, flatten, tinyLoss, unflatten } from '../../src/datasets/tiny-network.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { near, results } from './calculator-host.ts';

before(async () => {
  await tf.setBackend('cpu');
});

test('the chain of two neurons has the audited gradient, and the printed product is another number', () => {
  const of = results(deltaRule, {});
  near(of('dw2'), -0.0867677673, 1e-10);
  near(of('difference2'), -0.0867677673, 1e-9);
  near(of('printed'), -0.0199089379, 1e-10);
  near(of('dw1'), 0.0233143754, 1e-10);
});

test('the delta rule agrees with the tape of TensorFlow.js for other numbers', async () => {
  for (const [x, y, w1, b1, w2, b2] of [
    [-1.5, 0, 2, 0.3, 1.1, -0.4],
    [3, 0.5, -0.2, 1, -2, 0.7],
  ] as const) {
    const cost = (...w: tf.Tensor[]): tf.Scalar => {
      const a1 = w[0]!.mul(x).add(w[1]!).sigmoid();
      return a1.mul(w[2]!).add(w[3]!).sigmoid().sub(y).square().div(2);
    };
    const tape = tf.grads(cost)([w1, b1, w2, b2].map((value) => tf.scalar(value)));
    const of = results(deltaRule, { x, y, w1, b1, w2, b2 });
    for (const [i, name] of ['dw1', 'db1', 'dw2', 'db2'].entries())
      near(of(name), (await tape[i]!.data())[0]!, 1e-7);
  }
});

test('differences of the plain network agree with the tape, and lists go there and back', async () => {
  const shape = [2, 3, 2] as const;
  const random = seededRandom(5);
  const flat = Array.from({ length: 17 }, () => random.normal());
  const weights = unflatten(flat, shape);
  assert.deepEqual(flatten(weights), flat);
  const [x, y] = [0, 1].map(() =>
    Array.from({ length: 7 }, () => [random.uniform(), random.uniform()]),
  );
  const samples = { x: x!, y: y! };
  const cost = (W1: tf.Tensor, b1: tf.Tensor, W2: tf.Tensor, b2: tf.Tensor): tf.Scalar => {
    const a1 = tf.tensor2d(samples.x).matMul(W1).add(b1).sigmoid();
    return a1.matMul(W2).add(b2).sigmoid().sub(tf.tensor2d(samples.y)).square().sum().div(14);
  };
  const parts = [weights.W1, weights.b1, weights.W2, weights.b2].map((part) => tf.tensor(part));
  near(
    tinyLoss(weights, samples),
    (await cost(...(parts as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor])).data())[0]!,
    1e-6,
  );
  const tape = tf.grads(cost)(parts);
  const slopes = (await Promise.all(tape.map((g) => g.data()))).flatMap((g) => [...g]);
  differences(weights, shape, samples).forEach((slope, i) => near(slope, slopes[i]!, 1e-6));
});
