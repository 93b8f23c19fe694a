/** What people know about digit images, as features: holes, neighbours, position. Knows no tensor library. */

/** Darkness above which a pixel counts as ink. */
const INK = 0.3;

/** Paper regions that the ink encloses (0 has one, 8 has two), counted over side-connected pixels. */
export function holes(image: ArrayLike<number>, side: number): number {
  const wide = side + 2; // a frame of paper, so that everything outside is one region
  const paper = Array.from({ length: wide * wide }, (_, i) => {
    const [x, y] = [(i % wide) - 1, Math.floor(i / wide) - 1];
    return x < 0 || y < 0 || x >= side || y >= side || (image[y * side + x] ?? 0) <= INK;
  });
  let regions = 0;
  for (let start = 0; start < paper.length; start++) {
    if (!paper[start]) continue;
    regions++;
    const queue = [start];
    for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
      if (!paper[i]) continue;
      paper[i] = false;
      const column = i % wide;
      if (column > 0) queue.push(i - 1);
      if (column < wide - 1) queue.push(i + 1);
      queue.push(i - wide, i + wide);
    }
  }
  return regions - 1;
}

/** Each pixel mixed with its neighbours: weights 1, ½ along each axis, summing to 4, divided by 4. */
export function blur(image: ArrayLike<number>, side: number): number[] {
  return Array.from({ length: side * side }, (_, i) => {
    let sum = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const [x, y] = [(i % side) + dx, Math.floor(i / side) + dy];
        const inside = x >= 0 && y >= 0 && x < side && y < side;
        const weight = 1 / ((1 + Math.abs(dx)) * (1 + Math.abs(dy)) * 4);
        if (inside) sum += weight * (image[y * side + x] ?? 0);
      }
    }
    return sum;
  });
}

/** The image on a larger square of paper, its corner `left` and `top` pixels from the edges. */
export function place(
  image: ArrayLike<number>,
  side: number,
  largeSide: number,
  left: number,
  top: number,
): number[] {
  const large = new Array<number>(largeSide * largeSide).fill(0);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [(i % side) + left, Math.floor(i / side) + top];
    if (x >= 0 && y >= 0 && x < largeSide && y < largeSide)
      large[y * largeSide + x] = image[i] ?? 0;
  }
  return large;
}

/** The image shifted by whole pixels, so that the centre of its ink is as near the middle as it can be. */
export function centre(image: ArrayLike<number>, side: number): number[] {
  let [ink, x, y] = [0, 0, 0];
  for (let i = 0; i < side * side; i++) {
    const value = image[i] ?? 0;
    ink += value;
    x += value * (i % side);
    y += value * Math.floor(i / side);
  }
  if (ink === 0) return Array.from(image);
  const middle = (side - 1) / 2;
  return place(image, side, side, Math.round(middle - x / ink), Math.round(middle - y / ink));
}

/** What a piece of knowledge makes of an image's pixels: the features a model is given instead of them. */
export const KNOWLEDGE = {
  /** Where the digit is does not matter: the centred image. */
  centre,
  /** Neighbouring pixels are alike: the image, and the image blurred. */
  blur: (image: readonly number[], side: number): number[] => [...image, ...blur(image, side)],
  /** Holes tell digits apart: the image, and one of three numbers is 1, for no, one, or more holes. */
  holes: (image: readonly number[], side: number): number[] => {
    const count = Math.min(2, holes(image, side));
    return [...image, ...[0, 1, 2].map((n) => Number(n === count))];
  },
} as const;
