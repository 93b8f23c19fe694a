/** Students' answers, and the ability that a few answers speak for, against independent computations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  correlation,
  drawExam,
  foretoldShare,
  placeStudent,
  shareRight,
  sigmoid,
} from '../../src/datasets/exam-answers.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const options = { students: 3000, items: 6, heldOut: 0.25, guess: 0, unlike: 0 };

test('answers are right as often as the gap between ability and difficulty says', () => {
  const exam = drawExam(seededRandom(2), options);
  let [expected, happened] = [0, 0];
  exam.abilities.forEach((ability, student) => {
    exam.difficulties.forEach((difficulty, item) => {
      expected += sigmoid(ability - difficulty);
      happened += exam.right[student * exam.items + item]!;
    });
  });
  assert.ok(Math.abs(expected - happened) / exam.right.length < 0.01);
  const seen = exam.seen.reduce((a, b) => a + b, 0) / exam.seen.length;
  assert.ok(Math.abs(seen - 0.75) < 0.02);
  assert.deepEqual(
    [...exam.difficulties],
    [...exam.difficulties].sort((a, b) => a - b),
  );
});

test('guessing lifts even the hardest exercise to its chance', () => {
  const exam = drawExam(seededRandom(2), { ...options, guess: 0.25 });
  assert.ok(Math.min(...shareRight(exam)) > 0.25);
});

test('one who knows the truth foretells more than one who says the opposite', () => {
  const exam = drawExam(seededRandom(4), options);
  const truth = (s: number, i: number) => exam.abilities[s]! > exam.difficulties[i]!;
  const share = foretoldShare(exam, truth);
  assert.ok(share > 0.65);
  assert.ok(Math.abs(share + foretoldShare(exam, (s, i) => !truth(s, i)) - 1) < 1e-12);
});

test('the ability is the peak of the posterior, found on a fine grid; its error is the width there', () => {
  const answers = [
    [-1.2, true],
    [-0.3, true],
    [0.4, false],
    [1.1, true],
    [2, false],
  ] as const;
  const { ability, error } = placeStudent(answers);
  const log = (x: number): number =>
    answers.reduce(
      (sum, [b, solved]) => sum + Math.log(solved ? sigmoid(x - b) : 1 - sigmoid(x - b)),
      (-x * x) / 2,
    );
  let best = -5;
  for (let x = -5; x <= 5; x += 1e-4) if (log(x) > log(best)) best = x;
  assert.ok(Math.abs(ability - best) < 2e-4, `${ability} ${best}`);
  const h = 1e-3;
  const curvature = (log(ability + h) - 2 * log(ability) + log(ability - h)) / h ** 2;
  assert.ok(Math.abs(error - 1 / Math.sqrt(-curvature)) < 1e-4);
});

test('all right answers still give a finite ability, and more answers a smaller error', () => {
  const all = (n: number) => placeStudent(Array.from({ length: n }, () => [0, true] as const));
  assert.ok(all(20).ability > all(3).ability && Number.isFinite(all(20).ability));
  assert.ok(all(20).error < all(3).error && all(3).error < 1);
});

test('the correlation of a list with a line of itself is 1 or −1', () => {
  const list = [3, -1, 4, 1, 5];
  assert.ok(
    Math.abs(
      correlation(
        list,
        list.map((x) => 2 * x + 7),
      ) - 1,
    ) < 1e-12,
  );
  assert.ok(
    Math.abs(
      correlation(
        list,
        list.map((x) => -x),
      ) + 1,
    ) < 1e-12,
  );
});

test('even of few answers, one is held out and one is not', () => {
  for (const heldOut of [0.1, 0.9]) {
    for (let seed = 0; seed < 1000; seed++) {
      const few = { students: 10, items: 5, heldOut, guess: 0, unlike: 0 };
      const { seen } = drawExam(seededRandom(seed), few);
      assert.ok(seen.includes(0) && seen.includes(1), `seed ${seed}`);
    }
  }
});
