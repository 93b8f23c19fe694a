/** Holds the cost of an answer against counting a thousand questions one by one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import answerEconomics from '../../src/calculators/answer-economics.ts';
import { results } from './calculator-host.ts';

const near = (actual: number | undefined, expected: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-9, `${actual} ${expected}`);

test('the machine costs two operations a parameter and token, at the speed really reached', () => {
  // 14e9 · 1000 operations at 31.2e12 a second, 3.6 yuan an hour: a thousandth of a yuan a second.
  const inputs = { parameters: 70, tokens: 1000, utilisation: 10, price: 3.6, chip: 'a100' };
  near(results(answerEconomics, inputs)('machine'), (14e12 / 31.2e12) * 0.001);
});

test('a thousand questions counted one by one cost what the formula says', () => {
  const inputs = { answered: 60, right: 90, person: 2, wrong: 10, price: 0 };
  let money = 0;
  for (let question = 0; question < 1000; question++) {
    const answered = question < 600;
    const right = question % 10 < 9;
    if (!answered) money += 2;
    else if (!right) money += 10;
  }
  near(results(answerEconomics, inputs)('total'), money / 1000);
  near(results(answerEconomics, inputs)('saved'), 2 - money / 1000);
});

test('at the break-even accuracy nothing is saved, above it something', () => {
  for (const answered of [20, 60, 100]) {
    const needed = results(answerEconomics, { answered })('needed');
    near(results(answerEconomics, { answered, right: needed })('saved'), 0);
    assert.ok(results(answerEconomics, { answered, right: needed + 1 })('saved') > 0);
  }
});
