/** Holds the cross-entropy and chain-rule calculators against TensorFlow.js and the audit's values. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import chainRule from '../../src/calculators/chain-rule.ts';
import { computeCalculator } from '../../src/calculators/compute.ts';
import crossEntropy from '../../src/calculators/cross-entropy.ts';
import { near, results } from './calculator-host.ts';

before(async () => {
  await tf.setBackend('cpu');
});

test('Cross-entropy of 0.8 and 0.2 is 0.2231 and 1.6094 in nats; the printed formula gives neither printed number', () => {
  for (const [p, loss, printed] of [
    [0.8, 0.2231435513, 0.1785148411],
    [0.2, 1.6094379124, 0.3218875825],
  ] as const) {
    const of = results(crossEntropy, { p });
    near(of('loss'), loss, 1e-10);
    near(of('printed'), printed, 1e-10);
    near(of('entropy'), 0.5004024235, 1e-10);
  }
  near(results(crossEntropy, { p: 0.8, base: 'two' })('loss'), 0.3219280949, 1e-10);
  near(results(crossEntropy, { p: 0.2, base: 'two' })('loss'), 2.3219280949, 1e-10);
  near(results(crossEntropy, { p: 0.2, base: 'ten' })('loss'), 0.6989700043, 1e-10);
});

test('−p ln p is largest at 1/e, and there it stops pulling on the score', () => {
  const peak = results(crossEntropy, { p: 1 / Math.E });
  near(peak('printed'), 1 / Math.E, 1e-12);
  near(peak('printedPull'), 0, 1e-12);
  assert.ok(results(crossEntropy, { p: 0.3 })('printedPull') < 0);
  assert.ok(results(crossEntropy, { p: 0.4 })('printedPull') > 0);
});

test('both pulls are the derivatives that TensorFlow.js finds for the score of two classes', async () => {
  for (const p of [0.05, 0.3, 0.8, 0.99]) {
    const of = results(crossEntropy, { p });
    const probability = (z: tf.Tensor): tf.Scalar => z.sigmoid().asScalar();
    const at = tf.scalar(Math.log(p / (1 - p)));
    const loss = tf.grad((z) => probability(z).log().neg());
    const term = tf.grad((z) => probability(z).mul(probability(z).log()).neg());
    near(of('pull'), -((await loss(at).data())[0] ?? NaN), 1e-5);
    near(of('printedPull'), -((await term(at).data())[0] ?? NaN), 1e-5);
  }
});

test('the derivative of sin x² at 1.3 is −0.3091960802, from the rule and from a difference', () => {
  const of = results(chainRule, {});
  near(of('analytic'), -0.3091960802, 1e-10);
  near(of('numeric'), -0.3091960802, 1e-6);
});

test('every chain of three links has the slope that TensorFlow.js finds', async () => {
  const links: Record<string, (u: tf.Tensor) => tf.Tensor> = {
    identity: (u) => u.mul(1),
    square: (u) => u.square(),
    triple: (u) => u.mul(3),
    sin: (u) => u.sin(),
    exp: (u) => u.exp(),
    logarithm: (u) => u.log().neg(),
    sigmoid: (u) => u.sigmoid(),
    tanh: (u) => u.tanh(),
    relu: (u) => u.relu(),
  };
  let checked = 0;
  for (const [inner, f] of Object.entries(links)) {
    for (const [middle, g] of Object.entries(links)) {
      for (const [outer, h] of Object.entries(links)) {
        const computed = computeCalculator(chainRule, { x: 0.7, inner, middle, outer });
        const [y = NaN] = await h(g(f(tf.scalar(0.7)))).data();
        if (!computed.ok) {
          assert.ok(!Number.isFinite(y), `${inner} ${middle} ${outer}: ${y}`);
          continue;
        }
        const [slope = NaN] = await tf
          .grad((x) => h(g(f(x))))(tf.scalar(0.7))
          .data();
        const found = computed.worked.results['analytic']?.value ?? NaN;
        near(found, slope, 1e-4 * Math.max(1, Math.abs(slope)));
        checked++;
      }
    }
  }
  assert.ok(checked > 500, String(checked));
});

test('at the kink of max(0, u) rule and difference part: 0 against a half', () => {
  const of = results(chainRule, { x: 0, inner: 'identity', outer: 'relu' });
  near(of('analytic'), 0, 0);
  near(of('numeric'), 0.5, 1e-9);
});

test('a logarithm of a negative number is refused with a sentence', () => {
  const computed = computeCalculator(chainRule, { x: -1, inner: 'identity', outer: 'logarithm' });
  assert.ok(!computed.ok);
});
