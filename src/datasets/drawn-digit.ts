/** Fits a reader's drawing to the form of the handwritten digits: 8 × 8, filled from edge to edge. Knows no model. */

/** Pixels along each side of the result. */
const SIDE = 8;
/** Samples along each side of one result pixel: as in the dataset, ink is counted in 4 × 4 blocks. */
const BLOCK = 4;
/** Darkness above which a pixel counts as drawn on. */
const INK = 0.1;
/** Mean ink of the dataset's images: a thin pen is darkened to it, a thick one lightened. */
const MEAN_INK = 0.305;

/**
 * Scales the drawing's ink until its longer side fills 8 pixels, with the mean of the ink in the middle column, averages
 * 4 × 4 samples for each of the 64 pixels and brings the mean to the dataset's. 0 (paper) … 1 (ink).
 * @returns undefined when there is no ink.
 */
export function fitDrawing(
  pixels: readonly number[],
  width: number,
  height: number,
): Float32Array | undefined {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (pixels[y * width + x] ?? 0);
  let [left, right, top, bottom] = [width, -1, height, -1];
  let [ink, inkX] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (at(x, y) <= INK) continue;
      ink += at(x, y);
      inkX += at(x, y) * (x + 0.5);
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return undefined;
  const size = Math.max(right - left, bottom - top) + 1;
  const x0 = inkX / ink - size / 2;
  const y0 = (top + bottom + 1 - size) / 2;
  const samples = SIDE * BLOCK;
  const fitted = new Float32Array(SIDE * SIDE);
  for (let j = 0; j < samples; j++) {
    for (let i = 0; i < samples; i++) {
      const x = Math.floor(x0 + ((i + 0.5) * size) / samples);
      const y = Math.floor(y0 + ((j + 0.5) * size) / samples);
      const cell = Math.floor(j / BLOCK) * SIDE + Math.floor(i / BLOCK);
      fitted[cell] = (fitted[cell] ?? 0) + at(x, y) / BLOCK ** 2;
    }
  }
  const gain = (MEAN_INK * fitted.length) / fitted.reduce((sum, value) => sum + value);
  return fitted.map((value) => Math.min(1, gain * value));
}
