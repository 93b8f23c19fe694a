import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FileError,
  readCheckpoint,
  writeCheckpoint,
} from '../../src/components/run-example/checkpoint-file.ts';
import type { Checkpoint } from '../../src/contract/checkpoint.ts';
import { zh } from '../../src/i18n/zh.ts';

const moment = {
  shape: [2, 2],
  dtype: 'float32',
  values: Float32Array.of(1, -0, 1e-45, 3e38),
} as const;
const checkpoint: Checkpoint = {
  ...{ example: 'digits', version: 'v1', params: { rate: 0.1, name: '甲', on: true }, seed: 7 },
  ...{ backend: 'webgpu', step: 2, steps: 9, ms: 1.5, date: 1e12, views: [] },
  variables: [
    { shape: [20_000], dtype: 'float32', values: new Float32Array(20_000).map(Math.sin) },
    { shape: [], dtype: 'int32', values: Int32Array.of(-5) },
    { shape: [3], dtype: 'bool', values: Uint8Array.of(1, 0, 1) },
  ],
  optimizers: [
    {
      ...{ kind: 'Adam', numbers: { iterations_: 2, learningRate: 0.1 } },
      ...{
        variables: { accBeta1: { ...moment, shape: [4] } },
        slots: { first: [moment], empty: [] },
      },
    },
  ],
  states: [{ best: Infinity, worst: -Infinity, none: NaN }, [Float32Array.of(0.1), [1, 2]]],
  metrics: { loss: Float64Array.of(0.1, NaN), accuracy: Float64Array.of(1 / 3, 1) },
};
const text = writeCheckpoint(checkpoint);

test('a checkpoint comes back from its file to the last bit', () => {
  const read = readCheckpoint(text, 'digits', 'v1');
  assert.deepStrictEqual(read, checkpoint);
  assert.ok(Object.is(read.optimizers[0]?.slots['first']?.[0]?.values[1], -0));
});

test('pictures are not in the file', () => {
  const views = [{ kind: 'text', title: '<b>', text: '' }] as const;
  assert.deepEqual(
    readCheckpoint(writeCheckpoint({ ...checkpoint, views }), 'digits', 'v1').views,
    [],
  );
});

/** The file with one value changed. */
const changed = (path: readonly (string | number)[], value: unknown): string => {
  const data = JSON.parse(text) as Record<string, unknown>;
  let at = data;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[path.at(-1) as string] = value;
  return JSON.stringify(data);
};

test('a file that cannot be used is refused with a sentence that says why', () => {
  const refused = (file: string, words: string, example = 'digits', version = 'v1') =>
    assert.throws(() => readCheckpoint(file, example, version), new FileError(words));
  for (const file of ['', 'x', 'null', '[]', '{}', '"a"', text.slice(0, -9)]) {
    refused(file, zh.file.unreadable);
  }
  refused(changed(['file'], 'another/1'), zh.file.unreadable);
  refused(text, zh.file.other('digits'), 'two-moons');
  refused(text, zh.file.old, 'digits', 'v2');
  const damages: readonly (readonly [(string | number)[], unknown])[] = [
    [['step'], -1],
    [['step'], 3], // two values of each metric
    [['steps'], 'many'],
    [['seed'], 1.5],
    [['backend'], 'abacus'],
    [['params', 'rate'], {}],
    [['variables'], {}],
    [['variables', 0, 'shape'], [19_999]],
    [['variables', 0, 'values', 'base64'], ''],
    [['variables', 0, 'values', 'array'], 'Float64Array'],
    [['variables', 1, 'dtype'], 'constructor'],
    [['optimizers', 0, 'slots', 'first', 0], null],
    [['optimizers', 0, 'numbers', 'learningRate'], '0.1'],
    [['optimizers', 0, 'variables'], []],
    [['states', 0], 'x'],
    [
      ['metrics', 'loss'],
      [1, 2],
    ],
  ];
  for (const [path, value] of damages) refused(changed(path, value), zh.file.damaged);
  refused(changed(['variables', 0, 'values', 'base64'], '***'), zh.file.unreadable);
  refused(changed(['variables', 0, 'values', 'base64'], 'AAA='), zh.file.unreadable);
});
