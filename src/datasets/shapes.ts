/** Draws one noisy shape on each picture and scores boxes against its own. Knows no tensor library and no model. */
import type { Box, BoxesView, PointsView } from '../contract/view.ts';
import { pointsView, short } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/** Pixels along each side of a picture. */
export const SIDE = 16;
/** A box of at most this many pixels is called small. */
export const SMALL = 25;

export interface Shapes {
  readonly count: number;
  /** `[count, 256]`, 0 (paper) … 1 (ink), row by row from the top. */
  readonly pixels: Float32Array;
  /** `[count, 4]`: left, top, right and bottom of the tight box, as fractions of the side. */
  readonly boxes: Float32Array;
}

/** Draws `count` pictures, each a filled or hollow rectangle or ellipse, 3 … 10 pixels wide and high, in noise. */
export function drawShapes(random: SeededRandom, count: number, noise: number): Shapes {
  const pixels = new Float32Array(count * SIDE * SIDE);
  const boxes = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) {
    const [width, height] = [3 + random.integer(8), 3 + random.integer(8)];
    const left = random.integer(SIDE - width + 1);
    const top = random.integer(SIDE - height + 1);
    const round = random.uniform() < 0.5;
    const hollow = random.uniform() < 0.5;
    const ink = 0.5 + 0.5 * random.uniform();
    boxes.set(
      [left, top, left + width, top + height].map((v) => v / SIDE),
      i * 4,
    );
    const inside = (x: number, y: number, rim: number): boolean => {
      const [u, v] = [Math.abs(x + 0.5 - left - width / 2), Math.abs(y + 0.5 - top - height / 2)];
      const [a, b] = [width / 2 - rim, height / 2 - rim];
      return round ? a > 0 && b > 0 && (u / a) ** 2 + (v / b) ** 2 < 1 : u < a && v < b;
    };
    for (let j = 0; j < SIDE * SIDE; j++) {
      const [x, y] = [j % SIDE, Math.floor(j / SIDE)];
      const drawn = inside(x, y, 0) && !(hollow && inside(x, y, 1));
      const value = (drawn ? ink : 0) + noise * random.normal();
      pixels[i * SIDE * SIDE + j] = Math.min(1, Math.max(0, value));
    }
  }
  return { count, pixels, boxes };
}

/** Row `i` of `[count, 4]` boxes, in pixels from the top left corner. */
export function boxAt(boxes: ArrayLike<number>, i: number, group: number): Box {
  const [x, y, right, bottom] = [0, 1, 2, 3].map((k) => SIDE * boxes[i * 4 + k]!) as [
    number,
    number,
    number,
    number,
  ];
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y), group };
}

type Rectangle = Omit<Box, 'group'>;

/** Intersection over union of two boxes: 1 when they are the same, 0 when they do not touch. */
export function iou(a: Rectangle, b: Rectangle): number {
  const overlap = (p: number, m: number, q: number, n: number): number =>
    Math.max(0, Math.min(p + m, q + n) - Math.max(p, q));
  const both = overlap(a.x, a.width, b.x, b.width) * overlap(a.y, a.height, b.y, b.height);
  return both / (a.width * a.height + b.width * b.height - both);
}

/** The tight box round everything darker than half, or undefined. */
export function inkBox(pixels: ArrayLike<number>): Box | undefined {
  const dark = Array.from({ length: SIDE * SIDE }, (_, j) => j).filter((j) => pixels[j]! > 0.5);
  if (dark.length === 0) return undefined;
  const xs = dark.map((j) => j % SIDE);
  const ys = dark.map((j) => Math.floor(j / SIDE));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1, group: 0 };
}

/** Each picture's IoU with its guess, and the means over all and over small boxes. */
export function scoreBoxes({ count, boxes }: Shapes, guesses: ArrayLike<number>) {
  const area: number[] = [];
  const ious: number[] = [];
  for (let i = 0; i < count; i++) {
    const truth = boxAt(boxes, i, 0);
    area.push(truth.width * truth.height);
    ious.push(iou(truth, boxAt(guesses, i, 1)));
  }
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return { area, ious, all: mean(ious), small: mean(ious.filter((_, i) => area[i]! <= SMALL)) };
}

/** The first pictures with both boxes, and IoU against the size of the true box. */
export function boxViews(shapes: Shapes, guesses: ArrayLike<number>): [BoxesView, PointsView] {
  const { area, ious } = scoreBoxes(shapes, guesses);
  const images = ious.slice(0, 16).map((value, i) => ({
    pixels: Array.from(shapes.pixels.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2), (v) =>
      short(v, 2),
    ),
    caption: `IoU ${value.toFixed(2)}`,
    boxes: [boxAt(shapes.boxes, i, 0), boxAt(guesses, i, 1)],
  }));
  const points = [{ label: '一张测试图', group: 0, xs: area, ys: ious.map((v) => short(v)) }];
  const axes = [{ label: '真框的面积（像素）' }, { label: 'IoU', min: 0, max: 1 }] as const;
  const title = '没见过的图：真框和猜的框';
  return [
    { kind: 'boxes', title, width: SIDE, height: SIDE, groups: ['真框', '猜的'], images },
    pointsView('框越小，错一个像素越贵', axes, points),
  ];
}
