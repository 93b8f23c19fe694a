/** Every example that answers a reader does so, in pictures that can be drawn, and frees what it used. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { drawView, tableTwin } from '../../src/components/views/draw.ts';
import { loudest } from '../../src/components/run-example/probe-sound.ts';
import { middleOf, pixelsOf } from '../../src/components/run-example/probe-image.ts';
import { InputError, type InputSpec, type ProbeInput } from '../../src/contract/example.ts';
import { Training } from '../../src/engine/runner.ts';
import { exampleIds, host, loadExample, useBackend } from './node-host.ts';

/** What a reader might plausibly put in. */
function plausible(spec: InputSpec): ProbeInput {
  switch (spec.kind) {
    case 'numbers':
      return {
        kind: 'numbers',
        values: Object.fromEntries(
          Object.entries(spec.fields).map(([name, field]) => [name, field.default]),
        ),
      };
    case 'text':
      return { kind: 'text', text: spec.default };
    case 'drawing': {
      const { width, height } = spec;
      const cells = Array.from({ length: width * height }, (_, at) => [at % width, at / width]);
      const inked = cells.map(([x = 0, y = 0]) => Math.abs(x - width / 2) < 2 && y > 2);
      return { kind: 'drawing', pixels: inked.map(Number) };
    }
    case 'image': {
      const count = spec.width * spec.height * spec.channels;
      return { kind: 'image', pixels: Array.from({ length: count }, (_, at) => at / count) };
    }
    case 'sound': {
      const count = spec.seconds * spec.rate;
      const wave = (at: number): number => 0.3 * Math.sin((2 * Math.PI * 440 * at) / spec.rate);
      return { kind: 'sound', samples: Array.from({ length: count }, (_, at) => wave(at)) };
    }
    case 'points': {
      const { x, y, groups, least, most } = spec;
      const count = Math.min(most, Math.max(least, 4));
      const points = Array.from({ length: count }, (_, n) => ({
        x: x.min + ((n + 0.5) / count) * (x.max - x.min),
        y: y.min + (((n * 3) % count) / count) * (y.max - y.min),
        group: n % groups.length,
      }));
      return { kind: 'points', points };
    }
  }
}

const wanted = process.env['EXAMPLE'];
for (const id of exampleIds.filter((name) => wanted === undefined || name === wanted)) {
  const example = await loadExample(id);
  const { probe, check } = example;
  if (!probe) continue;
  test(`${id} answers a plausible input, refuses another kind in words, and frees what it used`, async () => {
    await useBackend(example);
    const before = tf.memory().numTensors;
    const request = { params: check.params ?? {}, seed: check.seed ?? 1, steps: 3 };
    const training = new Training(example, request, host);
    for await (const event of training.events()) void event;
    const alive = tf.memory().numTensors;
    const views = await training.probe(plausible(probe.input));
    assert.ok(views.length > 0);
    for (const view of views) {
      assert.doesNotMatch(drawView(view), /NaN|undefined|\[object/);
      tableTwin(view);
    }
    const other: ProbeInput =
      probe.input.kind === 'text'
        ? { kind: 'drawing', pixels: [] }
        : { kind: 'text', text: '你好' };
    await assert.rejects(training.probe(other), InputError);
    assert.equal(tf.memory().numTensors, alive, 'tensors left by the answers');
    await training.free();
    assert.equal(tf.memory().numTensors, before);
  });
}

test('a picture gives grey by its brightness, or red, green and blue in turn', () => {
  const rgba = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255];
  const grey = pixelsOf(rgba, 1);
  [0.299, 0.587, 0.114, 1].forEach((value, n) => {
    assert.ok(Math.abs((grey[n] ?? NaN) - value) < 1e-12);
  });
  assert.deepEqual(pixelsOf(rgba, 3), [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]);
});

test('of a picture the middle is kept, in the wanted proportions', () => {
  const square = { width: 8, height: 8 };
  assert.deepEqual(middleOf({ width: 400, height: 100 }, square), {
    ...{ x: 150, y: 0, width: 100, height: 100 },
  });
  assert.deepEqual(middleOf({ width: 30, height: 90 }, { width: 16, height: 8 }), {
    ...{ x: 0, y: 37.5, width: 30, height: 15 },
  });
});

test('of a sound the loudest stretch is kept; silence and clicks are refused', () => {
  const sound = new Float32Array(1000);
  sound.fill(0.5, 600, 700);
  const found = loudest(sound, 100);
  assert.ok(found && found.reduce((sum, value) => sum + value) > 45, 'most of the loud part');
  assert.equal(loudest(new Float32Array(1000), 100), undefined);
  assert.equal(loudest(Float32Array.of(1, -1, 1), 100), undefined);
  const short = loudest(
    Float32Array.from({ length: 50 }, () => 0.2),
    100,
  );
  assert.ok(short?.length === 100 && short[49] === Math.fround(0.2) && short[50] === 0);
});
