/** Puts a grid of values into a plot: as one raster image and as level lines. Knows no view kind. */
import { contours } from 'd3-contour';
import type { Grid } from '../../contract/view.ts';
import { drawable, type Scale } from './axes.ts';
import { pixel } from './markup.ts';
import { pngUri, type Colour } from './raster.ts';

/** Value between two ends of a grid's side for a sample number; the first and last samples are the ends. */
function sampleAt([low, high]: readonly [number, number], count: number, at: number): number {
  return count < 2 ? (low + high) / 2 : low + ((high - low) * at) / (count - 1);
}

/**
 * One image of the whole grid. Samples stand at the ends of the sides and evenly between them, so the image
 * reaches half a cell beyond them: clip it to the plot.
 *
 * @param shades palette index of each value, in the grid's order (lowest y first).
 */
export function gridImage(
  grid: Grid,
  shades: readonly number[],
  palette: readonly Colour[],
  x: Scale,
  y: Scale,
): string {
  const { columns, rows } = grid;
  const flipped: number[] = [];
  for (let row = rows - 1; row >= 0; row--)
    for (let column = 0; column < columns; column++)
      flipped.push(shades[row * columns + column] ?? 0);
  const [left, right] = [x.at(grid.x[0]), x.at(grid.x[1])];
  const [bottom, top] = [y.at(grid.y[0]), y.at(grid.y[1])];
  const halfX = columns < 2 ? 0 : (right - left) / (columns - 1) / 2;
  const halfY = rows < 2 ? 0 : (bottom - top) / (rows - 1) / 2;
  const size = {
    x: pixel(left - halfX),
    y: pixel(top - halfY),
    width: pixel(right - left + 2 * halfX),
    height: pixel(bottom - top + 2 * halfY),
  };
  return (
    `<image x="${size.x}" y="${size.y}" width="${size.width}" height="${size.height}" ` +
    `preserveAspectRatio="none" href="${pngUri(columns, rows, flipped, palette)}"/>`
  );
}

/**
 * Path data of the line where `values` (in the grid's order) cross `level`; open at the grid's border.
 * Undrawable values count as far below.
 */
export function contourPath(
  grid: Grid,
  values: readonly number[],
  level: number,
  x: Scale,
  y: Scale,
): string {
  const { columns, rows } = grid;
  if (columns < 2 || rows < 2) return '';
  const least = values.reduce((a, b) => (drawable(b, 'linear') ? Math.min(a, b) : a), level);
  const clean = values.map((value) => (drawable(value, 'linear') ? value : least - 1));
  const shape = contours()
    .size([columns, rows])
    .contour([...clean], level);
  let path = '';
  for (const polygon of shape.coordinates)
    for (const ring of polygon) {
      let open = false;
      for (const [cx = 0, cy = 0] of ring) {
        // points on the very border only close the ring around the grid
        if (cx <= 0 || cy <= 0 || cx >= columns || cy >= rows) {
          open = false;
          continue;
        }
        const px = x.at(sampleAt(grid.x, columns, cx - 0.5));
        const py = y.at(sampleAt(grid.y, rows, cy - 0.5));
        path += `${open ? 'L' : 'M'}${pixel(px)} ${pixel(py)}`;
        open = true;
      }
    }
  return path;
}
