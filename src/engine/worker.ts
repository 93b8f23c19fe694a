/** The training worker's entry: takes commands, starts a backend, runs one example at a time, answers probes. */
import { InputError } from '../contract/example.ts';
import type {
  Command,
  PrepareRequest,
  RunErrorCode,
  RunEvent,
  RunRequest,
  WorkerMessage,
} from '../contract/protocol.ts';
import { startBackend, type GpuFault } from './backends/start.ts';
import { surveyBackends } from './backends/survey.ts';
import { exampleIds, loadExample } from './registry.ts';
import { RunControl, Training, type RunHost } from './runner.ts';

const post = (message: WorkerMessage): void => self.postMessage(message);

interface Active {
  readonly run: number;
  readonly control: RunControl;
  training?: Training;
  /** A fault or an error was told: nothing more is said of this run. */
  ended: boolean;
}
let active: Active | undefined;

const tell = (to: Active, event: RunEvent): void => {
  if (to.ended) return;
  if (event.type === 'run-end' || event.type === 'run-error') to.ended = true;
  post({ type: 'event', run: to.run, event });
};

const fail = (to: Active, code: RunErrorCode, message: string): void =>
  tell(to, { type: 'run-error', code, message });

const files = new Map<string, ArrayBuffer>();

/** Fetches datasets from the site itself, once per worker, and tells the page how much has come. */
const hostFor = (to: Active): RunHost => ({
  load: async (path) => {
    const known = files.get(path);
    if (known) return known.slice(0);
    const address = `${import.meta.env.BASE_URL.replace(/\/?$/, '/')}datasets/${path}`;
    const response = await fetch(address).catch((error: unknown) => {
      throw new Error(`datasets/${path}: ${String(error)}`);
    });
    if (!response.ok) throw new Error(`datasets/${path}: HTTP ${response.status}`);
    const bytes = await response.arrayBuffer();
    tell(to, { type: 'phase', phase: 'download', bytes: bytes.byteLength });
    files.set(path, bytes);
    return bytes.slice(0);
  },
});

let preparing: Promise<unknown> = Promise.resolve();
/** A GPU that failed before any run began. */
let earlyFault: GpuFault | undefined;

const onFault = (fault: GpuFault): void => {
  if (!active) earlyFault = fault;
  else if (!active.ended) fail(active, fault.code, fault.message);
};

/** Fetches and starts what a run would need. A failure is told by the run itself, if it comes. */
async function prepare({ example: id, ...request }: PrepareRequest): Promise<void> {
  const example = await loadExample(id);
  if (example && !active) await startBackend(request, example, onFault);
}

async function begin(run: number, request: RunRequest): Promise<void> {
  const previous = active;
  const current: Active = { run, control: new RunControl(), ended: false };
  active = current;
  if (previous) {
    previous.ended = true;
    previous.control.stop();
    await previous.training?.free();
  }
  tell(current, { type: 'phase', phase: 'backend' });
  await preparing;
  const example = await loadExample(request.example).catch(() => undefined);
  if (!example) {
    fail(current, 'unknown-example', `${request.example}; ${exampleIds.join(', ')}`);
    return;
  }
  const started = await startBackend(request, example, onFault);
  if (!started) {
    fail(current, 'no-backend', '');
    return;
  }
  const { backend, adapter, software } = started.report;
  tell(current, { type: 'backend-ready', backend, adapter, software, notices: started.notices });
  if (earlyFault && (backend === 'webgpu' || backend === 'webgl')) return onFault(earlyFault);
  const training = new Training(example, request, hostFor(current), current.control);
  current.training = training;
  for await (const event of training.events()) {
    // A read that rejects because the GPU has gone comes before the news that it has gone.
    if (event.type === 'run-error' && event.code === 'example-error') {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    tell(current, event);
  }
}

async function probe(command: Extract<Command, { type: 'probe' }>): Promise<void> {
  const { run, probe: number, input } = command;
  try {
    const training = active?.run === run ? active.training : undefined;
    if (!training) throw new Error('no trained model to ask');
    post({ type: 'probe-end', run, probe: number, views: await training.probe(input) });
  } catch (error) {
    const sentence =
      error instanceof InputError ? error.message : `这次用不了模型：${String(error)}`;
    post({ type: 'probe-end', run, probe: number, refusal: sentence });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<Command>) => {
  switch (data.type) {
    case 'run':
      void begin(data.run, data.request).catch((error: unknown) => {
        if (active?.run === data.run) fail(active, 'worker-error', String(error));
      });
      return;
    case 'prepare':
      preparing = prepare(data.request).catch(() => undefined);
      return;
    case 'survey':
      void surveyBackends().then((backends) => post({ type: 'backends', run: data.run, backends }));
      return;
    case 'probe':
      void probe(data);
      return;
    case 'pause':
    case 'resume':
    case 'step':
    case 'stop':
      if (active?.run === data.run) active.control[data.type]();
  }
});
