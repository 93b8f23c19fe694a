/** Shapley values against their axioms and against averaging over every order of coming in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/datasets/random.ts';
import {
  coalitionRows,
  columnMeans,
  linearShapley,
  shapleyValues,
} from '../../src/datasets/shapley.ts';

const near = (a: readonly number[], b: readonly number[], within = 1e-12): void => {
  assert.equal(a.length, b.length);
  a.forEach((value, i) => assert.ok(Math.abs(value - (b[i] ?? NaN)) < within, `${value} ${b[i]}`));
};

/** Every order of 0 … n − 1. */
const orders = (n: number): number[][] =>
  n === 0
    ? [[]]
    : orders(n - 1).flatMap((order) =>
        Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
      );

/** What each player adds when they come in one after another, averaged over all orders. */
function byOrders(worth: readonly number[], n: number): number[] {
  const sums = Array.from({ length: n }, () => 0);
  const all = orders(n);
  for (const order of all) {
    let inside = 0;
    for (const player of order) {
      const joined = inside | (1 << player);
      sums[player]! += worth[joined]! - worth[inside]!;
      inside = joined;
    }
  }
  return sums.map((sum) => sum / all.length);
}

const games = [1, 2, 3, 4, 5].map((n) => {
  const random = seededRandom(n);
  return { n, worth: Array.from({ length: 2 ** n }, () => random.normal()) };
});

test('the values are the average of what a player adds over all orders of coming in', () => {
  for (const { n, worth } of games) near(shapleyValues(worth), byOrders(worth, n));
});

test('the values add up to the worth of all minus the worth of none', () => {
  for (const { n, worth } of games) {
    const sum = shapleyValues(worth).reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum - (worth[2 ** n - 1]! - worth[0]!)) < 1e-12);
  }
});

test('two players that add the same everywhere get the same, and one that adds nothing gets nothing', () => {
  const random = seededRandom(9);
  // Player 0 and 1 count only by how many of them are in; player 2 changes nothing; player 3 is any.
  const table = Array.from({ length: 6 }, () => random.normal());
  const worth = Array.from({ length: 16 }, (_, coalition) => {
    const twins = (coalition & 1) + ((coalition >> 1) & 1);
    return table[2 * twins + ((coalition >> 3) & 1)]!;
  });
  const [first, second, dummy] = shapleyValues(worth);
  assert.ok(Math.abs(first! - second!) < 1e-12);
  assert.ok(Math.abs(dummy!) < 1e-12);
});

test('the values of a sum of two games are the sums of the values', () => {
  const [a, b] = [games[3]!.worth, games[3]!.worth.toReversed()];
  const [left, right] = [shapleyValues(a), shapleyValues(b)];
  near(
    shapleyValues(a.map((value, i) => value + b[i]!)),
    left.map((value, i) => value + right[i]!),
  );
});

test('a coalition takes its known measures from the sample and the others from each background row', () => {
  const rows = coalitionRows([1, 2], [10, 20, 30, 40]);
  assert.deepEqual([...rows], [10, 20, 30, 40, 1, 20, 1, 40, 10, 2, 30, 2, 1, 2, 1, 2]);
  assert.throws(() => coalitionRows([1, 2], [10, 20, 30]), RangeError);
});

test('for a linear model the closed form is what all coalitions give', () => {
  const random = seededRandom(4);
  const draw = (n: number): number[] => Array.from({ length: n }, () => random.normal());
  const [weights, x, background] = [draw(4), draw(4), draw(28)];
  const rows = coalitionRows(x, background);
  const worth = Array.from({ length: 16 }, (_, coalition) => {
    let sum = 0;
    for (let at = 0; at < 28; at++) sum += weights[at % 4]! * rows[28 * coalition + at]!;
    return sum / 7;
  });
  near(shapleyValues(worth), linearShapley(weights, x, background), 1e-6); // rows are of 32 bits
  near(columnMeans([1, 2, 3, 6], 2), [2, 4]);
});
