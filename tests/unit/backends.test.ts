import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackendName } from '../../src/contract/example.ts';
import type { BackendReport } from '../../src/contract/protocol.ts';
import { chooseBackends } from '../../src/engine/backends/choose.ts';

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
