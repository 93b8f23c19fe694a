/** Generates pictures of woven cloth, some with a flaw, and shows where a model looks wrong. Knows no model. */
import type { View } from '../contract/view.ts';
import type { SeededRandom } from './random.ts';
import { auc, rocView } from './roc.ts';

/** Pixels along each side of a picture. */
export const SIDE = 16;
export const PIXELS = SIDE * SIDE;

/** Kinds of flaw; 0 is none. */
export const FLAWS = ['良品', '划痕', '断线', '污点'] as const;

export interface Cloth {
  readonly count: number;
  /** `[count, 256]`, 0 (bright) … 1 (dark). */
  readonly pixels: Float32Array;
  /** `[count]`, an index of `FLAWS`. */
  readonly flaws: readonly number[];
}

/** One piece of good cloth: two crossing waves of random phase and strength, and noise. */
function weave(noise: number, random: SeededRandom): Float32Array {
  const [across, down] = [2 * Math.PI * random.uniform(), 2 * Math.PI * random.uniform()];
  const [a, b] = [0.12 + 0.06 * random.uniform(), 0.12 + 0.06 * random.uniform()];
  const wave = (place: number, phase: number): number =>
    Math.sin((2 * Math.PI * place) / 4 + phase);
  return Float32Array.from({ length: PIXELS }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    return 0.45 + a * wave(x, across) + b * wave(y, down) + noise * random.normal();
  });
}

/** Changes a piece: a short scratch, a missing thread or a spot, darker or brighter by `strength`. */
function damage(pixels: Float32Array, flaw: number, strength: number, random: SeededRandom): void {
  const add = (x: number, y: number, by: number): void => {
    const [column, row] = [Math.round(x), Math.round(y)];
    const inside = column >= 0 && column < SIDE && row >= 0 && row < SIDE;
    if (inside) pixels[row * SIDE + column] = (pixels[row * SIDE + column] ?? 0) + by;
  };
  const [x, y] = [3 + random.integer(SIDE - 6), 3 + random.integer(SIDE - 6)];
  const angle = Math.PI * random.uniform();
  if (flaw === 1) {
    for (let t = -3; t <= 3; t++) add(x + t * Math.cos(angle), y + t * Math.sin(angle), -strength);
  } else if (flaw === 2) {
    for (let t = 0; t < SIDE; t++) add(x, t, strength / 2);
  } else {
    for (let j = -1; j <= 1; j++) for (let i = -1; i <= 1; i++) add(x + i, y + j, strength);
  }
}

/** Draws `count` pieces; with `flawed`, every one has a flaw, the three kinds in turn. */
export function makeCloth(
  count: number,
  flawed: boolean,
  { noise, strength }: { readonly noise: number; readonly strength: number },
  random: SeededRandom,
): Cloth {
  const pixels = new Float32Array(count * PIXELS);
  const flaws = Array.from({ length: count }, (_, i) => (flawed ? 1 + (i % 3) : 0));
  flaws.forEach((flaw, i) => {
    const piece = weave(noise, random);
    if (flaw > 0) damage(piece, flaw, strength, random);
    pixels.set(
      piece.map((value) => Math.min(1, Math.max(0, value))),
      i * PIXELS,
    );
  });
  return { count, pixels, flaws };
}

/** The mean of each piece's squared errors. */
export const pieceErrors = (errors: ArrayLike<number>): number[] =>
  Array.from({ length: errors.length / PIXELS }, (_, i) => {
    let sum = 0;
    for (let p = 0; p < PIXELS; p++) sum += errors[i * PIXELS + p] ?? 0;
    return sum / PIXELS;
  });

/** Pieces with their squared errors as a tint; from three times the `usual` error of a pixel on, full at fifteen times. */
export function tintedView(
  title: string,
  pixels: ArrayLike<number>,
  errors: ArrayLike<number>,
  captions: readonly string[],
  usual: number,
): View {
  const images = captions.map((caption, i) => {
    const at = (values: ArrayLike<number>): number[] =>
      Array.from({ length: PIXELS }, (_, p) => values[i * PIXELS + p] ?? 0);
    const tint = at(errors).map((error) => Math.min(1, Math.max(0, error / (12 * usual) - 0.25)));
    return { pixels: at(pixels), caption, tint };
  });
  return { kind: 'images', title, width: SIDE, height: SIDE, images };
}

/** How well the errors tell flawed pieces from good ones. */
export const flawAuc = (flawed: ArrayLike<number>, good: ArrayLike<number>): number =>
  auc(pieceErrors(flawed), pieceErrors(good));

/** Six flawed and three good pieces with their errors, and the ROC curve of all. */
export function clothViews(
  flawed: Cloth,
  bad: ArrayLike<number>,
  good: Cloth,
  fine: ArrayLike<number>,
): View[] {
  const scores = [pieceErrors(bad), pieceErrors(fine)] as const;
  const usual = scores[1].reduce((a, b) => a + b, 0) / good.count;
  const captions = (cloth: Cloth, count: number): string[] =>
    cloth.flaws.slice(0, count).map((flaw) => FLAWS[flaw] ?? '');
  return [
    tintedView('次品，颜色是重画误差', flawed.pixels, bad, captions(flawed, 6), usual),
    tintedView('良品，同样的颜色', good.pixels, fine, captions(good, 3), usual),
    rocView('抓次品的 ROC', ['错杀的良品', '抓到的次品'], [['按重画误差', ...scores]]),
  ];
}
