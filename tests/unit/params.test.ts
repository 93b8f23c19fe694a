import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allowedValues,
  defaultParams,
  fitParams,
  type ParamSpecs,
} from '../../src/contract/params.ts';

const specs = {
  rate: {
    kind: 'number',
    label: '学习率',
    default: 0.1,
    min: 0.001,
    max: 1,
    step: 0.001,
    scale: 'log',
  },
  hidden: { kind: 'number', label: '单元数', default: 8, min: 2, max: 64, step: 2 },
  loss: {
    kind: 'choice',
    label: '损失',
    default: 'mse',
    options: { mse: '均方误差', ce: '交叉熵' },
  },
  shuffle: { kind: 'toggle', label: '打乱', default: true },
} as const satisfies ParamSpecs;

const fit = (raw: Record<string, unknown>) => fitParams(specs, raw);

test('missing parameters take their defaults, and nothing is told', () => {
  assert.deepEqual(fit({}), { values: defaultParams(specs), changes: [] });
});

test('values from a link arrive as text and are read as what they are', () => {
  const { values, changes } = fit({ rate: '0.05', hidden: '16', loss: 'ce', shuffle: 'false' });
  assert.deepEqual(values, { rate: 0.05, hidden: 16, loss: 'ce', shuffle: false });
  assert.deepEqual(changes, []);
});

test('numbers out of bounds move to the nearest bound, and the reader can be told which and what is allowed', () => {
  const { values, changes } = fit({ rate: '-3', hidden: 1000 });
  assert.deepEqual([values.rate, values.hidden], [0.001, 64]);
  assert.deepEqual(changes, [
    { param: 'rate', label: '学习率', from: '-3', to: 0.001, allowed: '0.001 到 1' },
    { param: 'hidden', label: '单元数', from: '1000', to: 64, allowed: '2 到 64' },
  ]);
});

test('a number between two steps moves to the nearer one; on a log scale it stays', () => {
  assert.equal(fit({ hidden: 7.2 }).values.hidden, 8);
  assert.equal(fit({ rate: 0.01234 }).values.rate, 0.01234);
});

test('what is no number, no option and no truth value takes the default and is told', () => {
  for (const raw of [{ hidden: 'many' }, { hidden: '' }, { hidden: true }, { hidden: NaN }]) {
    const { values, changes } = fit(raw);
    assert.equal(values.hidden, 8);
    assert.equal(changes.length, 1, JSON.stringify(raw));
  }
  assert.equal(fit({ loss: 'hinge' }).changes[0]?.allowed, 'mse、ce');
  assert.equal(fit({ shuffle: 'maybe' }).values.shuffle, true);
  assert.equal(fit({ shuffle: 'maybe' }).changes.length, 1);
});

test('infinity is moved to a bound', () => {
  assert.equal(fit({ hidden: 'Infinity' }).values.hidden, 64);
});

test('a name that is no parameter is dropped and told with the names there are', () => {
  const { values, changes } = fit({ speed: 3, constructor: 1 });
  assert.deepEqual(Object.keys(values), Object.keys(specs));
  assert.deepEqual(
    changes.map(({ param, to }) => [param, to]),
    [
      ['speed', undefined],
      ['constructor', undefined],
    ],
  );
  assert.equal(changes[0]?.allowed, 'rate、hidden、loss、shuffle');
});

test('names of Object.prototype are no options', () => {
  assert.equal(fit({ loss: 'toString' }).values.loss, 'mse');
});

test('what a parameter allows is said in words', () => {
  assert.equal(allowedValues(specs.shuffle), 'true、false');
});
