/** The grown tree against scikit-learn's, and against trying every question. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CANCER_FEATURES, loadBreastCancer } from '../../src/datasets/breast-cancer.ts';
import * as trees from '../../src/datasets/decision-tree.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const load = async (path: string): Promise<ArrayBuffer> => {
  const bytes = await readFile(`public/datasets/${path}`);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};
const table = await loadBreastCancer({ load });
const rows = { x: table.x, labels: table.labels, columns: 30 };

test('on all 569 biopsies the tree is that of scikit-learn 1.9: DecisionTreeClassifier(max_depth=d)', () => {
  // Its tree_.feature, tree_.threshold and score on the same rows, for depths 1, 2 and 3.
  const scores = [0.9226713532513181, 0.9420035149384886, 0.9789103690685413];
  scores.forEach((score, i) => {
    assert.ok(Math.abs(trees.treeAccuracy(trees.growTree(rows, i + 1), rows) - score) < 1e-12);
  });
  const { split } = trees.growTree(rows, 2);
  assert.equal(CANCER_FEATURES[split!.column], '最差半径');
  assert.ok(Math.abs(split!.at - 16.795) < 1e-4);
  assert.equal(CANCER_FEATURES[split!.low.split!.column], '最差凹点');
  assert.ok(Math.abs(split!.low.split!.at - 0.1358) < 1e-4);
});

test('no single question lowers the mean impurity more than the first one', () => {
  const random = seededRandom(3);
  const x = Array.from({ length: 160 }, () => Math.round(4 * random.normal()));
  const labels = Array.from({ length: 40 }, (_, i) =>
    Number(x[4 * i]! + x[4 * i + 1]! > random.normal()),
  );
  const small = { x, labels, columns: 4 };
  const mixed = (column: number, at: number): number => {
    const parts = [true, false].map((low) =>
      labels.filter((_, i) => x[4 * i + column]! <= at === low),
    );
    return parts.reduce((sum, part) => {
      const ones = part.filter((label) => label === 1).length;
      return sum + (part.length === 0 ? 0 : (2 * ones * (part.length - ones)) / part.length);
    }, 0);
  };
  const { split } = trees.growTree(small, 1);
  for (let column = 0; column < 4; column++) {
    for (let at = -15; at < 15; at += 0.5) {
      assert.ok(mixed(split!.column, split!.at) <= mixed(column, at) + 1e-9);
    }
  }
});

test('a path starts at the root, ends in a leaf, and every row is counted in one leaf', () => {
  const tree = trees.growTree(rows, 4);
  const ends = Array.from({ length: 569 }, (_, i) => trees.pathOf(tree, trees.rowOf(rows, i)));
  assert.ok(ends.every((path) => path[0] === tree && path.at(-1).split === undefined));
  for (const leaf of new Set(ends.map((path) => path.at(-1)))) {
    const here = ends.filter((path) => path.at(-1) === leaf).length;
    assert.equal(leaf.counts[0] + leaf.counts[1], here);
  }
  assert.equal(new Set(ends.map((path) => path.at(-1))).size, trees.leaves(tree));
});

test('a tree of one class is one leaf, and a deeper tree is never worse on what it grew from', () => {
  assert.equal(trees.leaves(trees.growTree({ x: [1, 2, 3], labels: [1, 1, 1], columns: 1 }, 5)), 1);
  const scores = [1, 2, 3, 4, 5].map((depth) =>
    trees.treeAccuracy(trees.growTree(rows, depth), rows),
  );
  scores.slice(1).forEach((score, i) => assert.ok(score >= scores[i]!));
});
