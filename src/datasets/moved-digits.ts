/** Moves and turns digit images. Knows no tensor library and no model. */
import { PIXELS, type DigitSet } from './digits.ts';

const SIDE = 8;

/** A change of one image's pixels: for the target's column and row, the source's. */
export type Move = (x: number, y: number) => readonly [x: number, y: number];

/** Shifts to the right by `dx` and down by `dy` pixels; paper comes in at the edges. */
export const shift =
  (dx: number, dy: number): Move =>
  (x, y) => [x - dx, y - dy];

/** Half a turn. */
export const turn: Move = (x, y) => [SIDE - 1 - x, SIDE - 1 - y];

/** A copy of the digits, image `i` changed by `move(i)`; labels stay. */
export function moveDigits(digits: DigitSet, move: (i: number) => Move): DigitSet {
  const images = new Float32Array(digits.images.length);
  for (let i = 0; i < digits.count; i++) {
    const source = move(i);
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const [x, y] = source(pixel % SIDE, Math.floor(pixel / SIDE));
      const inside = x >= 0 && x < SIDE && y >= 0 && y < SIDE;
      const ink = inside ? digits.images[i * PIXELS + y * SIDE + x] : 0;
      images[i * PIXELS + pixel] = ink ?? 0;
    }
  }
  return { ...digits, images };
}

/** The digits as they are, then moved right, left, down and up by `distance` pixels: five sets. */
export const movedAround = (digits: DigitSet, distance: number): DigitSet[] => {
  const d = distance;
  const moves = [shift(0, 0), shift(d, 0), shift(-d, 0), shift(0, d), shift(0, -d)];
  return moves.map((move) => moveDigits(digits, () => move));
};
