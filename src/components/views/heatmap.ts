/** Draws a grid of values as shades with level lines, and paths over it. Knows no optimizer. */
import type { Grid, HeatmapView, Series } from '../../contract/view.ts';
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
  pictureNumber,
  TEXT,
  type Box,
  type Scale,
} from './axes.ts';
import { linePath } from './curve.ts';
import { describeView } from './describe.ts';
import { contourPath, gridImage } from './grid.ts';
import {
  dashAttribute,
  dashOf,
  drawShape,
  inkOf,
  inkRamp,
  layoutLegend,
  RASTER_INKS,
  shapePath,
  twoEndedRamp,
} from './marks.ts';
import { pixel, svgClip, svgPicture, svgText, textWidth } from './markup.ts';
import { checkGrid, checkSeries, layoutWidth, type DrawOptions } from './options.ts';
import { pngUri, type Colour } from './raster.ts';

/** How values become shades: `toUnit` maps a value to 0…1 along the ramp, `toValue` back. */
interface Shading {
  readonly ramp: readonly Colour[];
  toUnit(value: number): number;
  toValue(unit: number): number;
}

/** Shades grow from clear to full; a linear scale with values on both sides of 0 gets two inks, clear at 0. */
function shadingOf(view: HeatmapView): Shading {
  const [low, high] = extent([view.grid.values]) ?? [0, 1];
  const span = high > low ? high - low : 1;
  const strongest = (view.paths ?? []).length > 0 ? 0.62 : 0.92;
  if (view.scale === 'log') {
    const top = Math.log1p(span);
    return {
      ramp: inkRamp(RASTER_INKS.first, 128, strongest),
      toUnit: (value) => Math.log1p(Math.max(0, value - low)) / top,
      toValue: (unit) => low + Math.expm1(unit * top),
    };
  }
  if (low < 0 && high > 0) {
    const reach = Math.max(-low, high);
    return {
      ramp: twoEndedRamp(RASTER_INKS.second, RASTER_INKS.first, strongest),
      toUnit: (value) => 0.5 + value / (2 * reach),
      toValue: (unit) => (unit - 0.5) * 2 * reach,
    };
  }
  return {
    ramp: inkRamp(RASTER_INKS.first, 128, strongest),
    toUnit: (value) => (value - low) / span,
    toValue: (unit) => low + unit * span,
  };
}

function drawLevels(grid: Grid, shading: Shading, x: Scale, y: Scale): string {
  const values = grid.values.map((value) => shading.toUnit(value));
  const found = extent([values]);
  if (found === undefined || found[0] === found[1]) return '';
  const levels = 11;
  let path = '';
  for (let n = 1; n <= levels; n++)
    path += contourPath(grid, values, found[0] + ((found[1] - found[0]) * n) / (levels + 1), x, y);
  return path === '' ? '' : `<path class="view-level" d="${path}"/>`;
}

/** A path with its start (hollow dot) and its end (the shape of its number). */
function drawPath(series: Series, n: number, x: Scale, y: Scale): string {
  const { path } = linePath(series, x, y);
  const on = (i: number): boolean =>
    drawable(series.xs[i] ?? NaN, x.kind) && drawable(series.ys[i] ?? NaN, y.kind);
  const indices = series.xs.map((_, i) => i).filter(on);
  const [first, last] = [indices[0], indices.at(-1)];
  if (first === undefined || last === undefined) return '';
  const [x0, y0] = [x.at(series.xs[first] ?? NaN), y.at(series.ys[first] ?? NaN)];
  const [x1, y1] = [x.at(series.xs[last] ?? NaN), y.at(series.ys[last] ?? NaN)];
  return (
    (path === ''
      ? ''
      : `<path class="view-halo" d="${path}"/>` +
        `<path class="view-line" stroke="${inkOf(n)}"${dashAttribute(dashOf(n))} d="${path}"/>`) +
    `<circle class="view-start" cx="${pixel(x0)}" cy="${pixel(y0)}" r="3.5"/>` +
    drawShape(n, shapePath(n, x1, y1, 4.5))
  );
}

/** The ramp of shades with the values at its ends and middle. */
function drawScaleBar(shading: Shading, left: number, top: number, width: number): string {
  const count = shading.ramp.length;
  const strip = pngUri(
    count,
    1,
    Array.from({ length: count }, (_, n) => n),
    shading.ramp,
  );
  const reach = Math.max(...[0, 1].map((unit) => Math.abs(shading.toValue(unit))));
  const labels = [0, 0.5, 1].map((unit) => {
    const value = shading.toValue(unit);
    return pictureNumber(Math.abs(value) < reach / 2000 ? 0 : value, 3);
  });
  const [low = '', middle = '', high = ''] = labels;
  return (
    `<image x="${pixel(left)}" y="${pixel(top)}" width="${pixel(width)}" height="8" ` +
    `preserveAspectRatio="none" href="${strip}"/>` +
    `<rect class="view-outline" x="${pixel(left)}" y="${pixel(top)}" width="${pixel(width)}" height="8"/>` +
    svgText(low, left, top + 22, { kind: 'muted' }) +
    svgText(middle, left + width / 2, top + 22, { kind: 'muted', anchor: 'middle' }) +
    svgText(high, left + width, top + 22, { kind: 'muted', anchor: 'end' })
  );
}

/** The field drawn last: while a run goes on, the paths over it move and it does not. */
let drawnField:
  { readonly view: HeatmapView; readonly plot: Box; readonly svg: string } | undefined;

function sameField(a: HeatmapView, b: HeatmapView): boolean {
  const [one, two] = [a.grid.values, b.grid.values];
  return (
    a.scale === b.scale &&
    a.contours === b.contours &&
    (a.paths ?? []).length > 0 === (b.paths ?? []).length > 0 &&
    [...a.grid.x, ...a.grid.y, a.grid.columns].join() ===
      [...b.grid.x, ...b.grid.y, b.grid.columns].join() &&
    one.length === two.length &&
    one.every((value, at) => Object.is(value, two[at]))
  );
}

/** The shades and level lines of a grid. */
function drawField(view: HeatmapView, shading: Shading, plot: Box, x: Scale, y: Scale): string {
  const kept = drawnField;
  const samePlace = (Object.keys(plot) as (keyof Box)[]).every(
    (side) => kept?.plot[side] === plot[side],
  );
  if (kept && samePlace && sameField(kept.view, view)) return kept.svg;
  const last = shading.ramp.length - 1;
  // an undrawable value takes the clearest shade
  const clear = shading.ramp.findIndex((colour) => colour[3] === 0);
  const shades = view.grid.values.map((value) =>
    drawable(value, 'linear')
      ? Math.round(Math.max(0, Math.min(1, shading.toUnit(value))) * last)
      : Math.max(0, clear),
  );
  const svg =
    gridImage(view.grid, shades, shading.ramp, x, y) +
    (view.contours === true ? drawLevels(view.grid, shading, x, y) : '');
  drawnField = { view, plot, svg };
  return svg;
}

/** An SVG heat map. @throws Error when the grid or a path has the wrong length. */
export function drawHeatmap(view: HeatmapView, options: DrawOptions = {}): string {
  const paths = view.paths ?? [];
  checkGrid(view.title, view.grid);
  checkSeries(view.title, paths);
  const width = layoutWidth(options);
  const narrow = width < 440;
  // the grid is even in x and y, so its axes are linear
  const xDomain = fitDomain({ ...view.x, scale: 'linear' }, view.grid.x, { tight: true });
  const yDomain = fitDomain({ ...view.y, scale: 'linear' }, view.grid.y, { tight: true });
  const xTicks = makeTicks('linear', xDomain, narrow ? 4 : 6);
  const yTicks = makeTicks('linear', yDomain, 5);
  const legend = layoutLegend(
    paths.map((path, n) => ({ label: path.label, ink: inkOf(n), dash: dashOf(n) })),
    width,
  );
  const left = Math.ceil(labelWidth(yTicks)) + 12;
  const right = width - Math.ceil(textWidth(xTicks.at(-1)?.label ?? '', TEXT) / 2) - 2;
  const top = legend.height + (legend.height > 0 ? 4 : 0) + ABOVE;
  const plotHeight = Math.round(Math.min(380, (right - left) * 0.7));
  const plot: Box = { left, top, right, bottom: top + plotHeight };
  const x = makeScale('linear', xDomain, [plot.left, plot.right], xTicks);
  const y = makeScale('linear', yDomain, [plot.bottom, plot.top], yTicks);

  const shading = shadingOf(view);
  const barWidth = Math.min(180, (right - left) * 0.55);
  const body = [
    legend.draw(0, 0),
    svgClip(plot, drawField(view, shading, plot, x, y)),
    `<rect class="view-outline" x="${pixel(left)}" y="${pixel(top)}" width="${pixel(right - left)}" height="${pixel(plotHeight)}"/>`,
    drawFrame(plot, x, y, { x: view.x.label, y: view.y.label }, { grid: 'none' }),
    svgClip(plot, paths.map((path, n) => drawPath(path, n, x, y)).join('')),
    drawScaleBar(shading, left, plot.bottom + BELOW + 2, barWidth),
  ];
  return svgPicture(width, plot.bottom + BELOW + 30, describeView(view), body.join(''));
}
