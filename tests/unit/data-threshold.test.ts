/** Counts, measures and costs at a threshold, against counting by hand and against trying every threshold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/datasets/random.ts';
import { auc, rocPoints } from '../../src/datasets/roc.ts';
import {
  cheapest,
  costOf,
  countsAt,
  measuresOf,
  partScores,
  thresholdViews,
} from '../../src/datasets/threshold.ts';
import { drawView } from '../../src/components/views/draw.ts';

const scored = partScores([0.9, 0.2, 0.6, 0.4, 0.5, 0.1], [1, 0, 0, 1, 1, 0]);

test('scores are parted by their label, and a score equal to the threshold raises the alarm', () => {
  assert.deepEqual(scored, { positives: [0.9, 0.4, 0.5], negatives: [0.2, 0.6, 0.1] });
  assert.deepEqual(countsAt(scored, 0.5), { caught: 2, missed: 1, wronged: 1, cleared: 2 });
});

test('the measures are those of the four counts', () => {
  const { accuracy, precision, recall, f1 } = measuresOf(countsAt(scored, 0.5));
  assert.deepEqual([accuracy, precision, recall], [4 / 6, 2 / 3, 2 / 3]);
  assert.ok(Math.abs(f1 - (2 * precision * recall) / (precision + recall)) < 1e-12);
  assert.ok(Number.isNaN(measuresOf(countsAt(scored, 2)).precision));
});

test('no threshold of a fine grid is cheaper than the cheapest', () => {
  const random = seededRandom(5);
  for (let round = 0; round < 20; round++) {
    const labels = Array.from({ length: 80 }, () => random.integer(2));
    const scores = labels.map(
      (label) => 1 / (1 + Math.exp(-(2 * label - 1 + 1.5 * random.normal()))),
    );
    const parted = partScores(scores, labels);
    const costs = { miss: 1 + 20 * random.uniform(), alarm: 1 };
    const best = cheapest(parted, costs);
    assert.equal(best.cost, costOf(countsAt(parted, best.threshold), costs));
    for (let at = 0; at <= 1.01; at += 0.002) {
      assert.ok(costOf(countsAt(parted, at), costs) >= best.cost - 1e-9);
    }
  }
});

test('a dear miss lowers the cheapest threshold; alarms that cost nothing raise it for all', () => {
  const dear = cheapest(scored, { miss: 100, alarm: 1 }).threshold;
  assert.ok(dear <= cheapest(scored, { miss: 1, alarm: 100 }).threshold);
  assert.equal(countsAt(scored, dear).missed, 0);
});

test('the area under the drawn ROC curve by trapezoids is the AUC by counting pairs', () => {
  const random = seededRandom(8);
  const positives = Array.from({ length: 60 }, () => random.normal() + 1);
  const negatives = Array.from({ length: 90 }, () => random.normal());
  const { xs, ys } = rocPoints(positives, negatives);
  let area = 0;
  for (let i = 1; i < xs.length; i++) area += ((xs[i]! - xs[i - 1]!) * (ys[i]! + ys[i - 1]!)) / 2;
  assert.ok(Math.abs(area - auc(positives, negatives)) < 1e-12);
});

test('its pictures can be drawn, also where nothing is alarmed', () => {
  const words = { positive: '坏', negative: '好', alarm: '报警', pass: '放行', unit: '元' };
  for (const threshold of [0, 0.5, 1]) {
    const views = thresholdViews(scored, threshold, { miss: 10, alarm: 1 }, words);
    for (const view of views) assert.match(drawView(view), /阈值|成绩/);
  }
});
