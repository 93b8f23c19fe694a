/** Makes the pictures of how digits were read: the confusions and the mistakes. Knows no model. */
import type { View } from '../contract/view.ts';
import { digitPixels, type DigitSet } from './digits.ts';
import { confusionView, imagesView } from './pictures.ts';

/** Confusion matrix, and the digits that were read wrongly. */
export function readingViews(digits: DigitSet, guesses: ArrayLike<number>): readonly View[] {
  const { labels, count } = digits;
  const rows = Array.from({ length: count }, (_, row) => row);
  const wrong = rows
    .filter((row) => guesses[row] !== labels[row])
    .map((row) => ({
      pixels: digitPixels(digits, row),
      caption: `真 ${labels[row]} → 判 ${guesses[row]}`,
    }));
  return [confusionView('混淆矩阵', labels, guesses), imagesView('判错的', 8, wrong)];
}
