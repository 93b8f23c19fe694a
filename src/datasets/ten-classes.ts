/** Ten classes of small coloured pictures, drawn here or CIFAR-10's, and views of them. Knows no tensor library. */
import type { ImagesView } from '../contract/view.ts';
import { CIFAR10_FILES, CIFAR10_FOLDER, CIFAR10_NAMES, readRecords, RECORDS } from './cifar10.ts';
import { BYTES, drawObjects, OBJECT_NAMES, SIDE, type ColourSet } from './drawn-objects.ts';
import { seededRandom } from './random.ts';

export interface TenClasses {
  readonly names: readonly string[];
  readonly train: ColourSet;
  readonly test: ColourSet;
}

/** Pictures that the network never learns from. */
export const TESTED = 500;

/**
 * The pictures of a run: `taught` to learn from and 500 others to be tested with.
 * @param run `load` reads `cifar10/…` only when the source is CIFAR-10, and only as many files as are needed.
 */
export async function loadTenClasses(
  run: { load(path: string): Promise<ArrayBuffer>; readonly seed: number },
  source: 'drawn' | 'cifar10',
  taught: number,
): Promise<TenClasses> {
  if (source === 'drawn') {
    const train = drawObjects(2 * run.seed, taught);
    return { names: OBJECT_NAMES, train, test: drawObjects(2 * run.seed + 1, TESTED) };
  }
  const read = async (name: string, count: number): Promise<ColourSet> =>
    readRecords(new Uint8Array(await run.load(`${CIFAR10_FOLDER}/${name}`)), count);
  const files = CIFAR10_FILES.slice(0, Math.ceil(taught / RECORDS));
  const parts: ColourSet[] = [];
  for (const [n, file] of files.entries()) {
    parts.push(await read(file, Math.min(RECORDS, taught - n * RECORDS)));
  }
  const images = new Uint8Array(taught * BYTES);
  const labels = new Uint8Array(taught);
  parts.forEach((part, n) => {
    images.set(part.images, n * RECORDS * BYTES);
    labels.set(part.labels, n * RECORDS);
  });
  const test = await read('test_batch.bin', TESTED);
  return { names: CIFAR10_NAMES, train: { count: taught, images, labels }, test };
}

/** Where each pixel goes when all pictures are scrambled in one and the same way; or where it is. */
export function pixelOrder(seed: number, scrambled: boolean): number[] {
  const count = SIDE * SIDE;
  return scrambled
    ? seededRandom(seed).permutation(count)
    : Array.from({ length: count }, (_, i) => i);
}

/** Pictures number `rows` as `[rows.length, 32, 32, 3]` floats 0 … 1, their pixels in the given order. */
export function floatsOf(
  { images }: Pick<ColourSet, 'images'>,
  rows: readonly number[],
  order: readonly number[],
): Float32Array {
  const floats = new Float32Array(rows.length * BYTES);
  rows.forEach((row, n) => {
    order.forEach((from, pixel) => {
      for (let c = 0; c < 3; c++) {
        floats[n * BYTES + pixel * 3 + c] = images[row * BYTES + from * 3 + c]! / 255;
      }
    });
  });
  return floats;
}

/** Share of the pictures whose class was guessed. */
export const shareRight = (guesses: ArrayLike<number>, { labels, count }: ColourSet): number =>
  labels.reduce((right, label, i) => right + (guesses[i] === label ? 1 : 0), 0) / count;

/** Coloured pictures with captions, at most 40. */
export const colourView = (
  title: string,
  side: number,
  images: ImagesView['images'],
): ImagesView => ({
  ...{ kind: 'images', title, width: side, height: side, channels: 'colour' },
  images: images.slice(0, 40),
});

/** The first wrong answers, each with what it is and what it was taken for. */
export function wrongView(
  { names, test }: TenClasses,
  pixels: ArrayLike<number>,
  guesses: ArrayLike<number>,
): ImagesView {
  const all = Array.from(pixels);
  const wrong = [...test.labels.keys()].filter((i) => guesses[i] !== test.labels[i]);
  return colourView(
    `认错的 ${wrong.length} 张里的头几张`,
    SIDE,
    wrong.slice(0, 15).map((i) => ({
      pixels: all.slice(i * BYTES, (i + 1) * BYTES),
      caption: `${names[test.labels[i]!]} → ${names[guesses[i]!]}`,
    })),
  );
}

/** Kernels `[3, 3, 3, filters]` as coloured squares: each from its least weight (0) to its most (1). */
export function filtersView(kernels: ArrayLike<number>): ImagesView {
  const filters = kernels.length / 27;
  const images = Array.from({ length: filters }, (_, filter) => {
    const weights = Array.from({ length: 27 }, (_, i) => kernels[i * filters + filter]!);
    const least = Math.min(...weights);
    const range = Math.max(...weights) - least || 1;
    return { pixels: weights.map((w) => (w - least) / range), caption: `${filter + 1}` };
  });
  return colourView('第一层的卷积核，3×3，红绿蓝', 3, images);
}
