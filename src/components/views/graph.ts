/** Draws nodes and the edges between them. Knows no network and lays nothing out. */
import type { GraphView } from '../../contract/view.ts';
import { extent, TEXT } from './axes.ts';
import { describeView } from './describe.ts';
import { drawShape, inkOf, layoutLegend, shapePath } from './marks.ts';
import { pixel, svgPicture, svgText, textWidth } from './markup.ts';
import { layoutWidth, type DrawOptions } from './options.ts';

/** With more nodes than this, names would cover the picture. */
const MOST_NAMES = 60;

/** An SVG graph, fitted to its nodes. @throws Error naming an edge whose node does not exist. */
export function drawGraph(view: GraphView, options: DrawOptions = {}): string {
  for (const edge of view.edges)
    for (const node of edge)
      if (view.nodes[node] === undefined)
        throw new Error(
          `view "${view.title}": an edge ends at node ${String(node)} of ${String(view.nodes.length)}`,
        );
  const width = layoutWidth(options);
  const legend = layoutLegend(
    view.groups.map((label, group) => ({ label, ink: inkOf(group), group })),
    width,
  );
  const top = legend.height + 6;
  if (view.nodes.length === 0)
    return svgPicture(
      width,
      40,
      describeView(view),
      svgText('还没有节点', 0, 24, { kind: 'muted' }),
    );
  const radius = view.nodes.length > 150 ? 3.2 : view.nodes.length > 40 ? 5 : 7;
  const named = view.nodes.length <= MOST_NAMES;
  const widest = named
    ? Math.max(0, ...view.nodes.map(({ label = '' }) => textWidth(label, TEXT)))
    : 0;
  const air = { x: Math.max(radius * 2, widest / 2 + 2), y: radius * 2, bottom: named ? 20 : 8 };
  const [left, right] = extent([view.nodes.map(({ x }) => x)]) ?? [0, 1];
  const [low, high] = extent([view.nodes.map(({ y }) => y)]) ?? [0, 1];
  const plotHeight = Math.min(420, width * 0.72);
  // one unit is as long across as down: lengths in the picture mean something
  const unit = Math.min(
    (width - 2 * air.x) / Math.max(1e-9, right - left),
    (plotHeight - air.y - air.bottom) / Math.max(1e-9, high - low),
  );
  const shift = (width - (right - left) * unit) / 2;
  const places = view.nodes.map(({ x, y }) => ({
    x: shift + (x - left) * unit,
    y: top + air.y + (high - y) * unit,
  }));
  const height = top + air.y + (high - low) * unit + air.bottom;
  const at = (node: number): string => {
    const place = places[node] ?? { x: 0, y: 0 };
    return `${pixel(place.x)} ${pixel(place.y)}`;
  };
  const edges = view.edges.map(([from, to]) => `M${at(from)}L${at(to)}`).join('');
  const nodes = view.nodes.map(({ group, ring }, n) => {
    const { x, y } = places[n] ?? { x: 0, y: 0 };
    return (
      (ring === true
        ? `<circle class="view-ring" cx="${pixel(x)}" cy="${pixel(y)}" r="${pixel(radius + 3)}"/>`
        : '') + drawShape(group, shapePath(group, x, y, radius))
    );
  });
  const names = view.nodes.map(({ label }, n) => {
    const { x, y } = places[n] ?? { x: 0, y: 0 };
    return named && label !== undefined
      ? svgText(label, x, y + radius + TEXT + 1, { anchor: 'middle' })
      : '';
  });
  return svgPicture(
    width,
    height,
    describeView(view),
    legend.draw(0, 0) +
      (edges === '' ? '' : `<path class="view-edge" d="${edges}"/>`) +
      nodes.join('') +
      `<g class="view-names">${names.join('')}</g>`,
  );
}
