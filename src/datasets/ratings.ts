/** Ratings that people would give to films, made from three hidden tastes and a seed; knows no model. */
import { seededRandom } from './random.ts';

export const PEOPLE = 60;
export const FILMS = 40;

export interface Ratings {
  /** What each person would give each film, `PEOPLE · FILMS` values, person by person. */
  readonly truth: Float32Array;
  /** 1 where the rating is known in training. */
  readonly known: Float32Array;
  /** 1 where the rating was given but held out. */
  readonly heldOut: Float32Array;
}

/**
 * Rating = 3 + three products of a person's taste and a film's trait + noise of standard deviation 0.2.
 * A share `observed` of the cells is known; of the others, as many as a fifth of all cells are held out.
 */
export function makeRatings(seed: number, observed: number): Ratings {
  const random = seededRandom(seed);
  const normals = (count: number) => Array.from({ length: count }, () => random.normal());
  const tastes = normals(PEOPLE * 3);
  const traits = normals(FILMS * 3);
  const truth = new Float32Array(PEOPLE * FILMS);
  for (let i = 0; i < truth.length; i++) {
    const person = Math.floor(i / FILMS);
    const film = i % FILMS;
    let rating = 3 + 0.2 * random.normal();
    for (let k = 0; k < 3; k++) {
      rating += 0.6 * (tastes[person * 3 + k] ?? 0) * (traits[film * 3 + k] ?? 0);
    }
    truth[i] = rating;
  }
  const known = new Float32Array(truth.length);
  const heldOut = new Float32Array(truth.length);
  const cells = random.permutation(truth.length);
  const knownCount = Math.round(observed * truth.length);
  cells.slice(0, knownCount).forEach((cell) => (known[cell] = 1));
  cells.slice(knownCount, knownCount + truth.length / 5).forEach((cell) => (heldOut[cell] = 1));
  return { truth, known, heldOut };
}
