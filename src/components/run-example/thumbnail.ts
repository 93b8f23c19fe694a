/** A recorded run as a curve the size of a stamp, for cards. Decoration: its numbers stand beside it as text. */
import type { RecordedRun } from '../../contract/recording.ts';

const WIDTH = 160;
const HEIGHT = 56;

/**
 * SVG of up to three metrics, each scaled to its own height.
 * @returns empty when the run has fewer than two steps.
 */
export function thumbnail(run: RecordedRun, names: readonly string[]): string {
  const { index } = run;
  const first = index[0];
  const last = index.at(-1);
  if (first === undefined || last === undefined || last <= first) return '';
  const paths = names.slice(0, 3).map((name, n) => {
    const values = run.metrics[name] ?? [];
    const finite = values.filter((value) => Number.isFinite(value));
    const low = Math.min(...finite);
    const span = Math.max(...finite) - low;
    let path = '';
    let pen = 'M';
    values.forEach((value, at) => {
      if (!Number.isFinite(value)) {
        pen = 'M';
        return;
      }
      const x = 2 + (((index[at] ?? first) - first) / (last - first)) * (WIDTH - 4);
      const y = HEIGHT - 4 - (span === 0 ? 0.5 : (value - low) / span) * (HEIGHT - 8);
      path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = 'L';
    });
    return `<path d="${path}" fill="none" stroke="var(--chart-${n + 1})" stroke-width="1.75" stroke-linejoin="round" stroke-linecap="round"/>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true" preserveAspectRatio="none">${paths.join('')}</svg>`;
}
