/** The grid of networks that the overfitting table trains. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  gridSummary,
  gridView,
  overfittingGrid,
  ownRows,
  SIZES,
} from '../../src/datasets/overfitting-grid.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const truth = Int32Array.from({ length: 1438 }, (_, i) => i % 10);
const cells = overfittingGrid(truth, 0.3, 64, seededRandom(1));

describe('overfittingGrid', () => {
  it('makes each of the twelve kinds once, smaller sets inside larger ones', () => {
    const kinds = cells.map(({ size, noisy, width }) => `${size} ${noisy} ${width}`);
    assert.equal(new Set(kinds).size, 12);
    for (const { size, rows } of cells) {
      assert.equal(new Set(rows).size, SIZES[size]);
      assert.deepEqual(rows, cells.at(-1).rows.slice(0, SIZES[size]));
    }
  });
  it('tells wrong labels to the noisy half only, about as many as asked, each other label as likely', () => {
    for (const { noisy, labels } of cells) {
      const wrong = Array.from(truth.keys()).filter((row) => labels[row] !== truth[row]);
      if (!noisy) assert.equal(wrong.length, 0);
      else assert.ok(Math.abs(wrong.length / truth.length - 0.3) < 0.04, String(wrong.length));
      assert.ok(labels.every((label) => label >= 0 && label < 10));
    }
  });
});

describe('the scores of the grid', () => {
  it('average each network over its own rows', () => {
    const weights = ownRows(cells, truth.length);
    cells.forEach(({ rows }, k) => {
      const own = weights.subarray(k * truth.length, (k + 1) * truth.length);
      assert.ok(Math.abs(own.reduce((sum, w) => sum + w) - 1) < 1e-5);
      assert.ok(rows.every((row) => own[row]! > 0));
    });
  });
  it('are summed up from the cells they are named after', () => {
    const scores = { train: cells.map((_, k) => k), test: cells.map(() => 0.5) };
    const summary = gridSummary(cells, scores);
    const named = (size: string, noisy: boolean, width: number): number =>
      cells.findIndex((c) => c.size === size && c.noisy === noisy && c.width === width) - 0.5;
    assert.equal(summary.cleanFew, named('few', false, 64));
    assert.equal(summary.noisyMany, named('many', true, 64));
    assert.equal(summary.narrowSome, named('some', true, 2));
    assert.equal(gridView(cells, scores).rows.length, 12);
  });
});
