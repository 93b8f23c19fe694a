/** Payments: how many are fraud, how far their signs are shifted, and the best area under the ROC curve. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BEST_AREA, drawPayments, SIGNS } from '../../src/datasets/payments.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { auc } from '../../src/datasets/roc.ts';

const { count, x, labels } = drawPayments(seededRandom(4), 60_000, 0.1);

test('as many payments are fraud as asked, and honest signs have mean 0 and deviation 1', () => {
  const frauds = labels.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(frauds / count - 0.1) < 0.005);
  for (let sign = 0; sign < SIGNS.length; sign++) {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i++) {
      if (labels[i] === 1) continue;
      const value = x[i * SIGNS.length + sign]!;
      sum += value;
      squares += value * value;
    }
    const mean = sum / (count - frauds);
    assert.ok(Math.abs(mean) < 0.02);
    assert.ok(Math.abs(squares / (count - frauds) - 1) < 0.03);
  }
});

test('the best area is what the true likelihood ratio reaches', () => {
  const shifts = Array.from(SIGNS, (_, sign) => {
    const rows = [...labels.keys()].filter((i) => labels[i] === 1);
    return rows.reduce((sum, i) => sum + x[i * SIGNS.length + sign]!, 0) / rows.length;
  });
  const [positives, negatives]: [number[], number[]] = [[], []];
  for (let i = 0; i < 20_000; i++) {
    const score = shifts.reduce((sum, shift, sign) => sum + shift * x[i * SIGNS.length + sign]!, 0);
    (labels[i] === 1 ? positives : negatives).push(score);
  }
  assert.ok(Math.abs(auc(positives, negatives) - BEST_AREA) < 0.01, String(BEST_AREA));
});
