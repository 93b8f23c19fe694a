/** Draws small grey or coloured images in a grid with captions, tinted where the view says so. Knows no data set. */
import type { ImagesView } from '../../contract/view.ts';
import { TEXT } from './axes.ts';
import { describeView } from './describe.ts';
import { inkRamp, RASTER_INKS } from './marks.ts';
import { pixel, svgPicture, svgText, textWidth, wrapText } from './markup.ts';
import { layoutWidth, type DrawOptions } from './options.ts';
import { colourPngUri, pngUri, type Colour } from './raster.ts';

/** Black with growing opacity; the dark theme inverts it to light ink on dark paper. */
const INK: readonly Colour[] = Array.from({ length: 64 }, (_, n) => [
  0,
  0,
  0,
  Math.round((n * 255) / 63),
]);
/** White to black, whatever the theme. */
const PAPER: readonly Colour[] = INK.map(([, , , ink]) => [255 - ink, 255 - ink, 255 - ink, 255]);
/** The tint over an image: strong enough to see on black ink, weak enough to see the ink through. */
const TINT: readonly Colour[] = inkRamp(RASTER_INKS.second, 64, 0.78);

const MOST_IMAGES = 40;
const GAP = 14;
const LINE = 16;

/** Images with captions; what the views of a sheet have in common. */
export interface Sheet {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly tones?: 'paper';
  readonly channels?: 'colour';
  readonly images: readonly { readonly pixels: readonly number[]; readonly caption: string }[];
}

/** Where one image stands in the picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @throws Error naming the view and the image whose list has the wrong length. */
function checkPixels(
  sheet: Sheet,
  n: number,
  what: string,
  values: readonly number[],
  channels = 1,
): void {
  if (values.length !== channels * sheet.width * sheet.height)
    throw new Error(
      `view "${sheet.title}": image ${String(n)} has ${String(values.length)} ${what}, ` +
        `not ${channels > 1 ? `${String(channels)} x ` : ''}${String(sheet.width)} x ${String(sheet.height)}`,
    );
}

/** Class and picture of one image: ink that turns with the theme, or tones and colours that stay. */
function pictureOf(view: Sheet, pixels: readonly number[]): string {
  const { width, height, tones, channels } = view;
  if (channels === 'colour')
    return `class="view-photo" href="${colourPngUri(width, height, pixels)}"`;
  const uri = pngUri(width, height, shadesOf(pixels), tones === 'paper' ? PAPER : INK);
  return `class="${tones === 'paper' ? 'view-photo' : 'view-pixels'}" href="${uri}"`;
}

const shadesOf = (values: readonly number[]): number[] =>
  values.map((value) =>
    Number.isFinite(value) ? Math.round(Math.max(0, Math.min(1, value)) * 63) : 0,
  );

/** `x="…" y="…" width="…" height="…"` of a place. */
export const frameOf = ({ x, y, width, height }: Place): string =>
  `x="${pixel(x)}" y="${pixel(y)}" width="${pixel(width)}" height="${pixel(height)}"`;

/**
 * An SVG sheet of images.
 * @param over what stands on image `n`, given its place.
 * @param header drawn above the images, with its height.
 * @throws Error when an image has the wrong number of pixels.
 */
export function drawSheet(
  view: Sheet,
  description: string,
  options: DrawOptions,
  over: (n: number, place: Place) => string,
  header: { readonly height: number; readonly svg: string } = { height: 0, svg: '' },
): string {
  const channels = view.channels === 'colour' ? 3 : 1;
  view.images.forEach((image, n) => checkPixels(view, n, 'pixels', image.pixels, channels));
  const width = layoutWidth(options);
  const narrow = width < 440;
  const images = view.images.slice(0, MOST_IMAGES);
  if (images.length === 0)
    return svgPicture(width, 40, description, svgText('还没有图像', 0, 24, { kind: 'muted' }));
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
    const y = header.height + Math.floor(n / columns) * rowHeight + 1;
    const x = cellX + (tile - pictureWidth) / 2;
    const place = { x, y, width: pictureWidth, height: pictureHeight };
    const box = frameOf(place);
    return (
      `<rect class="view-paper" ${box}/>` +
      `<image ${pictureOf(view, image.pixels)} preserveAspectRatio="none" ${box}/>` +
      over(n, place) +
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
  const height = header.height + Math.ceil(images.length / columns) * rowHeight - GAP + 3;
  return svgPicture(Math.max(used, width * 0.5), height, description, header.svg + parts.join(''));
}

/** An SVG sheet of images. @throws Error when an image or its tint has the wrong number of values. */
export function drawImages(view: ImagesView, options: DrawOptions = {}): string {
  return drawSheet(view, describeView(view), options, (n, place) => {
    const tint = view.images[n]?.tint;
    if (tint === undefined) return '';
    checkPixels(view, n, 'tints', tint);
    return (
      `<image class="view-tinted" preserveAspectRatio="none" ${frameOf(place)} ` +
      `href="${pngUri(view.width, view.height, shadesOf(tint), TINT)}"/>`
    );
  });
}
