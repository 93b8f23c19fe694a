/**
 * The CIFAR network of 122 570 weights: three convolutions 3 × 3 (32, 64, 64), two poolings, dense 64, dense 10;
 * random pictures 32 × 32 × 3 in batches of 64, Adam; written with tf.layers.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { adam, draws, minimizing, oneHot, toTensor, type Workload } from './workload.ts';

const CLASSES = 10;
/** `[filter height, filter width, channels in, channels out]` of each convolution. */
export const CNN_FILTERS = [
  [3, 3, 3, 32],
  [3, 3, 32, 64],
  [3, 3, 64, 64],
] as const;

export const cnn: Workload = {
  id: 'cnn',
  unit: 'example',
  perStep: 64,
  inputs: (_host, batch = 64) => {
    const { random, glorot, full, integers } = draws(3);
    const filters = CNN_FILTERS.flatMap((shape) => {
      const [h, w, channels, out] = shape;
      return [glorot(shape, [h * w * channels, h * w * out]), full([out], 0)];
    });
    const dense = [glorot([1024, 64]), full([64], 0), glorot([64, CLASSES]), full([CLASSES], 0)];
    const batches = Array.from({ length: 4 }, () => ({
      x: {
        shape: [batch, 32, 32, 3],
        values: Float32Array.from({ length: batch * 3072 }, () => random.uniform()),
      },
      y: oneHot(integers([batch], CLASSES), CLASSES),
    }));
    return { weights: [...filters, ...dense], batches, learningRate: 0.0003 };
  },
  train: (tf, inputs) => {
    const conv = (filters: number, first = {}) =>
      tf.layers.conv2d({ filters, kernelSize: 3, activation: 'relu', ...first });
    const model = tf.sequential({
      layers: [
        conv(32, { inputShape: [32, 32, 3] }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        conv(64),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        conv(64),
        tf.layers.flatten(),
        tf.layers.dense({ units: 64, activation: 'relu' }),
        tf.layers.dense({ units: CLASSES }),
      ],
    });
    const start = inputs.weights.map((weights) => toTensor(tf, weights));
    model.setWeights(start);
    tf.dispose(start);
    const cost = (x: Tensor, y: Tensor) =>
      tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as Tensor);
    return minimizing(tf, inputs, adam(tf, inputs), cost, {
      free: () => model.dispose(),
    });
  },
};
