import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { Checkpoint, Snapshot } from '../../src/contract/checkpoint.ts';
import { defineExample, type AnyExample, type BackendName } from '../../src/contract/example.ts';
import type { RunEvent, StepMetrics } from '../../src/contract/protocol.ts';
import type { View } from '../../src/contract/view.ts';
import { batches, seededRandom } from '../../src/datasets/random.ts';
import { registerCpuKernels } from '../../src/engine/kernels/cpu/index.ts';
import {
  FusedAdagrad,
  FusedAdam,
  FusedMomentum,
  FusedRmsprop,
  FusedSgd,
} from '../../src/engine/kernels/fused/optimizers.ts';
import {
  RunControl,
  Training,
  type RunHost,
  type TrainingRequest,
} from '../../src/engine/runner.ts';
import { exampleIds, host, loadExample, train, useBackend } from './node-host.ts';

/** Steps before and after the checkpoint. */
const K = 3;
/** Where another part of the training begins later, steps before the checkpoint; on wasm only, with the first settings. */
const LATER: Readonly<Record<string, number>> = {
  distillation: 190,
  'lane-keeping': 37,
  pruning: 190,
  'transfer-learning': 155,
};

/** Pictures that show measured times, which no two runs share. */
const TIMED = ['batch-size', 'machine-speed'];
/** Settings that make something happen within the first steps. */
const EARLY: Readonly<Record<string, TrainingRequest['params']>> = { 'data-cleaning': { when: 2 } };

interface Result {
  readonly steps: readonly StepMetrics[];
  readonly views: readonly View[] | undefined;
  readonly end: RunEvent | undefined;
  /** Checkpoints in the order they came, each through structured clone as on its way to a page. */
  readonly kept: readonly Checkpoint[];
  readonly leaked: number;
}

/** Trains with a host that keeps checkpoints. */
async function run(
  example: AnyExample,
  request: Partial<TrainingRequest>,
  on: (event: RunEvent, control: RunControl) => void = () => undefined,
): Promise<Result> {
  const kept: Checkpoint[] = [];
  const keeping: RunHost = {
    ...host,
    keep: (snapshot: Snapshot) =>
      kept.push(structuredClone({ ...snapshot, example: 'x', version: 'v', date: 0 })),
  };
  const control = new RunControl();
  const training = new Training(example, { params: {}, seed: 1, ...request }, keeping, control);
  const events: RunEvent[] = [];
  for await (const event of training.events()) {
    events.push(event);
    on(event, control);
  }
  const batches = events.filter((event) => event.type === 'steps');
  return {
    steps: batches.flatMap((batch) => batch.steps),
    views: batches.findLast((batch) => batch.views)?.views,
    end: events.at(-1),
    kept,
    leaked: await training.free(),
  };
}

for (const backend of ['cpu', 'wasm'] as const satisfies BackendName[]) {
  for (const id of exampleIds) {
    test(`${id} on ${backend}, gone on from a checkpoint, comes to the same numbers and pictures`, async () => {
      const example = await loadExample(id);
      if (example.excludes?.[backend] !== undefined) return;
      await useBackend(example, backend);
      // Presets only where they are quick.
      const presets = backend === 'wasm' ? Object.values(example.presets ?? {}) : [];
      const cases = [{}, ...presets.map(({ params }) => params)].map((preset) => ({
        preset,
        k: K,
      }));
      const later = LATER[id];
      if (later !== undefined && backend === 'wasm') cases.push({ preset: {}, k: later });
      for (const { preset, k } of cases) {
        const params = { ...preset, ...EARLY[id] };
        const whole = await train(example, { params, steps: k + K });
        const steps = Math.min(k, whole.steps.length - 1);
        if (steps === 0) continue;
        const half = await run(example, { params, steps });
        const from = half.kept.at(-1);
        assert.ok(from, 'no checkpoint: does train make variables? They belong in model');
        assert.equal(from.step, steps);
        const rest = await run(example, { params, steps: k + K, from });
        assert.ok(rest.end?.type === 'run-end', JSON.stringify(rest.end));
        assert.deepEqual(rest.steps, whole.steps, JSON.stringify(params));
        const last = whole.events.findLast((event) => event.type === 'steps' && event.views);
        assert.ok(last?.type === 'steps');
        if (!TIMED.includes(id)) assert.deepEqual(rest.views, last.views);
        assert.deepEqual([half.leaked, rest.leaked], [0, 0], 'tensors left behind');
        assert.equal(rest.end.leakedTensors, 0, 'tensors that grow with the steps');
      }
    });
  }
}

const OPTIMIZERS: Readonly<Record<string, () => tf.Optimizer>> = {
  SGD: () => tf.train.sgd(0.1),
  Momentum: () => tf.train.momentum(0.1, 0.9, true),
  Adagrad: () => tf.train.adagrad(0.1),
  Adadelta: () => tf.train.adadelta(0.1),
  RMSProp: () => tf.train.rmsprop(0.1, 0.9, 0.5, 1e-7, true),
  Adam: () => tf.train.adam(0.1),
  Adamax: () => tf.train.adamax(0.1, 0.9, 0.99, 1e-7, 0.01),
  'fused SGD': () => new FusedSgd(0.1),
  'fused Momentum': () => new FusedMomentum(0.1, 0.9, true),
  'fused Adagrad': () => new FusedAdagrad(0.1),
  'fused RMSProp': () => new FusedRmsprop(0.1, 0.9, 0.5, 1e-7, true),
  'fused Adam': () => new FusedAdam(0.1, 0.9, 0.999),
};
registerCpuKernels();

/** A valley that is steep in one of two directions; the optimizer is made where `place` says. */
const valley = (make: () => tf.Optimizer, place: 'model' | 'train' = 'model') =>
  defineExample({
    title: '谷',
    summary: '两个数沿梯度下降。',
    techniques: ['optimizer'],
    params: {},
    metrics: {
      loss: { label: '损失', chart: '损失', better: 'lower' },
      best: { label: '最好', chart: '损失', better: 'lower' },
    },
    data: () => tf.tensor1d([1, 7]),
    model: (run) => ({
      w: tf.variable(tf.tensor1d([3, -2])),
      optimizer: place === 'model' ? run.own(make()) : undefined,
    }),
    length: () => 40,
    async *train(run, steepness, { w, optimizer: made }) {
      const optimizer = made ?? run.own(make());
      const seen = run.state({ best: Infinity });
      for (let step = run.done; step < 40; step++) {
        const cost = () => w.square().mul(steepness).sum().asScalar();
        const loss = optimizer.minimize(cost, true) as tf.Scalar;
        seen.best = Math.min(seen.best, (await loss.data())[0] as number);
        yield {
          metrics: { loss, best: seen.best },
          views: async () => [{ kind: 'text', title: 'w', text: String(await w.data()) }],
        };
      }
    },
    check: { steps: 40, expect: {} },
  });

for (const [kind, make] of Object.entries(OPTIMIZERS)) {
  for (const place of ['model', 'train'] as const) {
    // Momentum's scalar would die with the first step.
    if (/Momentum/.test(kind) && place === 'train') continue;
    test(`${kind}, made in ${place}, has its numbers and accumulators back to the last bit`, async () => {
      await tf.setBackend('cpu');
      const example = valley(make, place);
      const whole = await train(example);
      const { kept } = await run(example, { steps: 17 });
      assert.equal(kept[0]?.optimizers[0]?.kind, kind.replace('fused ', ''));
      const rest = await run(example, { from: kept[0] });
      assert.deepEqual(rest.steps, whole.steps);
      assert.equal(rest.leaked, 0);
    });
  }
}

const adam = valley(() => tf.train.adam(0.1));

test('the fused Adam goes on where its kernel is missing, and back', async () => {
  await tf.setBackend('cpu');
  const fused = valley(() => new FusedAdam(0.1, 0.9, 0.999));
  const whole = await train(fused);
  const first = await run(fused, { steps: 9 });
  await tf.setBackend('wasm');
  const ours = tf.getKernel('AdamUpdate', 'wasm');
  if (ours) tf.unregisterKernel('AdamUpdate', 'wasm');
  const second = await run(fused, { steps: 23, from: first.kept[0] as Checkpoint });
  if (ours) tf.registerKernel(ours);
  await tf.setBackend('cpu');
  const third = await run(fused, { from: second.kept[0] as Checkpoint });
  third.steps.forEach(({ loss = NaN }, i) => {
    const expected = whole.steps[i]?.['loss'] ?? NaN;
    assert.ok(Math.abs(loss - expected) <= 1e-4 * Math.max(1, expected), `step ${i + 1}`);
  });
  assert.equal(third.steps.length, 40);
});

test('a checkpoint before the first step of its optimizer goes on too', async () => {
  await tf.setBackend('cpu');
  const late = {
    ...adam,
    async *train(...args: Parameters<typeof adam.train>) {
      const [context, data, model] = args;
      if (context.done === 0) yield { metrics: { loss: 9, best: 9 } };
      yield* adam.train({ ...context, done: Math.max(0, context.done - 1) }, data, model);
    },
  };
  const whole = await train(late);
  const { kept } = await run(late, { steps: 1 });
  assert.deepEqual(kept[0]?.optimizers[0]?.slots['accumulatedFirstMoment'], []);
  const rest = await run(late, { from: kept[0] });
  assert.deepEqual(rest.steps, whole.steps);
});

test('checkpoints taken at pauses do not disturb the run, and each goes on to the same end', async () => {
  await tf.setBackend('wasm');
  const whole = await train(adam);
  const paused = await run(adam, {}, (event, control) => {
    if (event.type === 'steps' && event.first % 7 === 1) control.pause();
    if (event.type === 'paused') setTimeout(() => control.step(), 1);
    if (event.type === 'data-ready') control.pause();
  });
  assert.deepEqual(paused.steps, whole.steps);
  assert.deepEqual(
    paused.kept.map((checkpoint) => checkpoint.step),
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  for (const from of [paused.kept[0], paused.kept[20], paused.kept[39]]) {
    const rest = await run(adam, { from: from as Checkpoint });
    assert.deepEqual(rest.steps, whole.steps);
    assert.deepEqual(rest.views, paused.views);
    assert.ok(rest.end?.type === 'run-end' && rest.end.steps === 40);
  }
});

test('every five seconds of training there is one, taken beside the run and right', async (context) => {
  await tf.setBackend('cpu');
  const whole = await train(adam);
  // A clock that runs 300 ms at every look.
  let now = 0;
  context.mock.method(performance, 'now', () => (now += 300));
  const { kept, steps } = await run(adam, {});
  context.mock.restoreAll();
  assert.deepEqual(steps, whole.steps);
  assert.ok(kept.length > 3 && kept.length < 40, `${kept.length} checkpoints`);
  assert.equal(kept.at(-1)?.step, 40);
  for (const from of kept) {
    assert.deepEqual((await run(adam, { from })).steps, whole.steps, `from step ${from.step}`);
  }
});

test('a run that goes on may be stopped and go on again', async () => {
  await tf.setBackend('cpu');
  const whole = await train(adam);
  const first = await run(adam, { steps: 9 });
  const second = await run(adam, { steps: 23, from: first.kept[0] as Checkpoint });
  const third = await run(adam, { from: second.kept[0] as Checkpoint });
  assert.deepEqual(third.steps, whole.steps);
});

test('a checkpoint keeps its numbers while the run that it came from goes on', async () => {
  await tf.setBackend('cpu');
  const { kept } = await run(adam, { steps: 5 });
  const from = kept[0] as Checkpoint;
  const before = structuredClone(from);
  await run(adam, { from });
  assert.deepEqual(from, before);
});

test('a checkpoint of another model, or optimizer is refused by name', async () => {
  await tf.setBackend('cpu');
  const { kept } = await run(adam, { steps: 5 });
  const from = kept[0] as Checkpoint;
  const wrong: readonly [Checkpoint, RegExp][] = [
    [{ ...from, variables: [] }, /1 variables, saved were 0/],
    [
      { ...from, variables: [{ ...from.variables[0]!, shape: [1, 2] }] },
      /float32\[2\], saved was float32\[1, 2\]/,
    ],
    [{ ...from, optimizers: [] }, /optimizer Adam, saved was none/],
  ];
  for (const [checkpoint, words] of wrong) {
    const { end, leaked } = await run(adam, { from: checkpoint });
    assert.ok(end?.type === 'run-error' && end.code === 'checkpoint-mismatch');
    assert.match(end.message, words);
    assert.equal(leaked, 0);
  }
});

test('no checkpoint is made of a run whose train makes variables: they could not be restored', async () => {
  await tf.setBackend('cpu');
  const wrong = {
    ...adam,
    async *train(...args: Parameters<typeof adam.train>) {
      tf.variable(tf.scalar(1));
      yield* adam.train(...args);
    },
  };
  const { kept, end } = await run(wrong, { steps: 5 });
  assert.deepEqual([kept.length, end?.type], [0, 'run-end']);
});

test('a run that diverges leaves no checkpoint of numbers that are not finite', async () => {
  await tf.setBackend('cpu');
  const { kept, end } = await run(
    valley(() => tf.train.sgd(1e20)),
    {},
  );
  assert.ok(end?.type === 'run-error' && end.code === 'diverged');
  assert.deepEqual(kept, []);
});

test('batches after the first `done` are the same as without it', () => {
  for (const done of [0, 1, 3, 4, 9, 12]) {
    const all = [...batches(seededRandom(5), 10, 3, 3, 0)];
    assert.equal(all.length, 12);
    assert.deepEqual([...batches(seededRandom(5), 10, 3, 3, done)], all.slice(done));
  }
});

test('batches are each epoch a permutation of all rows, drawn as the examples drew them', () => {
  const random = seededRandom(8);
  const [first, second] = [random.permutation(10), random.permutation(10)];
  const all = [...batches(seededRandom(8), 10, 4, 2, 0)];
  assert.deepEqual(
    all.map((rows) => rows.length),
    [4, 4, 2, 4, 4, 2],
  );
  assert.deepEqual(all.flat(), [...first, ...second]);
});
