/** Shows the weights of a linear classifier of digits as pictures. Knows no model. */
import type { ImagesView } from '../contract/view.ts';
import { CLASSES, PIXELS } from './digits.ts';
import { imagesView } from './pictures.ts';

/**
 * The columns of `[64, 10]` weights as ten pictures: grey is 0, black the largest weight, white its opposite.
 * @param weights row by row, as `data()` of the tensor gives them.
 */
export function templatesView(title: string, weights: ArrayLike<number>): ImagesView {
  const sizes = Array.from(weights, Math.abs);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 1e-6);
  const column = (k: number): number[] =>
    Array.from(
      { length: PIXELS },
      (_, pixel) => 0.5 + (weights[pixel * CLASSES + k] ?? 0) / largest / 2,
    );
  const images = Array.from({ length: CLASSES }, (_, k) => ({
    pixels: column(k),
    caption: String(k),
  }));
  return { ...imagesView(title, 8, images), tones: 'paper' };
}
