/** Pictures with one shape and the scores of boxes, against counting pixels one by one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/datasets/random.ts';
import { boxAt, drawShapes, inkBox, iou, scoreBoxes, SIDE } from '../../src/datasets/shapes.ts';

test('without noise every box is tight round its shape', () => {
  const shapes = drawShapes(seededRandom(3), 300, 0);
  for (let i = 0; i < shapes.count; i++) {
    const pixels = shapes.pixels.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2);
    const ink = inkBox(pixels.map((value) => (value > 0 ? 1 : 0)));
    const truth = boxAt(shapes.boxes, i, 0);
    assert.deepEqual(ink, truth);
    assert.ok(truth.width >= 3 && truth.width <= 10 && truth.height >= 3 && truth.height <= 10);
  }
});

test('noise keeps every pixel between paper and ink, and the boxes as they are', () => {
  const clean = drawShapes(seededRandom(5), 1, 0);
  const noisy = drawShapes(seededRandom(5), 1, 0.5);
  assert.deepEqual(noisy.boxes, clean.boxes);
  assert.ok(noisy.pixels.every((value) => value >= 0 && value <= 1));
  assert.notDeepEqual(noisy.pixels, clean.pixels);
});

test('IoU of whole boxes is the count of shared pixels over the count of covered ones', () => {
  const random = seededRandom(7);
  for (let round = 0; round < 200; round++) {
    const draw = () => ({
      x: random.integer(8),
      y: random.integer(8),
      width: 1 + random.integer(8),
      height: 1 + random.integer(8),
    });
    const [a, b] = [draw(), draw()];
    const covers = (box: typeof a, x: number, y: number) =>
      x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
    let [both, either] = [0, 0];
    for (let j = 0; j < SIDE * SIDE; j++) {
      const [x, y] = [j % SIDE, Math.floor(j / SIDE)];
      if (covers(a, x, y) && covers(b, x, y)) both++;
      if (covers(a, x, y) || covers(b, x, y)) either++;
    }
    assert.ok(Math.abs(iou(a, b) - both / either) < 1e-12);
  }
});

test('the true boxes score 1, and a box turned inside out scores 0', () => {
  const shapes = drawShapes(seededRandom(9), 50, 0.3);
  const perfect = scoreBoxes(shapes, shapes.boxes);
  assert.ok(Math.abs(perfect.all - 1) < 1e-6 && Math.abs(perfect.small - 1) < 1e-6);
  const inside = Float32Array.from({ length: 200 }, (_, k) => (k % 4 < 2 ? 0.9 : 0.1));
  assert.equal(scoreBoxes(shapes, inside).all, 0);
  assert.equal(inkBox(new Float32Array(SIDE ** 2)), undefined);
});
