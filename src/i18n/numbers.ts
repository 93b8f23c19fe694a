/** How numbers and durations are written for a reader. Knows no page and no example. */

/** Four significant digits, no exponent between 0.0001 and 99999; `—` for what is not finite. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return '—';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e5) {
    return value
      .toExponential(Math.max(0, digits - 2))
      .replace('e+', 'e')
      .replace('-', '−');
  }
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
  return text.replace('-', '−');
}

/** A value of a parameter or bound as it is typed: no thousands marks, no typographic minus. */
export function plainNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** `0.4 秒`, `3 秒`, `2 分 5 秒`, `1 小时 3 分`. @param ms milliseconds, not negative. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 0.95) return `${Math.max(0.1, Math.round(seconds * 10) / 10)} 秒`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} 秒`;
  if (whole < 3600) {
    return whole % 60 === 0
      ? `${Math.floor(whole / 60)} 分`
      : `${Math.floor(whole / 60)} 分 ${whole % 60} 秒`;
  }
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分`;
}

/** `240 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Steps a second: two significant digits below ten, whole above. */
export function formatRate(stepsPerSecond: number): string {
  if (stepsPerSecond >= 10) return String(Math.round(stepsPerSecond));
  return String(Number(stepsPerSecond.toPrecision(2)));
}
