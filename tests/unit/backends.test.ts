import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackendName } from '../../src/contract/example.ts';
import type { BackendReport, RunEvent } from '../../src/contract/protocol.ts';
import {
  Measurements,
  Meter,
  sizeKey,
  type Store,
} from '../../src/components/run-example/measurements.ts';
import { chooseBackends, SMALL_STEP_MS } from '../../src/engine/backends/choose.ts';

const report = (backend: BackendName, change: Partial<BackendReport> = {}): BackendReport => ({
  backend,
  usable: true,
  adapter: '',
  software: false,
  problem: '',
  ...change,
});
const desktop = [report('webgpu'), report('webgl'), report('wasm'), report('cpu')];
const noWebgpu = [report('webgpu', { usable: false, problem: 'no-webgpu' }), ...desktop.slice(1)];
const emulated = [
  report('webgpu', { software: true }),
  report('webgl', { software: true }),
  ...desktop.slice(2),
];
const order = (...args: Parameters<typeof chooseBackends>): string =>
  chooseBackends(...args)
    .order.map((entry) => entry.backend)
    .join(' ');

test('auto takes a real webgpu, then webgl, then wasm, then cpu', () => {
  assert.equal(order(desktop, { backend: 'auto' }), 'webgpu webgl wasm cpu');
});

test('auto passes over GPUs that are emulated in software', () => {
  assert.equal(order(emulated, { backend: 'auto' }), 'wasm cpu');
});

test('a backend asked for by name comes first, even an emulated one', () => {
  assert.equal(order(emulated, { backend: 'webgpu' }), 'webgpu wasm cpu');
  assert.equal(order(desktop, { backend: 'cpu' }), 'cpu webgpu webgl wasm');
});

test('missing webgpu is told, and the next backend is used', () => {
  const { order: used, notices } = chooseBackends(noWebgpu, { backend: 'auto' });
  assert.equal(used[0]?.backend, 'webgl');
  assert.deepEqual(notices, [{ backend: 'webgpu', problem: 'no-webgpu', detail: '' }]);
});

test('a backend that the example excludes is passed over with the reason of the example', () => {
  const choice = chooseBackends(desktop, { backend: 'wasm' }, { wasm: '没有卷积的梯度' });
  assert.equal(choice.order[0]?.backend, 'webgpu');
  assert.deepEqual(choice.notices, [
    { backend: 'wasm', problem: 'excluded', detail: '没有卷积的梯度' },
  ]);
});

test('a backend whose device was lost is not tried again in that run', () => {
  const choice = chooseBackends(desktop, { backend: 'auto', avoid: ['webgpu'] });
  assert.equal(choice.order[0]?.backend, 'webgl');
  assert.equal(choice.notices[0]?.problem, 'device-lost');
});

const small = { backend: 'auto', stepMs: SMALL_STEP_MS / 2 } as const;
const large = { backend: 'auto', stepMs: SMALL_STEP_MS * 2 } as const;
const measured = (rates: Partial<Record<BackendName, number>>, adapter = '') => ({
  measured: Object.fromEntries(
    Object.entries(rates).map(([backend, stepsPerSecond]) => [
      backend,
      { stepsPerSecond, adapter },
    ]),
  ),
});

test('a small model goes to wasm even where a GPU is, a large one to webgpu', () => {
  assert.equal(order(desktop, small), 'wasm webgpu webgl cpu');
  assert.equal(order(desktop, large), 'webgpu webgl wasm cpu');
});

test('where wasm is missing a small model goes to the GPU', () => {
  const noWasm = desktop.map((entry) =>
    entry.backend === 'wasm' ? report('wasm', { usable: false, problem: 'no-wasm' }) : entry,
  );
  assert.equal(order(noWasm, small), 'webgpu webgl cpu');
});

test('a small model does not complain about missing webgpu, which it would not use', () => {
  assert.deepEqual(chooseBackends(noWebgpu, small).notices, []);
  assert.equal(chooseBackends(noWebgpu, { ...small, backend: 'webgpu' }).notices.length, 1);
});

test('what was measured to be fastest comes first, whatever the rule says', () => {
  assert.equal(
    order(desktop, { ...large, ...measured({ webgpu: 90, wasm: 120 }) }).slice(0, 11),
    'wasm webgpu',
  );
  assert.equal(
    order(desktop, { ...small, ...measured({ webgpu: 500, wasm: 120 }) }).slice(0, 11),
    'webgpu wasm',
  );
});

test('the backend that the rule prefers is tried once before another measured one is preferred', () => {
  assert.equal(
    order(desktop, { ...large, ...measured({ wasm: 120, cpu: 30 }) }),
    'webgpu wasm cpu webgl',
  );
  assert.equal(order(desktop, { ...small, ...measured({ cpu: 30 }) }), 'wasm cpu webgpu webgl');
});

test('a measurement on another adapter does not count', () => {
  assert.equal(
    order(desktop, { ...large, ...measured({ webgpu: 1, wasm: 120 }, 'other') }),
    'webgpu webgl wasm cpu',
  );
});

test('an emulated GPU is used by auto only where it was measured to be faster', () => {
  assert.equal(
    order(emulated, { ...large, ...measured({ webgpu: 9, wasm: 4 }) }),
    'webgpu wasm cpu',
  );
  assert.equal(
    order(emulated, { ...large, ...measured({ webgpu: 2, wasm: 4 }) }),
    'wasm webgpu cpu',
  );
  assert.equal(order(emulated, { ...large, ...measured({ webgpu: 9 }) }), 'wasm webgpu cpu');
});

test('an explicit choice wins over every measurement', () => {
  const request = { backend: 'cpu', ...measured({ webgpu: 900, wasm: 1200, cpu: 1 }) } as const;
  assert.equal(order(desktop, request), 'cpu wasm webgpu webgl');
});

test('a measured backend that the example excludes or that was lost is not used', () => {
  const speeds = measured({ webgpu: 900, wasm: 120 });
  assert.equal(order(desktop, { ...small, ...speeds }, { webgpu: '不行' }), 'wasm webgl cpu');
  assert.equal(order(desktop, { ...small, ...speeds, avoid: ['webgpu'] }), 'wasm webgl cpu');
});

const batch = (first: number, count: number, ms: number): RunEvent => ({
  type: 'steps',
  first,
  steps: Array.from({ length: count }, () => ({ loss: 1 })),
  ms,
  stepsPerSecond: 0,
});

test('a speed is measured after the warm-up only', () => {
  const meter = new Meter();
  for (const event of [batch(1, 1, 4000), batch(2, 2, 4200)]) meter.receive(event);
  assert.equal(meter.rate, undefined);
  meter.receive(batch(4, 50, 4700));
  assert.equal(meter.rate, 100);
});

test('too few or too short a measurement does not count', () => {
  const meter = new Meter();
  for (const event of [batch(1, 1, 10), batch(2, 2, 30)]) meter.receive(event);
  meter.receive(batch(4, 4, 3000));
  assert.equal(meter.rate, undefined, 'four steps');
  const short = new Meter();
  for (const event of [batch(1, 1, 10), batch(2, 2, 30)]) short.receive(event);
  short.receive(batch(4, 20, 60));
  assert.equal(short.rate, undefined, '20 steps in 30 ms');
});

test('single steps are not measured, and a pause does not count', () => {
  const meter = new Meter();
  for (let step = 1; step <= 60; step++) {
    meter.receive(batch(step, 1, step * 20));
    meter.receive({ type: 'paused' });
  }
  assert.equal(meter.rate, undefined);
  meter.receive({ type: 'resumed' });
  meter.receive(batch(61, 1, 9000));
  meter.receive(batch(62, 100, 9500));
  assert.equal(meter.rate, 200);
});

/** A storage that may be full or hold anything. */
function storage(text: string | null = null): Store & { text: string | null } {
  return {
    text,
    getItem() {
      return this.text;
    },
    setItem(_key, value) {
      this.text = value;
    },
    removeItem() {
      this.text = null;
    },
  };
}

test('measurements are kept by example, size and backend, and can be forgotten', () => {
  const store = storage();
  const kept = new Measurements(store);
  kept.keep('digits', 'hidden=64', 'wasm', { stepsPerSecond: 1240.4321, adapter: '' });
  kept.keep('digits', 'hidden=64', 'webgpu', { stepsPerSecond: 812, adapter: 'x' });
  kept.keep('digits', 'hidden=64', 'wasm', { stepsPerSecond: 1300, adapter: '' });
  kept.keep('digits', 'hidden=8', 'wasm', { stepsPerSecond: 5000, adapter: '' });
  kept.keep('moons', '', 'cpu', { stepsPerSecond: 3, adapter: '' });
  assert.deepEqual(new Measurements(store).of('digits', 'hidden=64'), {
    wasm: { stepsPerSecond: 1300, adapter: '' },
    webgpu: { stepsPerSecond: 812, adapter: 'x' },
  });
  kept.forget('digits');
  assert.deepEqual(kept.of('digits', 'hidden=8'), {});
  assert.deepEqual(Object.keys(kept.of('moons', '')), ['cpu']);
  kept.forget('moons');
  assert.equal(store.text, null);
});

test('corrupted measurements are passed over, whole ones beside them stay', () => {
  const good = ['digits', '', 'wasm', 12, ''];
  const bad = [
    null,
    [],
    ['digits', '', 'quantum', 12, ''],
    ['digits', '', 'cpu', -1, ''],
    ['digits', '', 'cpu', '12', ''],
    ['digits', '', 'cpu', 1e999, ''],
    ['digits', '', 'cpu', 12],
  ];
  const mixed = new Measurements(storage(JSON.stringify([...bad, good])));
  assert.deepEqual(mixed.of('digits', ''), { wasm: { stepsPerSecond: 12, adapter: '' } });
  for (const text of ['{', '{"a":1}', '7', '']) {
    assert.deepEqual(new Measurements(storage(text)).of('digits', ''), {});
  }
});

test('measurements stay few, and a full or blocked storage stops nothing', () => {
  const store = storage();
  const kept = new Measurements(store);
  for (let n = 0; n < 300; n++) kept.keep(`e${n}`, '', 'wasm', { stepsPerSecond: 1, adapter: '' });
  assert.equal((JSON.parse(store.text ?? '') as unknown[]).length, 200);
  assert.deepEqual(kept.of('e0', ''), {});
  assert.ok(kept.of('e299', '').wasm);
  const refuse = (): never => {
    throw new Error('QuotaExceededError');
  };
  const full = new Measurements({ getItem: refuse, setItem: refuse, removeItem: refuse });
  full.keep('digits', '', 'wasm', { stepsPerSecond: 1, adapter: '' });
  assert.deepEqual(full.of('digits', ''), {});
  assert.deepEqual(new Measurements(undefined).of('digits', ''), {});
});

test('sizes and choices decide which measurement is meant; rates and steps do not', () => {
  const specs = {
    learningRate: { kind: 'number', label: '学习率', default: 1, min: 0, max: 1, step: 0.1 },
    steps: { kind: 'number', label: '步数', default: 9, min: 1, max: 9, step: 1 },
    hidden: { kind: 'number', label: '隐藏单元', default: 8, min: 1, max: 64, step: 1 },
    method: { kind: 'choice', label: '方法', default: 'gd', options: { gd: '全部', sgd: '小批' } },
    shuffle: { kind: 'toggle', label: '打乱', default: true },
  } as const;
  const key = (change: object): string =>
    sizeKey(specs, {
      learningRate: 1,
      steps: 9,
      hidden: 8,
      method: 'gd',
      shuffle: true,
      ...change,
    });
  assert.equal(key({ learningRate: 0.5, steps: 3 }), key({}));
  for (const change of [{ hidden: 9 }, { method: 'sgd' }, { shuffle: false }]) {
    assert.notEqual(key(change), key({}));
  }
});
