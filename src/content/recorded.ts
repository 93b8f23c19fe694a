/** Reads one number out of a recorded run and says where it comes from. Knows no page. */
import type { Recording } from '../contract/recording.ts';
import { formatNumber } from '../i18n/numbers.ts';
import { allowed } from './suggest.ts';

const BACKENDS = { webgpu: 'WebGPU', webgl: 'WebGL', wasm: 'WASM', cpu: 'CPU' } as const;

/** Digits after the point when asked for, else four significant ones. */
export function numberText(value: number, digits?: number | 'exponent'): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  if (digits === 'exponent') {
    const [mantissa = '', power = '0'] = value.toExponential(2).split('e');
    return `${mantissa} × 10${superscript(Number(power))}`.replace('-', '−');
  }
  if (digits === undefined) return formatNumber(value);
  // Beyond a trillion, digits after the point say nothing.
  const text = Math.abs(value) >= 1e12 ? value.toExponential(3).replace('e+', 'e') : value.toFixed(digits);
  const [whole = '', rest] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, whole.replace('-', '').length > 4 ? ',' : '');
  return (rest === undefined ? grouped : `${grouped}.${rest}`).replace('-', '−');
}

const superscript = (power: number): string =>
  [...String(power)].map((digit) => (digit === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? ''))).join('');

/**
 * The value of a metric at a step (the nearest that was kept; the last when absent).
 * @throws Error that lists the known presets or metrics.
 */
export function metricAt(
  recording: Recording,
  {
    metric,
    preset = 'default',
    step,
    digits,
  }: {
    metric: string;
    preset?: string | undefined;
    step?: number | undefined;
    digits?: number | undefined;
  },
): { value: number; text: string; origin: string } {
  const { example, runs } = recording;
  const run = runs[preset];
  if (!run) throw new Error(`${example} 没有录过 ${preset}。${allowed(preset, Object.keys(runs))}`);
  const values = run.metrics[metric];
  if (!values) {
    throw new Error(`${example} 没有 ${metric} 这个指标。${allowed(metric, Object.keys(run.metrics))}`);
  }
  let at = run.index.length - 1;
  if (step !== undefined) {
    run.index.forEach((kept, index) => {
      if (Math.abs(kept - step) < Math.abs((run.index[at] ?? Infinity) - step)) at = index;
    });
  }
  const value = values[at] ?? NaN;
  const which = run.end === 'diverged' ? `第 ${run.index[at]} 步，随后发散` : `第 ${run.index[at]} 步`;
  return {
    value,
    text: numberText(value, digits),
    origin: `${recording.date} 录制的运行，${which}，${BACKENDS[recording.backend]}，随机种子 ${run.seed}`,
  };
}
