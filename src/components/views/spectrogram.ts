/** Draws how strong each frequency is over time. Knows no sound and transforms none. */
import type { SpectrogramView } from '../../contract/view.ts';
import { ABOVE, BELOW, drawFrame, extent, labelWidth, makeScale, makeTicks, TEXT } from './axes.ts';
import { describeView } from './describe.ts';
import { gridImage } from './grid.ts';
import { inkRamp, RASTER_INKS } from './marks.ts';
import { pixel, svgClip, svgPicture, svgText, textWidth } from './markup.ts';
import { layoutWidth, type DrawOptions } from './options.ts';

/** Decibels below the strongest value at which the paper shows. */
const FLOOR = 60;
const RAMP = inkRamp(RASTER_INKS.first, 128, 0.95);

/** 0 (at or below the floor) … 1 (the strongest), in equal steps of decibels. */
export function loudness(value: number, strongest: number): number {
  if (!(value > 0) || !(strongest > 0)) return 0;
  return Math.max(0, Math.min(1, 1 + (20 * Math.log10(value / strongest)) / FLOOR));
}

/** An SVG spectrogram. @throws Error naming the frame whose length differs from the first one's. */
export function drawSpectrogram(view: SpectrogramView, options: DrawOptions = {}): string {
  const rows = view.frames[0]?.length ?? 0;
  view.frames.forEach((frame, n) => {
    if (frame.length !== rows)
      throw new Error(
        `view "${view.title}": frame ${String(n)} has ${String(frame.length)} frequencies, not ${String(rows)}`,
      );
  });
  const width = layoutWidth(options);
  if (rows === 0)
    return svgPicture(
      width,
      40,
      describeView(view),
      svgText('还没有声音', 0, 24, { kind: 'muted' }),
    );
  const xDomain = [0, view.seconds] as const;
  const yDomain = [0, view.hertz] as const;
  const xTicks = makeTicks('linear', xDomain, width < 440 ? 4 : 6);
  const yTicks = makeTicks('linear', yDomain, 5);
  const left = Math.ceil(labelWidth(yTicks)) + 12;
  const right = width - Math.ceil(textWidth(xTicks.at(-1)?.label ?? '', TEXT) / 2) - 2;
  const plot = { left, top: ABOVE, right, bottom: ABOVE + Math.min(240, (right - left) * 0.45) };
  const x = makeScale('linear', xDomain, [plot.left, plot.right], xTicks);
  const y = makeScale('linear', yDomain, [plot.bottom, plot.top], yTicks);
  const columns = view.frames.length;
  const strongest = extent(view.frames)?.[1] ?? 0;
  const shades = Array.from({ length: rows * columns }, (_, at) => {
    const value = view.frames[at % columns]?.[Math.floor(at / columns)] ?? 0;
    return Math.round(loudness(value, strongest) * (RAMP.length - 1));
  });
  // a frame lasts from its beginning to its end; the middles of the outer ones are the grid's ends
  const half = view.seconds / columns / 2;
  const grid = {
    columns,
    rows,
    x: [half, view.seconds - half] as const,
    y: [0, view.hertz] as const,
    values: shades,
  };
  const body =
    svgClip(plot, gridImage(grid, shades, RAMP, x, y)) +
    `<rect class="view-outline" x="${pixel(left)}" y="${pixel(plot.top)}" width="${pixel(right - left)}" height="${pixel(plot.bottom - plot.top)}"/>` +
    drawFrame(plot, x, y, { x: '秒', y: '赫兹' }, { grid: 'none' });
  return svgPicture(width, plot.bottom + BELOW, describeView(view), body);
}
