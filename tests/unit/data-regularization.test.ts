/** The closed form of the penalized polynomial against its gradient, and dropout's masks against their mean. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '../../src/contract/example.ts';
import { drawnDigit, DIGITS, oddsView } from '../../src/datasets/digit-probe.ts';
import { dropoutMask } from '../../src/datasets/dropout.ts';
import {
  drawPoints,
  evaluate,
  meanSquare,
  placedPoints,
  powers,
  solveRidge,
} from '../../src/datasets/polynomial.ts';
import { loadDigits } from '../../src/datasets/digits.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { drawTasks, SOURCE, taskDigits, TASKS } from '../../src/datasets/transfer.ts';
import { host } from './node-host.ts';

test('at the closed form the gradient of the penalized error is 0', () => {
  for (const [degree, strength] of [
    [3, 0.5],
    [12, 0.001],
    [14, 1e-6],
  ] as const) {
    const points = drawPoints(seededRandom(degree), 15, 0.3);
    const weights = solveRidge(points, degree, strength);
    for (let j = 0; j <= degree; j++) {
      const errors = points.xs.map((x, i) => evaluate(weights, x) - (points.ys[i] ?? NaN));
      const slope = points.xs.reduce((sum, x, i) => sum + (errors[i] ?? NaN) * x ** j, 0) / 15;
      const penalty = j ? strength * (weights[j] ?? NaN) : 0;
      assert.ok(Math.abs(slope + penalty) < 1e-10, `degree ${degree}, weight ${j}`);
    }
  }
});

test('through as many points as weights goes an almost unpenalized polynomial', () => {
  const points = { xs: [-1, 0, 1], ys: [2, -1, 0.5] };
  const weights = solveRidge(points, 2, 1e-12);
  assert.ok(meanSquare(weights, points) < 1e-18);
  const known = [-1, -0.75, 2.25];
  known.forEach((value, i) => {
    assert.ok(Math.abs((weights[i] ?? NaN) - value) < 1e-9);
  });
});

test('two points at one place are no trouble', () => {
  const weights = solveRidge({ xs: [0.5, 0.5], ys: [1, 0] }, 14, 1e-9);
  assert.ok(weights.every(Number.isFinite) && Math.abs(evaluate(weights, 0.5) - 0.5) < 1e-6);
});

test('powers and evaluate agree', () => {
  const weights = [1, -2, 0.5, 3];
  for (const x of [-1, -0.3, 0, 0.7]) {
    const [row = []] = powers([x], 3);
    const sum = row.reduce((total, power, i) => total + power * (weights[i] ?? NaN), 0);
    assert.ok(Math.abs(sum - evaluate(weights, x)) < 1e-12);
  }
});

test('each part of the line has one point, and without noise it lies on the curve', () => {
  const { xs, ys } = drawPoints(seededRandom(4), 20, 0);
  xs.forEach((x, i) => {
    assert.equal(Math.floor((20 * (x + 1)) / 2), i);
    assert.ok(Math.abs(Math.sin(Math.PI * x) - (ys[i] ?? NaN)) < 1e-12);
  });
});

test('a mask drops the wished share and keeps the mean; unenlarged, the mean is what stays', () => {
  const drop = [0, 0.5, 0.8];
  const count = 40000;
  const [enlarged, plain] = [true, false].map((e) => dropoutMask(drop, count, seededRandom(1), e));
  drop.forEach((p, k) => {
    const row = (mask: Float32Array | undefined) =>
      [...(mask ?? [])].slice(k * count, (k + 1) * count);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / count;
    const dropped = row(enlarged).filter((value) => value === 0).length / count;
    assert.ok(Math.abs(dropped - p) < 0.01);
    assert.ok(Math.abs(mean(row(enlarged)) - 1) < 0.04);
    assert.ok(Math.abs(mean(row(plain)) - (1 - p)) < 0.01);
    assert.ok(new Set(row(enlarged)).size === (p ? 2 : 1));
  });
});

test('an empty board and another kind of input are refused in words', () => {
  const empty = { kind: 'drawing', pixels: new Array<number>(576).fill(0) } as const;
  assert.throws(() => drawnDigit(empty), InputError);
  assert.throws(() => drawnDigit({ kind: 'text', text: '3' }), InputError);
  assert.throws(() => placedPoints({ kind: 'text', text: '3' }), InputError);
  const p = Array.from({ length: 20 }, (_, i) => i / 100);
  const table = oddsView('', ['a', 'b'], DIGITS, p);
  assert.deepEqual(table.rows[3], ['3', '0.030', '0.130']);
});

test('the few images of the second task are of every class, and none was in the first', async () => {
  const { train } = await loadDigits(host);
  for (const task of Object.values(TASKS)) {
    const { source, few } = drawTasks(train, task, 30, 5, seededRandom(2));
    const pictures = (images: Float32Array, count: number): string[] =>
      Array.from({ length: count }, (_, i) => images.subarray(64 * i, 64 * i + 64).join());
    const seen = new Set(pictures(source.images, source.count));
    assert.ok(source.count <= SOURCE && source.labels.every((label) => label < task.classes));
    for (const draw of few) {
      task.names.forEach((_, k) => {
        assert.equal(draw.labels.filter((label) => label === k).length, 30);
      });
      assert.ok(pictures(draw.images, draw.count).every((picture) => !seen.has(picture)));
    }
  }
  const odd = taskDigits(train, TASKS.parity.target);
  assert.ok(odd.labels.every((label, i) => label === (train.labels[i] ?? NaN) % 2));
});
