/** Draws line charts, and tells a pointer what is under it. Knows no metric, run or page. */
import type { CurveView, Series } from '../../contract/view.ts';
import {
  ABOVE,
  BELOW,
  drawFrame,
  drawable,
  extent,
  fitDomain,
  labelWidth,
  makeScale,
  makeTicks,
  TEXT,
  type Box,
  type Scale,
} from './axes.ts';
import { describeView } from './describe.ts';
import { dashOf, inkOf, layoutLegend, strokeOf, type LegendEntry } from './marks.ts';
import { pixel, svgClip, svgPicture, svgText, textWidth } from './markup.ts';
import { checkSeries, layoutWidth, type DrawOptions } from './options.ts';

/** Where everything of a line chart stands; pure, so that a page can read values off it. */
export interface CurveLayout {
  readonly width: number;
  readonly height: number;
  readonly plot: Box;
  readonly x: Scale;
  readonly y: Scale;
  /** Sentences about what could not be drawn. */
  readonly notes: readonly string[];
}

/** One series under the pointer. */
export interface CurveReading {
  readonly label: string;
  /** CSS colour of the line. */
  readonly ink: string;
  readonly value: number;
  /** Height of the value in the picture; NaN when the axis cannot show it. */
  readonly y: number;
}

interface Placement extends CurveLayout {
  readonly legend: ReturnType<typeof layoutLegend>;
  /** Names at the line ends; empty when they are in the legend. */
  readonly ends: readonly { readonly label: string; readonly y: number }[];
  readonly view: CurveView;
}

/** Smallest distance in pixels between two names at line ends. */
const LINE_GAP = 16;

/** Moves names apart until none overlap, keeping their order and the plot's bounds. */
function spread(wanted: readonly number[], top: number, bottom: number): number[] {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let floor = top;
  for (const item of order) {
    item.y = Math.max(item.y, floor);
    floor = item.y + LINE_GAP;
  }
  let ceiling = bottom;
  for (const item of order.toReversed()) {
    item.y = Math.min(item.y, ceiling);
    ceiling = item.y - LINE_GAP;
  }
  const result = [...wanted];
  for (const item of order) result[item.index] = item.y;
  return result;
}

function lastDrawable(series: Series, y: 'linear' | 'log'): number {
  for (let i = series.ys.length - 1; i >= 0; i--)
    if (drawable(series.ys[i] ?? NaN, y) && drawable(series.xs[i] ?? NaN, 'linear')) return i;
  return -1;
}

function union(
  a: readonly [number, number] | undefined,
  b: readonly [number, number] | undefined,
): [number, number] | undefined {
  if (a === undefined || b === undefined) return a === undefined ? b && [...b] : [...a];
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Earlier runs may widen the axis, but one that exploded must not flatten the present one. */
function widen(
  core: [number, number] | undefined,
  earlier: readonly [number, number] | undefined,
  kind: 'linear' | 'log',
): [number, number] | undefined {
  if (core === undefined || earlier === undefined || core[0] === core[1])
    return union(core, earlier);
  const [low, high] = core;
  const room: [number, number] =
    kind === 'log'
      ? [low * (low / high), high * (high / low)]
      : [low - (high - low), high + (high - low)];
  return [
    Math.min(low, Math.max(earlier[0], room[0])),
    Math.max(high, Math.min(earlier[1], room[1])),
  ];
}

function place(original: CurveView, options: DrawOptions): Placement {
  const view: CurveView = {
    ...original,
    x: { ...original.x, scale: options.xScale ?? original.x.scale ?? 'linear' },
    y: { ...original.y, scale: options.yScale ?? original.y.scale ?? 'linear' },
  };
  const previous = options.previous ?? [];
  const recorded = options.recorded?.series ?? [];
  checkSeries(view.title, [...view.series, ...previous, ...recorded]);
  const xKind = view.x.scale ?? 'linear';
  const yKind = view.y.scale ?? 'linear';
  const width = layoutWidth(options);
  const narrow = width < 440;

  const all = [...view.series, ...recorded, ...previous];
  const xFound = extent(
    all.map((line) => line.xs),
    xKind,
  );
  const core = extent(
    [...view.series, ...recorded].map((line) => line.ys),
    yKind,
  );
  const yFound = widen(
    core,
    extent(
      previous.map((line) => line.ys),
      yKind,
    ),
    yKind,
  );
  const xDomain = fitDomain(view.x, xFound, { tight: true });
  const yDomain = fitDomain(view.y, yFound, { zero: true });
  const whole = all.every((line) => line.xs.every((x) => Number.isInteger(x)));
  const xTicks = makeTicks(xKind, xDomain, narrow ? 4 : Math.min(7, Math.round(width / 95)), whole);
  const yTicks = makeTicks(yKind, yDomain, 4);

  const plotHeight = Math.round(Math.max(170, Math.min(260, width * 0.42)));
  const left = Math.ceil(labelWidth(yTicks)) + 12;

  // names at the line ends: only where every line ends at the right edge and the names are short
  const lasts = view.series.map((line) => lastDrawable(line, yKind));
  const span = xDomain[1] - xDomain[0];
  const atEdge = view.series.every((line, n) => {
    const x = line.xs[lasts[n] ?? -1];
    return x !== undefined && x > xDomain[1] - 0.06 * span && x <= xDomain[1] + 1e-9 * span;
  });
  const widest = Math.max(0, ...view.series.map((line) => textWidth(line.label, TEXT)));
  const direct =
    options.legend !== 'row' &&
    !narrow &&
    previous.length === 0 &&
    recorded.length === 0 &&
    view.series.length > 1 &&
    view.series.length <= 6 &&
    atEdge &&
    widest < width * 0.22;

  const entries: LegendEntry[] = [];
  const only = view.series.length === 1 ? view.series[0]?.label : undefined;
  const named = only !== undefined && (view.y.label.includes(only) || view.title === only);
  if (!direct && !(named && previous.length === 0 && recorded.length === 0))
    view.series.forEach((line, n) => {
      entries.push({ label: line.label, ink: inkOf(n), dash: dashOf(n) });
    });
  if (options.recorded !== undefined && recorded.length > 0)
    entries.push({ label: options.recorded.label, ink: 'var(--chart-muted)', pale: 'recorded' });
  if (previous.length > 0)
    entries.push({ label: '之前的运行', ink: 'var(--chart-muted)', pale: 'previous' });
  const legend = layoutLegend(entries, width);

  const lastTick = xTicks.at(-1)?.label ?? '';
  const right =
    width - (direct ? Math.ceil(widest) + 14 : Math.ceil(textWidth(lastTick, TEXT) / 2) + 2);
  const top = legend.height + (legend.height > 0 ? 4 : 0) + ABOVE;
  const plot: Box = { left, top, right, bottom: top + plotHeight };
  const x = makeScale(xKind, xDomain, [plot.left, plot.right], xTicks);
  const y = makeScale(yKind, yDomain, [plot.bottom, plot.top], yTicks);

  const notes: string[] = [];
  if (yKind === 'log') {
    const lost = view.series.reduce((sum, s) => sum + s.ys.filter((v) => v <= 0).length, 0);
    if (lost > 0) notes.push(`${String(lost)} 个不大于 0 的值在对数轴上画不出`);
  }
  if (xKind === 'log') {
    const lost = view.series.reduce((sum, s) => sum + s.xs.filter((v) => v <= 0).length, 0);
    if (lost > 0) notes.push(`${String(lost)} 个点的横坐标不大于 0，在对数轴上画不出`);
  }
  const broken = view.series.reduce(
    (sum, s) => sum + s.ys.filter((v) => !drawable(v, 'linear')).length,
    0,
  );
  if (broken > 0) notes.push(`${String(broken)} 个值不是有限的数，线在那里断开`);

  const ends = direct
    ? spread(
        view.series.map((line, n) => y.at(line.ys[lasts[n] ?? -1] ?? NaN)),
        plot.top + 4,
        plot.bottom - 4,
      ).map((at, n) => ({ label: view.series[n]?.label ?? '', y: at }))
    : [];
  const height = plot.bottom + BELOW + notes.length * 18;
  return { width, height, plot, x, y, notes, legend, ends, view };
}

/**
 * Where the axes of a line chart stand, in pixels of a picture `width` wide, for the same options as the
 * drawing.
 *
 * @throws Error when a series has lists of unequal length.
 */
export function curveLayout(view: CurveView, options: DrawOptions = {}): CurveLayout {
  return place(view, options);
}

/**
 * What the reader points at: the recorded x nearest to pixel `at` of the picture, and each series' value
 * there (series without that x are left out).
 *
 * @returns undefined when nothing is drawn.
 */
export function readCurve(
  view: CurveView,
  layout: CurveLayout,
  at: number,
):
  | { readonly x: number; readonly at: number; readonly values: readonly CurveReading[] }
  | undefined {
  let nearest = NaN;
  let distance = Infinity;
  for (const line of view.series)
    for (const x of line.xs) {
      const gap = Math.abs(layout.x.at(x) - at);
      if (gap < distance) [distance, nearest] = [gap, x];
    }
  if (distance === Infinity) return undefined;
  const values: CurveReading[] = [];
  view.series.forEach((line, n) => {
    const value = line.ys[line.xs.indexOf(nearest)];
    if (value !== undefined)
      values.push({ label: line.label, ink: inkOf(n), value, y: layout.y.at(value) });
  });
  return { x: nearest, at: layout.x.at(nearest), values };
}

/** At most this many points of a series are drawn. */
const MOST_POINTS = 600;

/**
 * Indices of at most 600 points that look like the whole series: first and last, and the least, the
 * greatest and the first undrawable value of each of 199 equal runs.
 */
export function thinIndices(ys: readonly number[], kind: 'linear' | 'log' = 'linear'): number[] {
  if (ys.length <= MOST_POINTS) return ys.map((_, index) => index);
  const kept = new Set([0, ys.length - 1]);
  const buckets = 199;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = Math.floor((bucket * ys.length) / buckets);
    const end = Math.floor(((bucket + 1) * ys.length) / buckets);
    let least = -1;
    let greatest = -1;
    let gap = -1;
    for (let i = start; i < end; i++) {
      const value = ys[i] ?? NaN;
      if (!drawable(value, kind)) {
        if (gap < 0) gap = i;
        continue;
      }
      if (least < 0 || value < (ys[least] ?? NaN)) least = i;
      if (greatest < 0 || value > (ys[greatest] ?? NaN)) greatest = i;
    }
    for (const index of [least, greatest, gap]) if (index >= 0) kept.add(index);
  }
  return [...kept].sort((a, b) => a - b);
}

/** Path data of a line; undrawable points break it, lone points become dots (in `dots`). */
export function linePath(
  series: Series,
  x: Scale,
  y: Scale,
): { readonly path: string; readonly dots: readonly (readonly [number, number])[] } {
  let path = '';
  const dots: [number, number][] = [];
  let run: [number, number][] = [];
  const close = (): void => {
    const [first] = run;
    if (run.length === 1 && first !== undefined) dots.push(first);
    else
      path += run.map(([px, py], n) => `${n === 0 ? 'M' : 'L'}${pixel(px)} ${pixel(py)}`).join('');
    run = [];
  };
  for (const index of thinIndices(series.ys, y.kind)) {
    const px = x.at(series.xs[index] ?? NaN);
    const py = y.at(series.ys[index] ?? NaN);
    if (Number.isNaN(px) || Number.isNaN(py)) close();
    else run.push([px, py]);
  }
  close();
  return { path, dots };
}

/** A line with its lone points. */
export function drawLine(
  series: Series,
  x: Scale,
  y: Scale,
  style: Pick<LegendEntry, 'ink' | 'dash' | 'pale'>,
): string {
  const { path, dots } = linePath(series, x, y);
  return (
    (path === '' ? '' : `<path ${strokeOf(style)} d="${path}"/>`) +
    dots
      .map(
        ([px, py]) => `<circle cx="${pixel(px)}" cy="${pixel(py)}" r="2.5" fill="${style.ink}"/>`,
      )
      .join('')
  );
}

/** An SVG line chart. @throws Error when a series has lists of unequal length. */
export function drawCurve(original: CurveView, options: DrawOptions = {}): string {
  const placed = place(original, options);
  const { view, plot, x, y, width, height } = placed;
  const inkFor = (label: string, n: number): { ink: string; dash: string } => {
    const found = view.series.findIndex((line) => line.label === label);
    const index = found < 0 ? n : found;
    return { ink: inkOf(index), dash: dashOf(index) };
  };
  // a little air so that a line on the edge of the plot keeps its full width
  const air: Box = {
    left: plot.left - 3,
    top: plot.top - 3,
    right: plot.right + 3,
    bottom: plot.bottom + 3,
  };
  const lines = [
    ...(options.previous ?? []).map((line, n) =>
      drawLine(line, x, y, { ...inkFor(line.label, n), pale: 'previous' }),
    ),
    ...(options.recorded?.series ?? []).map((line, n) =>
      drawLine(line, x, y, { ...inkFor(line.label, n), pale: 'recorded' }),
    ),
    ...view.series.map((line, n) => drawLine(line, x, y, { ink: inkOf(n), dash: dashOf(n) })),
  ].join('');
  const body = [
    placed.legend.draw(0, 0),
    drawFrame(plot, x, y, { x: view.x.label, y: view.y.label }),
    svgClip(air, lines),
    lines === ''
      ? svgText('还没有数据', (plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2, {
          anchor: 'middle',
          kind: 'muted',
        })
      : '',
    ...placed.ends.map((end, n) =>
      Number.isNaN(end.y)
        ? ''
        : `<g fill="${inkOf(n)}">${svgText(end.label, plot.right + 8, end.y + 4, { kind: 'strong' })}</g>`,
    ),
    ...placed.notes.map((note, n) =>
      svgText(note, 0, plot.bottom + BELOW + 14 + n * 18, { kind: 'muted' }),
    ),
  ];
  const spoken = [describeView(original), ...placed.notes].join('；');
  return svgPicture(width, height, spoken, body.join(''));
}
