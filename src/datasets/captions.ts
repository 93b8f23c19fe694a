/** Captions for handwritten digits on white and on black paper, and the characters they are made of. Knows no encoder. */
import type { View } from '../contract/view.ts';
import { CLASSES, digitPixels, PIXELS, type DigitSet } from './digits.ts';
import { imagesView, tableView } from './pictures.ts';

/** Every character that a caption may contain; its place is its number. */
export const CHARACTERS = [...'零一二三四五六七八九白黑底的'];
const PAPERS = ['白', '黑'] as const;

/** The 20 captions: number `10 · paper + digit`, paper 0 white, 1 black. */
export const CAPTIONS: readonly string[] = PAPERS.flatMap((paper) =>
  CHARACTERS.slice(0, CLASSES).map((digit) => `${paper}底的${digit}`),
);
/** Captions whose pictures are kept out of training: black paper with a three or a seven. */
export const UNSEEN: readonly number[] = [13, 17];

/** How often each character occurs: `[texts.length][14]`. Characters that no caption has are skipped. */
export const countCharacters = (texts: readonly string[]): number[][] =>
  texts.map((text) =>
    CHARACTERS.map((character) => [...text].filter((other) => other === character).length),
  );

/** Pictures with the number of their caption. */
export interface Captioned {
  readonly count: number;
  /** `[count, 64]`, 0 (white) … 1 (black). */
  readonly images: Float32Array;
  /** `[count]`, 0 … 19. */
  readonly captions: Int32Array;
}

/** Every digit twice: as it is, and with black and white exchanged. */
export function onBothPapers({ count, images, labels }: DigitSet): Captioned {
  const both = new Float32Array(2 * count * PIXELS);
  both.set(images);
  both.set(
    images.map((ink) => 1 - ink),
    count * PIXELS,
  );
  const captions = Int32Array.from({ length: 2 * count }, (_, i) =>
    i < count ? (labels[i] ?? 0) : CLASSES + (labels[i - count] ?? 0),
  );
  return { count: 2 * count, images: both, captions };
}

/** Numbers of the ten pictures with the greatest similarity, the nearest first. */
const nearest = (similarity: readonly number[]): number[] =>
  Array.from(similarity.keys())
    .sort((a, b) => (similarity[b] ?? 0) - (similarity[a] ?? 0))
    .slice(0, 10);

/** The pictures nearest to a text, and what they really show. */
export function nearestPictures(
  title: string,
  { images, captions }: Captioned,
  similarity: readonly number[],
): View[] {
  const found = nearest(similarity).map((i) => ({
    pixels: digitPixels({ images }, i),
    caption: CAPTIONS[captions[i] ?? 0] ?? '',
    value: (similarity[i] ?? 0).toFixed(3),
  }));
  const rows = found.map(({ caption, value }) => [caption, value]);
  return [imagesView(title, 8, found), tableView('这些图真正的说明', ['说明', '相似度'], rows)];
}

/** The first picture that each caption finds, and the ten that the two rare ones find. */
export function captionViews(test: Captioned, near: readonly (readonly number[])[]): View[] {
  const first = CAPTIONS.map((caption, k) => {
    const i = nearest(near[k] ?? [])[0] ?? 0;
    const right = test.captions[i] === k;
    return { pixels: digitPixels(test, i), caption: right ? caption : `${caption}（错）` };
  });
  const [rare = 0] = UNSEEN;
  return [
    { ...imagesView('每句说明找到的第一张图', 8, first), tones: 'paper' },
    ...nearestPictures(`离“${CAPTIONS[rare] ?? ''}”最近的图`, test, near[rare] ?? []),
  ];
}
