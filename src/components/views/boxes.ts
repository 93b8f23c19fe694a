/** Draws images with rectangles on them. Knows no detector. */
import type { BoxesView } from '../../contract/view.ts';
import { describeView } from './describe.ts';
import { drawSheet } from './images.ts';
import { dashAttribute, dashOf, inkOf, layoutLegend } from './marks.ts';
import { pixel, svgClip } from './markup.ts';
import { layoutWidth, type DrawOptions } from './options.ts';

/**
 * An SVG sheet of images with their boxes; a box is drawn as far as it lies on its image.
 * @throws Error when an image has the wrong number of pixels.
 */
export function drawBoxes(view: BoxesView, options: DrawOptions = {}): string {
  const legend = layoutLegend(
    view.groups.map((label, group) => ({ label, ink: inkOf(group), dash: dashOf(group) })),
    layoutWidth(options),
  );
  const header = { height: legend.height + 6, svg: legend.draw(0, 0) };
  return drawSheet(
    view,
    describeView(view),
    options,
    (n, { x, y, width, height }) => {
      const [across, down] = [width / view.width, height / view.height];
      const rectangles = (view.images[n]?.boxes ?? []).filter((box) =>
        [box.x, box.y, box.width, box.height].every(Number.isFinite),
      );
      const drawn = rectangles.map((box) => {
        const place =
          `x="${pixel(x + box.x * across)}" y="${pixel(y + box.y * down)}" ` +
          `width="${pixel(Math.max(0, box.width * across))}" height="${pixel(Math.max(0, box.height * down))}"`;
        return (
          `<rect class="view-box-halo" ${place}/>` +
          `<rect class="view-box" ${place} stroke="${inkOf(box.group)}"${dashAttribute(dashOf(box.group))}/>`
        );
      });
      const frame = { left: x - 2, top: y - 2, right: x + width + 2, bottom: y + height + 2 };
      return drawn.length === 0 ? '' : svgClip(frame, drawn.join(''));
    },
    header,
  );
}
