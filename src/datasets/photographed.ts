/** Reads a picture of writing as ink on paper. Knows no form of digits and no model. */

/** Difference of brightness below which a picture shows no writing. */
const CONTRAST = 0.2;
/** Share of the whole contrast below which a pixel is paper: shadows and the grain of a photograph. */
const SHADE = 0.45;

/**
 * Ink of a picture of dark writing on light paper: 0 (paper) … 1 (the darkest).
 * @param pixels brightness 0 … 1.
 * @returns undefined when the picture is all of one brightness.
 */
export function inkOf(pixels: readonly number[]): number[] | undefined {
  const bright = Math.max(...pixels);
  const contrast = bright - Math.min(...pixels);
  if (!(contrast >= CONTRAST)) return undefined;
  return pixels.map((value) => {
    const ink = (bright - value) / contrast;
    return ink < SHADE ? 0 : ink;
  });
}
