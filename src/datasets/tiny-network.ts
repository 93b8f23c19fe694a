/** A sigmoid network of two layers in plain numbers: its loss, and the loss's slopes by central differences. */

/** Weights and biases; `W1` is `[inputs][hidden]`, `W2` `[hidden][outputs]`. */
export interface TinyWeights {
  readonly W1: readonly (readonly number[])[];
  readonly b1: readonly number[];
  readonly W2: readonly (readonly number[])[];
  readonly b2: readonly number[];
}
/** Inputs `[samples][inputs]` and targets `[samples][outputs]`. */
export interface TinySamples {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
}
/** Numbers in each layer: inputs, hidden units, outputs. */
export type TinyShape = readonly [inputs: number, hidden: number, outputs: number];

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const layer = (x: readonly number[], W: TinyWeights['W1'], b: readonly number[]): number[] =>
  b.map((bias, j) => sigmoid(x.reduce((sum, value, i) => sum + value * (W[i]?.[j] ?? 0), bias)));

/** ½ the squared error, summed over outputs and averaged over samples. */
export function tinyLoss({ W1, b1, W2, b2 }: TinyWeights, { x, y }: TinySamples): number {
  const costs = x.map((sample, n) =>
    layer(layer(sample, W1, b1), W2, b2).reduce(
      (sum, a, k) => sum + (a - (y[n]?.[k] ?? 0)) ** 2 / 2,
      0,
    ),
  );
  return costs.reduce((sum, cost) => sum + cost, 0) / x.length;
}

/** The weights in one list: W1 row by row, b1, W2 row by row, b2. */
export const flatten = ({ W1, b1, W2, b2 }: TinyWeights): number[] => [
  ...[W1.flat(), b1, W2.flat(), b2].flat(),
];

/** What `flatten` made of weights of this shape. */
export function unflatten(flat: ArrayLike<number>, [inputs, hidden, outputs]: TinyShape) {
  let at = 0;
  const take = (count: number): number[] => Array.from({ length: count }, () => flat[at++] ?? 0);
  const rows = (m: number, n: number): number[][] => Array.from({ length: m }, () => take(n));
  return {
    W1: rows(inputs, hidden),
    b1: take(hidden),
    W2: rows(hidden, outputs),
    b2: take(outputs),
  };
}

/** Slope of the loss along every weight, in the order of `flatten`: central differences with step 10⁻⁵. */
export function differences(
  weights: TinyWeights,
  shape: TinyShape,
  samples: TinySamples,
): number[] {
  const flat = flatten(weights);
  const h = 1e-5;
  return flat.map((_, at) => {
    const moved = (by: number): number =>
      tinyLoss(
        unflatten(
          flat.map((value, i) => (i === at ? value + by : value)),
          shape,
        ),
        samples,
      );
    return (moved(h) - moved(-h)) / (2 * h);
  });
}
