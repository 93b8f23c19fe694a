import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Checkpoint } from '../../src/contract/checkpoint.ts';
import type { Command, RunEvent, WorkerMessage } from '../../src/contract/protocol.ts';
import { findRun, loadCheckpoint } from '../../src/engine/checkpoints.ts';
import { RefusedInput, TrainingWorker } from '../../src/engine/client.ts';

/** A worker whose answers the test writes. */
class FakeWorker extends EventTarget {
  terminated = false;
  readonly heard: Command[] = [];
  readonly #answer: (worker: FakeWorker, command: Command) => void;
  constructor(answer: (worker: FakeWorker, command: Command) => void) {
    super();
    this.#answer = answer;
  }
  postMessage(command: Command): void {
    this.heard.push(command);
    queueMicrotask(() => this.#answer(this, command));
  }
  say(message: WorkerMessage): void {
    if (!this.terminated) this.dispatchEvent(new MessageEvent('message', { data: message }));
  }
  tell(run: number, event: RunEvent): void {
    this.say({ type: 'event', run, event });
  }
  terminate(): void {
    this.terminated = true;
  }
}

const request = { example: 'bowl', params: {}, seed: 1, backend: 'auto' } as const;
const end = { type: 'run-end', reason: 'completed', steps: 1, ms: 1, leakedTensors: 0 } as const;
const steps = {
  type: 'steps',
  first: 1,
  steps: [{ loss: 1 }, { loss: 0 }],
  ms: 5,
  stepsPerSecond: 0,
} as const;
const ready = {
  type: 'backend-ready',
  backend: 'webgpu',
  adapter: 'x',
  software: false,
  notices: [],
} as const;

function client(answer: (worker: FakeWorker, command: Command) => void) {
  const workers: FakeWorker[] = [];
  const training = new TrainingWorker(() => {
    const worker = new FakeWorker(answer);
    workers.push(worker);
    return worker as unknown as Worker;
  });
  return { training, workers };
}

const types = (events: readonly RunEvent[]): string => events.map((event) => event.type).join(' ');

test('no worker is made before the first run, and two runs share one', async () => {
  const { training, workers } = client((worker, command) => {
    if (command.type === 'run') worker.tell(command.run, end);
  });
  assert.equal(workers.length, 0);
  for (let run = 1; run <= 2; run++)
    assert.equal(types(await Array.fromAsync(training.run(request))), 'run-end');
  assert.equal(workers.length, 1);
});

test('events of an older run are ignored', async () => {
  const { training } = client((worker, command) => {
    if (command.type !== 'run') return;
    worker.tell(command.run - 1, steps);
    worker.tell(command.run, end);
  });
  assert.equal(types(await Array.fromAsync(training.run(request))), 'run-end');
});

test('a lost device starts the same run again elsewhere, in a fresh worker, and says so', async () => {
  const { training, workers } = client((worker, command) => {
    if (command.type !== 'run') return;
    if (command.request.avoid?.includes('webgpu')) {
      worker.tell(command.run, { ...ready, backend: 'wasm' });
      worker.tell(command.run, end);
      return;
    }
    worker.tell(command.run, ready);
    worker.tell(command.run, steps);
    worker.tell(command.run, { type: 'run-error', code: 'device-lost', message: 'destroyed' });
  });
  const events = await Array.fromAsync(training.run({ ...request, backend: 'webgpu' }));
  assert.equal(types(events), 'backend-ready steps restarted backend-ready run-end');
  const restarted = events[2];
  assert.ok(restarted?.type === 'restarted');
  assert.deepEqual([restarted.lost, restarted.atStep, restarted.fromStep], ['webgpu', 2, 0]);
  assert.deepEqual(
    workers.map((worker) => worker.terminated),
    [true, false],
  );
});

test('out of memory ends the run and its worker without a restart', async () => {
  const { training, workers } = client((worker, command) => {
    if (command.type !== 'run') return;
    worker.tell(command.run, ready);
    worker.tell(command.run, { type: 'run-error', code: 'out-of-memory', message: '' });
  });
  assert.equal(types(await Array.fromAsync(training.run(request))), 'backend-ready run-error');
  assert.equal(workers[0]?.terminated, true);
});

test('a worker that crashes ends the run with its message', async () => {
  const { training } = client((worker) => {
    worker.dispatchEvent(Object.assign(new Event('error'), { message: 'boom' }));
  });
  const [event] = await Array.fromAsync(training.run(request));
  assert.ok(event?.type === 'run-error');
  assert.deepEqual([event.code, event.message], ['worker-error', 'boom']);
});

test('a stop that is not obeyed within two seconds terminates the worker', async (context: TestContext) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { training, workers } = client((worker, command) => {
    if (command.type === 'run') worker.tell(command.run, steps);
  });
  const events: RunEvent[] = [];
  for await (const event of training.run(request)) {
    events.push(event);
    if (event.type === 'steps') {
      training.stop();
      context.mock.timers.tick(1999);
      assert.equal(workers[0]?.terminated, false);
      context.mock.timers.tick(1);
    }
  }
  const last = events.at(-1);
  assert.ok(last?.type === 'run-end' && last.reason === 'stopped' && last.steps === 2);
  assert.equal(workers[0]?.terminated, true);
});

test('leaving the loop early asks the worker to stop', async () => {
  const { training, workers } = client((worker, command) => {
    if (command.type === 'run') worker.tell(command.run, steps);
  });
  for await (const event of training.run(request)) if (event.type === 'steps') break;
  assert.deepEqual(
    workers[0]?.heard.map((command) => command.type),
    ['run', 'stop'],
  );
  training.terminate();
});

test('terminate ends a run in progress as stopped', async () => {
  const { training } = client((worker, command) => {
    if (command.type === 'run') worker.tell(command.run, ready);
  });
  const events: RunEvent[] = [];
  for await (const event of training.run(request)) {
    events.push(event);
    if (event.type === 'backend-ready') training.terminate();
  }
  assert.equal(types(events), 'backend-ready run-end');
});

test('a refused probe rejects with the sentence of the model', async () => {
  const { training } = client((worker, command) => {
    if (command.type === 'probe') {
      worker.say({
        type: 'probe-end',
        run: command.run,
        probe: command.probe,
        refusal: '请写几个字',
      });
    }
  });
  await assert.rejects(training.probe({ kind: 'text', text: '' }), new RefusedInput('请写几个字'));
});

const checkpoint = (step: number, version = 'v'): Checkpoint => ({
  ...{ example: 'bowl', version, date: 1, params: {}, seed: 1, backend: 'webgpu' },
  ...{ step, steps: 9, ms: 5, variables: [], optimizers: [], states: [], views: [] },
  metrics: { loss: Float64Array.of(1) },
});

test('a lost device goes on from the last checkpoint, and a crash leaves it', async () => {
  const { training, workers } = client((worker, command) => {
    if (command.type !== 'run') return;
    if (command.request.from) {
      worker.tell(command.run, { ...ready, backend: 'wasm' });
      worker.dispatchEvent(Object.assign(new Event('error'), { message: 'boom' }));
      return;
    }
    worker.tell(command.run, ready);
    for (const step of [1, 2]) {
      worker.say({ type: 'checkpoint', run: command.run, checkpoint: checkpoint(step, '') });
    }
    worker.say({ type: 'checkpoint', run: command.run - 1, checkpoint: checkpoint(7, '') });
    worker.tell(command.run, { type: 'run-error', code: 'device-lost', message: 'destroyed' });
  });
  const events = await Array.fromAsync(training.run(request));
  assert.equal(types(events), 'backend-ready restarted backend-ready run-error');
  const restarted = events[1];
  assert.ok(restarted?.type === 'restarted' && restarted.fromStep === 2);
  const again = workers[1]?.heard[0];
  assert.ok(again?.type === 'run');
  assert.deepEqual(again.request.from, checkpoint(2, ''));
  assert.equal(training.checkpoint?.step, 2);
  // Without a version it was for this page only.
  assert.equal(await findRun('bowl'), undefined);
});

test('a new run forgets the checkpoint of the one before, one that goes on keeps it', async () => {
  const { training } = client((worker, command) => {
    if (command.type === 'run') worker.tell(command.run, end);
  });
  await Array.fromAsync(training.run({ ...request, from: checkpoint(4) }));
  assert.equal(training.checkpoint?.step, 4);
  await Array.fromAsync(training.run(request));
  assert.equal(training.checkpoint, undefined);
});

test('checkpoints of a run with a version are kept before its end is told, and can be forgotten', async () => {
  const { training } = client((worker, command) => {
    if (command.type !== 'run') return;
    worker.say({ type: 'checkpoint', run: command.run, checkpoint: checkpoint(3) });
    worker.say({ type: 'checkpoint', run: command.run, checkpoint: checkpoint(5) });
    worker.tell(command.run, end);
  });
  const events = await Array.fromAsync(training.run({ ...request, version: 'v' }));
  assert.equal(types(events), 'checkpoint-kept checkpoint-kept run-end');
  assert.deepEqual(await loadCheckpoint('bowl'), checkpoint(5));
  await training.forget('bowl');
  assert.equal(training.checkpoint, undefined);
  assert.equal(await findRun('bowl'), undefined);
});

test('storage that is blocked is told once, and the run goes on', async () => {
  const { training } = client((worker, command) => {
    if (command.type !== 'run') return;
    for (const step of [3, 5]) {
      worker.say({ type: 'checkpoint', run: command.run, checkpoint: checkpoint(step) });
    }
    worker.tell(command.run, end);
  });
  const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put') ?? {};
  Object.assign(IDBObjectStore.prototype, {
    put: () => {
      throw new DOMException('denied', 'UnknownError');
    },
  });
  try {
    const run = { ...request, version: 'v' };
    const events = await Array.fromAsync(training.run(run));
    assert.equal(types(events), 'checkpoint-refused run-end');
    assert.ok(events[0]?.type === 'checkpoint-refused' && events[0].because === 'storage-blocked');
    assert.equal(training.checkpoint?.step, 5);
    assert.equal(types(await Array.fromAsync(training.run(run))), 'run-end');
  } finally {
    Object.defineProperty(IDBObjectStore.prototype, 'put', put);
  }
});

test('the worker is asked what memory it holds', async () => {
  const memory = {
    backend: 'wasm',
    tensors: 3,
    bytes: 12,
    gpuBytes: undefined,
    heapBytes: 1e6,
    heapTop: 1e5,
  } as const;
  const { training } = client((worker, command) => {
    if (command.type === 'memory') worker.say({ type: 'memory', run: command.run, memory });
  });
  assert.deepEqual(await training.memory(), memory);
});
