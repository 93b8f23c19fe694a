/** Draws scatter plots with fitted lines and a decision surface. Knows no model. */
import type { Grid, PointSeries, PointsView } from '../../contract/view.ts';
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
import { drawLine } from './curve.ts';
import { describeView } from './describe.ts';
import { contourPath, gridImage } from './grid.ts';
import {
  dashOf,
  drawShape,
  inkOf,
  layoutLegend,
  RASTER_INKS,
  shapePath,
  twoEndedRamp,
} from './marks.ts';
import { svgClip, svgPicture, svgText, textWidth } from './markup.ts';
import { checkGrid, checkSeries, layoutWidth, type DrawOptions } from './options.ts';

/** At most this many points of a group are drawn, evenly chosen. */
const MOST_POINTS = 1500;

function drawGroup(points: PointSeries, x: Scale, y: Scale, radius: number): string {
  const every = Math.max(1, points.xs.length / MOST_POINTS);
  let path = '';
  for (let n = 0; Math.floor(n) < points.xs.length; n += every) {
    const px = x.at(points.xs[Math.floor(n)] ?? NaN);
    const py = y.at(points.ys[Math.floor(n)] ?? NaN);
    if (!Number.isNaN(px) && !Number.isNaN(py)) path += shapePath(points.group, px, py, radius);
  }
  return path === '' ? '' : drawShape(points.group, path);
}

/** Opacity grows with the distance from one half: where the model is unsure the page shows through. */
function drawSurface(surface: Grid, x: Scale, y: Scale): string {
  const ramp = twoEndedRamp(RASTER_INKS.first, RASTER_INKS.second, 0.5);
  const shades = surface.values.map((p) =>
    drawable(p, 'linear') ? Math.round(Math.max(0, Math.min(1, p)) * (ramp.length - 1)) : 63,
  );
  const border = contourPath(surface, surface.values, 0.5, x, y);
  return (
    gridImage(surface, shades, ramp, x, y) +
    (border === '' ? '' : `<path class="view-border" d="${border}"/>`)
  );
}

/** An SVG scatter plot. @throws Error when lists or the surface have the wrong length. */
export function drawPoints(view: PointsView, options: DrawOptions = {}): string {
  const fitted = view.lines ?? [];
  checkSeries(view.title, [...view.points, ...fitted]);
  if (view.surface !== undefined) checkGrid(view.title, view.surface);
  const width = layoutWidth(options);
  const narrow = width < 440;
  const xKind = view.x.scale ?? 'linear';
  const yKind = view.y.scale ?? 'linear';

  const surface = view.surface;
  const xFound = extent(
    [
      ...view.points.map((p) => p.xs),
      ...fitted.map((line) => line.xs),
      ...(surface === undefined ? [] : [surface.x]),
    ],
    xKind,
  );
  const ofPoints = extent(
    [...view.points.map((p) => p.ys), ...(surface === undefined ? [] : [surface.y])],
    yKind,
  );
  const ofLines = extent(
    fitted.map((line) => line.ys),
    yKind,
  );
  // a line that is still wild may leave the picture; the points may not
  let yFound = ofPoints ?? ofLines;
  if (ofPoints !== undefined && ofLines !== undefined && yKind === 'linear') {
    const room = (ofPoints[1] - ofPoints[0]) * 0.25;
    yFound = [
      Math.min(ofPoints[0], Math.max(ofLines[0], ofPoints[0] - room)),
      Math.max(ofPoints[1], Math.min(ofLines[1], ofPoints[1] + room)),
    ];
  }
  const xDomain = fitDomain(view.x, xFound, { tight: surface !== undefined });
  const yDomain = fitDomain(view.y, yFound, { tight: surface !== undefined });
  const xTicks = makeTicks(xKind, xDomain, narrow ? 4 : 6);
  const yTicks = makeTicks(yKind, yDomain, 5);

  const groups = new Set(view.points.map((p) => p.group));
  // lines take the inks that no group uses, so that a line never looks like a class
  const free = [0, 1, 2, 3, 4, 5].filter((ink) => !groups.has(ink));
  const inkOfLine = (n: number): string => inkOf(free[n] ?? n);
  const legend = layoutLegend(
    [
      ...view.points.map((p) => ({ label: p.label, ink: inkOf(p.group), group: p.group })),
      ...fitted.map((line, n) => ({
        label: line.label,
        ink: inkOfLine(n),
        dash: dashOf(n),
      })),
    ],
    width,
  );
  const left = Math.ceil(labelWidth(yTicks)) + 12;
  const right = width - Math.ceil(textWidth(xTicks.at(-1)?.label ?? '', TEXT) / 2) - 2;
  const top = legend.height + (legend.height > 0 ? 4 : 0) + ABOVE;
  const plotHeight = Math.round(Math.min(360, (right - left) * 0.72));
  const plot: Box = { left, top, right, bottom: top + plotHeight };
  const x = makeScale(xKind, xDomain, [plot.left, plot.right], xTicks);
  const y = makeScale(yKind, yDomain, [plot.bottom, plot.top], yTicks);

  const count = view.points.reduce((sum, p) => sum + p.xs.length, 0);
  const radius = count > 600 ? 2.4 : count > 200 ? 3 : count > 20 ? 3.8 : 4.8;
  const air: Box = {
    left: plot.left - 4,
    top: plot.top - 4,
    right: plot.right + 4,
    bottom: plot.bottom + 4,
  };
  const lines = fitted
    .map((line, n) => drawLine(line, x, y, { ink: inkOfLine(n), dash: dashOf(n) }))
    .join('');
  const body = [
    legend.draw(0, 0),
    surface === undefined ? '' : svgClip(plot, drawSurface(surface, x, y)),
    drawFrame(
      plot,
      x,
      y,
      { x: view.x.label, y: view.y.label },
      { grid: surface === undefined ? 'both' : 'none' },
    ),
    svgClip(air, lines + view.points.map((p) => drawGroup(p, x, y, radius)).join('')),
    count === 0 && lines === '' && surface === undefined
      ? svgText('还没有数据', (plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2, {
          anchor: 'middle',
          kind: 'muted',
        })
      : '',
  ];
  return svgPicture(width, plot.bottom + BELOW, describeView(view), body.join(''));
}
