/** Seeded chance: every draw of an example comes from here, so that a seed gives the same run twice. */

/** A stream of draws that depends on nothing but its seed. */
export interface SeededRandom {
  /** A number in [0, 1), 32 random bits. */
  uniform(): number;
  /** A draw from the standard normal distribution (Box–Muller). */
  normal(): number;
  /** A whole number in 0 … n − 1. */
  integer(n: number): number;
  /** A shuffled copy (Fisher–Yates); the argument stays as it is. */
  shuffle<T>(items: readonly T[]): T[];
  /** The whole numbers 0 … n − 1 in random order. */
  permutation(n: number): number[];
  /** `count` draws from N(0, deviation²), to make a tensor of. */
  normals(count: number, deviation?: number): Float32Array;
}

/**
 * Row numbers of every batch, epoch after epoch: each epoch a new order of `count` rows, cut into batches of `size`
 * (the last may be smaller). Of the batches before `done` only the chance is drawn.
 */
export function* batches(
  random: SeededRandom,
  count: number,
  size: number,
  epochs: number,
  done: number,
): Generator<number[], void> {
  let batch = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = random.permutation(count);
    for (let from = 0; from < count; from += size) {
      if (batch++ >= done) yield order.slice(from, from + size);
    }
  }
}

/**
 * The sfc32 generator ("small fast counting", 128 bits of state), by Chris Doty-Humphrey, in PractRand
 * (https://pracrand.sourceforge.net/, public domain): four 32-bit words, seeded with (0, seed, 0, 1)
 * and stirred before the first draw.
 * @param seed a whole number; only its lowest 32 bits count.
 */
export function seededRandom(seed: number): SeededRandom {
  let a = 0;
  let b = seed | 0;
  let c = 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) next();

  const uniform = (): number => next() / 2 ** 32;
  const integer = (n: number): number => Math.floor(uniform() * n);
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
    }
    return copy;
  };
  return {
    uniform,
    normal,
    integer,
    shuffle,
    permutation: (n) => shuffle(Array.from({ length: n }, (_, i) => i)),
    normals: (count, deviation = 1) =>
      Float32Array.from({ length: count }, () => deviation * normal()),
  };
}
