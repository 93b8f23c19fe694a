/** How numbers are written: inside KaTeX formulas, and as text beside a result. Knows no calculator. */

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function grouped(digits: string, separator: string): string {
  const [whole = '', fraction] = digits.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, separator);
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

/**
 * A number as KaTeX source: integers in full (`174{,}604`), others to `significant` digits, very large and
 * very small ones as a power of ten.
 */
export function tex(value: number, significant = 6): string {
  if (Number.isNaN(value)) return '\\text{无定义}';
  if (!Number.isFinite(value)) return value < 0 ? '-\\infty' : '\\infty';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) {
    return size < 10_000 ? String(value) : (value < 0 ? '-' : '') + grouped(String(size), '{,}');
  }
  if (size >= 1e7 || size < 1e-4) {
    const [mantissa = '', exponent = '0'] = value.toExponential(significant - 1).split('e');
    const trimmed = trimZeros(mantissa);
    const power = `10^{${Number(exponent)}}`;
    if (trimmed === '1') return power;
    return trimmed === '-1' ? `-${power}` : `${trimmed} \\times ${power}`;
  }
  return String(Number(value.toPrecision(significant)));
}

/** Like `tex`, in parentheses when the number is negative, so that it can be a factor or be subtracted. */
export function texFactor(value: number, significant = 6): string {
  const written = tex(value, significant);
  return written.startsWith('-') ? `(${written})` : written;
}

/** `+ 3` or `- 3`: a number as the next term of a sum. */
export function texTerm(value: number, significant = 6): string {
  return value < 0 || Object.is(value, -0)
    ? `- ${tex(-value, significant)}`
    : `+ ${tex(value, significant)}`;
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

function powerOfTen(value: number, digits: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(digits).split('e');
  const raised = [...String(Number(exponent))].map((sign) => SUPERSCRIPTS[sign] ?? sign).join('');
  return `${mantissa} × 10${raised}`;
}

/**
 * A number as text: `digits` places after the point with grouped thousands, or scientific notation when asked
 * (`exponent`) or when the places would hide the number.
 */
export function formatNumber(value: number, digits: number | 'exponent' = 4): string {
  if (Number.isNaN(value)) return '无定义';
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (digits === 'exponent') return size === 0 ? '0' : sign + powerOfTen(size, 4);
  const tooLarge = size >= (digits === 0 ? 1e15 : 1e7);
  const tooSmall = size > 0 && size < 0.5 * 10 ** -digits && digits > 0;
  if (tooLarge || tooSmall) return sign + powerOfTen(size, Math.max(1, Math.min(4, digits)));
  const written = size.toFixed(digits);
  return (Number(written) === 0 ? '' : sign) + grouped(written, ',');
}
