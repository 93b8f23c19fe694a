/** Asks a network about points that a reader sets on the plane. Knows no tensor library and no network. */
import { InputError, type InputSpec, type ProbeInput } from '../contract/example.ts';
import type { PointsView } from '../contract/view.ts';
import { planePicture, type Window } from './moons.ts';

/** A field of the window's size for up to 20 points. */
export const planeInput = (label: string, { x, y }: Window): InputSpec => ({
  kind: 'points',
  label,
  x: { label: 'x', min: x[0], max: x[1] },
  y: { label: 'y', min: y[0], max: y[1] },
  groups: ['要问的点'],
  least: 1,
  most: 20,
});

/** The reader's points as `[x, y]`. @throws InputError when the input is of another kind. */
export function askedPoints(input: ProbeInput): [x: number, y: number][] {
  if (input.kind !== 'points') throw new InputError('这里只收平面上的点。');
  return input.points.map(({ x, y }) => [x, y]);
}

/**
 * The points, in the colours of the answers, over the network's surface.
 * @param p probability of class 1 at each point.
 * @param ground the same in the middle of every cell, as `cellCentres` orders them.
 */
export function answeredPlane(
  places: readonly (readonly [x: number, y: number])[],
  p: ArrayLike<number>,
  window: Window,
  ground: Iterable<number>,
): PointsView {
  const labels = Float32Array.from(p, (value) => Number(value > 0.5));
  const asked = { count: places.length, xy: Float32Array.from(places.flat()), labels };
  return planePicture('你的点落在哪一边', asked, window, ground);
}
