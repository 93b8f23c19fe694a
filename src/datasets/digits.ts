/** Reads the 1 797 handwritten digits of `public/datasets/digits` and splits them. Knows no tensor library. */
import { seededRandom } from './random.ts';

/** Pixels of one image, row by row from the top: 8 × 8. */
export const PIXELS = 64;
export const CLASSES = 10;
const COUNT = 1797;
const TRAIN = 1438;
const FILE = 'digits/digits.bin';
const BYTES = COUNT * PIXELS + COUNT;

/** Images with their labels. */
export interface DigitSet {
  readonly count: number;
  /** `[count, 64]`, 0 (paper) … 1 (ink). */
  readonly images: Float32Array;
  /** `[count]`, 0 … 9. */
  readonly labels: Int32Array;
}

export interface Digits extends DigitSet {
  /** 1 438 digits to learn from, and the other 359 to test with: one fixed shuffle, the same in every run. */
  readonly train: DigitSet;
  readonly test: DigitSet;
}

/** The digits of the given rows, in the given order. @throws RangeError for a row that does not exist. */
export function pickDigits(digits: DigitSet, rows: readonly number[]): DigitSet {
  const images = new Float32Array(rows.length * PIXELS);
  const labels = new Int32Array(rows.length);
  rows.forEach((row, i) => {
    const label = digits.labels[row];
    if (label === undefined) throw new RangeError(`no digit ${row}: there are ${digits.count}`);
    images.set(digits.images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
    labels[i] = label;
  });
  return { count: rows.length, images, labels };
}

/** The pixels of one digit, to show it. */
export const digitPixels = ({ images }: { images: Float32Array }, row: number): number[] =>
  Array.from(images.subarray(row * PIXELS, (row + 1) * PIXELS));

/**
 * Loads the digits (`images` `[1797, 64]` scaled from 0 … 16 to 0 … 1, `labels` `[1797]`, `train`, `test`).
 * @throws Error naming the file when it is not what it should be.
 */
export async function loadDigits(run: {
  load(path: string): Promise<ArrayBuffer>;
}): Promise<Digits> {
  const bytes = new Uint8Array(await run.load(FILE));
  if (bytes.length !== BYTES) {
    throw new Error(`${FILE}: ${bytes.length} bytes, expected ${BYTES}`);
  }
  const images = Float32Array.from(bytes.subarray(0, COUNT * PIXELS), (ink) => ink / 16);
  const labels = Int32Array.from(bytes.subarray(COUNT * PIXELS));
  if (labels.some((label) => label >= CLASSES)) {
    throw new Error(`${FILE}: a label is greater than ${CLASSES - 1}`);
  }
  const all = { count: COUNT, images, labels };
  const order = seededRandom(0).permutation(COUNT);
  return {
    ...all,
    train: pickDigits(all, order.slice(0, TRAIN)),
    test: pickDigits(all, order.slice(TRAIN)),
  };
}
