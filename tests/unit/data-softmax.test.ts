/** The hand-written gradient of softmax regression against automatic differentiation and central differences. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { defaultParams } from '../../src/contract/params.ts';
import { templatesView } from '../../src/datasets/templates.ts';
import example from '../../src/examples/softmax-regression.ts';
import { host } from './node-host.ts';

const context = (scores: 'linear' | 'relu') => ({
  params: { ...defaultParams(example.params), scores },
  seed: 3,
  signal: new AbortController().signal,
  done: 0,
  state: <T extends object>(initial: T): T => initial,
  own: <T>(thing: T): T => thing,
  load: (path: string) => host.load(path),
});

describe('the gradient of softmax regression', () => {
  for (const scores of ['linear', 'relu'] as const) {
    it(`agrees with the tape and with central differences (${scores})`, async () => {
      await tf.setBackend('cpu');
      const run = context(scores);
      const data = await example.data(run);
      const model = await example.model(run, data);
      const [formula, tape] = [model.formula(), model.tape()];
      for (const i of [0, 1]) {
        const [own, auto] = [await formula[i]!.data(), await tape[i]!.data()];
        assert.equal(own.length, i === 0 ? 640 : 10);
        own.forEach((value, at) => assert.ok(Math.abs(value - auto[at]!) < 1e-6, `${i}, ${at}`));
      }
      // One bias moved to both sides: 32-bit floats leave about three digits.
      const own = await formula[1]!.data();
      for (const k of [0, 7]) {
        const lossAt = async (h: number): Promise<number> => {
          model.b.assign(
            tf
              .oneHot(tf.tensor1d([k], 'int32'), 10)
              .toFloat()
              .mul(h)
              .flatten(),
          );
          return (await model.loss().data())[0]!;
        };
        const difference = ((await lossAt(0.01)) - (await lossAt(-0.01))) / 0.02;
        assert.ok(Math.abs(difference - own[k]!) < 2e-3, `${difference} ${own[k]}`);
      }
    });
  }
});

describe('templatesView', () => {
  it('shows each column of the weights, 0 as grey and the largest as black', () => {
    const weights = new Float32Array(640);
    weights[5 * 10 + 3] = -2;
    weights[9 * 10 + 3] = 1;
    const { images } = templatesView('W', weights);
    assert.equal(images.length, 10);
    assert.equal(images[3]!.pixels[5], 0);
    assert.equal(images[3]!.pixels[9], 0.75);
    assert.ok(images[2]!.pixels.every((tone) => tone === 0.5));
  });
});
