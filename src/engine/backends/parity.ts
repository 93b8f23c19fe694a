/**
 * One training step of a tiny network on the backend in use, compared with the same step in plain JavaScript: some
 * drivers give zeros, or nonsense, without an error. Knows no example and no backend.
 */
import * as tf from '@tensorflow/tfjs';

type Matrix = readonly (readonly number[])[];

const IMAGES = 2;
const SIZE = 4;
const FILTERS = 2;
const CLASSES = 3;
/** Images 4 × 4, filters 3 × 3, no padding: 4 patches of 9 pixels in each image. */
const PATCHES = [0, 1, 4, 5];
const PIXELS = [0, 1, 2, 4, 5, 6, 8, 9, 10];

/** Numbers in −1…1 without a pattern. */
const numbers = (rows: number, columns: number, seed: number): Matrix =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => Math.sin(1 + 7.3 * seed + 2.1 * (i * columns + j))),
  );
const transposed = (a: Matrix): Matrix => (a[0] ?? []).map((_, j) => a.map((row) => row[j] ?? 0));
const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) =>
    transposed(b).map((column) => row.reduce((sum, x, k) => sum + x * (column[k] ?? 0), 0)),
  );
const less = (a: Matrix, b: Matrix): Matrix =>
  a.map((row, i) => row.map((x, j) => x - (b[i]?.[j] ?? 0)));
/** The same numbers in rows of another length. */
const inRows = (a: Matrix, columns: number): Matrix => {
  const all = a.flat();
  return Array.from({ length: all.length / columns }, (_, i) =>
    all.slice(i * columns, (i + 1) * columns),
  );
};

const images = numbers(IMAGES, SIZE * SIZE, 1);
const filters = numbers(PIXELS.length, FILTERS, 2);
const weights = numbers(PATCHES.length * FILTERS, CLASSES, 3);
const labels: Matrix = [
  [0, 1, 0],
  [0, 0, 1],
];

/** Loss, then filters and weights after one step of gradient descent with learning rate 1. */
function expected(): number[] {
  const patches = images.flatMap((image) =>
    PATCHES.map((corner) => PIXELS.map((pixel) => image[corner + pixel] ?? 0)),
  );
  const before = product(patches, filters);
  const hidden = inRows(
    before.map((row) => row.map((x) => Math.max(0, x))),
    PATCHES.length * FILTERS,
  );
  const chances = product(hidden, weights).map((row) => {
    const powers = row.map(Math.exp);
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((x) => x / sum);
  });
  const loss = labels
    .flatMap((row, i) => row.map((y, j) => -y * Math.log(chances[i]?.[j] ?? 0)))
    .reduce((a, b) => a + b / IMAGES, 0);
  const dLogits = less(chances, labels).map((row) => row.map((x) => x / IMAGES));
  const dHidden = inRows(product(dLogits, transposed(weights)), FILTERS);
  const dBefore = dHidden.map((row, i) => row.map((x, j) => ((before[i]?.[j] ?? 0) > 0 ? x : 0)));
  return [
    loss,
    ...less(filters, product(transposed(patches), dBefore)).flat(),
    ...less(weights, product(transposed(hidden), dLogits)).flat(),
  ];
}

/** The same on the backend in use: convolution, activation, product, loss, their gradients, the update. */
async function found(): Promise<number[]> {
  const variables: tf.Variable[] = [];
  const results = tf.tidy(() => {
    const x = tf.tensor4d(images.flat(), [IMAGES, SIZE, SIZE, 1]);
    const y = tf.tensor2d(labels.flat(), [IMAGES, CLASSES]);
    const f = tf.variable(tf.tensor4d(filters.flat(), [3, 3, 1, FILTERS]));
    const w = tf.variable(tf.tensor2d(weights.flat(), [PATCHES.length * FILTERS, CLASSES]));
    variables.push(f, w);
    const optimizer = tf.train.sgd(1);
    const loss = optimizer.minimize(
      () => {
        const hidden = tf.relu(tf.conv2d(x, f as tf.Tensor4D, 1, 'valid'));
        return tf.losses.softmaxCrossEntropy(y, tf.matMul(hidden.reshape([IMAGES, -1]), w));
      },
      true,
      variables,
    ) as tf.Scalar;
    optimizer.dispose();
    return tf.concat([loss.reshape([1]), f.flatten(), w.flatten()]);
  });
  try {
    return [...(await results.data())];
  } finally {
    tf.dispose([results, ...variables]);
  }
}

/** Phones' WebGL counts in half precision. */
const TOLERANCE = 2e-2;

/** Whether one gradient and one update come out right on the backend in use. Leaves no tensor behind. */
export async function trainsRightly(): Promise<boolean> {
  const [want, have] = [expected(), await found()];
  return (
    want.length === have.length &&
    want.every((value, i) => Math.abs(value - (have[i] ?? NaN)) <= TOLERANCE)
  );
}
