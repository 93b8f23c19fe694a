/** The settings that a search tries, and which of them it chooses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawView } from '../../src/components/views/draw.ts';
import {
  asked,
  chosenTrial,
  drawTrials,
  searchViews,
  updatesOf,
  worthOf,
} from '../../src/datasets/hyper-search.ts';
import { batches, seededRandom } from '../../src/datasets/random.ts';

test('random settings lie within the bounds, half of the rates below the geometric mean', () => {
  const trials = drawTrials('random', 2000, 7);
  assert.ok(
    trials.every(({ rate, width }) => rate >= 0.01 && rate <= 10 && width >= 2 && width <= 64),
  );
  assert.ok(trials.every(({ width }) => Number.isInteger(width)));
  const low = trials.filter(({ rate }) => rate < Math.sqrt(0.1)).length / 2000;
  const narrow = trials.filter(({ width }) => width < Math.sqrt(128)).length / 2000;
  assert.ok(Math.abs(low - 0.5) < 0.05 && Math.abs(narrow - 0.5) < 0.05, `${low} ${narrow}`);
  for (const batch of [16, 32, 64, 128]) {
    const share = trials.filter((trial) => trial.batch === batch).length / 2000;
    assert.ok(Math.abs(share - 0.25) < 0.05);
  }
  assert.deepEqual(drawTrials('random', 8, 3), drawTrials('random', 8, 3));
});

test('twenty random settings try twenty rates, a grid of twenty tries five, each four times', () => {
  const rates = (way: 'random' | 'grid') => drawTrials(way, 20, 1).map(({ rate }) => rate);
  assert.equal(new Set(rates('random')).size, 20);
  const grid = rates('grid').sort((a, b) => a - b);
  assert.equal(new Set(grid).size, 5);
  // neighbours differ by the same factor, and the middle one is the geometric mean of the bounds
  assert.ok(Math.abs(grid[4]! / grid[0]! - grid[8]! / grid[4]!) < 1e-9);
  assert.ok(Math.abs(grid[10]! - Math.sqrt(0.1)) < 1e-12);
  assert.equal(new Set(drawTrials('grid', 20, 1).map((trial) => JSON.stringify(trial))).size, 20);
});

test('a trial takes as many updates as it has batches', () => {
  for (const batch of [16, 32, 64, 128]) {
    const walked = [...batches(seededRandom(1), 300, batch, 3, 0)].length;
    assert.equal(updatesOf({ rate: 1, width: 2, batch }, 300, 3), walked);
  }
});

test('the first of the best judged is chosen, and its regret is what the best tested has more', () => {
  const scores = { judged: [0.5, 0.9, 0.9, 0.1], test: [0.6, 0.8, 0.85, 0.2] };
  assert.equal(chosenTrial(scores), 1);
  assert.deepEqual(worthOf(scores), {
    judgedAccuracy: 0.9,
    testAccuracy: 0.8,
    bestTestAccuracy: 0.85,
  });
  assert.deepEqual(
    asked(scores).map(({ k }) => k),
    [1, 2, 3],
  );
});

test('before the first trial ends nothing is chosen, and its views can be drawn', () => {
  const none = { judged: [], test: [] };
  assert.equal(chosenTrial(none), -1);
  assert.deepEqual(Object.values(worthOf(none)), [0, 0, 0]);
  assert.deepEqual(
    asked(none).map(({ k }) => k),
    [0, 0, 0],
  );
  for (const view of searchViews(drawTrials('random', 4, 1), none)) assert.ok(drawView(view));
});

test('every trial that ended is one point of each picture', () => {
  const trials = drawTrials('random', 12, 2);
  const judged = trials.map((_, i) => i / 12);
  const views = searchViews(trials, { judged, test: judged });
  for (const view of views.slice(0, 3)) {
    assert.ok(view.kind === 'points');
    assert.equal(view.points.flatMap(({ xs }) => xs).length, 12);
    assert.ok(drawView(view));
  }
});
