/** A network 64-128-10 on the 8 × 8 digits: batches of 32, 45 of them an epoch, Adam; written in core operations. */
import type { Tensor, Variable } from '@tensorflow/tfjs';
import { CLASSES, loadDigits, pickDigits, PIXELS } from '../../../src/datasets/digits.ts';
import { adam, draws, minimizing, oneHot, variables, type Workload } from './workload.ts';

export const MLP_HIDDEN = 128;

export const mlp: Workload = {
  id: 'mlp',
  unit: 'step',
  perStep: 1,
  inputs: async (host, batch = 32) => {
    const { train } = await loadDigits(host);
    const { glorot, full } = draws(2);
    const weights = [
      glorot([PIXELS, MLP_HIDDEN]),
      full([MLP_HIDDEN], 0),
      glorot([MLP_HIDDEN, CLASSES]),
      full([CLASSES], 0),
    ];
    // The last batch goes on with the first digits, so that all have one shape.
    const batches = Array.from({ length: Math.ceil(train.count / batch) }, (_, index) => {
      const rows = Array.from({ length: batch }, (__, i) => (index * batch + i) % train.count);
      const { images, labels } = pickDigits(train, rows);
      const y = oneHot({ shape: [batch], values: Float32Array.from(labels) }, CLASSES);
      return { x: { shape: [batch, PIXELS], values: images }, y };
    });
    return { weights, batches, learningRate: 0.002 };
  },
  train: (tf, inputs) => {
    const { all, free } = variables(tf, inputs);
    const [w1, b1, w2, b2] = all as [Variable, Variable, Variable, Variable];
    const cost = (x: Tensor, y: Tensor) =>
      tf.losses.softmaxCrossEntropy(y, x.matMul(w1).add(b1).relu().matMul(w2).add(b2));
    return minimizing(tf, inputs, adam(tf, inputs), cost, { free });
  },
};
