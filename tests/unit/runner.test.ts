import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../../src/contract/example.ts';
import type { RunEvent } from '../../src/contract/protocol.ts';
import { RunControl, Training, errorCode } from '../../src/engine/runner.ts';
import { host, train, useBackend } from './node-host.ts';

/** Gradient descent on w²: w ← w(1 − 2α); diverges for α > 1. */
const bowl = defineExample({
  title: '碗',
  summary: '一个数沿梯度下降',
  techniques: ['optimizer'],
  params: {
    rate: {
      kind: 'number',
      label: '学习率',
      default: 0.1,
      min: 0.01,
      max: 1e20,
      step: 0.01,
      scale: 'log',
    },
    fault: {
      kind: 'choice',
      label: '故障',
      default: 'none',
      options: {
        none: '无',
        throw: '抛出',
        leak: '泄漏',
        keep: '不还',
        missing: '缺指标',
        memory: '内存',
      },
    },
  },
  metrics: {
    loss: { label: '损失', chart: '损失', better: 'lower' },
    weight: { label: '权重', chart: '权重', better: 'lower' },
  },
  data: () => ({ start: tf.scalar(3) }),
  model: (_run, { start }) => ({ w: tf.variable(start) }),
  length: () => 40,
  async *train(run, _data, { w }) {
    const optimizer = run.own(tf.train.sgd(run.params.rate));
    for (let step = 1; step <= 40; step++) {
      const loss = optimizer.minimize(() => w.square().asScalar(), true) as tf.Scalar;
      if (step === 5 && run.params.fault === 'throw') throw new Error('坏了');
      if (step === 5 && run.params.fault === 'memory')
        throw new RangeError('Array buffer allocation failed');
      if (run.params.fault === 'leak') tf.keep(tf.scalar(step));
      if (run.params.fault === 'keep' && step === 1) tf.keep(tf.scalar(step));
      const metrics = run.params.fault === 'missing' ? ({ loss } as never) : { loss, weight: step };
      yield {
        metrics,
        views: async () => [{ kind: 'text', title: 'w', text: String((await w.data())[0]) }],
      };
    }
  },
  probe: {
    input: { kind: 'text', label: '试', default: '', maxLength: 9 },
    infer: async (_run, _data, { w }, input) => {
      if (input.kind !== 'text' || input.text === '') throw new InputError('请写几个字');
      return [{ kind: 'text', title: 'w', text: String((await w.data())[0]) }];
    },
  },
  check: { steps: 40, expect: { loss: { atMost: 0.01 } } },
});

before(() => useBackend(bowl));

const last = (events: readonly RunEvent[], type: RunEvent['type']): RunEvent | undefined =>
  events.findLast((event) => event.type === type);

test('a run tells data, compile, train, every step once and its end, and frees everything', async () => {
  const { events, steps, end, leaked } = await train(bowl);
  assert.deepEqual(
    events.filter((event) => event.type === 'phase').map((event) => event.phase),
    ['data', 'compile', 'train'],
  );
  assert.equal(steps.length, 40);
  assert.deepEqual(
    steps.map((step) => step['weight']),
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  for (const [i, step] of steps.entries()) {
    const expected = (3 * 0.8 ** i) ** 2;
    assert.ok(Math.abs((step['loss'] ?? NaN) - expected) <= 1e-5 * expected, `step ${i + 1}`);
  }
  assert.equal(end?.type, 'run-end');
  assert.equal(end.reason, 'completed');
  assert.equal(end.leakedTensors, 0);
  assert.equal(leaked, 0);
  const batches = events.filter((event) => event.type === 'steps');
  assert.equal(batches[0]?.first, 1);
  assert.equal(batches.findLast((batch) => batch.views)?.views?.[0]?.kind, 'text');
});

test('the final picture shows the last weights, even when pictures were not due', async () => {
  const { events } = await train(bowl);
  const view = events.findLast((event) => event.type === 'steps' && event.views);
  assert.equal(view?.type, 'steps');
  const [text] = view.views ?? [];
  assert.ok(text?.kind === 'text');
  assert.ok(Math.abs(Number(text.text) - 3 * 0.8 ** 40) < 1e-6);
});

test('the same seed gives the same metrics twice', async () => {
  assert.deepEqual((await train(bowl)).steps, (await train(bowl)).steps);
});

test('a run ends after the requested number of steps', async () => {
  const { steps, end } = await train(bowl, { steps: 7 });
  assert.equal(steps.length, 7);
  assert.ok(end?.type === 'run-end' && end.reason === 'completed');
});

test('parameters out of bounds are fitted and named', async () => {
  const { events } = await train(bowl, { params: { rate: -5, wrong: 1 }, steps: 1 });
  const ready = last(events, 'data-ready');
  assert.ok(ready?.type === 'data-ready');
  assert.deepEqual(
    ready.changes.map((change) => [change.param, change.from, change.to]),
    [
      ['rate', '-5', 0.01],
      ['wrong', '1', undefined],
    ],
  );
});

test('a metric that is not finite ends the run as diverged, with its name and step', async () => {
  const { end, steps, leaked } = await train(bowl, { params: { rate: 1e10 } });
  assert.ok(end?.type === 'run-error');
  assert.equal(end.code, 'diverged');
  assert.equal(end.metric, 'loss');
  assert.equal(end.step, steps.length + 1);
  assert.ok(steps.every((step) => Number.isFinite(step['loss'])));
  assert.equal(leaked, 0);
});

test('an exception in an example ends the run with its message and frees everything', async () => {
  const { end, leaked } = await train(bowl, { params: { fault: 'throw' } });
  assert.ok(end?.type === 'run-error');
  assert.deepEqual([end.code, end.message], ['example-error', '坏了']);
  assert.equal(leaked, 0);
});

test('a failed allocation is told as out of memory', async () => {
  const { end } = await train(bowl, { params: { fault: 'memory' } });
  assert.ok(end?.type === 'run-error' && end.code === 'out-of-memory');
});

test('a step without one of its metrics is refused by name', async () => {
  const { end, leaked } = await train(bowl, { params: { fault: 'missing' } });
  assert.ok(end?.type === 'run-error');
  assert.match(end.message, /"weight"/);
  assert.equal(leaked, 0);
});

test('tensors that grow with the steps are counted as leaked', async () => {
  const { end } = await train(bowl, { params: { fault: 'leak' } });
  assert.ok(end?.type === 'run-end');
  assert.equal(end.leakedTensors, 38);
  const kept = await train(bowl, { params: { fault: 'keep' } });
  assert.equal(kept.leaked, 1);
});

test('a dataset that cannot be read ends the run as load-failed', async () => {
  const broken = {
    ...bowl,
    data: (run: { load(path: string): Promise<ArrayBuffer> }) => run.load('no/such.bin'),
  };
  const { end } = await train(broken);
  assert.ok(end?.type === 'run-error' && end.code === 'load-failed');
  assert.match(end.message, /such\.bin/);
});

test('pause holds the run, a single step takes one step, resume goes on, stop ends it', async () => {
  const control = new RunControl();
  const training = new Training(bowl, { params: {}, seed: 1 }, host, control);
  const log: string[] = [];
  let steps = 0;
  control.pause();
  for await (const event of training.events()) {
    if (event.type === 'steps') steps += event.steps.length;
    if (event.type === 'paused') {
      log.push(`paused at ${steps}`);
      if (steps < 2) setTimeout(() => control.step(), 5);
      else if (steps === 2) setTimeout(() => control.resume(), 5);
    }
    if (event.type === 'resumed') {
      log.push(`resumed at ${steps}`);
      control.stop();
    }
    if (event.type === 'run-end') log.push(`${event.reason} at ${event.steps}`);
  }
  assert.deepEqual(log, [
    'paused at 0',
    'paused at 1',
    'paused at 2',
    'resumed at 2',
    'stopped at 2',
  ]);
  assert.equal(await training.free(), 0);
});

test('stop works on a paused run', async () => {
  const control = new RunControl();
  control.pause();
  setTimeout(() => control.stop(), 5);
  const { end } = await train(bowl, {}, control);
  assert.ok(end?.type === 'run-end' && end.reason === 'stopped' && end.steps === 0);
});

test('messages get through while a run is busy', async () => {
  const control = new RunControl();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const slow = {
    ...bowl,
    async *train() {
      for (let step = 0; step < 40; step++) {
        const until = performance.now() + 10;
        while (performance.now() < until);
        yield { metrics: { loss: step, weight: step } };
      }
    },
  };
  await train(slow, {}, control);
  clearInterval(timer);
  assert.ok(ticks >= 4, `${ticks} ticks`);
});

test('a trained model answers until it is freed, and refuses with a sentence', async () => {
  const training = new Training(bowl, { params: {}, seed: 1 }, host);
  for await (const event of training.events()) void event;
  const [view] = await training.probe({ kind: 'text', text: '好' });
  assert.equal(view?.kind, 'text');
  await assert.rejects(training.probe({ kind: 'text', text: '' }), new InputError('请写几个字'));
  assert.equal(await training.free(), 0);
  await assert.rejects(training.probe({ kind: 'text', text: '好' }), /no trained model/);
});

test('errors are sorted into the codes the page has words for', () => {
  assert.equal(errorCode(new RangeError('Array buffer allocation failed')), 'out-of-memory');
  assert.equal(errorCode(new Error('The WebGPU device is lost')), 'device-lost');
  assert.equal(errorCode('x'), 'example-error');
});
