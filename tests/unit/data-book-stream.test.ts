/** The book as a stream of characters, and the small transformer against the same sums done with plain numbers. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { RunContext } from '../../src/contract/example.ts';
import { defaultParams, type ParamValues } from '../../src/contract/params.ts';
import { countCharacters, lastRowView, pieces, unroll } from '../../src/datasets/book-stream.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import transformer from '../../src/examples/tiny-transformer.ts';
import { host, useBackend } from './node-host.ts';

describe('pieces', () => {
  const next = [5, 6, 2, 7, 8, 2, 9];
  const windows = { contexts: [[0], [5], [6], [0], [7], [8], [0]], next };

  it('cuts the stream at every stride and keeps what follows each character beside it', () => {
    assert.deepEqual(pieces(windows, 3, 3), {
      inputs: [
        [0, 5, 6],
        [0, 7, 8],
      ],
      answers: [
        [5, 6, 2],
        [7, 8, 2],
      ],
    });
    assert.equal(pieces(windows, 3, 1).inputs.length, 5);
    assert.deepEqual(pieces(windows, 8, 1), { inputs: [], answers: [] });
  });

  it('gives back the windows when it is unrolled', () => {
    const again = unroll(pieces(windows, 7, 7));
    assert.deepEqual(again, windows);
  });
});

describe('countCharacters', () => {
  it('counts what can be counted by hand', () => {
    assert.deepEqual(countCharacters(['aaaab', 'aabcd']), {
      characters: 10,
      distinct: 4,
      once: 2,
      cover: [1, 3, 4],
    });
  });

  it('needs no more characters for a smaller share', () => {
    const random = seededRandom(4);
    const text = Array.from({ length: 500 }, () =>
      String.fromCodePoint(0x4e00 + Math.floor(60 * random.uniform() ** 3)),
    ).join('');
    const { cover, distinct } = countCharacters([text]);
    assert.ok(cover[0] <= cover[1] && cover[1] <= cover[2] && cover[2] <= distinct);
    const counts = [...new Set(text)].map((char) => text.split(char).length - 1);
    const most = counts.sort((a, b) => b - a).slice(0, cover[1]);
    const sum = (list: number[]): number => list.reduce((total, one) => total + one, 0);
    assert.ok(sum(most) >= 450 && sum(most.slice(0, -1)) < 450);
  });
});

it('the last row of a head is the last character’s', () => {
  const view = lastRowView('看谁', ['甲', '乙'], [1, 0, 0.25, 0.75]);
  assert.deepEqual(
    view.tokens.map(({ value }) => value),
    [0.25, 0.75],
  );
});

describe('the small transformer', () => {
  const params = {
    ...defaultParams(transformer.params),
    ...{ width: 16, blocks: 2, context: 8, characters: 5000 },
  } as ParamValues<typeof transformer.params>;
  const run: RunContext<typeof transformer.params> = {
    ...{ params, seed: 3, signal: new AbortController().signal, done: 0 },
    state: (initial) => initial,
    own: (thing) => thing,
    load: (path) => host.load(path),
  };
  type Data = Awaited<ReturnType<typeof transformer.data>>;
  type Model = Awaited<ReturnType<typeof transformer.model>>;
  let data: Data;
  let model: Model;

  before(async () => {
    await useBackend(transformer);
    data = await transformer.data(run);
    model = await transformer.model(run, data);
    // Weights as they may be after training: no gain is 1, no residual branch small.
    const random = seededRandom(8);
    for (const w of model.all) {
      w.assign(w.add(tf.tensor(random.normals(w.size, 0.3), w.shape)));
    }
  });
  after(() => tf.disposeVariables());

  it('gives the logits that plain numbers give, layer norm, heads, mask and all', async () => {
    const text = [0, 7, 30, 4, 4, 11];
    const names = ['Q', 'K', 'V', 'O', 'U', 'D', 'before', 'between'];
    const arrays = await Promise.all(model.all.map(async (w) => (await w.array()) as number[][]));
    const [E = [], P = []] = arrays;
    const layers = [0, 1].map((n) =>
      Object.fromEntries(names.map((name, i) => [name, arrays[2 + 8 * n + i]!])),
    );
    const [last, H, b] = arrays.slice(-3) as unknown as [number[], number[][], number[]];
    const dot = (x: number[], y: number[]) => x.reduce((sum, one, i) => sum + one * y[i]!, 0);
    const times = (x: number[], W: number[][]) =>
      W[0]!.map((_, j) => x.reduce((sum, one, i) => sum + one * W[i]![j]!, 0));
    const plus = (x: number[], y: number[]) => x.map((one, i) => one + y[i]!);
    const norm = (x: number[], gain: number[]) => {
      const mean = x.reduce((sum, one) => sum + one, 0) / x.length;
      const variance = x.reduce((sum, one) => sum + (one - mean) ** 2, 0) / x.length;
      return x.map((one, i) => (gain[i]! * (one - mean)) / Math.sqrt(variance + 1e-5));
    };
    let h = text.map((char, i) => plus(E[char]!, P[i]!));
    for (const { Q, K, V, O, U, D, before: first, between } of layers as Record<string, never>[]) {
      const x = h.map((row) => norm(row, first!));
      const mixed = x.map((row, i) =>
        [0, 1].flatMap((head) => {
          const part = (y: number[]) => y.slice(8 * head, 8 * head + 8);
          const seen = x.slice(0, i + 1);
          const q = part(times(row, Q!));
          const e = seen.map((k) => Math.exp(dot(q, part(times(k, K!))) / Math.sqrt(8)));
          const total = e.reduce((sum, one) => sum + one, 0);
          const values = seen.map((v) => part(times(v, V!)));
          return values[0]!.map((_, j) =>
            values.reduce((sum, v, k) => sum + (e[k]! / total) * v[j]!, 0),
          );
        }),
      );
      h = h.map((row, i) => plus(row, times(mixed[i]!, O!)));
      h = h.map((row) => {
        const inner = times(norm(row, between!), U!).map((one) => Math.max(0, one));
        return plus(row, times(inner, D!));
      });
    }
    const expected = h.map((row) => plus(times(norm(row, last), H), b));
    const found = (await model.forward(tf.tensor2d([text])).logits.array()) as number[][];
    for (const [i, row] of expected.entries()) {
      for (const [j, value] of row.entries()) {
        assert.ok(Math.abs(value - found[i]![j]!) < 1e-3 * (1 + Math.abs(value)), `${i}, ${j}`);
      }
    }
  });

  it('never lets a later character change what was said of an earlier one', async () => {
    const text = [0, 7, 30, 4, 4, 11, 20, 9];
    const all = (x: number[]) => model.forward(tf.tensor2d([x])).logits.array();
    const [before, changed] = [await all(text), await all([...text.slice(0, 5), 40, 3, 50])];
    const [a, b] = [before as number[][], changed as number[][]];
    for (let i = 0; i < 5; i++) assert.deepEqual(a[i], b[i], `place ${i}`);
    assert.notDeepEqual(a[5], b[5]);
  });

  it('looks only back, and each row of weights sums to 1', async () => {
    const { looks } = model.forward(tf.tensor2d([[0, 7, 30, 4]]));
    const rows = ((await looks.array()) as number[][][][])[0]!;
    for (const row of rows.flatMap((head) => head)) {
      assert.ok(Math.abs(row.reduce((sum, one) => sum + one, 0) - 1) < 1e-5);
    }
    assert.ok(rows.every((head) => head.every((row, i) => row.every((p, j) => j <= i || p === 0))));
  });

  it('has as many weights as the formula says', () => {
    const [V, d, T, N] = [data.vocabulary.length, params.width, params.context, params.blocks];
    assert.equal(model.size, 2 * V * d + V + T * d + d + N * (12 * d * d + 2 * d));
  });

  it('begins near the counts of characters, so its first loss is no worse than guessing by them', async () => {
    const fresh = await transformer.model(run, data);
    const p = fresh.forward(tf.tensor2d([[0, 7]])).logits.softmax();
    const first = (await p.array()) as number[][];
    const away = first[0]!.map((one, i) => Math.abs(Math.log(one / data.unigram[i]!)));
    assert.ok(Math.max(...away) < 0.5);
  });
});
