import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { fitParams } from '../../src/contract/params.ts';
import race from '../../src/examples/optimizer-race.ts';

const STEPS = 40;
const START = [-1.8, 1.2];

before(() => tf.setBackend('cpu'));

/** The surface and the written-out rules of the race, on a quadratic. */
async function prepare(surface: 'bowl' | 'ravine') {
  const run = {
    params: fitParams(race.params, { surface, noise: 0 }).values,
    seed: 1,
    done: 0,
    state: <T>(initial: T) => initial,
    signal: new AbortController().signal,
    own: <T>(thing: T) => thing,
    load: () => Promise.reject(new Error('the race loads nothing')),
  };
  const data = await race.data(run);
  const { rules } = await race.model(run, data);
  return { ...data, rules };
}

/** θ after each step of a rule. */
async function follow(
  gradient: (theta: tf.Tensor) => tf.Tensor,
  rule: (g: tf.Tensor, t: number, noise: Float32Array) => tf.Tensor,
): Promise<number[][]> {
  const places: number[][] = [];
  let theta: tf.Tensor = tf.tensor1d(START);
  for (let t = 1; t <= STEPS; t++) {
    theta = theta.sub(rule(gradient(theta), t, new Float32Array(2)));
    places.push([...(await theta.data())]);
  }
  return places;
}

/** θ after each step of an optimizer of TensorFlow.js. */
async function minimize(
  height: (theta: tf.Tensor) => tf.Scalar,
  optimizer: tf.Optimizer,
): Promise<number[][]> {
  const places: number[][] = [];
  const theta = tf.variable(tf.tensor1d(START));
  for (let t = 1; t <= STEPS; t++) {
    optimizer.minimize(() => height(theta));
    places.push([...(await theta.data())]);
  }
  return places;
}

/** One step of an optimizer from θ = 0 on f(θ) = gθ, whose gradient is g everywhere. */
async function firstStep(optimizer: tf.Optimizer, g: number): Promise<number> {
  const theta = tf.variable(tf.scalar(0));
  optimizer.minimize((): tf.Scalar => theta.mul(g));
  return -(await theta.data())[0]!;
}

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, expected ${expected}`);

for (const surface of ['bowl', 'ravine'] as const) {
  describe(`the rules of the optimizer race, ${STEPS} steps on the ${surface}`, () => {
    // The same constants: α of the race, β 0.9 (and 0.999), ε 1e-8, sums that start at 0.
    const pairs = {
      gd: (alpha: number) => tf.train.sgd(alpha),
      sgd: (alpha: number) => tf.train.sgd(alpha), // without noise it is gradient descent
      momentum: (alpha: number) => tf.train.momentum(alpha, 0.9),
      adagrad: () => tf.train.adagrad(0.5, 0),
      rmsprop: () => tf.train.rmsprop(0.02, 0.9, 0, 1e-8),
      adam: () => tf.train.adam(0.1, 0.9, 0.999, 1e-8),
    };
    for (const [name, optimizer] of Object.entries(pairs)) {
      it(`${name} goes where tf.train goes`, async () => {
        const { height, alpha, rules } = await prepare(surface);
        const own = await follow(tf.grad(height), rules[name as keyof typeof pairs]);
        const theirs = await minimize(height, optimizer(alpha));
        own.forEach((theta, t) => theta.forEach((x, k) => close(x, theirs[t]![k]!, 2e-5)));
        assert.notDeepEqual(own.at(-1), own[0]);
      });
    }
  });
}

describe('where TensorFlow.js differs from the textbook', () => {
  const [g, alpha] = [0.2, 0.1];
  it('starts the sum of Adagrad at 0.1 unless told otherwise', async () => {
    close(await firstStep(tf.train.adagrad(alpha), g), (alpha * g) / Math.sqrt(0.1 + g * g), 1e-6);
    close(await firstStep(tf.train.adagrad(alpha, 0), g), alpha, 1e-6);
  });
  it('adds the ε of RMSprop under the root', async () => {
    const step = await firstStep(tf.train.rmsprop(alpha, 0.9, 0, 1), g);
    close(step, (alpha * g) / Math.sqrt(0.1 * g * g + 1), 1e-6);
  });
  it('adds the ε of Adagrad, 1e-7, under the root', async () => {
    const small = 1e-4;
    const step = await firstStep(tf.train.adagrad(alpha, 0), small);
    close(step, (alpha * small) / Math.sqrt(small ** 2 + 1e-7), 1e-6);
  });
  it('adds the ε of Adam outside the root, as its authors do', async () => {
    close(await firstStep(tf.train.adam(alpha, 0.9, 0.999, 1), g), (alpha * g) / (g + 1), 1e-6);
  });
  it('takes 1e-7 for ε where the race and the papers take 1e-8', async () => {
    const small = 1e-7;
    close(await firstStep(tf.train.adam(alpha), small), (alpha * small) / (small + 1e-7), 1e-3);
  });
});
