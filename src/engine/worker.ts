/** The training worker's entry: takes commands, starts a backend, runs one example at a time, answers probes. */
import * as tf from '@tensorflow/tfjs';
import type { Checkpoint, SavedTensor, Snapshot } from '../contract/checkpoint.ts';
import { InputError, type BackendName, type BroughtDataset } from '../contract/example.ts';
import type {
  Command,
  MemoryReport,
  PrepareRequest,
  RunErrorCode,
  RunEvent,
  RunRequest,
  WorkerMessage,
} from '../contract/protocol.ts';
import { startBackend, type GpuFault } from './backends/start.ts';
import { surveyBackends } from './backends/survey.ts';
import { exampleIds, loadExample } from './registry.ts';
import { FileWanted, RunControl, Training, type RunHost } from './runner.ts';

const post = (message: WorkerMessage, transfer: Transferable[] = []): void =>
  self.postMessage(message, { transfer });

/** How long the news that a GPU has gone may be behind the error it causes, in ms. */
const NEWS_MS = 1000;

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

/** The memory behind a snapshot: it moves to the page instead of being copied. */
function buffersOf({ variables, optimizers, metrics }: Snapshot): Transferable[] {
  const tensors: SavedTensor[] = [...variables];
  for (const { variables: own, slots } of optimizers) {
    tensors.push(...Object.values(own), ...Object.values(slots).flat());
  }
  return [...tensors.map(({ values }) => values), ...Object.values(metrics)].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
}

const files = new Map<string, ArrayBuffer>();

/** A host that answers a missing file with a page of its own has not got it either. */
const isMissing = ({ status, headers }: Response): boolean =>
  status === 404 || (headers.get('content-type') ?? '').startsWith('text/html');

/** Fetches datasets from the site itself, once per worker, and tells the page how much has come. */
const hostFor = (
  to: Active,
  { example, version = '' }: RunRequest,
  brings: BroughtDataset | undefined,
): RunHost => ({
  keep: (snapshot) => {
    if (to.ended) return;
    const checkpoint: Checkpoint = { ...snapshot, example, version, date: Date.now() };
    post({ type: 'checkpoint', run: to.run, checkpoint }, buffersOf(snapshot));
  },
  load: async (path) => {
    const [folder, name = ''] = path.split('/');
    const brought = brings !== undefined && folder === brings;
    // These files are large: they are read anew for each run rather than held.
    const own = brought ? await (await import('./reader-files.ts')).loadFile(path) : undefined;
    if (own) return own;
    const known = files.get(path);
    if (known) return known.slice(0);
    const address = `${import.meta.env.BASE_URL.replace(/\/?$/, '/')}datasets/${path}`;
    const response = await fetch(address).catch((error: unknown) => {
      throw new Error(`datasets/${path}: ${String(error)}`);
    });
    if (brought && isMissing(response)) throw new FileWanted(name);
    if (!response.ok) throw new Error(`datasets/${path}: HTTP ${response.status}`);
    const bytes = await response.arrayBuffer();
    tell(to, { type: 'phase', phase: 'download', bytes: bytes.byteLength });
    if (brought) return bytes;
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
  if (request.single) current.control.step();
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
  const onGpu = backend === 'webgpu' || backend === 'webgl';
  if (earlyFault && onGpu) return onFault(earlyFault);
  const training = new Training(
    example,
    request,
    hostFor(current, request, example.brings),
    current.control,
  );
  current.training = training;
  for await (const event of training.events()) {
    // A read that rejects because the GPU has gone comes before the news that it has gone.
    if (event.type === 'run-error' && event.code === 'example-error' && onGpu) {
      for (let waited = 0; waited < NEWS_MS && !current.ended; waited += 50) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    tell(current, event);
  }
}

/** What the WASM backend's module has of its heap. */
interface WasmHeap {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
}

function freshMegabyte(wasm: WasmHeap): number {
  const address = wasm._malloc(2 ** 20);
  wasm._free(address);
  return address;
}

function memoryInUse(): MemoryReport | undefined {
  const backend = tf.engine().backendName as BackendName | undefined;
  if (backend === undefined) return undefined;
  const { numTensors, numBytes, ...own } = tf.memory() as tf.MemoryInfo & {
    readonly numBytesAllocatedInGPU?: number; // webgpu's name for it
    readonly numBytesInGPUAllocated?: number; // webgl's
  };
  const { wasm } = tf.backend() as unknown as { readonly wasm?: WasmHeap };
  return {
    backend,
    tensors: numTensors,
    bytes: numBytes,
    gpuBytes: own.numBytesAllocatedInGPU ?? own.numBytesInGPUAllocated,
    heapBytes: wasm?.HEAPU8.buffer.byteLength,
    heapTop: wasm && freshMegabyte(wasm),
  };
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
    case 'memory':
      post({ type: 'memory', run: data.run, memory: memoryInUse() });
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
