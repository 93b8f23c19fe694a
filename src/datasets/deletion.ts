/** Erases the pixels that an explanation calls important, to see whether the model needed them. Knows no tensor library. */
import type { CurveView, ImagesView, Series } from '../contract/view.ts';
import { PIXELS } from './digits.ts';
import { imagesView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/**
 * Copies of `images` in which the `erase` best-scored pixels of each are 0 (paper); fewer when fewer are above 0.
 * @param images `[count, 64]`, 0 (paper) … 1 (ink).
 * @param scores `[count, 64]`; only pixels with ink and a score above 0 are erased, the largest first.
 * @throws RangeError when the lengths do not fit.
 */
export function eraseBest(
  images: ArrayLike<number>,
  scores: ArrayLike<number>,
  erase: number,
): Float32Array {
  if (scores.length !== images.length || images.length % PIXELS !== 0) {
    throw new RangeError(`${images.length} values, ${scores.length} scores, ${PIXELS} pixels each`);
  }
  const erased = Float32Array.from(images);
  for (let from = 0; from < images.length; from += PIXELS) {
    const places = Array.from({ length: PIXELS }, (_, pixel) => from + pixel)
      .filter((place) => (images[place] ?? 0) > 0 && (scores[place] ?? 0) > 0)
      .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    for (const place of places.slice(0, erase)) erased[place] = 0;
  }
  return erased;
}

/** A score for every pixel that knows nothing: uniform in (0, 1], so that `eraseBest` erases inked pixels by chance. */
export const chanceScores = (random: SeededRandom, length: number): Float32Array =>
  Float32Array.from({ length }, () => 1 - random.uniform());

/** Scores of each image moved to the one before it: a heat map of the wrong picture. */
export function scoresOfTheNext(scores: ArrayLike<number>): Float32Array {
  return Float32Array.from(scores, (_, place) => scores[(place + PIXELS) % scores.length] ?? 0);
}

/** Numbers of pixels erased, along the curve. */
const COUNTS = [0, 1, 2, 3, 4, 6, 8, 12, 16] as const;

/**
 * Accuracy as more and more pixels are erased: by a heat map, and by chance.
 * @param orders the scores of both.
 * @param accuracy of the digits when so many of the best-scored pixels of each are erased.
 */
export async function deletionCurve(
  [map, chance]: readonly [map: ArrayLike<number>, chance: ArrayLike<number>],
  accuracy: (scores: ArrayLike<number>, erase: number) => Promise<number>,
): Promise<CurveView> {
  const series: Series[] = [];
  for (const [label, scores] of [['热力图说要紧的', map] as const, ['随机', chance] as const]) {
    const ys: number[] = [];
    for (const count of COUNTS) ys.push(await accuracy(scores, count));
    series.push({ label, xs: COUNTS, ys });
  }
  return {
    kind: 'curve',
    title: '抹得越多，认得越少',
    x: { label: '每张抹掉几个像素' },
    y: { label: '准确率', min: 0, max: 1 },
    series,
  };
}

/**
 * The first digits of `images` `[count, 64]` with what they were read as, one for each row of probabilities, tinted
 * where `scores` are above 0, as strong as the part of the image's largest score; images beyond the scores have no tint.
 */
export function heatPictures(
  images: ArrayLike<number>,
  scores: ArrayLike<number>,
  probabilities: readonly (readonly number[])[],
  names: readonly string[] = [],
): ImagesView {
  const row = (values: ArrayLike<number>, k: number): number[] =>
    Array.from({ length: PIXELS }, (_, i) => values[k * PIXELS + i] ?? 0);
  const pictures = probabilities.map((p, k) => {
    const pixels = row(images, k);
    const name = names[k] === undefined ? '' : `${names[k]}：`;
    const most = Math.max(...p);
    const caption = `${name}读作 ${p.indexOf(most)}，${most.toFixed(2)}`;
    if (k * PIXELS >= scores.length) return { pixels, caption };
    const own = row(scores, k);
    const strongest = Math.max(...own, Number.MIN_VALUE);
    return { pixels, caption, tint: own.map((score) => Math.max(0, score) / strongest) };
  });
  return imagesView('颜色越深，热力图说越要紧', 8, pictures);
}
