/**
 * Embedding 32 of 1000 words, LSTM 64 over 40 words, one logit: batches of 32, sigmoid gates, Adam; written with
 * tf.layers.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { adam, draws, minimizing, toTensor, type Workload } from './workload.ts';

/** Words known, words in a sentence, numbers of a word, units. */
export const LSTM = { vocabulary: 1000, length: 40, embedding: 32, units: 64 } as const;
const { vocabulary, length, embedding, units } = LSTM;

export const lstm: Workload = {
  id: 'lstm',
  unit: 'example',
  perStep: 32,
  inputs: (_host, batch = 32) => {
    const { glorot, full, normals, integers } = draws(4);
    // Gates in the order input, forget, cell, output; the forget gate starts open.
    const bias = full([4 * units], 0);
    bias.values.fill(1, units, 2 * units);
    const weights = [
      normals([vocabulary, embedding], 0.05),
      glorot([embedding, 4 * units]),
      glorot([units, 4 * units]),
      bias,
      glorot([units, 1]),
      full([1], 0),
    ];
    const batches = Array.from({ length: 4 }, () => ({
      x: integers([batch, length], vocabulary),
      y: integers([batch, 1], 2),
    }));
    return { weights, batches, learningRate: 0.002 };
  },
  train: (tf, inputs) => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: vocabulary, outputDim: embedding, inputLength: length }),
        tf.layers.lstm({ units, recurrentActivation: 'sigmoid' }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const start = inputs.weights.map((weights) => toTensor(tf, weights));
    model.setWeights(start);
    tf.dispose(start);
    const cost = (x: Tensor, y: Tensor) =>
      tf.losses.sigmoidCrossEntropy(y, model.apply(x, { training: true }) as Tensor);
    return minimizing(tf, inputs, adam(tf, inputs), cost, {
      ids: true,
      free: () => model.dispose(),
    });
  },
};
