/** A recorded run as a curve the size of a stamp, for cards. Decoration: its numbers stand beside it as text. */
import type { MetricSpecs } from '../../contract/example.ts';
import type { RecordedRun } from '../../contract/recording.ts';

const WIDTH = 160;
const HEIGHT = 56;

/**
 * SVG of up to three metrics; those of one chart share its scale.
 * @returns empty when the run has fewer than two steps.
 */
export function thumbnail(
  run: RecordedRun,
  metrics: MetricSpecs,
  names: readonly string[],
): string {
  const { index } = run;
  const first = index[0];
  const last = index.at(-1);
  if (first === undefined || last === undefined || last <= first) return '';
  const chosen = names.slice(0, 3);
  const finite = (name: string): number[] =>
    (run.metrics[name] ?? []).filter((value) => Number.isFinite(value));
  const paths = chosen.map((name, n) => {
    const beside = chosen.filter((other) => metrics[other]?.chart === metrics[name]?.chart);
    const shared = beside.flatMap(finite);
    const low = Math.min(...shared);
    const span = Math.max(...shared) - low;
    let path = '';
    let pen = 'M';
    (run.metrics[name] ?? []).forEach((value, at) => {
      if (!Number.isFinite(value)) {
        pen = 'M';
        return;
      }
      const x = 2 + (((index[at] ?? first) - first) / (last - first)) * (WIDTH - 4);
      const y = HEIGHT - 4 - (span === 0 ? 0.5 : (value - low) / span) * (HEIGHT - 8);
      path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = 'L';
    });
    return `<path d="${path}" stroke="var(--chart-${n + 1})"/>`;
  });
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true" ` +
    `preserveAspectRatio="none">${paths.join('')}</svg>`
  );
}
