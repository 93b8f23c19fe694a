/** Splits drawn again and again: apart, each on its own scale, and trees cut to what they would have been. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growTree } from '../../src/datasets/decision-tree.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { drawSplits, shallow, splitViews, tally } from '../../src/datasets/repeated-splits.ts';

const [ROWS, COLUMNS, TAUGHT, SPLITS] = [60, 3, 40, 4];
const random = seededRandom(2);
const x = Float32Array.from({ length: ROWS * COLUMNS }, () => 5 + 3 * random.normal());
const labels = Int32Array.from({ length: ROWS }, (_, i) =>
  Number(x[COLUMNS * i]! + x[COLUMNS * i + 1]! + random.normal() > 10),
);
const drawn = drawSplits(
  { count: ROWS, x, labels },
  COLUMNS,
  { splits: SPLITS, taught: TAUGHT, depths: 5 },
  seededRandom(7),
);

test('a row is learned or tested in a split, never both, and every split is another one', () => {
  const { train, test: held } = drawn;
  assert.deepEqual([train.rows, held.rows], [TAUGHT, ROWS - TAUGHT]);
  const ones = labels.reduce((sum, label) => sum + label, 0);
  const counts = Array.from({ length: SPLITS }, (_, k) => {
    const sum = (part: typeof train): number =>
      part.y.slice(k * part.rows, (k + 1) * part.rows).reduce((total, y) => total + y, 0);
    return [sum(train), sum(held)] as const;
  });
  for (const [taught, tested] of counts) assert.equal(taught + tested, ones);
  const first = (k: number): string =>
    train.x
      .slice(k * TAUGHT * COLUMNS)
      .slice(0, 9)
      .join();
  assert.equal(new Set([0, 1, 2, 3].map(first)).size, SPLITS);
});

test('the rows that are learned have mean 0 and deviation 1 in every split, those that are tested have not', () => {
  for (let k = 0; k < SPLITS; k++) {
    for (let column = 0; column < COLUMNS; column++) {
      const own = Array.from(
        { length: TAUGHT },
        (_, i) => drawn.train.x[(k * TAUGHT + i) * COLUMNS + column]!,
      );
      const mean = own.reduce((sum, value) => sum + value, 0) / TAUGHT;
      const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      assert.ok(Math.abs(mean) < 1e-5);
      assert.ok(Math.abs(squares / (TAUGHT - 1) - 1) < 1e-5);
    }
  }
  const held = drawn.test.x.filter((_, i) => i % COLUMNS === 0);
  assert.ok(Math.abs(held.reduce((sum, value) => sum + value, 0) / held.length) > 1e-3);
});

test('the first questions of a deep tree are the tree that was allowed no more', () => {
  const rows = { x, labels, columns: COLUMNS };
  const deep = growTree(rows, 6);
  for (let depth = 0; depth <= 6; depth++) {
    assert.deepEqual(shallow(deep, depth), growTree(rows, depth));
  }
});

test('wins, draws and losses', () => {
  assert.deepEqual(tally([0.9, 0.8, 0.7, 0.6], [0.8, Math.fround(0.8), 0.8, 0.8]), [1, 1, 2]);
});

test('what is drawn: a row for each depth, the network and the line, and every tree’s first question', () => {
  const line = [1, 0.9, 0.8, 0.7];
  const network = [0.9, 0.9, 0.9, 0.9];
  const views = splitViews(drawn, { line, network, depth: 2 }, ['a', 'b', 'c']);
  const [, scores, asked] = views;
  assert.equal(scores?.kind, 'table');
  assert.equal(asked?.kind, 'table');
  const rows = scores?.kind === 'table' ? scores.rows : [];
  assert.deepEqual(rows.slice(-2), [
    ['网络', 0.9, 0, -1, '2、1、1'],
    ['直线', 0.85, 0.13, 0, ''],
  ]);
  const first = asked?.kind === 'table' ? asked.rows : [];
  assert.equal(
    first.reduce((sum, [, times]) => sum + Number(times), 0),
    SPLITS,
  );
});
