/** Draws coloured pictures of ten kinds of things on a cluttered ground, in colours that tell nothing. Knows no model. */
import { seededRandom, type SeededRandom } from './random.ts';

/** Pixels along each side of a picture. */
export const SIDE = 32;
/** Bytes of one picture: red, green and blue of each pixel in turn, row by row from the top. */
export const BYTES = SIDE * SIDE * 3;

/** What the pictures show; a label is an index into these. */
export const OBJECT_NAMES = [
  ...['房子', '松树', '蘑菇', '鱼', '帆船'],
  ...['汽车', '杯子', '月亮', '花', '雨伞'],
] as const;

/** Pictures with their labels. */
export interface ColourSet {
  readonly count: number;
  /** `[count, 32, 32, 3]`, 0 … 255. */
  readonly images: Uint8Array;
  /** `[count]`. */
  readonly labels: Uint8Array;
}

type Colour = readonly [red: number, green: number, blue: number];
/** Which colour of the thing a place has: 0 none, 1 its first, 2 its second. Right is +u, down is +v, both −1 … 1. */
type Figure = (u: number, v: number) => 0 | 1 | 2;

const within = (u: number, v: number, x: number, y: number, a: number, b = a): boolean =>
  ((u - x) / a) ** 2 + ((v - y) / b) ** 2 < 1;

const FIGURES: Readonly<Record<(typeof OBJECT_NAMES)[number], Figure>> = {
  房子: (u, v) => {
    if (v < 0) return v > -0.8 && Math.abs(u) < v + 0.85 ? 2 : 0;
    if (v > 0.8 || Math.abs(u) > 0.62) return 0;
    return Math.abs(u) < 0.18 && v > 0.3 ? 2 : 1;
  },
  松树: (u, v) => {
    if (v > 0.45) return v < 0.9 && Math.abs(u) < 0.13 ? 2 : 0;
    const tier = v < -0.2 ? v + 0.95 : v + 0.55;
    return v > -0.95 && Math.abs(u) < 0.72 * tier ? 1 : 0;
  },
  蘑菇: (u, v) => {
    if (v < 0.05) return within(u, v, 0, 0.05, 0.85, 0.75) ? 1 : 0;
    return v < 0.8 && Math.abs(u) < 0.2 + 0.12 * v ? 2 : 0;
  },
  鱼: (u, v) => {
    if (within(u, v, -0.45, -0.1, 0.12)) return 2;
    if (within(u, v, -0.15, 0, 0.7, 0.42)) return 1;
    return u > 0.4 && u < 0.95 && Math.abs(v) < 0.85 * (u - 0.35) ? 1 : 0;
  },
  帆船: (u, v) => {
    if (v > 0.35) return v < 0.75 && Math.abs(u) < 1.15 - v ? 1 : 0;
    if (v < -0.85) return 0;
    return Math.abs(u) < 0.06 ? 1 : v < 0.22 && u > 0 && u < 0.7 * (v + 0.85) ? 2 : 0;
  },
  汽车: (u, v) => {
    if (within(u, v, -0.5, 0.4, 0.23) || within(u, v, 0.5, 0.4, 0.23)) return 2;
    if (Math.abs(u) < 0.92 && v > -0.08 && v < 0.42) return 1;
    return v > -0.5 && v < 0 && Math.abs(u) < 0.62 + 0.3 * v ? 1 : 0;
  },
  杯子: (u, v) => {
    if (Math.abs(u + 0.15) < 0.5 && Math.abs(v) < 0.65) return v < -0.4 ? 2 : 1;
    return u > 0 && within(u, v, 0.4, 0, 0.45) && !within(u, v, 0.4, 0, 0.25) ? 1 : 0;
  },
  月亮: (u, v) => (within(u, v, 0, 0, 0.85) && !within(u, v, 0.4, -0.1, 0.7) ? 1 : 0),
  花: (u, v) => {
    if (within(u, v, 0, 0, 0.24)) return 2;
    return Math.hypot(u, v) < 0.6 + 0.3 * Math.cos(5 * Math.atan2(u, -v)) ? 1 : 0;
  },
  雨伞: (u, v) => {
    if (v < 0) {
      const hem = -0.12 * Math.abs(Math.sin(4 * u));
      return v < hem && within(u, v, 0, 0, 0.95, 0.8) ? 1 : 0;
    }
    if (v < 0.65) return Math.abs(u) < 0.08 ? 2 : 0;
    return v < 0.9 && within(u, v, 0.15, 0.65, 0.24) && !within(u, v, 0.15, 0.65, 0.1) ? 2 : 0;
  },
};

const drawColour = (random: SeededRandom): Colour => [
  random.uniform(),
  random.uniform(),
  random.uniform(),
];
const distance = (a: Colour, b: Colour): number =>
  Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
/** A colour at least `apart` from all of `others`, of 40 tries the farthest. */
function farFrom(random: SeededRandom, others: readonly Colour[], apart: number): Colour {
  let best = drawColour(random);
  let far = -1;
  for (let tried = 0; tried < 40 && far < apart; tried++) {
    const colour = drawColour(random);
    const nearest = Math.min(...others.map((other) => distance(colour, other)));
    if (nearest > far) [best, far] = [colour, nearest];
  }
  return best;
}

/** A figure at a place: `at` gives its part under a pixel. */
function place(figure: Figure, x: number, y: number, radius: number, angle: number, flip: number) {
  const [c, s] = [Math.cos(angle) / radius, Math.sin(angle) / radius];
  return (px: number, py: number) =>
    figure(flip * (c * (px - x) + s * (py - y)), c * (py - y) - s * (px - x));
}

const SPECK: readonly Figure[] = [
  (u, v) => (within(u, v, 0, 0, 1) ? 1 : 0),
  (u, v) => (Math.abs(u) < 1 && Math.abs(v) < 0.25 ? 1 : 0),
  (u, v) => (Math.abs(u) < 0.7 && Math.abs(v) < 0.7 ? 1 : 0),
  (u, v) => (v > -0.8 && v < 0.6 && Math.abs(u) < 0.55 * (v + 0.8) ? 1 : 0),
];

/** Paints one picture of `name` into `out` (3 072 bytes). */
function paint(random: SeededRandom, figure: Figure, out: Uint8Array): void {
  const ground = drawColour(random);
  const other = ground.map((v) => Math.min(1, Math.max(0, v + 0.35 * (random.uniform() - 0.5))));
  const first = farFrom(random, [ground, other as unknown as Colour], 0.8);
  const second = farFrom(random, [ground, first], 0.5);
  const [wave, turn, phase] = [
    0.3 + 1.2 * random.uniform(),
    random.uniform() * Math.PI,
    7 * random.uniform(),
  ];
  const [wx, wy] = [wave * Math.cos(turn), wave * Math.sin(turn)];
  const strong = 0.15 * random.uniform();
  const specks = Array.from({ length: 1 + random.integer(2) }, () => {
    const shape = SPECK[random.integer(SPECK.length)]!;
    const [x, y] = [SIDE * random.uniform(), SIDE * random.uniform()];
    const radius = 1.5 + 3 * random.uniform();
    const at = place(shape, x, y, radius, 2 * Math.PI * random.uniform(), 1);
    return { at, colour: drawColour(random) };
  });
  const radius = 11 + 3 * random.uniform();
  const [x, y] = [0, 1].map(() => SIDE / 2 + (2 * random.uniform() - 1) * (15.5 - radius)) as [
    number,
    number,
  ];
  const thing = place(
    figure,
    x,
    y,
    radius,
    0.4 * (random.uniform() - 0.5),
    random.uniform() < 0.5 ? 1 : -1,
  );
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    const [px, py] = [(pixel % SIDE) + 0.5, Math.floor(pixel / SIDE) + 0.5];
    const mix = 0.5 + 0.5 * Math.sin(wx * px + wy * py + phase);
    const back = specks.find(({ at }) => at(px, py) === 1)?.colour;
    // four places of a pixel: the edges are smooth
    let [one, two] = [0, 0];
    for (const dx of [-0.25, 0.25]) {
      for (const dy of [-0.25, 0.25]) {
        const part = thing(px + dx, py + dy);
        if (part === 1) one += 0.25;
        else if (part === 2) two += 0.25;
      }
    }
    const grain = 0.05 * random.normal();
    for (let c = 0; c < 3; c++) {
      const behind =
        back?.[c] ?? ground[c]! + mix * (other[c]! - ground[c]!) + strong * (mix - 0.5);
      const value = one * first[c]! + two * second[c]! + (1 - one - two) * behind + grain;
      out[pixel * 3 + c] = Math.round(255 * Math.min(1, Math.max(0, value)));
    }
  }
}

/** `count` pictures, every class equally often (the first classes once more when ten does not divide it), shuffled. */
export function drawObjects(seed: number, count: number): ColourSet {
  const random = seededRandom(seed);
  const order = random.permutation(count);
  const labels = Uint8Array.from(order, (n) => n % OBJECT_NAMES.length);
  const images = new Uint8Array(count * BYTES);
  labels.forEach((label, i) => {
    paint(random, FIGURES[OBJECT_NAMES[label]!], images.subarray(i * BYTES, (i + 1) * BYTES));
  });
  return { count, images, labels };
}
