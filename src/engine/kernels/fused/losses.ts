/**
 * Losses of TensorFlow.js in fewer kernels: the cross entropies with their gradient in one where the backend in use has
 * it, the squared error. Anything unusual goes to the published composition.
 */
import {
  engine,
  logSoftmax,
  losses,
  mean,
  Reduction,
  squaredDifference,
  Tensor,
  tidy,
  type TensorLike,
} from '@tensorflow/tfjs-core';
import { hasFused, runFused } from './run.ts';

type Kernel = 'SoftmaxCrossEntropy' | 'SigmoidCrossEntropy';
type Arguments = [
  labels: Tensor | TensorLike,
  logits: Tensor | TensorLike,
  weights?: Tensor | TensorLike,
  labelSmoothing?: number,
  reduction?: Reduction,
];

/**
 * The engine's own door for an operation with its own gradient. Unlike `customGrad` it computes only the gradients
 * that are asked for.
 */
interface Operations {
  runKernelFunc(operation: {
    forwardFunc(backend: unknown, save: (tensors: Tensor[]) => void): Tensor;
    backwardsFunc(dy: Tensor, saved: Tensor[]): Record<string, () => Tensor>;
    inputs: Record<string, Tensor>;
  }): Tensor;
}

/** @returns the loss of every row (softmax) or element (sigmoid), their sum or their mean. */
function crossEntropy(
  kernel: Kernel,
  labels: Tensor,
  logits: Tensor,
  reduce: 'none' | 'sum' | 'mean',
): Tensor {
  const rows = kernel === 'SoftmaxCrossEntropy';
  const { shape } = logits;
  const lossShape = rows ? shape.slice(0, -1) : shape;
  const flat = (x: Tensor): Tensor =>
    rows && x.rank !== 2 ? x.reshape([-1, shape.at(-1) as number]) : x;
  const scale = reduce === 'mean' ? lossShape.reduce((size, n) => size / n, 1) : 1;
  return (engine() as unknown as Operations).runKernelFunc({
    inputs: { logits, labels },
    forwardFunc: (_, save) => {
      const inputs = { logits: flat(logits), labels: flat(labels) };
      const [loss, gradient] = runFused(kernel, inputs, { scale }) as [Tensor, Tensor];
      save([gradient, logits]);
      if (reduce === 'sum') return loss.sum();
      return reduce === 'mean' ? loss.mean() : loss.reshape(lossShape);
    },
    backwardsFunc: (dy, saved) => {
      const [gradient, logits] = saved as [Tensor, Tensor];
      const upstream = reduce === 'none' && rows ? dy.expandDims(-1) : dy;
      return {
        logits: () => gradient.reshape(shape).mul(upstream),
        labels: () => (rows ? logSoftmax(logits) : logits).mul(upstream).mul(-scale),
      };
    },
  });
}

const usable = (x: unknown): x is Tensor => x instanceof Tensor && x.size > 0;

/** What TensorFlow.js does around the loss itself, or `stock` for what the kernels do not take. */
function weighted(
  kernel: Kernel,
  smooth: (labels: Tensor, by: number) => Tensor,
  stock: (...given: Arguments) => Tensor,
  ...given: Arguments
): Tensor {
  const [labels, logits, weights, by = 0, reduction = Reduction.SUM_BY_NONZERO_WEIGHTS] = given;
  const fits =
    hasFused(kernel) &&
    usable(labels) &&
    usable(logits) &&
    logits.dtype === 'float32' &&
    logits.rank >= 1 &&
    String(labels.shape) === String(logits.shape);
  if (!fits) return stock(...given);
  return tidy(() => {
    const numbers = labels.dtype === 'float32' ? labels : labels.toFloat();
    const target = by > 0 ? smooth(numbers, by) : numbers;
    if (weights == null && reduction === Reduction.SUM) {
      return crossEntropy(kernel, target, logits, 'sum');
    }
    if (weights == null && reduction !== Reduction.NONE) {
      return crossEntropy(kernel, target, logits, 'mean');
    }
    const each = crossEntropy(kernel, target, logits, 'none');
    return losses.computeWeightedLoss(each, weights, reduction);
  });
}

/**
 * As `tf.losses.softmaxCrossEntropy`, except that the gradient stays right where a row of labels does not sum to 1,
 * and that the gradient by the labels is the true one, −log softmax.
 */
export const softmaxCrossEntropy = (...given: Arguments): Tensor =>
  weighted(
    'SoftmaxCrossEntropy',
    // The published function divides by the size of axis 1, whatever the rank.
    (labels, by) => labels.mul(1 - by).add(by / (labels.shape[1] as number)),
    published.softmaxCrossEntropy,
    ...given,
  );

/** As `tf.losses.sigmoidCrossEntropy`. */
export const sigmoidCrossEntropy = (...given: Arguments): Tensor =>
  weighted(
    'SigmoidCrossEntropy',
    (labels, by) => labels.mul(1 - by).add(0.5 * by),
    published.sigmoidCrossEntropy,
    ...given,
  );

/** As `tf.losses.meanSquaredError`; the plain mean in two kernels. */
export const meanSquaredError = (
  labels: Tensor | TensorLike,
  predictions: Tensor | TensorLike,
  weights?: Tensor | TensorLike,
  reduction = Reduction.SUM_BY_NONZERO_WEIGHTS,
): Tensor =>
  weights == null &&
  (reduction === Reduction.SUM_BY_NONZERO_WEIGHTS || reduction === Reduction.MEAN) &&
  usable(labels) &&
  usable(predictions) &&
  String(labels.shape) === String(predictions.shape)
    ? tidy(() => mean(squaredDifference(labels, predictions)))
    : published.meanSquaredError(labels, predictions, weights, reduction);

const published = {
  softmaxCrossEntropy: losses.softmaxCrossEntropy as (...given: Arguments) => Tensor,
  meanSquaredError: losses.meanSquaredError as (
    labels: Tensor | TensorLike,
    predictions: Tensor | TensorLike,
    weights?: Tensor | TensorLike,
    reduction?: Reduction,
  ) => Tensor,
  sigmoidCrossEntropy: losses.sigmoidCrossEntropy as (...given: Arguments) => Tensor,
};

/** Makes `losses` give these. */
export function installLosses(): void {
  Object.assign(losses, { meanSquaredError, softmaxCrossEntropy, sigmoidCrossEntropy });
}
