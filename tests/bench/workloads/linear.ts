/** Linear regression: 100 points, one weight and one bias, full batch, plain gradient descent. */
import type { Tensor, Variable } from '@tensorflow/tfjs';
import { draws, minimizing, variables, type Workload } from './workload.ts';

const POINTS = 100;

export const linear: Workload = {
  id: 'linear',
  unit: 'step',
  perStep: 1,
  inputs: () => {
    const { random, full } = draws(1);
    const x = Float32Array.from({ length: POINTS }, () => random.uniform() * 2 - 1);
    const y = x.map((value) => 3 * value + 2 + 0.1 * random.normal());
    const shape = [POINTS, 1];
    return {
      weights: [full([1, 1], 0), full([1], 0)],
      batches: [{ x: { shape, values: x }, y: { shape, values: y } }],
      learningRate: 0.01,
    };
  },
  train: (tf, inputs) => {
    const { all, free } = variables(tf, inputs);
    const [w, b] = all as [Variable, Variable];
    const cost = (x: Tensor, y: Tensor) => tf.losses.meanSquaredError(y, x.matMul(w).add(b));
    return minimizing(tf, inputs, tf.train.sgd(inputs.learningRate), cost, { free });
  },
};
