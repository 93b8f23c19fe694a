/** What the shared-out digits, the membership attack and the ROC numbers promise. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import {
  CLIENTS,
  readGradient,
  recallView,
  sample,
  shareOut,
} from '../../src/datasets/federated.ts';
import { attackAuc, drawCandidates, verdictView } from '../../src/datasets/membership.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { auc, rocPoints } from '../../src/datasets/roc.ts';

const labels = Int32Array.from({ length: 2000 }, (_, i) => i % 10);

describe('shareOut', () => {
  it('gives every row to one client, and each two digits when nothing is mixed', () => {
    const owned = shareOut({ labels }, 0, seededRandom(1));
    assert.deepEqual(
      owned.flat().sort((a, b) => a - b),
      Array.from(labels.keys()),
    );
    owned.forEach((rows, client) => {
      const digits = new Set(rows.map((row) => labels[row]));
      assert.deepEqual([...digits].sort(), [2 * client, 2 * client + 1]);
    });
  });
  it('gives all clients about the same share of every digit when all is mixed', () => {
    for (const rows of shareOut({ labels }, 1, seededRandom(2))) {
      assert.ok(Math.abs(rows.length - 2000 / CLIENTS) < 60, String(rows.length));
      for (let digit = 0; digit < 10; digit++) {
        const count = rows.filter((row) => labels[row] === digit).length;
        assert.ok(count > 20 && count < 60, `${digit}: ${count}`);
      }
    }
  });
  it('is drawn from: samples are rows of the list, as many as asked for', () => {
    const drawn = sample([3, 5, 8], 50, seededRandom(3));
    assert.equal(drawn.length, 50);
    assert.deepEqual([...new Set(drawn)].sort(), [3, 5, 8]);
  });
});

describe('readGradient', () => {
  it('finds the one image behind a gradient that automatic differentiation computed', async () => {
    await tf.setBackend('cpu');
    const random = seededRandom(4);
    const x = Float32Array.from({ length: 64 }, () => random.uniform());
    const [W, b] = [
      tf.tensor2d(random.normals(64 * 7, 0.3), [64, 7]),
      tf.tensor1d(random.normals(7)),
    ];
    const image = tf.tensor2d(x, [1, 64]);
    const cost = (w: tf.Tensor, c: tf.Tensor): tf.Scalar =>
      image.matMul(w).add(c).relu().square().sum();
    const [dW, db] = tf.grads(cost)([W, b]);
    const read = readGradient(await dW!.data(), await db!.data());
    read.forEach((value, pixel) => assert.ok(Math.abs(value - (x[pixel] ?? 0)) < 1e-5));
  });
  it('shows blank paper when no unit was active', () => {
    assert.deepEqual(
      readGradient(new Float32Array(64 * 2), new Float32Array(2)),
      Array(64).fill(0),
    );
  });
});

describe('recallView', () => {
  it('counts for every model the share of each digit that it reads rightly', () => {
    const truth = Int32Array.from({ length: 20 }, (_, i) => i % 10);
    const guesses = [
      ...truth,
      ...Array<number>(20).fill(3),
      ...truth.map((d, i) => (i < 10 ? d : 0)),
    ];
    const view = recallView(truth, guesses);
    assert.ok(view.kind === 'matrix');
    assert.deepEqual(view.values[0], Array(10).fill(1));
    assert.deepEqual(view.values[1], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(view.values[2], [1, ...Array<number>(9).fill(0.5)]);
  });
});

describe('auc', () => {
  it('is the share of pairs in the right order, ties counting half', () => {
    const random = seededRandom(5);
    const draw = (n: number): number[] => Array.from({ length: n }, () => random.integer(12));
    const [a, b] = [draw(70), draw(45)];
    let won = 0;
    for (const x of a) for (const y of b) won += x > y ? 1 : x === y ? 0.5 : 0;
    assert.ok(Math.abs(auc(a, b) - won / (a.length * b.length)) < 1e-12);
    assert.equal(auc([2, 3], [0, 1]), 1);
    assert.equal(auc([1, 1], [1, 1, 1]), 0.5);
  });
  it('is the area under the points of the ROC curve', () => {
    const random = seededRandom(6);
    const a = Array.from({ length: 80 }, () => random.normal() + 1);
    const b = Array.from({ length: 60 }, () => random.normal());
    const { xs, ys } = rocPoints(a, b);
    assert.deepEqual([xs[0], ys[0], xs.at(-1), ys.at(-1)], [0, 0, 1, 1]);
    let area = 0;
    for (let i = 1; i < xs.length; i++) area += ((xs[i]! - xs[i - 1]!) * (ys[i]! + ys[i - 1]!)) / 2;
    assert.ok(Math.abs(area - auc(a, b)) < 1e-9);
  });
});

describe('the candidates of a membership attack', () => {
  const images = Float32Array.from({ length: 2000 * 64 }, (_, i) => Math.floor(i / 64));
  const { all, given } = drawCandidates(
    { count: 2000, images, labels },
    1200,
    0.25,
    seededRandom(7),
  );
  it('are different digits, a quarter of them mislabelled, never with their own label', () => {
    assert.equal(new Set(Array.from(all.images).filter((_, i) => i % 64 === 0)).size, 1200);
    const wrong = Array.from(given).filter((label, i) => label !== all.labels[i]).length;
    assert.ok(Math.abs(wrong / 1200 - 0.25) < 0.04, String(wrong));
    const spread = new Set(
      Array.from(given, (label, i) => (label - (all.labels[i] ?? 0) + 10) % 10),
    );
    assert.equal(spread.size, 10);
  });
  it('are accused below the limit, and a smaller loss of members raises the AUC', () => {
    const losses = [0.1, 0.2, 2, 0.15, 3, 4];
    assert.ok(Math.abs(attackAuc(losses, 3) - 7 / 9) < 1e-12);
    const { rows } = verdictView(losses, 3, 0.5);
    assert.deepEqual(
      rows.map((row) => row[1]),
      [2, 1, '0.667'],
    );
  });
});
