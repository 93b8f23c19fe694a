/** The road, the camera and the teacher of the lane-keeping example. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '../../src/datasets/random.ts';
import * as way from '../../src/datasets/road.ts';

const road = way.drawRoad(seededRandom(2), 600, 0.03);

test('a straight road goes straight, and a road’s heading is the sum of its bends', () => {
  const straight = way.drawRoad(seededRandom(2), 100, 0);
  assert.ok(straight.ys.every((y) => y === 0));
  assert.equal(straight.xs[50], 50);
  const turned = road.bends.slice(0, 200).reduce((a, b) => a + b);
  assert.ok(Math.abs(road.headings[200]! - turned) < 1e-9);
  assert.ok(road.bends.every((bend) => Math.abs(bend) <= 0.03));
});

test('a car put aside has that offset, and its camera sees the line on the other side', () => {
  const car = way.carAt(road, 100);
  car.x -= Math.sin(car.heading) * 1.2;
  car.y += Math.cos(car.heading) * 1.2;
  assert.ok(Math.abs(way.offsetOf(road, car) - 1.2) < 1e-9);
  const near = way.look(road, car).slice(0, way.WIDTH);
  assert.ok(near.indexOf(Math.max(...near)) > way.WIDTH / 2);
});

test('the teacher stays in the middle without wind, and comes back after every gust', () => {
  const calm = way.drive(road, seededRandom(1), 0);
  assert.equal(calm.departures, 0);
  assert.ok(calm.offset < 0.01, String(calm.offset));
  const pushed = way.drive(road, seededRandom(1), 1.5);
  assert.equal(pushed.departures, 0);
  assert.ok(pushed.offset > 0.1 && pushed.offset < 0.5);
  assert.equal(pushed.looks.length, 600);
});

test('who never steers leaves the lane', () => {
  assert.ok(way.drive(road, seededRandom(1), 0, () => 0).departures > 3);
});

test('the driver outside of the tensor library steers as the tensors say', async () => {
  const random = seededRandom(4);
  const [W1, W2] = [
    tf.tensor2d(random.normals(way.PIXELS * 5), [way.PIXELS, 5]),
    tf.tensor2d(random.normals(5), [5, 1]),
  ];
  const [b1, b2] = [tf.tensor1d(random.normals(5)), tf.tensor1d([0.3])];
  const seen = way.look(road, way.carAt(road, 60));
  const out = tf.tensor2d([seen]).matMul(W1).add(b1).tanh().matMul(W2).add(b2);
  const driver = way.driverOf(await Promise.all([W1, b1, W2, b2].map((w) => w.data())));
  const expected = (await out.data())[0]! * way.FULL_STEERING;
  assert.ok(Math.abs(driver(seen) - expected) < 1e-5);
});
