/** Turns what a reader typed into a worked calculation or into sentences about the cells at fault. Knows no page. */
import {
  CalculatorError,
  type AnyCalculator,
  type CalculatorInputs,
  type Option,
  type Quantity,
  type Result,
  type Worked,
} from '../contract/calculator.ts';
import { formatNumber } from './notation/numbers.ts';

/** The most entries of a vector, and the most rows or columns of a matrix. */
export const MAX_LENGTH = 32;

/** One cell that cannot be used. `index` is [i] in a vector, [row, column] in a matrix, absent otherwise. */
export interface InputProblem {
  readonly input: string;
  readonly index?: readonly number[];
  /** A Chinese sentence saying what is allowed. */
  readonly message: string;
}

export type InputValue = number | string | readonly number[] | readonly (readonly number[])[];

export type Computed =
  | {
      readonly ok: true;
      readonly values: Readonly<Record<string, InputValue>>;
      readonly worked: Worked;
    }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

export function isOption(spec: Quantity | Option): spec is Option {
  return 'options' in spec;
}

/** 0 for a scalar, 1 for a vector, 2 for a matrix. */
export function rankOf(quantity: Quantity): 0 | 1 | 2 {
  const start: unknown = quantity.default;
  if (!Array.isArray(start)) return 0;
  return Array.isArray(start[0]) ? 2 : 1;
}

/** What a cell accepts, in words: `0.001 到 1 之间的数`, `不小于 1 的整数`. */
export function allowedNumbers(quantity: Quantity): string {
  const noun = quantity.integer ? '整数' : '数';
  const { min, max } = quantity;
  if (min !== undefined && max !== undefined) return `${min} 到 ${max} 之间的${noun}`;
  if (min !== undefined) return `不小于 ${min} 的${noun}`;
  if (max !== undefined) return `不大于 ${max} 的${noun}`;
  return `一个${noun}`;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads one cell. Full-width digits and the typographic minus are taken as their plain twins. */
function readNumber(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  if (typeof raw !== 'string') return NaN;
  const text = raw.normalize('NFKC').replace(/[−–]/g, '-').trim();
  return NUMBER.test(text) ? Number(text) : NaN;
}

function isEmpty(raw: unknown): boolean {
  return raw === null || raw === undefined || (typeof raw === 'string' && raw.trim() === '');
}

function checkNumber(quantity: Quantity, raw: unknown): number | string {
  const allowed = `请填${allowedNumbers(quantity).replace(/^(?=[-\d])/, ' ')}。`;
  if (isEmpty(raw)) return `这里空着，${allowed}`;
  const value = readNumber(raw);
  if (Number.isNaN(value)) return `“${String(raw).slice(0, 20)}”不是数，${allowed}`;
  if (!Number.isFinite(value)) return `这个数太大了，${allowed}`;
  if (quantity.integer && !Number.isInteger(value)) return `${value} 不是整数，${allowed}`;
  if (quantity.min !== undefined && value < quantity.min) return `${value} 太小，${allowed}`;
  if (quantity.max !== undefined && value > quantity.max) return `${value} 太大，${allowed}`;
  return value;
}

class Reading {
  readonly problems: InputProblem[] = [];

  private fail(input: string, message: string, index?: readonly number[]): void {
    this.problems.push(index === undefined ? { input, message } : { input, index, message });
  }

  private cell(input: string, quantity: Quantity, raw: unknown, index?: readonly number[]): number {
    const checked = checkNumber(quantity, raw);
    if (typeof checked === 'number') return checked;
    this.fail(input, checked, index);
    return NaN;
  }

  private row(
    input: string,
    quantity: Quantity,
    raw: readonly unknown[],
    before: readonly number[],
  ): number[] {
    return raw.map((entry, position) => this.cell(input, quantity, entry, [...before, position]));
  }

  quantity(input: string, quantity: Quantity, raw: unknown): InputValue {
    const rank = rankOf(quantity);
    if (rank === 0) {
      if (!Array.isArray(raw)) return this.cell(input, quantity, raw);
      this.fail(input, `这里只能填一个数：${allowedNumbers(quantity)}。`);
      return NaN;
    }
    const what = rank === 1 ? '一列数' : '一个矩阵';
    if (!Array.isArray(raw) || raw.length === 0 || raw.length > MAX_LENGTH) {
      this.fail(input, `这里要${what}，1 到 ${MAX_LENGTH} ${rank === 1 ? '个' : '行'}。`);
      return [];
    }
    const entries: readonly unknown[] = raw;
    if (rank === 1) return this.row(input, quantity, entries, []);
    const width = Array.isArray(entries[0]) ? entries[0].length : 0;
    return entries.map((line, position) => {
      if (!Array.isArray(line) || line.length !== width || width === 0 || width > MAX_LENGTH) {
        this.fail(input, `第 ${position + 1} 行的长度不对，各行要一样长，1 到 ${MAX_LENGTH} 列。`, [
          position,
          0,
        ]);
        return [];
      }
      return this.row(input, quantity, line, [position]);
    });
  }

  option(input: string, option: Option, raw: unknown): string {
    if (typeof raw === 'string' && Object.hasOwn(option.options, raw)) return raw;
    const allowed = Object.keys(option.options).join('、');
    this.fail(input, `没有“${String(raw).slice(0, 20)}”这一项，可选：${allowed}。`);
    return option.default;
  }

  unknown(input: string, inputs: CalculatorInputs): void {
    this.fail(input, `没有叫 ${input} 的输入，可用的是：${Object.keys(inputs).join('、')}。`);
  }
}

/**
 * Validates raw inputs and works them out.
 * @param raw input name → a number, a text to be read as one, an (array of) array(s) of these, or an option's
 *   key. A missing input takes its default; an unknown name is a problem.
 * @returns the values used with the worked calculation, or every problem found. Never throws for bad input;
 *   an exception that is not a `CalculatorError` passes through, as it is a fault of the calculator.
 */
export function computeCalculator(
  calculator: AnyCalculator,
  raw: Readonly<Record<string, unknown>>,
): Computed {
  const reading = new Reading();
  const values: Record<string, InputValue> = {};
  const inputs = calculator.inputs as CalculatorInputs;
  for (const [name, spec] of Object.entries(inputs)) {
    const given = Object.hasOwn(raw, name) ? raw[name] : spec.default;
    values[name] = isOption(spec)
      ? reading.option(name, spec, given)
      : reading.quantity(name, spec, given);
  }
  for (const name of Object.keys(raw)) {
    if (!Object.hasOwn(inputs, name)) reading.unknown(name, inputs);
  }
  if (reading.problems.length > 0) return { ok: false, problems: reading.problems };
  try {
    return { ok: true, values, worked: calculator.compute(values) };
  } catch (error) {
    if (!(error instanceof CalculatorError)) throw error;
    return { ok: false, problems: [{ input: error.input, message: error.message }] };
  }
}

/** A problem with its place, for the author of a chapter: `的输入 p[0][1]：这里空着，……` */
export function problemText({ input, index, message }: InputProblem): string {
  const place = index === undefined ? '' : `[${index.join('][')}]`;
  return `的输入 ${input}${place}：${message}`;
}

/** A result as the reader sees it, without its unit. `digits` overrides the result's own. */
export function formatResult(result: Result, digits?: number | 'exponent'): string {
  return formatNumber(result.value, digits ?? result.digits ?? 4);
}
