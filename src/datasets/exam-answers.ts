/** Draws students, exercises and answers, and places one student by a few answers. Knows no tensor library. */
import type { PointsView } from '../contract/view.ts';
import { short } from './pictures.ts';
import type { SeededRandom } from './random.ts';

export interface Exam {
  readonly students: number;
  readonly items: number;
  /** True abilities and difficulties, on one scale: where they are equal, half of the answers are right. */
  readonly abilities: readonly number[];
  readonly difficulties: readonly number[];
  /** `[students · items]`, 1 right, 0 wrong. */
  readonly right: readonly number[];
  /** `[students · items]`, 1 to learn from, 0 held out. */
  readonly seen: readonly number[];
}

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export interface ExamOptions {
  readonly students: number;
  readonly items: number;
  /** Share of the answers held out. */
  readonly heldOut: number;
  /** Chance of a right answer by guessing alone. */
  readonly guess: number;
  /** How unlike the exercises are in telling weak students from strong ones; 0: all alike, as Rasch's model says. */
  readonly unlike: number;
}

/**
 * Abilities from N(0, 1), difficulties from N(0, 1.2²) in rising order, answers by chance. At least one answer is held
 * out, and at least one is not.
 */
export function drawExam(
  random: SeededRandom,
  { students, items, heldOut, guess, unlike }: ExamOptions,
): Exam {
  const abilities = Array.from({ length: students }, () => random.normal());
  const difficulties = Array.from({ length: items }, () => 1.2 * random.normal());
  difficulties.sort((a, b) => a - b);
  const slopes = difficulties.map(() => Math.exp(unlike * random.normal()));
  const right: number[] = [];
  const seen: number[] = [];
  for (const ability of abilities) {
    difficulties.forEach((difficulty, item) => {
      const chance = guess + (1 - guess) * sigmoid(slopes[item]! * (ability - difficulty));
      right.push(random.uniform() < chance ? 1 : 0);
      seen.push(random.uniform() < heldOut ? 0 : 1);
    });
  }
  if (!seen.includes(0)) seen[seen.length - 1] = 0;
  if (!seen.includes(1)) seen[0] = 1;
  return { students, items, abilities, difficulties, right, seen };
}

/** Share of held-out answers that are foretold; `foretold(student, item)` says whether it will be right. */
export function foretoldShare(
  { students, items, right, seen }: Exam,
  foretold: (student: number, item: number) => boolean,
): number {
  let [hits, asked] = [0, 0];
  for (let student = 0; student < students; student++) {
    for (let item = 0; item < items; item++) {
      const at = student * items + item;
      if (seen[at] === 1) continue;
      asked++;
      if (foretold(student, item) === (right[at] === 1)) hits++;
    }
  }
  return asked === 0 ? NaN : hits / asked;
}

/** For each exercise, the share of the answers to learn from that are right; ½ where there are none. */
export function shareRight({ students, items, right, seen }: Exam): number[] {
  return Array.from({ length: items }, (_, item) => {
    let [hits, asked] = [0, 0];
    for (let student = 0; student < students; student++) {
      const at = student * items + item;
      if (seen[at] !== 1) continue;
      asked++;
      hits += right[at]!;
    }
    return asked === 0 ? 0.5 : hits / asked;
  });
}

/** Pearson's correlation of two lists. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  let [sumA, sumB] = [0, 0];
  for (let i = 0; i < n; i++) {
    sumA += a[i]!;
    sumB += b[i]!;
  }
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [da, db] = [a[i]! - sumA / n, b[i]! - sumB / n];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return ab / Math.sqrt(aa * bb);
}

/**
 * The ability that answers speak for, with a prior of N(0, 1): Newton's method on the log posterior, which is concave.
 * @param answers pairs of the exercise's difficulty and whether it was solved.
 * @returns the ability and its standard error, 1/√(information).
 */
export function placeStudent(
  answers: readonly (readonly [difficulty: number, solved: boolean])[],
): { readonly ability: number; readonly error: number } {
  let ability = 0;
  let information = 1;
  for (let round = 0; round < 50; round++) {
    let slope = -ability;
    information = 1;
    for (const [difficulty, solved] of answers) {
      const p = sigmoid(ability - difficulty);
      slope += (solved ? 1 : 0) - p;
      information += p * (1 - p);
    }
    ability += slope / information;
    if (Math.abs(slope) < 1e-10) break;
  }
  return { ability, error: 1 / Math.sqrt(information) };
}

/** True against estimated values: on the diagonal they agree. */
export function agreementView(
  title: string,
  truth: readonly number[],
  estimate: ArrayLike<number>,
): PointsView {
  const ends = [Math.min(...truth), Math.max(...truth)].map((value) => short(value));
  return {
    kind: 'points',
    title,
    x: { label: '真的' },
    y: { label: '估出来的' },
    points: [
      {
        label: '一点一个',
        group: 0,
        xs: truth.map((value) => short(value)),
        ys: Array.from(estimate, (value) => short(value)),
      },
    ],
    lines: [{ label: '完全一致', xs: ends, ys: ends }],
  };
}
