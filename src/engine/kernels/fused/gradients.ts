/**
 * Gradients of some kernels in fewer kernels than those of TensorFlow.js, with the same values. Where the backend in
 * use lacks what they need, and inside a gradient of a gradient, the published ones run.
 */
import {
  backend,
  div,
  engine,
  getGradient,
  mul,
  neg,
  registerGradient,
  square,
  sub,
  sum,
  type GradFunc,
  type NamedAttrMap,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { neighbours } from '../shapes.ts';
import type { Activation } from './contracts.ts';
import { hasFused, runFused } from './run.ts';

type Slopes = Record<string, () => Tensor>;
/** @returns `undefined` where the published gradient must do it. */
type Better = (dy: Tensor, saved: readonly Tensor[], attrs: NamedAttrMap) => Slopes | undefined;

/** The same data in another shape, or once more in its own: a handle, no kernel. */
function view(x: Tensor, shape: number[]): Tensor {
  backend().incRef(x.dataId);
  return engine().makeTensorFromTensorInfo({ dataId: x.dataId, shape, dtype: x.dtype });
}

/** Axes of `shape` along which a tensor of that shape was repeated to fill `out`. */
function repeated(shape: readonly number[], out: readonly number[]): number[] {
  const missing = out.length - shape.length;
  return [...out.keys()].filter(
    (axis) => axis < missing || (shape[axis - missing] === 1 && out[axis] !== 1),
  );
}

/** The gradient of a tensor that was repeated: summed back to its own shape. */
function back(dy: Tensor, shape: number[]): Tensor {
  const axes = repeated(shape, dy.shape);
  return view(axes.length === 0 ? dy : sum(dy, axes), shape);
}

const floats = (...tensors: readonly Tensor[]): boolean =>
  tensors.every(({ dtype }) => dtype === 'float32');

const activation =
  (name: Activation): Better =>
  (dy, [y]) =>
    y && hasFused('BiasActivationGrad') && floats(dy, y)
      ? {
          x: () => runFused('BiasActivationGrad', { dy, y }, { activation: name, bias: false })[0]!,
        }
      : undefined;

/** Gradient of a sum or mean over axes that lie side by side. */
const spread =
  (mean: boolean): Better =>
  (dy, [x], attrs) => {
    if (!x || !hasFused('Spread') || !floats(dy)) return undefined;
    const { shape } = x;
    const parts = neighbours(shape, attrs['axis']);
    if (!parts) return undefined;
    const { outer, reduced, inner } = parts;
    const scale = mean ? 1 / reduced : 1;
    return { x: () => runFused('Spread', { x: dy }, { outer, reduced, inner, shape, scale })[0]! };
  };

/** Kernel → a gradient that may do it, and whether the output is saved for it beside what is saved anyway. */
const BETTER: Readonly<Record<string, { gradient: Better; alsoOutput?: true }>> = {
  // Saves its input, which is above 0 where the output is.
  Relu: { gradient: activation('relu') },
  Sigmoid: { gradient: activation('sigmoid') },
  Tanh: { gradient: activation('tanh') },
  Sum: { gradient: spread(false) },
  Mean: { gradient: spread(true) },
  Softmax: {
    gradient: (dy, [y]) =>
      y && hasFused('SoftmaxGrad') && floats(dy, y)
        ? { logits: () => runFused('SoftmaxGrad', { dy, y }, {})[0]! }
        : undefined,
  },
  Square: {
    gradient: (dy, [x]) =>
      x && hasFused('ScaledProduct') && floats(dy, x)
        ? { x: () => runFused('ScaledProduct', { a: dy, b: x }, { scale: 2 })[0]! }
        : undefined,
  },
  Add: {
    gradient: (dy, [a, b]) =>
      a && b ? { a: () => back(dy, a.shape), b: () => back(dy, b.shape) } : undefined,
  },
  Sub: {
    gradient: (dy, [a, b]) =>
      a && b ? { a: () => back(dy, a.shape), b: () => neg(back(dy, b.shape)) } : undefined,
  },
  Multiply: {
    gradient: (dy, [a, b]) =>
      a && b && floats(a, b)
        ? { a: () => back(mul(dy, b), a.shape), b: () => back(mul(dy, a), b.shape) }
        : undefined,
  },
  RealDiv: {
    gradient: (dy, [a, b]) =>
      a && b && floats(a, b)
        ? {
            a: () => back(div(dy, b), a.shape),
            b: () => neg(div(back(mul(dy, a), b.shape), square(b))),
          }
        : undefined,
  },
  SquaredDifference: {
    gradient: (dy, [a, b]) => {
      if (!a || !b || !hasFused('ScaledProduct') || !floats(a, b)) return undefined;
      const slope = (scale: number) =>
        runFused('ScaledProduct', { a: dy, b: sub(a, b) }, { scale })[0]!;
      return { a: () => back(slope(2), a.shape), b: () => back(slope(-2), b.shape) };
    },
  },
  Reshape: {
    gradient: (dy, [x]) => (x ? { x: () => view(dy, x.shape) } : undefined),
  },
  ExpandDims: {
    gradient: (dy, [input]) => (input ? { input: () => view(dy, input.shape) } : undefined),
  },
  Cast: { gradient: (dy) => ({ x: () => view(dy, dy.shape) }) },
  Rsqrt: {
    // From the output y = x^−½: dx = −½ · dy · y³.
    gradient: (dy, [, y]) =>
      y && hasFused('ScaledProduct') && floats(dy, y)
        ? {
            x: () =>
              runFused('ScaledProduct', { a: mul(dy, y), b: square(y) }, { scale: -0.5 })[0]!,
          }
        : undefined,
    alsoOutput: true,
  },
};

/** Puts these in place of the published gradients. Call once. */
export function installGradients(): void {
  for (const [kernelName, { gradient, alsoOutput }] of Object.entries(BETTER)) {
    const published = getGradient(kernelName);
    const gradFunc: GradFunc = (dy, saved, attrs) =>
      (engine().state.gradientDepth === 0 ? gradient(dy as Tensor, saved, attrs) : undefined) ??
      published.gradFunc(dy, saved, attrs);
    registerGradient({ ...published, ...(alsoOutput && { outputsToSave: [true] }), gradFunc });
  }
}
