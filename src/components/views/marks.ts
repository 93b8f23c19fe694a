/** Colours, dashes, shapes and legends: what tells one series from another. Knows no data and no axis. */
import { TEXT } from './axes.ts';
import { cutText, pixel, svgText, textWidth } from './markup.ts';
import type { Colour } from './raster.ts';

/** CSS colour of series or group `index`, as the page's theme defines it. */
export function inkOf(index: number): string {
  return `var(--chart-${String((((index % 6) + 6) % 6) + 1)})`;
}

const DASHES = ['', '7 3', '2 2.5', '9 3 2 3', '14 3', '5 2 1.5 2 1.5 2'];

/** Dash pattern of series `index`; empty for a full line. */
export function dashOf(index: number): string {
  return DASHES[((index % 6) + 6) % 6] ?? '';
}

/** ` stroke-dasharray="…"`, or nothing for a full line. */
export function dashAttribute(dash: string): string {
  return dash === '' ? '' : ` stroke-dasharray="${dash}"`;
}

/** Mid-tones for rasters: equally far from a white and from a dark page, so one picture serves both. */
export const RASTER_INKS = {
  first: [43, 125, 192],
  second: [217, 104, 24],
} as const satisfies Readonly<Record<string, readonly [number, number, number]>>;

/** `count` colours of one ink, from clear to opacity `strongest`; `power` bends the middle. */
export function inkRamp(
  ink: readonly [number, number, number],
  count: number,
  strongest: number,
  power = 1,
): Colour[] {
  return Array.from({ length: count }, (_, n) => {
    const alpha = Math.round(255 * strongest * (n / Math.max(1, count - 1)) ** power);
    return [ink[0], ink[1], ink[2], alpha] as const;
  });
}

/** The second ink fading to clear at the middle, then the first growing: a scale with two ends. */
export function twoEndedRamp(
  low: readonly [number, number, number],
  high: readonly [number, number, number],
  strongest: number,
): Colour[] {
  return [...inkRamp(low, 64, strongest).reverse(), ...inkRamp(high, 64, strongest).slice(1)];
}

const FILLED = new Set([0, 1, 2, 4]);

/** Whether the shape of a group is an area (else it is only strokes: cross, plus). */
export function shapeIsFilled(group: number): boolean {
  return FILLED.has(((group % 6) + 6) % 6);
}

/** Path data of a group's shape around a point: circle, triangle, square, cross, diamond, plus. */
export function shapePath(group: number, x: number, y: number, r: number): string {
  const p = (dx: number, dy: number): string => `${pixel(x + dx * r)} ${pixel(y + dy * r)}`;
  switch (((group % 6) + 6) % 6) {
    case 0: {
      const arc = `a${pixel(r)} ${pixel(r)} 0 1 0`;
      return `M${p(-1, 0)}${arc} ${pixel(2 * r)} 0${arc} ${pixel(-2 * r)} 0z`;
    }
    case 1:
      return `M${p(0, -1.25)}L${p(1.15, 0.8)}L${p(-1.15, 0.8)}z`;
    case 2:
      return `M${p(-0.9, -0.9)}L${p(0.9, -0.9)}L${p(0.9, 0.9)}L${p(-0.9, 0.9)}z`;
    case 3:
      return `M${p(-0.9, -0.9)}L${p(0.9, 0.9)}M${p(-0.9, 0.9)}L${p(0.9, -0.9)}`;
    case 4:
      return `M${p(0, -1.3)}L${p(1.3, 0)}L${p(0, 1.3)}L${p(-1.3, 0)}z`;
    default:
      return `M${p(0, -1.2)}L${p(0, 1.2)}M${p(-1.2, 0)}L${p(1.2, 0)}`;
  }
}

/** One word of a legend and how its sample is drawn. */
export interface LegendEntry {
  readonly label: string;
  readonly ink: string;
  /** A line sample with this dash pattern … */
  readonly dash?: string;
  /** … or a shape sample of this group. */
  readonly group?: number;
  /** Drawn thin and light, for earlier and recorded runs. */
  readonly pale?: 'previous' | 'recorded';
}

const ROW = 20;
const LINE_SAMPLE = 24;
const SHAPE_SAMPLE = 12;

/** A legend laid out in rows of at most `width` pixels; `draw` puts it on the picture. */
export function layoutLegend(
  entries: readonly LegendEntry[],
  width: number,
): { readonly height: number; readonly draw: (left: number, top: number) => string } {
  let x = 0;
  let row = 0;
  const placed = entries.map((entry) => {
    const sample = entry.group === undefined ? LINE_SAMPLE : SHAPE_SAMPLE;
    const label = cutText(entry.label, TEXT, width - sample - 6);
    const space = sample + 6 + textWidth(label, TEXT);
    if (x > 0 && x + space > width) {
      x = 0;
      row++;
    }
    const at = { entry, label, sample, x, row };
    x += space + 18;
    return at;
  });
  return {
    height: entries.length === 0 ? 0 : (row + 1) * ROW,
    draw: (left, top) =>
      placed
        .map(({ entry, label, sample, x: dx, row: line }) => {
          const [x0, y0] = [left + dx, top + line * ROW + ROW / 2];
          return (
            (entry.group === undefined
              ? `<path ${strokeOf(entry)} d="M${pixel(x0)} ${pixel(y0)}h${pixel(sample)}"/>`
              : drawShape(entry.group, shapePath(entry.group, x0 + 5, y0, 4.2))) +
            svgText(label, x0 + sample + 6, y0 + 4)
          );
        })
        .join(''),
  };
}

/** A group's mark or marks from path data. */
export function drawShape(group: number, path: string): string {
  return shapeIsFilled(group)
    ? `<path class="view-mark" fill="${inkOf(group)}" d="${path}"/>`
    : `<path class="view-stroke" stroke="${inkOf(group)}" stroke-width="1.8" d="${path}"/>`;
}

/** Attributes of a line by its place: the run itself, an earlier one, or the recorded one. */
export function strokeOf(line: Pick<LegendEntry, 'ink' | 'dash' | 'pale'>): string {
  const classes = line.pale === undefined ? 'view-line' : `view-line view-${line.pale}`;
  const dash = line.pale === 'recorded' ? '0.1 4.5' : (line.dash ?? '');
  return `class="${classes}" stroke="${line.ink}"${dashAttribute(dash)}`;
}
