/** Scales, ticks, number formats and the frame of a plot. Knows no view kind and no data but numbers. */
import type { Axis } from '../../contract/view.ts';
import { cutText, pixel, svgText, textWidth } from './markup.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A map between values and pixels. */
export interface Scale {
  readonly kind: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Pixel of a value; NaN for what the axis cannot show. */
  at(value: number): number;
  /** Value of a pixel. */
  invert(at: number): number;
}

/** The rectangle inside the axes, in the picture's pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Size of axis and legend text, in pixels of the picture. */
export const TEXT = 12;
/** The largest magnitude that is drawn; beyond it a value counts as not finite. */
const LARGEST = 1e300;

/** Whether a value can stand on an axis of this kind. */
export function drawable(value: number, kind: 'linear' | 'log'): boolean {
  return Math.abs(value) < LARGEST && (kind === 'linear' || value > 0);
}

/** Least and greatest drawable value; undefined when there is none. */
export function extent(
  lists: Iterable<readonly number[]>,
  kind: 'linear' | 'log' = 'linear',
): [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists)
    for (const value of list) {
      if (!drawable(value, kind)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : undefined;
}

/** A mantissa and exponent without padding: `1.2e-5`, `3e6`. */
function scientific(value: number, digits: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(digits).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return `${short}e${exponent.replace('+', '')}`;
}

/** A number as a reader wants it: at most `digits` significant digits, scientific when very large or small. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6 || size < 1e-3) return scientific(value, Math.min(digits, 3) - 1);
  if (Number.isInteger(value)) return String(value);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const fixed = value.toFixed(decimals);
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

/** A number for the picture: with a true minus sign. */
export function pictureNumber(value: number, digits = 4): string {
  return formatNumber(value, digits).replace(/^-/, '−');
}

/** The step 1, 2 or 5 · 10ⁿ that cuts `span` into about `count` parts. */
function niceStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const part = rough / power;
  return power * (part >= 7.07 ? 10 : part >= 3.16 ? 5 : part >= 1.41 ? 2 : 1);
}

function linearLabel(value: number, step: number, largest: number): string {
  let text: string;
  if (largest >= 1e6 || largest < 1e-3) {
    const digits = Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step) + 1e-9);
    text = value === 0 ? '0' : scientific(value, Math.max(0, Math.min(15, digits)));
  } else {
    text = value.toFixed(Math.max(0, Math.min(12, -Math.floor(Math.log10(step) + 1e-9))));
  }
  return text.replace(/^-/, '−');
}

/** About `count` ticks at round numbers inside the domain. `integers` keeps them whole. */
export function linearTicks(
  [low, high]: readonly [number, number],
  count: number,
  integers = false,
): Tick[] {
  let step = niceStep(high - low, count);
  if (integers) step = Math.max(1, step);
  const first = Math.ceil(low / step - 1e-6);
  const last = Math.floor(high / step + 1e-6);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const ticks: Tick[] = [];
  for (let n = first; n <= last && ticks.length < 50; n++) {
    // dividing by a whole number keeps 0.3 from becoming 0.30000000000000004
    const value = n === 0 ? 0 : step < 1 ? n / Math.round(1 / step) : n * step;
    const exact = step < 1e-9 ? n * step : value;
    ticks.push({ value: exact, label: linearLabel(exact, step, largest) });
  }
  return ticks;
}

/** Ticks at powers of ten, at 1-2-5 steps when there are few powers, at round numbers within one power. */
export function logTicks(domain: readonly [number, number], count: number): Tick[] {
  const [low, high] = domain;
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const inside = (value: number): boolean => value >= low * 0.999999 && value <= high * 1.000001;
  const powers = [];
  for (let n = first; n <= last; n++) powers.push(n);
  const make = (values: readonly number[]): Tick[] =>
    values.filter(inside).map((value) => ({ value, label: logLabel(value) }));
  const decades = powers.map((n) => Number(`1e${String(n)}`));
  const whole = make(decades);
  if (whole.length > count + 1) {
    const every = Math.ceil(whole.length / count);
    return whole.filter((_, index) => (whole.length - 1 - index) % every === 0);
  }
  if (whole.length >= 3) return whole;
  const finer = make(
    powers.flatMap((n) => [1, 2, 5].map((k) => Number(`${String(k)}e${String(n)}`))),
  );
  if (finer.length >= 3) return finer.length > count + 2 && whole.length >= 2 ? whole : finer;
  return linearTicks(domain, count).filter((tick) => tick.value > 0);
}

function logLabel(value: number): string {
  return value >= 1e-3 && value < 1e5 ? String(value) : scientific(value, 0);
}

/**
 * The span of an axis: what the axis itself asks for, else the data with a little air.
 *
 * @param found least and greatest value of the data, if any.
 * @param options `zero`: start at 0 when the data come near it; `tight`: no air and no rounding.
 */
export function fitDomain(
  axis: Axis,
  found: readonly [number, number] | undefined,
  options: { readonly zero?: boolean; readonly tight?: boolean; readonly count?: number } = {},
): [number, number] {
  const kind = axis.scale ?? 'linear';
  const wished = (value: number | undefined): number | undefined =>
    value !== undefined && drawable(value, kind) ? value : undefined;
  const [askedLow, askedHigh] = [wished(axis.min), wished(axis.max)];
  let [low, high] = found ?? (kind === 'log' ? [0.1, 10] : [0, 1]);
  low = askedLow ?? Math.min(low, askedHigh ?? low);
  high = askedHigh ?? Math.max(high, askedLow ?? high);
  if (kind === 'log') {
    if (high <= low * (1 + 1e-9)) [low, high] = [low / 2, high * 2];
    else if (options.tight !== true) {
      const air = (high / low) ** 0.05;
      [low, high] = [askedLow ?? low / air, askedHigh ?? high * air];
    }
    return [low, high];
  }
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= largest * 1e-9) {
    if (largest === 0)
      return [askedLow ?? -1, high === askedHigh && askedLow === undefined ? 0 : 1];
    const pad = options.tight === true ? Math.min(1, largest / 2) : largest;
    return [low - pad, high + pad];
  }
  if (options.tight === true) return [low, high];
  if (options.zero === true && low > 0 && low < high * 0.6 && askedLow === undefined) low = 0;
  const step = niceStep(high - low, options.count ?? 4);
  // half steps: rounded enough to look calm, close enough to waste little paper
  const half = step / 2;
  return [
    askedLow ?? Math.floor(low / half + 1e-6) * half,
    askedHigh ?? Math.ceil(high / half - 1e-6) * half,
  ];
}

/** Builds a scale; `range` may run backwards, as pixels do for y. */
export function makeScale(
  kind: 'linear' | 'log',
  domain: readonly [number, number],
  range: readonly [number, number],
  ticks: readonly Tick[],
): Scale {
  const [from, to] = range;
  const forward = kind === 'log' ? Math.log : (value: number): number => value;
  const back = kind === 'log' ? Math.exp : (value: number): number => value;
  const [low, high] = [forward(domain[0]), forward(domain[1])];
  return {
    kind,
    domain,
    range,
    ticks,
    at: (value) =>
      drawable(value, kind) ? from + ((forward(value) - low) / (high - low)) * (to - from) : NaN,
    invert: (at) => back(low + ((at - from) / (to - from)) * (high - low)),
  };
}

/** Ticks of either kind. */
export function makeTicks(
  kind: 'linear' | 'log',
  domain: readonly [number, number],
  count: number,
  integers = false,
): Tick[] {
  return kind === 'log' ? logTicks(domain, count) : linearTicks(domain, count, integers);
}

/** Pixels that the labels of a vertical axis need to the left of the plot. */
export function labelWidth(ticks: readonly Tick[]): number {
  return Math.max(0, ...ticks.map((tick) => textWidth(tick.label, TEXT)));
}

/** Height in pixels below a plot for the tick labels and the name of the x axis. */
export const BELOW = 42;
/** Height in pixels above a plot for the name of the y axis. */
export const ABOVE = 28;

/** Grid lines, tick labels and axis names; drawn behind the data. */
export function drawFrame(
  box: Box,
  x: Scale,
  y: Scale,
  names: { readonly x: string; readonly y: string },
  options: { readonly grid?: 'rows' | 'both' | 'none' } = {},
): string {
  const parts: string[] = [];
  for (const tick of y.ticks) {
    const at = y.at(tick.value);
    if (!(at >= box.top - 0.5 && at <= box.bottom + 0.5)) continue;
    parts.push(
      options.grid === 'none'
        ? `<path class="view-axis" d="M${pixel(box.left)} ${pixel(at)}h-4"/>`
        : `<path class="view-grid" d="M${pixel(box.left)} ${pixel(at)}H${pixel(box.right)}"/>`,
      svgText(tick.label, box.left - 8, at + 4, { anchor: 'end', kind: 'muted' }),
    );
  }
  let free = -Infinity;
  for (const tick of x.ticks) {
    const at = x.at(tick.value);
    if (!(at >= box.left - 0.5 && at <= box.right + 0.5)) continue;
    if (options.grid === 'both')
      parts.push(
        `<path class="view-grid" d="M${pixel(at)} ${pixel(box.top)}V${pixel(box.bottom)}"/>`,
      );
    const half = textWidth(tick.label, TEXT) / 2;
    if (at - half < free + 6) continue;
    free = at + half;
    parts.push(
      `<path class="view-axis" d="M${pixel(at)} ${pixel(box.bottom)}v4"/>`,
      svgText(tick.label, at, box.bottom + 18, { anchor: 'middle', kind: 'muted' }),
    );
  }
  parts.push(
    `<path class="view-axis" d="M${pixel(box.left)} ${pixel(box.bottom)}H${pixel(box.right)}"/>`,
    svgText(cutText(names.y, TEXT, box.right), 0, box.top - 14, { kind: 'muted' }),
    svgText(cutText(names.x, TEXT, box.right), box.right, box.bottom + 35, {
      anchor: 'end',
      kind: 'muted',
    }),
  );
  return parts.join('');
}
