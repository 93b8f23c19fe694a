/** The drawn things of ten classes, CIFAR-10 in their place, and the network that learns them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { drawView } from '../../src/components/views/draw.ts';
import { CIFAR10_NAMES, RECORD_BYTES, RECORDS } from '../../src/datasets/cifar10.ts';
import { BYTES, drawObjects, OBJECT_NAMES, SIDE } from '../../src/datasets/drawn-objects.ts';
import {
  filtersView,
  floatsOf,
  loadTenClasses,
  pixelOrder,
  shareRight,
  TESTED,
  wrongView,
} from '../../src/datasets/ten-classes.ts';
import { host, loadExample, train, useBackend } from './node-host.ts';

const set = drawObjects(3, 1000);

test('every class is drawn equally often, and a seed draws the same pictures again', () => {
  const counts = OBJECT_NAMES.map((_, label) => set.labels.filter((each) => each === label).length);
  assert.deepEqual(counts, new Array(10).fill(100));
  assert.deepEqual(drawObjects(3, 20).images, drawObjects(3, 20).images);
  assert.notDeepEqual(drawObjects(3, 20).images, drawObjects(4, 20).images);
});

test('colours tell nothing of the class: the mean colour of each lies within chance of the others', () => {
  const means = OBJECT_NAMES.map(() => [0, 0, 0]);
  set.labels.forEach((label, i) => {
    for (let at = 0; at < BYTES; at++) {
      means[label]![at % 3]! += set.images[i * BYTES + at]! / 255 / SIDE ** 2 / 100;
    }
  });
  // One picture's mean colour deviates by about 0.25; that of 100 pictures by 0.025.
  for (const mean of means) for (const value of mean) assert.ok(Math.abs(value - 0.5) < 0.1);
});

test('floats are the bytes over 255; scrambling moves every picture’s pixels in the same way', () => {
  const kept = floatsOf(set, [5, 7], pixelOrder(1, false));
  assert.equal(kept.length, 2 * BYTES);
  assert.ok(Math.abs(kept[BYTES + 100]! - set.images[7 * BYTES + 100]! / 255) < 1e-7);
  const order = pixelOrder(1, true);
  const moved = floatsOf(set, [5], order);
  for (const pixel of [0, 77, 1023]) {
    assert.equal(moved[pixel * 3 + 1], kept[order[pixel]! * 3 + 1]);
  }
  assert.deepEqual(
    order.toSorted((a, b) => a - b),
    pixelOrder(1, false),
  );
});

test('CIFAR-10 is read from as many files as are needed, in their order', async () => {
  const asked: string[] = [];
  const load = (path: string): Promise<ArrayBuffer> => {
    asked.push(path);
    const bytes = new Uint8Array(RECORDS * RECORD_BYTES);
    const mark = Number(/\d(?=\.bin)/.exec(path)?.[0] ?? 9);
    for (let i = 0; i < RECORDS; i++) bytes.fill(mark, i * RECORD_BYTES, i * RECORD_BYTES + 1);
    bytes[1] = 200; // the first red byte
    return Promise.resolve(bytes.buffer);
  };
  const {
    names,
    train: taught,
    test: tested,
  } = await loadTenClasses({ load, seed: 1 }, 'cifar10', 10_500);
  assert.equal(names, CIFAR10_NAMES);
  assert.deepEqual(
    asked,
    ['data_batch_1', 'data_batch_2', 'test_batch'].map((n) => `cifar10/${n}.bin`),
  );
  assert.deepEqual([taught.labels[0], taught.labels[9_999], taught.labels[10_000]], [1, 1, 2]);
  assert.deepEqual([taught.count, tested.count, tested.labels[0]], [10_500, TESTED, 9]);
  assert.equal(taught.images[10_000 * BYTES], 200);
});

test('its pictures can be drawn in colour', () => {
  const test = drawObjects(1, TESTED);
  const ten = { names: OBJECT_NAMES, train: set, test };
  const floats = floatsOf(test, [...test.labels.keys()], pixelOrder(1, false));
  assert.match(drawView(wrongView(ten, floats, new Array(TESTED).fill(0))), /认错的 450 张/);
  assert.equal(shareRight(new Array(TESTED).fill(0), test), 0.1);
  const filters = filtersView(Array.from({ length: 27 * 32 }, (_, i) => Math.sin(i)));
  assert.equal(filters.images.length, 32);
  for (const { pixels } of filters.images) {
    assert.deepEqual([Math.min(...pixels), Math.max(...pixels)], [0, 1]);
  }
});

test('the network has the 122,570 weights that the listing has in Keras’ layers, the linear model 30,730', async () => {
  const example = await loadExample('cifar-cnn');
  await useBackend(example);
  const { layers } = tf;
  const listing = tf.sequential({
    layers: [
      layers.conv2d({ filters: 32, kernelSize: 3, inputShape: [32, 32, 3] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3 }),
      layers.flatten(),
      layers.dense({ units: 64 }),
      layers.dense({ units: 10 }),
    ],
  });
  assert.equal(listing.countParams(), 122_570);
  listing.dispose();
  const context = { params: { learningRate: 0.001 }, seed: 1, own: <T>(thing: T): T => thing };
  const before = new Set(Object.keys(tf.engine().registeredVariables));
  await example.model({ ...host, ...context } as never, undefined);
  const made = Object.entries(tf.engine().registeredVariables).filter(
    ([name]) => !before.has(name),
  );
  assert.equal(
    made.reduce((sum, [, variable]) => sum + (variable.rank === 0 ? 0 : variable.size), 0), // Adam has scalars
    122_570 + 3072 * 10 + 10,
  );
  for (const [, variable] of made) variable.dispose();
});

test('without the reader’s files the run says which one it wants', async () => {
  const example = await loadExample('cifar-cnn');
  await useBackend(example);
  const { end } = await train(example, { params: { source: 'cifar10' } });
  assert.equal(end?.type, 'run-error');
  assert.match(end?.type === 'run-error' ? end.message : '', /data_batch_1\.bin/);
});
