/** What the memory example shows and accepts, and its readers against plain sums and finite differences. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { RunContext } from '../../src/contract/example.ts';
import { defaultParams, type ParamValues } from '../../src/contract/params.ts';
import { leaningView, reachView, readDigits } from '../../src/datasets/memory.ts';
import memory from '../../src/examples/recurrent-memory.ts';
import { host, useBackend } from './node-host.ts';

describe('readDigits', () => {
  it('takes 2 to `most` digits, however they are set apart', () => {
    assert.deepEqual(readDigits(' 7 1,4，9、0 ', 5), [7, 1, 4, 9, 0]);
  });

  it('refuses other things', () => {
    for (const text of ['', '7', '1 2 3 4', '1 10', '1 -2', '1.5 2', 'a b']) {
      assert.equal(readDigits(text, 3), undefined, text);
    }
  });
});

it('a gradient of nought breaks the line, and the largest lean is 1', () => {
  assert.deepEqual(reachView([0, 2]).series[0]?.ys, [NaN, 2]);
  const { tokens } = leaningView('谁', [3, 4], [1, 4]);
  assert.deepEqual(
    tokens.map(({ value }) => value),
    [0.25, 1],
  );
});

describe('the readers', () => {
  type Params = ParamValues<typeof memory.params>;
  const made = async (params: Partial<Params>) => {
    const run: RunContext<typeof memory.params> = {
      params: { ...defaultParams(memory.params), units: 4, ...params },
      ...{ seed: 2, signal: new AbortController().signal, done: 0 },
      state: (initial) => initial,
      own: (thing) => thing,
      load: (path) => host.load(path),
    };
    return memory.model(run, await memory.data(run));
  };
  before(() => useBackend(memory));
  after(() => tf.disposeVariables());

  it('have as many weights as their formulas say: n and m numbers in, u in the state', async () => {
    const [n, m, u, T] = [10, 8, 4, 10];
    const cell = m * u + u * u + u;
    const formulas = { rnn: cell, lstm: 4 * cell, gru: 3 * cell, attention: 2 * m * u + T * m + u };
    for (const [reader, count] of Object.entries(formulas)) {
      const { variables } = await made({ reader: reader as Params['reader'] });
      const size = variables.reduce((sum, w) => sum + w.size, 0);
      assert.equal(size, n * m + 2 * u + count, reader);
    }
  });

  it('an LSTM gives what its equations give, one number at a time', async () => {
    const { variables, embed, answer } = await made({ reader: 'lstm', open: 2 });
    const [E, V, W, U, b] = (await Promise.all(variables.map((w) => w.array()))) as never as [
      ...[number[][], number[][], number[][], number[][]],
      number[],
    ];
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
    let [h, c] = [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    for (const digit of [7, 0, 3]) {
      const z = b.map(
        (bias, j) =>
          bias +
          E[digit]!.reduce((sum, x, i) => sum + x * W[i]![j]!, 0) +
          h.reduce((sum, x, i) => sum + x * U[i]![j]!, 0),
      );
      c = c.map((old, k) => sigmoid(z[k]!) * old + sigmoid(z[4 + k]!) * Math.tanh(z[12 + k]!));
      h = c.map((cell, k) => sigmoid(z[8 + k]!) * Math.tanh(cell));
    }
    const found = await answer(embed([[7, 0, 3]])).data();
    for (const j of [0, 1]) {
      const expected = h.reduce((sum, x, i) => sum + x * V[i]![j]!, 0);
      assert.ok(Math.abs(expected - found[j]!) < 1e-5);
    }
  });

  it('a wide open GRU keeps its state, so that reading moves it little', async () => {
    const spread = async (open: number): Promise<number> => {
      const { embed, answer } = await made({ reader: 'gru', open });
      const [few, many] = [
        await answer(embed([[7, 1]])).data(),
        await answer(embed([[7, 9]])).data(),
      ];
      return Math.abs(few[0]! - many[0]!);
    };
    assert.ok((await spread(6)) < (await spread(-1)) / 10);
  });

  it('attention sees all places alike: with no places learnt, order does not matter', async () => {
    const { variables, embed, answer } = await made({ reader: 'attention' });
    const places = variables.find(
      (w) => w.shape[0] === 10 && w.shape[1] === 8 && w !== variables[0],
    );
    places!.assign(tf.zeros([10, 8]));
    const [a, b] = [
      await answer(embed([[1, 2, 3]])).data(),
      await answer(embed([[3, 1, 2]])).data(),
    ];
    assert.ok(Math.abs(a[0]! - b[0]!) < 1e-5);
  });
});
