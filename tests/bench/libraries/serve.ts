/** The worker side of the bench: opens a library on a backend, trains what it is told to, and times it. */
import type { BenchWorkload } from '../../../src/contract/bench.ts';
import type { BackendName } from '../../../src/contract/example.ts';
import type { Inputs, Session, Workload } from '../workloads/workload.ts';
import { WORKLOADS } from '../workloads/all.ts';

/** A library as the bench sees it. */
export interface Library {
  /** Starts the backend. @throws Error with the library's own words when it can't. */
  open(backend: BackendName): Promise<{ readonly threads?: number }>;
  /** Rejects, too, when the library can't train this. */
  train(workload: Workload, inputs: Inputs): Session | Promise<Session>;
}

/** A question to the worker. `seconds`: no step begins later than that, but the first few may. */
export type Question =
  | { readonly ask: 'open'; readonly workload: BenchWorkload; readonly backend: BackendName }
  | { readonly ask: 'losses'; readonly steps: number; readonly seconds: number }
  | { readonly ask: 'run'; readonly steps: number }
  | { readonly ask: 'close' };

export interface Opened {
  readonly threads?: number;
}
export interface Losses {
  /** Of each step, from the first on, before that step's update. */
  readonly losses: readonly number[];
  /** Seconds of each, the read of the loss included. */
  readonly seconds: readonly number[];
  /** Dispatches and submits of the last step, its read included; of no meaning off webgpu. */
  readonly dispatches: number;
  readonly submits: number;
}
export interface Run {
  /** From before the first step to the loss of the last. */
  readonly seconds: number;
  readonly loss: number;
}

/** An update is seen in the loss after it: fewer losses than this compare little. Slow libraries get this much longer. */
const LEAST_LOSSES = 3;
const LATE = 5;

const counts = { dispatches: 0, submits: 0 };

/** Counts what every library does alike: what goes to the GPU. */
function countGpuCalls(): void {
  if (typeof GPUComputePassEncoder === 'undefined') return;
  const pass = GPUComputePassEncoder.prototype;
  for (const name of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect'] as const) {
    const original = Reflect.get(pass, name) as (...args: unknown[]) => undefined;
    pass[name] = function (this: GPUComputePassEncoder, ...args: unknown[]) {
      counts.dispatches++;
      return original.apply(this, args);
    };
  }
  const queue = GPUQueue.prototype;
  const original = Reflect.get(queue, 'submit') as unknown as (
    this: GPUQueue,
    buffers: Iterable<GPUCommandBuffer>,
  ) => undefined;
  queue.submit = function (this: GPUQueue, buffers) {
    counts.submits++;
    return original.call(this, buffers);
  };
}

const host = {
  load: async (path: string): Promise<ArrayBuffer> => {
    const response = await fetch(`/datasets/${path}`);
    if (!response.ok) throw new Error(`datasets/${path}: HTTP ${response.status}`);
    return response.arrayBuffer();
  },
};

/** Answers questions for as long as the worker lives. */
export function serve(library: Library): void {
  countGpuCalls();
  let session: Session | undefined;
  const running = (): Session => {
    if (!session) throw new Error('nothing is open');
    return session;
  };
  const answer = async (question: Question): Promise<Opened | Losses | Run | undefined> => {
    switch (question.ask) {
      case 'open': {
        const opened = await library.open(question.backend);
        const workload = WORKLOADS[question.workload];
        session = await library.train(workload, await workload.inputs(host));
        return opened;
      }
      case 'losses': {
        const losses: number[] = [];
        const seconds: number[] = [];
        const start = performance.now();
        const one = { dispatches: 0, submits: 0 };
        do {
          const before = performance.now();
          const { dispatches, submits } = counts;
          running().step();
          losses.push(await running().loss());
          one.dispatches = counts.dispatches - dispatches;
          one.submits = counts.submits - submits;
          seconds.push((performance.now() - before) / 1000);
        } while (
          losses.length < question.steps &&
          performance.now() - start <
            1000 * question.seconds * (losses.length < LEAST_LOSSES ? LATE : 1)
        );
        return { losses, seconds, ...one };
      }
      case 'run': {
        const start = performance.now();
        for (let step = 0; step < question.steps; step++) running().step();
        const loss = await running().loss();
        return { seconds: (performance.now() - start) / 1000, loss };
      }
      case 'close':
        session?.free();
        session = undefined;
        return undefined;
    }
  };
  self.addEventListener('message', ({ data }: MessageEvent<{ id: number; question: Question }>) => {
    answer(data.question).then(
      (value) => self.postMessage({ id: data.id, value }),
      (error: unknown) =>
        self.postMessage({
          id: data.id,
          error: error instanceof Error ? error.message : String(error),
        }),
    );
  });
  self.postMessage({ id: 0 });
}
