/** The simulated house: its physics against small steps, and what two rules cost. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as house from '../../src/datasets/house.ts';
import { seededRandom } from '../../src/datasets/random.ts';

describe('the house', () => {
  it('cools and warms as many small steps of its differential equation say', () => {
    for (const [inside, outside, power] of [
      [20, -5, 0],
      [14, 3, 10],
      [18, 0, 3.6],
    ] as const) {
      let slow = inside as number;
      for (let i = 0; i < 200_000; i++) {
        slow += (2 / 200_000) * ((outside - slow) / 15 + power / 3);
      }
      assert.ok(Math.abs(slow - house.warm(inside, outside, power, 2)) < 1e-4);
    }
  });

  it('uses just the energy that holds a temperature, and no more than 10 kW', () => {
    const held = house.liveHour(20, 2, 20);
    assert.ok(Math.abs(held.inside - 20) < 1e-9);
    assert.ok(Math.abs(held.energy - (3 / 15) * 18) < 1e-9, 'loss times difference');
    assert.equal(held.cold, 0);
    assert.equal(house.liveHour(10, -10, 21).energy, 10);
    assert.equal(house.liveHour(22, 5, 20).energy, 0);
  });

  it('is cold by the degrees and hours that are missing', () => {
    const { cold, inside } = house.liveHour(18, 18, 18);
    assert.ok(Math.abs(inside - 18) < 1e-9 && Math.abs(cold - 2) < 1e-6);
  });

  it('gives every moment a number below the count of states', () => {
    for (const inside of [-20, 8, 19.6, 40]) {
      for (const outside of [-30, -5, 0, 12.9, 40]) {
        const state = house.stateOf({ slot: 23, inside, outside });
        assert.ok(Number.isInteger(state) && state >= 0 && state < house.STATES);
      }
    }
  });

  it('is warmest outside in the afternoon, and a schedule saves energy without cold', () => {
    const random = seededRandom(3);
    const days = Array.from({ length: 20 }, () => house.drawDay(random));
    assert.equal(days[0]?.indexOf(Math.max(...days[0])), 14);
    const constant = house.live(days, house.RULES.constant);
    const schedule = house.live(days, house.RULES.schedule);
    assert.ok(schedule.energy < 0.97 * constant.energy && schedule.cold < 1);
    assert.equal(constant.cold, 0);
  });
});
