/**
 * The page's only door to training: one worker, made at the first run, told by typed messages. Knows no example and
 * no tensor library.
 */
import type { Checkpoint } from '../contract/checkpoint.ts';
import type { BackendName, ProbeInput } from '../contract/example.ts';
import type {
  BackendReport,
  CheckpointRefusal,
  Command,
  MemoryReport,
  PrepareRequest,
  RunErrorCode,
  RunEvent,
  RunRequest,
  WorkerMessage,
} from '../contract/protocol.ts';
import type { View } from '../contract/view.ts';

/** How long a polite stop may take, in ms, before the worker is terminated. */
const STOP_MS = 2000;
/** How long the end of a run waits for its checkpoint to be kept, in ms. */
const KEEP_MS = 1000;

/** Failures of a GPU after which another backend may still run the example. */
const RESTARTABLE: readonly RunErrorCode[] = ['device-lost', 'gpu-error'];

/** A worker made ready before it is wanted: one for a page, taken by the first run that needs a worker. */
let spare: Worker | undefined;

const startWorker = (): Worker =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

function takeWorker(): Worker {
  const worker = spare ?? startWorker();
  spare = undefined;
  return worker;
}

/** Fetches and starts what a run would need, in a worker that the next run without one takes. */
export function prepareRun(request: PrepareRequest): void {
  if (!spare) {
    const worker = startWorker();
    spare = worker;
    worker.addEventListener('error', () => {
      if (spare === worker) spare = undefined;
    });
    addEventListener('pagehide', () => dropSpare(worker), { once: true });
  }
  const command: Command = { type: 'prepare', request };
  spare.postMessage(command);
}

function dropSpare(worker: Worker): void {
  if (spare !== worker) return;
  spare = undefined;
  worker.terminate();
}

/** Values pushed from outside, pulled in order by one reader. */
class Queue<T> {
  readonly #items: T[] = [];
  #wake: () => void = () => undefined;
  push(item: T): void {
    this.#items.push(item);
    this.#wake();
  }
  async next(): Promise<T> {
    while (this.#items.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#items.shift() as T;
  }
  /** What has been pushed and not pulled. */
  rest(): T[] {
    return this.#items.splice(0);
  }
}

/** A probe that the model refused; the message is a sentence for the reader. */
export class RefusedInput extends Error {
  override name = 'RefusedInput';
}

interface Pending {
  readonly resolve: (message: WorkerMessage) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs examples in a worker of its own. One run at a time; a new run ends the one before.
 * `run()` yields until `run-end` or `run-error`; leaving its loop early stops the run.
 */
export class TrainingWorker {
  readonly #start: () => Worker;
  #worker: Worker | undefined;
  #run = 0;
  #request = 0;
  #events: Queue<RunEvent> | undefined;
  #backend: BackendName | undefined;
  #step = 0;
  #ms = 0;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;
  #checkpoint: Checkpoint | undefined;
  /** The checkpoint being kept, if any. */
  #keeping: Promise<void> = Promise.resolve();
  /** What the reader has been told. */
  readonly #refusals = new Set<CheckpointRefusal>();
  readonly #pending = new Map<number, Pending>();

  /** @param start makes the worker; only tests pass their own. */
  constructor(start: () => Worker = takeWorker) {
    this.#start = start;
  }

  #ready(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) =>
      this.#receive(data),
    );
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#lose({
        type: 'run-error',
        code: 'worker-error',
        message: event.message ?? '',
      });
    });
    this.#worker = worker;
    return worker;
  }

  /** The newest checkpoint of the last run: a crash or a lost GPU leaves it. */
  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint;
  }

  /** Forgets the last checkpoint of an example, in memory and in the browser's storage. */
  async forget(example: string): Promise<void> {
    this.#checkpoint = undefined;
    const { forgetCheckpoint } = await import('./checkpoints.ts');
    await this.#keeping;
    await forgetCheckpoint(example);
  }

  /** Writes a checkpoint to the browser's storage beside the run; what fails is told once. */
  async #keep(checkpoint: Checkpoint): Promise<void> {
    if (this.#refusals.has('storage-blocked')) return;
    const events = this.#events;
    const { keepCheckpoint } = await import('./checkpoints.ts');
    const because = await keepCheckpoint(checkpoint);
    if (because === undefined) {
      events?.push({ type: 'checkpoint-kept', step: checkpoint.step });
    } else if (!this.#refusals.has(because)) {
      this.#refusals.add(because);
      events?.push({ type: 'checkpoint-refused', because });
    }
  }

  #receive(message: WorkerMessage): void {
    switch (message.type) {
      case 'checkpoint': {
        if (message.run !== this.#run) return;
        const { checkpoint } = message;
        this.#checkpoint = checkpoint;
        if (checkpoint.version === '') return;
        this.#keeping = this.#keeping
          .then(async () => this.#keep(checkpoint))
          .catch(() => undefined);
        return;
      }
      case 'event':
        if (message.run === this.#run) this.#events?.push(message.event);
        return;
      case 'probe-end':
        this.#pending.get(message.probe)?.resolve(message);
        this.#pending.delete(message.probe);
        return;
      case 'backends':
      case 'memory':
        this.#pending.get(message.run)?.resolve(message);
        this.#pending.delete(message.run);
    }
  }

  /** The worker is of no more use; the run it had ends with this event. */
  #lose(last: RunEvent): void {
    this.#kill();
    this.#events?.push(last);
  }

  #kill(): void {
    clearTimeout(this.#stopTimer);
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(new Error('worker terminated'));
    this.#pending.clear();
  }

  /** What a run is told when its worker ends before it does. */
  #stopped(): RunEvent {
    return {
      type: 'run-end',
      reason: 'stopped',
      steps: this.#step,
      ms: this.#ms,
      leakedTensors: 0,
    };
  }

  #send(command: Command): void {
    this.#ready().postMessage(command);
  }

  /**
   * Trains. When a GPU is lost in mid-run the same run goes on from its last checkpoint on the next backend, announced
   * by `restarted`.
   */
  async *run(request: RunRequest): AsyncGenerator<RunEvent, void> {
    let wanted = request;
    const avoid = new Set(request.avoid);
    this.#checkpoint = request.from;
    let ended = false;
    try {
      for (;;) {
        this.#begin(wanted);
        const events = this.#events as Queue<RunEvent>;
        let again = false;
        while (!again) {
          const event = await events.next();
          if (event.type === 'backend-ready') this.#backend = event.backend;
          if (event.type === 'steps') {
            this.#step = event.first + event.steps.length - 1;
            this.#ms = event.ms;
          }
          if (event.type === 'run-error' && this.#canRestart(event.code)) {
            const lost = this.#backend as BackendName;
            avoid.add(lost);
            this.#kill();
            const from = this.#checkpoint;
            wanted = {
              ...request,
              backend: 'auto',
              avoid: [...avoid],
              single: false,
              ...(from && { from }),
            };
            const fromStep = from?.step ?? 0;
            yield { type: 'restarted', because: event.code, lost, atStep: this.#step, fromStep };
            again = true;
            continue;
          }
          ended = event.type === 'run-end' || event.type === 'run-error';
          if (ended) clearTimeout(this.#stopTimer);
          // A GPU that has failed gives no more right numbers: the next run gets a fresh worker.
          if (event.type === 'run-error' && event.code !== 'diverged') this.#kill();
          if (event.type === 'run-end') {
            const late = new Promise((resolve) => setTimeout(resolve, KEEP_MS));
            await Promise.race([this.#keeping, late]);
            yield* events.rest();
          }
          yield event;
          if (ended) return;
        }
      }
    } finally {
      if (!ended) this.stop();
    }
  }

  #begin(request: RunRequest): void {
    clearTimeout(this.#stopTimer);
    this.#events = new Queue();
    this.#backend = undefined;
    this.#step = 0;
    this.#ms = 0;
    this.#run++;
    this.#send({ type: 'run', run: this.#run, request });
  }

  #canRestart(code: RunErrorCode): boolean {
    const onGpu = this.#backend === 'webgpu' || this.#backend === 'webgl';
    return onGpu && RESTARTABLE.includes(code);
  }

  pause(): void {
    if (this.#worker) this.#send({ type: 'pause', run: this.#run });
  }
  resume(): void {
    if (this.#worker) this.#send({ type: 'resume', run: this.#run });
  }
  /** Takes one step and pauses; a running run is paused by it. */
  step(): void {
    if (this.#worker) this.#send({ type: 'step', run: this.#run });
  }
  /** Politely first; after 2 s without an end the worker is terminated and the run counts as stopped. */
  stop(): void {
    if (!this.#worker) return;
    this.#send({ type: 'stop', run: this.#run });
    clearTimeout(this.#stopTimer);
    this.#stopTimer = setTimeout(() => this.#lose(this.#stopped()), STOP_MS);
  }

  async #ask(number: number, command: Command): Promise<WorkerMessage> {
    return new Promise((resolve, reject) => {
      this.#pending.set(number, { resolve, reject });
      this.#send(command);
    });
  }

  /** Uses the model of the last run. @throws RefusedInput with a sentence for the reader. */
  async probe(input: ProbeInput): Promise<readonly View[]> {
    const number = ++this.#request;
    const answer = await this.#ask(number, { type: 'probe', run: this.#run, probe: number, input });
    if (answer.type !== 'probe-end' || !answer.views) {
      throw new RefusedInput((answer.type === 'probe-end' ? answer.refusal : undefined) ?? '');
    }
    return answer.views;
  }

  /** Which backends this machine has. */
  async survey(): Promise<readonly BackendReport[]> {
    const number = ++this.#request;
    const answer = await this.#ask(number, { type: 'survey', run: number });
    return answer.type === 'backends' ? answer.backends : [];
  }

  /** What the worker's backend holds; `undefined` before a backend is started. */
  async memory(): Promise<MemoryReport | undefined> {
    const number = ++this.#request;
    const answer = await this.#ask(number, { type: 'memory', run: number });
    return answer.type === 'memory' ? answer.memory : undefined;
  }

  /** Ends the worker at once and frees its GPU; a run in progress ends as stopped, the next one starts a fresh worker. */
  terminate(): void {
    this.#lose(this.#stopped());
  }
}
