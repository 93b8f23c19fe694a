/** The one door to all pictures: a view in, HTML out, at build time and in the browser alike. */
import type { View } from '../../contract/view.ts';
import { drawBoxes } from './boxes.ts';
import { drawCurve } from './curve.ts';
import { drawFrames } from './frames.ts';
import { drawGraph } from './graph.ts';
import { drawHeatmap } from './heatmap.ts';
import { drawImages } from './images.ts';
import { drawMatrix } from './matrix.ts';
import { escapeText } from './markup.ts';
import type { DrawOptions } from './options.ts';
import { drawPoints } from './points.ts';
import { drawSpectrogram } from './spectrogram.ts';
import { drawTable } from './table.ts';
import { drawText } from './text.ts';
import { drawTokens } from './tokens.ts';

export { curveLayout, readCurve, type CurveLayout, type CurveReading } from './curve.ts';
export { describeView } from './describe.ts';
export type { DrawOptions } from './options.ts';
export { tableTwin } from './twin.ts';

function drawBody(view: View, options: DrawOptions): string {
  switch (view.kind) {
    case 'curve':
      return drawCurve(view, options);
    case 'points':
      return drawPoints(view, options);
    case 'heatmap':
      return drawHeatmap(view, options);
    case 'matrix':
      return drawMatrix(view, options);
    case 'images':
      return drawImages(view, options);
    case 'boxes':
      return drawBoxes(view, options);
    case 'graph':
      return drawGraph(view, options);
    case 'spectrogram':
      return drawSpectrogram(view, options);
    case 'tokens':
      return drawTokens(view);
    case 'frames':
      return drawFrames(view, options);
    case 'table':
      return drawTable(view);
    case 'text':
      return drawText(view);
  }
}

/**
 * The picture of a view as a `<figure>`: SVG, or HTML for tables, tokens and words. All text in it is escaped.
 * Needs `views.css` on the page.
 *
 * @throws Error naming the view's title when its lists have lengths that do not match.
 */
export function drawView(view: View, options: DrawOptions = {}): string {
  const caption =
    options.caption === false || view.title === ''
      ? ''
      : `<figcaption class="view-title">${escapeText(view.title)}</figcaption>`;
  return `<figure class="view view-${view.kind}">${caption}${drawBody(view, options)}</figure>`;
}

/**
 * The picture in two widths, of which the style sheet shows the one that fits: for pages that must read well
 * without JavaScript. Costs twice the markup; where a script redraws, use `drawView` with the measured width.
 */
export function drawResponsive(view: View, options: DrawOptions = {}): string {
  // words and tables fit any width; the player of frames redraws them for its own
  if (['table', 'text', 'tokens', 'frames'].includes(view.kind)) return drawView(view, options);
  return (
    `<div class="view-wide">${drawView(view, { ...options, width: options.width ?? 560 })}</div>` +
    `<div class="view-narrow">${drawView(view, { ...options, width: 340 })}</div>`
  );
}
