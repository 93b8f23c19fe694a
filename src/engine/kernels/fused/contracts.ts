/** What the fused kernels take, do and give back, whatever the backend. Knows no backend. */
import type { TensorInfo } from '@tensorflow/tfjs-core';

/**
 * Every update kernel is called once a variable and step, writes `variable` and the accumulators, and returns `[]`.
 * All tensors are float32 and of one shape. The new values belong to the same data ids as the old ones, so the caller
 * makes sure that no other tensor shares them (`unshare` in optimizers.ts); `gradient` is only read. Arithmetic is
 * float32 or better; the formulas are those of the optimizers of TensorFlow.js.
 */
export interface UpdateInputs {
  readonly variable: TensorInfo;
  readonly gradient: TensorInfo;
}

/** w ← w − ηg */
export interface SgdUpdate {
  readonly inputs: UpdateInputs;
  readonly attrs: { readonly learningRate: number };
}

/** a ← μa + g; w ← w − ηa, or with Nesterov w ← w − η(g + μa) */
export interface MomentumUpdate {
  readonly inputs: UpdateInputs & { readonly accumulation: TensorInfo };
  readonly attrs: {
    readonly learningRate: number;
    readonly momentum: number;
    readonly useNesterov: boolean;
  };
}

/** a ← a + g²; w ← w − ηg / √(a + ε) */
export interface AdagradUpdate {
  readonly inputs: UpdateInputs & { readonly accumulatedGrad: TensorInfo };
  readonly attrs: { readonly learningRate: number; readonly epsilon: number };
}

/**
 * s ← ρs + (1 − ρ)g²; m ← μm + ηg / √(s + ε); w ← w − m. Centered: also a ← ρa + (1 − ρ)g, and the root is
 * √(s − (a² + ε)). `meanGradient` is there only when `centered`.
 */
export interface RmspropUpdate {
  readonly inputs: UpdateInputs & {
    readonly meanSquare: TensorInfo;
    readonly moment: TensorInfo;
    readonly meanGradient?: TensorInfo;
  };
  readonly attrs: {
    readonly learningRate: number;
    readonly decay: number;
    readonly momentum: number;
    readonly epsilon: number;
    readonly centered: boolean;
  };
}

/** m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − η(m / correction1) / (√(v / correction2) + ε) */
export interface AdamUpdate {
  readonly inputs: UpdateInputs & {
    readonly firstMoment: TensorInfo;
    readonly secondMoment: TensorInfo;
  };
  readonly attrs: {
    readonly learningRate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    /** 1 − β₁ᵗ for the t-th step, counted from 1. */
    readonly correction1: number;
    /** 1 − β₂ᵗ */
    readonly correction2: number;
  };
}

/**
 * `SoftmaxCrossEntropy`: logits and labels [n, c], float32 → [loss [n], gradient [n, c]], new tensors.
 * loss = −Σ labels · log softmax(logits), from the row's maximum; gradient = scale · (softmax(logits) · Σ labels −
 * labels), the derivative of scale · loss by the logits.
 *
 * `SigmoidCrossEntropy`: logits and labels of one shape, float32 → [loss, gradient] of that shape.
 * loss = max(x, 0) − xz + log(1 + e^−|x|) for logits x and labels z; gradient = scale · (sigmoid(x) − z).
 */
export interface CrossEntropy {
  readonly inputs: { readonly logits: TensorInfo; readonly labels: TensorInfo };
  readonly attrs: {
    /** Multiplies the gradient, not the loss: 1 / n where the mean of the losses is wanted. */
    readonly scale: number;
  };
}

/** Activations whose derivative follows from their output y: 1, y > 0, y(1 − y), 1 − y². */
export type Activation = 'linear' | 'relu' | 'sigmoid' | 'tanh';

/**
 * `BiasActivationGrad`: dy and y [..., c], float32 → [dx], or with `bias` [dx, dBias [c]]. dx = dy · activation′,
 * dBias = the sum of dx over all but the last axis. For `linear` dx may share dy's data, and y is not read.
 */
export interface BiasActivationGrad {
  readonly inputs: { readonly dy: TensorInfo; readonly y: TensorInfo };
  readonly attrs: { readonly activation: Activation; readonly bias: boolean };
}

/**
 * `SoftmaxGrad`: dy and y [..., c], float32, y = softmax(x) → [dx], dx = y · (dy − Σ dy · y), sums over the last axis.
 */
export interface SoftmaxGrad {
  readonly inputs: { readonly dy: TensorInfo; readonly y: TensorInfo };
  readonly attrs: Readonly<Record<string, never>>;
}

/**
 * `Spread`, the gradient of a sum or mean: x of outer · inner numbers, float32 → [y] of `shape`, seen as
 * [outer, reduced, inner]: y[o, r, i] = scale · x[o, i].
 */
export interface Spread {
  readonly inputs: { readonly x: TensorInfo };
  readonly attrs: {
    readonly outer: number;
    readonly reduced: number;
    readonly inner: number;
    readonly shape: readonly number[];
    readonly scale: number;
  };
}

/** `ScaledProduct`: a and b of one shape, float32 → [scale · a · b]. */
export interface ScaledProduct {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo };
  readonly attrs: { readonly scale: number };
}

/** What opens the gates of an LSTM: 1 / (1 + e⁻ˣ), or 0.2x + 0.5 cut off at 0 and 1. */
export type GateActivation = 'sigmoid' | 'hardSigmoid';

/**
 * `Lstm`: a whole sequence. x [b, t, d], kernel W [d, 4u], recurrentKernel U [u, 4u], bias [4u] or none, h0 and c0 [b, u],
 * float32 → [states [2, b, t + 1, u], gates [b, t, 4u]]. states[0] is h and states[1] is c, before the first step and
 * after each; gates are i, f, g, o in the order of x. At each step
 * i, f, o = σ(xW + hU + bias), g = tanh(…); c ← f·c + i·g; h ← o·tanh(c), as in TensorFlow.js and Keras.
 */
export interface Lstm {
  readonly inputs: {
    readonly x: TensorInfo;
    readonly kernel: TensorInfo;
    readonly recurrentKernel: TensorInfo;
    readonly bias?: TensorInfo;
    readonly h0: TensorInfo;
    readonly c0: TensorInfo;
  };
  readonly attrs: {
    readonly recurrentActivation: GateActivation;
    /** Steps run from the end of x to its start. */
    readonly backwards: boolean;
  };
}

/**
 * `LstmGrad`: dStates as states, and what `Lstm` took and gave → [dx, dKernel, dRecurrentKernel, dh0, dc0], and dBias
 * with `bias`.
 */
export interface LstmGrad {
  readonly inputs: {
    readonly dStates: TensorInfo;
    readonly states: TensorInfo;
    readonly gates: TensorInfo;
    readonly x: TensorInfo;
    readonly kernel: TensorInfo;
    readonly recurrentKernel: TensorInfo;
  };
  readonly attrs: Lstm['attrs'] & { readonly bias: boolean };
}

/**
 * `Gru`: as `Lstm` with a state less: kernel [d, 3u], recurrentKernel [u, 3u], bias [3u] or none, h0 → [states
 * [1, b, t + 1, u], gates [b, t, 3u]]; gates are z, r, g. z, r = σ(xW + hU + bias), g = tanh(xW + (r·h)U + bias) with
 * their columns of W, U and bias; h ← z·h + (1 − z)·g, as in TensorFlow.js.
 */
export interface Gru {
  readonly inputs: Omit<Lstm['inputs'], 'c0'>;
  readonly attrs: Lstm['attrs'];
}

/** `GruGrad`: as `LstmGrad` → [dx, dKernel, dRecurrentKernel, dh0], and dBias with `bias`. */
export interface GruGrad {
  readonly inputs: LstmGrad['inputs'];
  readonly attrs: LstmGrad['attrs'];
}

/**
 * `SimpleRnn`: kernel [d, u], recurrentKernel [u, u], bias [u] or none, h0 → [states [1, b, t + 1, u]];
 * h ← activation(xW + hU + bias).
 */
export interface SimpleRnn {
  readonly inputs: Gru['inputs'];
  readonly attrs: { readonly activation: Activation; readonly backwards: boolean };
}

/** `SimpleRnnGrad`: as `GruGrad`, without gates. */
export interface SimpleRnnGrad {
  readonly inputs: Omit<LstmGrad['inputs'], 'gates'>;
  readonly attrs: SimpleRnn['attrs'] & { readonly bias: boolean };
}

/** Kernel name → contract. */
export interface FusedKernels {
  SgdUpdate: SgdUpdate;
  MomentumUpdate: MomentumUpdate;
  AdagradUpdate: AdagradUpdate;
  RmspropUpdate: RmspropUpdate;
  AdamUpdate: AdamUpdate;
  SoftmaxCrossEntropy: CrossEntropy;
  SigmoidCrossEntropy: CrossEntropy;
  BiasActivationGrad: BiasActivationGrad;
  SoftmaxGrad: SoftmaxGrad;
  Spread: Spread;
  ScaledProduct: ScaledProduct;
  Lstm: Lstm;
  LstmGrad: LstmGrad;
  Gru: Gru;
  GruGrad: GruGrad;
  SimpleRnn: SimpleRnn;
  SimpleRnnGrad: SimpleRnnGrad;
}
export type FusedKernel = keyof FusedKernels;
