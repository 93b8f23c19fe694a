/** The nouns of a calculator: instant worked examples, pure functions of numbers the reader types. */

import type { View } from './view.ts';

/** One editable quantity. A scalar has shape [], a vector [n], a matrix [rows, columns]. */
export interface Quantity {
  /** The symbol, KaTeX source. */
  readonly symbol: string;
  /** What it is, in Chinese. */
  readonly label: string;
  readonly default: number | readonly number[] | readonly (readonly number[])[];
  readonly min?: number;
  readonly max?: number;
  readonly integer?: true;
}
/** A choice between named settings. */
export interface Option {
  readonly label: string;
  readonly default: string;
  readonly options: Readonly<Record<string, string>>;
}
export type CalculatorInputs = Readonly<Record<string, Quantity | Option>>;

type Widen<T> = T extends number
  ? number
  : T extends readonly (readonly number[])[]
    ? readonly (readonly number[])[]
    : readonly number[];
export type InputValues<I extends CalculatorInputs> = {
  readonly [K in keyof I]: I[K] extends Quantity ? Widen<I[K]['default']> : string;
};

export interface WorkedStep {
  /** What this step does, in Chinese. */
  readonly text: string;
  /** The formula with the reader's numbers in it, KaTeX source, display style. */
  readonly tex: string;
}
export interface Result {
  readonly label: string;
  readonly value: number;
  /** Digits after the point, or `exponent` for scientific notation. Default 4. */
  readonly digits?: number | 'exponent';
  readonly unit?: string;
  /** `wrong`: what the source document's formula gives, shown struck through. */
  readonly mark?: 'wrong' | 'right';
}
export interface Worked {
  readonly steps: readonly WorkedStep[];
  readonly results: Readonly<Record<string, Result>>;
  readonly views?: readonly View[];
}

/**
 * A calculator: `src/calculators/<id>.ts` default-exports one.
 * `compute` gets only values that passed the bounds; it throws a `CalculatorError` for combinations it refuses.
 */
export interface Calculator<I extends CalculatorInputs> {
  readonly title: string;
  readonly summary: string;
  readonly inputs: I;
  compute(values: InputValues<I>): Worked;
}
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the only place where the inputs' type is erased
export type AnyCalculator = Calculator<any>;

/** Identity; exists so that TypeScript infers the inputs. */
export function defineCalculator<const I extends CalculatorInputs>(
  calculator: Calculator<I>,
): Calculator<I> {
  return calculator;
}

/** A combination of numbers that cannot be worked; `input` names the cell at fault. */
export class CalculatorError extends Error {
  override name = 'CalculatorError';
  readonly input: string;
  constructor(input: string, message: string) {
    super(message);
    this.input = input;
  }
}
