/** The town's load: what is drawn, what a forecast may see, and the forecasts that need no training. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  baselines,
  drawLoad,
  expectedLoad,
  HOURS,
  INPUTS,
  meanDistance,
  NOISE,
  rowsOf,
  scaleLoad,
  unscaleLoad,
} from '../../src/datasets/hourly-load.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const town = drawLoad(seededRandom(3), 400);
const all = { past: true, calendar: true, weather: true };

test('load is what is expected and noise: its mean is 0, its deviation NOISE, its mean size NOISE √(2/π)', () => {
  const { noiseless } = baselines(town, 7, 400);
  const noise = noiseless.map((value, i) => town.load[7 * HOURS + i]! - value);
  const mean = noise.reduce((a, b) => a + b) / noise.length;
  const deviation = Math.sqrt(noise.reduce((a, b) => a + (b - mean) ** 2, 0) / noise.length);
  assert.ok(Math.abs(mean) < 0.06, String(mean));
  assert.ok(Math.abs(deviation - NOISE) < 0.06, String(deviation));
  const floor = meanDistance(noise, new Float32Array(noise.length));
  assert.ok(Math.abs(floor - NOISE * Math.sqrt(2 / Math.PI)) < 0.05, String(floor));
});

test('weekends and the last days of a holiday are free, and a free morning takes less', () => {
  const holiday = drawLoad(seededRandom(3), 21, 3);
  const free = holiday.free.flatMap((isFree, day) => (isFree ? [day] : []));
  assert.deepEqual(free, [5, 6, 12, 13, 18, 19, 20]);
  assert.ok(expectedLoad(9, true, 20) < expectedLoad(9, false, 20) - 4);
});

test('both heat and cold cost energy, mild hours nothing', () => {
  assert.equal(expectedLoad(3, false, 18), expectedLoad(3, false, 21));
  assert.ok(Math.abs(expectedLoad(3, false, 32) - expectedLoad(3, false, 22) - 11) < 1e-9);
  assert.ok(Math.abs(expectedLoad(3, false, 6) - expectedLoad(3, false, 16) - 8) < 1e-9);
});

test('a row holds the hour, the weekend and the loads of a day and of a week before', () => {
  const { inputs, loads } = rowsOf(town, 12, 14, all); // Saturday and Sunday
  const at = 12 * HOURS + 30;
  const row = inputs[30]!;
  assert.equal(row.length, INPUTS);
  assert.deepEqual([row[6], row[HOURS + 6]], [1, 1]);
  assert.equal(
    row.slice(0, 2 * HOURS).reduce((a, b) => a + b),
    2,
  );
  assert.equal(unscaleLoad(row[2 * HOURS]!).toFixed(3), town.load[at - 24]!.toFixed(3));
  assert.equal(unscaleLoad(row[2 * HOURS + 1]!).toFixed(3), town.load[at - 168]!.toFixed(3));
  assert.equal(loads[30], town.load[at]);
  assert.ok(Math.abs(unscaleLoad(scaleLoad(17)) - 17) < 1e-12);
});

test('what a forecast may not see is 0 in its rows', () => {
  const blind = rowsOf(town, 12, 13, { past: false, calendar: false, weather: false });
  for (const row of blind.inputs) assert.equal(row.filter((value) => value !== 0).length, 1);
});

test('the weekly mean uses only the weeks before the test', () => {
  const { weeklyMean, weekBefore, dayBefore } = baselines(town, 21, 22);
  const past = [0, 7, 14].map((day) => town.load[day * HOURS + 5]!);
  const mean = past.reduce((a, b) => a + b) / 3;
  assert.ok(Math.abs(weeklyMean[5]! - mean) < 1e-9);
  assert.equal(weekBefore[5], town.load[14 * HOURS + 5]);
  assert.equal(dayBefore[5], town.load[20 * HOURS + 5]);
});
