/** Rounds numbers to floating-point formats of 16 bits, exactly. Knows no calculator. */

/** A binary floating-point format: how many bits the fraction has, and the exponents of normal numbers. */
export interface FloatFormat {
  readonly label: string;
  readonly fractionBits: number;
  readonly lowest: number;
  readonly highest: number;
}

/** IEEE 754 binary16, and bfloat16 (the upper half of binary32). */
export const FORMATS = {
  fp16: { label: 'fp16（半精度）', fractionBits: 10, lowest: -14, highest: 15 },
  bf16: { label: 'bf16', fractionBits: 7, lowest: -126, highest: 127 },
} as const satisfies Readonly<Record<string, FloatFormat>>;

/** The largest whole power of two that is not above `size > 0`, as its exponent; read from the bits, so never off by one. */
function exponentOf(size: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  return ((view.getUint32(0) >>> 20) & 0x7ff) - 1023;
}

/** The distance from `value` to the next number of the format away from 0. */
export function spacing(value: number, { fractionBits, lowest }: FloatFormat): number {
  const exponent = value === 0 ? lowest : Math.max(lowest, exponentOf(Math.abs(value)));
  return 2 ** (exponent - fractionBits);
}

/** The largest finite number of the format. */
export const largest = ({ fractionBits, highest }: FloatFormat): number =>
  2 ** highest * (2 - 2 ** -fractionBits);

/** The smallest positive number of the format, a subnormal one. */
export const smallest = ({ fractionBits, lowest }: FloatFormat): number =>
  2 ** (lowest - fractionBits);

/** The number of the format nearest to `value`, of two equally near ones the even one; past the largest, infinity. */
export function roundTo(value: number, format: FloatFormat): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const unit = spacing(value, format);
  const count = Math.abs(value) / unit; // exact: the unit is a power of two
  const whole = Math.floor(count);
  const rest = count - whole;
  const up = rest > 0.5 || (rest === 0.5 && whole % 2 === 1);
  const rounded = (whole + (up ? 1 : 0)) * unit;
  return Math.sign(value) * (rounded > largest(format) ? Infinity : rounded);
}
