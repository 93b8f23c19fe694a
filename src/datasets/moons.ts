/** Makes the two classic toy problems in the plane, two moons and two spirals, and pictures of them. */
import type { PointsView } from '../contract/view.ts';
import type { SeededRandom } from './random.ts';

/** Points of the plane in two classes. */
export interface PlanePoints {
  readonly count: number;
  /** `[count, 2]`, x and y of each point. */
  readonly xy: Float32Array;
  /** `[count]`, 0 or 1, in turns. */
  readonly labels: Float32Array;
}

function plane(
  count: number,
  noise: number,
  random: SeededRandom,
  place: (label: number, t: number) => readonly [number, number],
): PlanePoints {
  const xy = new Float32Array(2 * count);
  const labels = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const label = i % 2;
    const [x, y] = place(label, random.uniform());
    xy[2 * i] = x + noise * random.normal();
    xy[2 * i + 1] = y + noise * random.normal();
    labels[i] = label;
  }
  return { count, xy, labels };
}

/**
 * Two half circles of radius 1 that interlock; the second stands upside down and is moved by (1, 0.5), as in
 * scikit-learn's `make_moons`.
 * @param noise standard deviation added to both coordinates.
 */
export const twoMoons = (count: number, noise: number, random: SeededRandom): PlanePoints =>
  plane(count, noise, random, (label, t) => {
    const angle = Math.PI * t;
    return label === 0
      ? [Math.cos(angle), Math.sin(angle)]
      : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  });

/**
 * Two spirals of radius ≤ 1 around the origin, one the other's half turn.
 * @param turns how often each goes round.
 * @param noise standard deviation added to both coordinates.
 */
export const twoSpirals = (
  count: number,
  turns: number,
  noise: number,
  random: SeededRandom,
): PlanePoints =>
  plane(count, noise, random, (label, t) => {
    const radius = 0.05 + 0.95 * Math.sqrt(t);
    const angle = 2 * Math.PI * turns * radius + Math.PI * label;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

/** A part of the plane, cut into `columns × rows` cells. */
export interface Window {
  readonly x: readonly [min: number, max: number];
  readonly y: readonly [min: number, max: number];
  readonly columns: number;
  readonly rows: number;
}

/** The middle of every cell, row by row from the lowest y: `[columns · rows][2]`. */
export function cellCentres({ x, y, columns, rows }: Window): [number, number][] {
  const at = ([min, max]: readonly [number, number], i: number, n: number): number =>
    min + ((i + 0.5) / n) * (max - min);
  return Array.from({ length: columns * rows }, (_, i) => [
    at(x, i % columns, columns),
    at(y, Math.floor(i / columns), rows),
  ]);
}

/**
 * The points over a surface.
 * @param values the model's probability of class 1 in the middle of every cell, as `cellCentres` orders them;
 * kept to three decimals.
 */
export function planePicture(
  title: string,
  { count, xy, labels }: PlanePoints,
  window: Window,
  values: Iterable<number>,
): PointsView {
  const rows = Array.from({ length: count }, (_, i) => i);
  return {
    kind: 'points',
    title,
    x: { label: 'x₁' },
    y: { label: 'x₂' },
    points: [0, 1].map((group) => {
      const own = rows.filter((i) => labels[i] === group);
      return {
        label: `第 ${group} 类`,
        group,
        xs: own.map((i) => xy[2 * i] as number),
        ys: own.map((i) => xy[2 * i + 1] as number),
      };
    }),
    surface: { ...window, values: Array.from(values, (p) => Math.round(1000 * p) / 1000) },
  };
}
