/** One dense layer, `f(Wx + b)`, and the shapes that it accepts. Knows no page and no particular numbers. */
import { CalculatorError } from '../../contract/calculator.ts';
import type { Matrix } from '../notation/matrices.ts';

type Vector = readonly number[];

/** Shares of 1; the largest is taken off first, so that no exponential overflows. */
export function softmax(scores: Vector): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

const sigmoid = (z: number): number =>
  z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));

interface Activation {
  /** The words of the option. */
  readonly label: string;
  /** KaTeX source of the function's name. */
  readonly tex: string;
  /** What it does, in Chinese. */
  readonly does: string;
  apply(z: Vector): number[];
  /** The slope at each entry, from what came out; absent where entries depend on one another. */
  slope?(out: Vector): number[];
}

/** The functions that a layer may end with; softmax takes the vector as a whole, the others entry by entry. */
export const ACTIVATIONS = {
  sigmoid: {
    label: 'sigmoid',
    tex: '\\sigma',
    does: '每个数过 sigmoid，压到 0 和 1 之间。',
    apply: (z) => z.map(sigmoid),
    slope: (out) => out.map((h) => h * (1 - h)),
  },
  relu: {
    label: 'ReLU',
    tex: '\\mathrm{ReLU}',
    does: '每个数过 ReLU：负的变成 0，别的不动。',
    apply: (z) => z.map((value) => Math.max(0, value)),
    slope: (out) => out.map((h) => (h > 0 ? 1 : 0)),
  },
  tanh: {
    label: 'tanh',
    tex: '\\tanh',
    does: '每个数过 tanh，压到 −1 和 1 之间。',
    apply: (z) => z.map(Math.tanh),
    slope: (out) => out.map((h) => 1 - h * h),
  },
  linear: {
    label: '线性（不变）',
    tex: '\\mathrm{id}',
    does: '线性：什么也不做。',
    apply: (z) => [...z],
    slope: (out) => out.map(() => 1),
  },
  softmax: {
    label: 'softmax',
    tex: '\\mathrm{softmax}',
    does: '整个向量过 softmax，变成加起来是 1 的概率。',
    apply: softmax,
  },
} as const satisfies Readonly<Record<string, Activation>>;

type ActivationName = keyof typeof ACTIVATIONS;

/** The options of a choice between these functions, in this order. */
export const activationOptions = (names: readonly ActivationName[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, ACTIVATIONS[name].label]));

/** The function of that name. @throws RangeError for a name that is none. */
export function activation(name: string): Activation {
  if (!Object.hasOwn(ACTIVATIONS, name)) throw new RangeError(`no activation ${name}`);
  return ACTIVATIONS[name as ActivationName];
}

/** `W · x`, for shapes that fit. */
export const times = (W: Matrix, x: Vector): number[] =>
  W.map((row) => row.reduce((sum, w, i) => sum + w * (x[i] ?? NaN), 0));

/** `a + b`, for vectors of equal length. */
export const plus = (a: Vector, b: Vector): number[] => a.map((value, i) => value + (b[i] ?? NaN));

/** One part of a layer as the messages call it: the name of the input, and the words for it. */
export interface Named {
  readonly input: string;
  readonly words: string;
}

/**
 * Checks that `W` takes vectors of `length` numbers and `b` has one number a row.
 * @throws CalculatorError at the part that does not fit, saying which length meets which.
 */
export function checkLayer(
  W: Matrix,
  b: Vector,
  length: number,
  names: { readonly W: Named; readonly b: Named; readonly x: Named },
): void {
  const columns = W[0]?.length ?? 0;
  if (columns !== length) {
    throw new CalculatorError(
      names.x.input,
      `${names.W.words} 是 ${W.length}×${columns}，每行 ${columns} 个数，要和 ${columns} 个输入一一相乘；${names.x.words}有 ${length} 个数，对不上。`,
    );
  }
  if (b.length !== W.length) {
    throw new CalculatorError(
      names.b.input,
      `${names.W.words} 有 ${W.length} 行，乘出来是 ${W.length} 个数；${names.b.words} 有 ${b.length} 个，要一样多。`,
    );
  }
}

/** Whether two inputs are the same numbers in the same shape. */
export const sameNumbers = (a: Matrix | Vector, b: Matrix | Vector): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
