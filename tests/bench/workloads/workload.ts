/** What a workload of the bench is: numbers to start from, and one training loop over any TensorFlow.js. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { BenchWorkload } from '../../../src/contract/bench.ts';
import { seededRandom } from '../../../src/datasets/random.ts';

/** A TensorFlow.js: the published one, or the book's. */
export type Tf = typeof TensorFlow;

/** One training that goes on for as long as it is asked to. */
export interface Session {
  /** Takes one step. On a GPU it may only be queued. */
  step(): void;
  /** Loss of the last step, from before its update; resolves when the step has really been taken. */
  loss(): Promise<number>;
  /** Frees what the session holds. */
  free(): void;
}

/** Reads `public/datasets/<path>`. */
export interface DataHost {
  load(path: string): Promise<ArrayBuffer>;
}

/** An array of float32 numbers, row by row. */
export interface Weights {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Everything a training starts from; each library copies it to where it computes. */
export interface Inputs {
  /** The initial weights, in the order in which the workload's file names them. */
  readonly weights: readonly Weights[];
  /** The batches, taken in turn. */
  readonly batches: readonly { readonly x: Weights; readonly y: Weights }[];
  readonly learningRate: number;
}

export interface Workload {
  readonly id: BenchWorkload;
  /** What one step goes through, and how many of them. */
  readonly unit: 'step' | 'example';
  readonly perStep: number;
  /** The same numbers every time. `batch` shrinks the batches, for tests. */
  inputs(host: DataHost, batch?: number): Promise<Inputs> | Inputs;
  train(tf: Tf, inputs: Inputs): Session;
}

/**
 * Constants of Adam. With the usual ε of 1e-7 a gradient that is nothing but rounding moves its weight by the whole
 * learning rate, and two correct libraries drift apart (measured: a change of 3e-7 in the weights of the convolutional
 * network became 3e-3 in the loss within 50 steps; with 1e-3 it stayed at 3e-7).
 */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-3 } as const;

/** Numbers drawn from one seed, in the order in which they are asked for. */
export function draws(seed: number) {
  const random = seededRandom(seed);
  const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
  return {
    random,
    /** Normal, with variance 2 / (fan in + fan out). */
    glorot: (shape: readonly number[], fans = shape.slice(-2)): Weights => {
      const deviation = Math.sqrt(2 / fans.reduce((a, b) => a + b, 0));
      return { shape, values: random.normals(size(shape), deviation) };
    },
    normals: (shape: readonly number[], deviation = 1): Weights => ({
      shape,
      values: random.normals(size(shape), deviation),
    }),
    full: (shape: readonly number[], value: number): Weights => ({
      shape,
      values: new Float32Array(size(shape)).fill(value),
    }),
    integers: (shape: readonly number[], below: number): Weights => ({
      shape,
      values: Float32Array.from({ length: size(shape) }, () => random.integer(below)),
    }),
  };
}

/** Rows of zeros with a one at each label: `[...labels, classes]`. */
export function oneHot(labels: Weights, classes: number): Weights {
  const values = new Float32Array(labels.values.length * classes);
  labels.values.forEach((label, row) => (values[row * classes + label] = 1));
  return { shape: [...labels.shape, classes], values };
}

export const toTensor = (
  tf: Tf,
  { shape, values }: Weights,
  dtype: 'float32' | 'int32' = 'float32',
): TensorFlow.Tensor =>
  dtype === 'int32'
    ? tf.tensor(Int32Array.from(values), [...shape], 'int32')
    : tf.tensor(values.slice(), [...shape]);

/** A session around an optimizer and the cost of a batch. `ids`: the batches' `x` are indices. */
export function minimizing(
  tf: Tf,
  inputs: Inputs,
  optimizer: TensorFlow.Optimizer,
  cost: (x: TensorFlow.Tensor, y: TensorFlow.Tensor) => TensorFlow.Tensor,
  { ids = false, free = (): void => undefined }: { ids?: boolean; free?: () => void } = {},
): Session {
  const batches = inputs.batches.map(({ x, y }) => ({
    x: toTensor(tf, x, ids ? 'int32' : 'float32'),
    y: toTensor(tf, y),
  }));
  let done = 0;
  let last: TensorFlow.Scalar | undefined;
  return {
    step: () => {
      const batch = batches[done++ % batches.length];
      if (!batch) throw new Error('a workload without batches');
      last?.dispose();
      last = optimizer.minimize(() => cost(batch.x, batch.y).asScalar(), true) ?? undefined;
    },
    loss: async () => (await last?.data())?.[0] ?? NaN,
    free: () => {
      last?.dispose();
      for (const { x, y } of batches) tf.dispose([x, y]);
      optimizer.dispose();
      free();
    },
  };
}

export const adam = (tf: Tf, { learningRate }: Inputs): TensorFlow.Optimizer =>
  tf.train.adam(learningRate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);

/** The weights as variables, and what frees them. */
export function variables(tf: Tf, inputs: Inputs) {
  const all = inputs.weights.map((weights) => {
    const start = toTensor(tf, weights);
    const variable = tf.variable(start);
    start.dispose();
    return variable;
  });
  return { all, free: () => tf.dispose(all) };
}
