/** Draws small grey images in a grid with captions. Knows no data set. */
import type { ImagesView } from '../../contract/view.ts';
import { TEXT } from './axes.ts';
import { describeView } from './describe.ts';
import { pixel, svgPicture, svgText, textWidth, wrapText } from './markup.ts';
import { layoutWidth, type DrawOptions } from './options.ts';
import { pngUri, type Colour } from './raster.ts';

/** Black with growing opacity; the dark theme inverts it to light ink on dark paper. */
const INK: readonly Colour[] = Array.from({ length: 64 }, (_, n) => [
  0,
  0,
  0,
  Math.round((n * 255) / 63),
]);

const MOST_IMAGES = 40;
const GAP = 14;
const LINE = 16;

/** An SVG sheet of images. @throws Error when an image has the wrong number of pixels. */
export function drawImages(view: ImagesView, options: DrawOptions = {}): string {
  for (const [n, image] of view.images.entries())
    if (image.pixels.length !== view.width * view.height)
      throw new Error(
        `view "${view.title}": image ${String(n)} has ${String(image.pixels.length)} pixels, ` +
          `not ${String(view.width)} x ${String(view.height)}`,
      );
  const width = layoutWidth(options);
  const narrow = width < 440;
  const images = view.images.slice(0, MOST_IMAGES);
  if (images.length === 0)
    return svgPicture(
      width,
      40,
      describeView(view),
      svgText('还没有图像', 0, 24, { kind: 'muted' }),
    );
  const ratio = view.height / view.width;
  const widest = Math.max(0, ...images.map((image) => textWidth(image.caption, TEXT)));
  const smallest = narrow ? 44 : 52;
  const wanted = Math.max(
    smallest,
    Math.min(widest + 2, narrow ? 92 : 100),
    images.length <= 3 ? Math.min(120, (width - 2 * GAP) / 3) : 0,
    ratio < 0.6 ? 120 : 0,
  );
  const columns = Math.max(
    1,
    Math.min(images.length, Math.floor((width + GAP) / (Math.min(wanted, width) + GAP))),
  );
  const tile = Math.min(
    images.length <= 3 ? 180 : 110,
    Math.floor((width - (columns - 1) * GAP) / columns),
  );
  const side = Math.min(tile, images.length <= 3 ? 180 : Math.max(smallest, 72));
  const pictureWidth = ratio < 0.6 ? tile : side;
  const pictureHeight = Math.max(8, Math.round(pictureWidth * ratio));
  const captions = images.map((image) => wrapText(image.caption, TEXT, tile + 6, 2));
  const lines = Math.max(0, ...captions.map((caption) => caption.length));
  const rowHeight = pictureHeight + (lines > 0 ? 4 + lines * LINE : 0) + GAP;
  const parts = images.map((image, n) => {
    const cellX = (n % columns) * (tile + GAP);
    const y = Math.floor(n / columns) * rowHeight + 1;
    const x = cellX + (tile - pictureWidth) / 2;
    const shades = image.pixels.map((value) =>
      Number.isFinite(value) ? Math.round(Math.max(0, Math.min(1, value)) * 63) : 0,
    );
    const box = `x="${pixel(x)}" y="${pixel(y)}" width="${pixel(pictureWidth)}" height="${pixel(pictureHeight)}"`;
    return (
      `<rect class="view-paper" ${box}/>` +
      `<image class="view-pixels" preserveAspectRatio="none" ${box} ` +
      `href="${pngUri(view.width, view.height, shades, INK)}"/>` +
      `<rect class="view-outline" ${box}/>` +
      (captions[n] ?? [])
        .map((line, row) =>
          svgText(line, cellX + tile / 2, y + pictureHeight + 15 + row * LINE, {
            anchor: 'middle',
          }),
        )
        .join('')
    );
  });
  const used = columns * tile + (columns - 1) * GAP;
  const height = Math.ceil(images.length / columns) * rowHeight - GAP + 3;
  return svgPicture(Math.max(used, width * 0.5), height, describeView(view), parts.join(''));
}
