/** A shop's demand: its distribution, and the newsvendor's order against trying every order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as shop from '../../src/datasets/demand.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const PRICES = [
  { miss: 8, left: 2 },
  { miss: 5, left: 5 },
  { miss: 1, left: 9 },
  { miss: 50, left: 1 },
];

test('a Poisson draw has its rate as mean and as variance', () => {
  const random = seededRandom(3);
  for (const rate of [0.5, 7, 40]) {
    const draws = Array.from({ length: 20_000 }, () => shop.drawPoisson(random, rate));
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((sum, n) => sum + (n - mean) ** 2, 0) / draws.length;
    assert.ok(Math.abs(mean / rate - 1) < 0.03, `mean ${mean} of ${rate}`);
    assert.ok(Math.abs(variance / rate - 1) < 0.06, `variance ${variance} of ${rate}`);
  }
});

test('the chances of a day are those of its draws', () => {
  const random = seededRandom(5);
  for (const spread of [0, 0.25, 0.6]) {
    const chances = shop.demandChances(30, spread);
    assert.ok(Math.abs(chances.reduce((a, b) => a + b) - 1) < 1e-3);
    let [below, mean] = [0, 0];
    const draws = 40_000;
    for (let i = 0; i < draws; i++) {
      const shake = Math.exp(spread * random.normal() - spread ** 2 / 2);
      const demand = shop.drawPoisson(random, 30 * shake);
      if (demand <= 33) below += 1 / draws;
      mean += demand / draws;
    }
    const expected = chances.slice(0, 34).reduce((a, b) => a + b);
    assert.ok(Math.abs(below - expected) < 0.02, `${below} and ${expected}`);
    assert.ok(Math.abs(mean - 30) < 0.5);
    assert.ok(Math.abs(chances.reduce((sum, p, n) => sum + p * n, 0) - 30) < 0.6);
  }
});

test('no order is cheaper than the critical quantile', () => {
  for (const prices of PRICES) {
    for (const [mean, spread] of [
      [4, 0],
      [30, 0],
      [30, 0.25],
      [80, 0.6],
    ] as const) {
      const chances = shop.demandChances(mean, spread);
      const costs = chances.map((_, order) => shop.expectedCost(order, chances, prices));
      const best = shop.bestOrder(chances, prices);
      assert.ok(costs[best]! <= Math.min(...costs) + 1e-9, `${mean}, ${spread}: ${best}`);
    }
  }
});

test('a bill adds up', () => {
  const bill = shop.billOf([10, 10], [7, 12], { miss: 8, left: 2 });
  assert.deepEqual(bill, { cost: (3 * 2 + 2 * 8) / 2, short: 0.5, thrown: 1.5 });
});
