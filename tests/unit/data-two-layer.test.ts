/** What the printed two-layer form can never fit, shown on its own formula. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { defaultParams } from '../../src/contract/params.ts';
import { GRID, TARGETS } from '../../src/datasets/curve-targets.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import example from '../../src/examples/two-layer-fit.ts';

const context = {
  params: { ...defaultParams(example.params), hidden: 5 },
  seed: 2,
  signal: new AbortController().signal,
  done: 0,
  state: <T extends object>(initial: T): T => initial,
  own: <T>(thing: T): T => thing,
  load: () => Promise.reject(new Error('loads nothing')),
};

describe('the two-layer network', () => {
  it('has, without biases, a logit point-symmetric about x = 0; with biases it has not', async () => {
    await tf.setBackend('cpu');
    const data = await example.data(context);
    const { forms, variables } = await example.model(context, data);
    const random = seededRandom(5);
    // Whatever training might find: all that it may change is changed.
    for (const variable of variables.filter(({ trainable }) => trainable)) {
      variable.assign(tf.tensor(random.normals(variable.size), variable.shape));
    }
    const asymmetry = async (form: (typeof forms)[number]): Promise<number> => {
      const y = await form(tf.tensor2d([...GRID], [GRID.length, 1])).data();
      const z = Array.from(y, (p) => Math.log(p / (1 - p)));
      const middle = z[(GRID.length - 1) / 2] ?? NaN;
      return Math.max(...z.map((value, i) => Math.abs(value + (z.at(-1 - i) ?? NaN) - 2 * middle)));
    };
    assert.ok((await asymmetry(forms[0])) < 1e-4);
    assert.ok((await asymmetry(forms[1])) > 0.05);
  });
  it('can, without biases, do no better on the hill than its mean', () => {
    // The logit is c + o(x) with o odd, so at ±x the outputs are σ(c ± o): of all such pairs the equal one is best.
    const xs = Array.from({ length: 21 }, (_, i) => i / 10 - 1);
    const hill = xs.map(TARGETS.bump);
    const mean = hill.reduce((sum, y) => sum + y) / hill.length;
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
    const best = (offset: (x: number) => number): number => {
      let least = Infinity;
      for (let c = -6; c <= 6; c += 0.01) {
        const errors = xs.map((x, i) => (sigmoid(c + offset(x)) - (hill[i] ?? 0)) ** 2);
        least = Math.min(least, errors.reduce((sum, e) => sum + e) / errors.length);
      }
      return least;
    };
    const flat = best(() => 0);
    const variance = hill.reduce((sum, y) => sum + (y - mean) ** 2, 0) / hill.length;
    assert.ok(Math.abs(flat - variance) < 1e-4);
    for (const slope of [0.1, 0.5, 2, -3]) {
      assert.ok(best((x) => slope * x) > flat);
      assert.ok(best((x) => slope * Math.sin(3 * x)) > flat);
    }
    assert.ok(Math.abs(variance - 0.0781) < 5e-4, `${variance}`);
  });
});
