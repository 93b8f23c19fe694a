/** Lets the runner train in Node: a tensor backend with our kernels, and datasets read from `public/datasets`. */
import { readFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { CORPUS_FILE, corpusText } from '../../src/content/corpus.ts';
import type { AnyExample, BackendName } from '../../src/contract/example.ts';
import type { RunEvent, RunRequest, StepMetrics } from '../../src/contract/protocol.ts';
import { runExample, type RunControl, type RunHost } from '../../src/engine/runner.ts';
import { startWasm } from './wasm-backend.ts';

const root = new URL('../../', import.meta.url);

let corpus: Uint8Array<ArrayBuffer> | undefined;

/** What the site serves at `datasets/<path>`: a file, or the book's sentences, which the build makes. */
export async function readDataset(path: string): Promise<Uint8Array> {
  if (path !== CORPUS_FILE) return readFile(new URL(`public/datasets/${path}`, root));
  corpus ??= new TextEncoder().encode(corpusText(fileURLToPath(root)));
  return corpus;
}

export const host: RunHost = {
  load: async (path) => Uint8Array.from(await readDataset(path)).buffer,
};

/** Ids of all examples, from the folder itself. */
export const exampleIds: readonly string[] = readdirSync(new URL('src/examples/', root))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))
  .sort();

/** The example of that id. */
export async function loadExample(id: string): Promise<AnyExample> {
  const module = (await import(new URL(`src/examples/${id}.ts`, root).href)) as {
    default: AnyExample;
  };
  return module.default;
}

/** The fastest backend here that the example does not exclude: wasm, else cpu. */
export async function useBackend(example: AnyExample, wanted?: BackendName): Promise<BackendName> {
  const backend = wanted ?? (example.excludes?.wasm === undefined ? 'wasm' : 'cpu');
  if (backend === 'wasm') await startWasm();
  else if (!(await tf.setBackend(backend))) throw new Error(`backend ${backend} does not start`);
  await tf.ready();
  return backend;
}

export interface TrainedRun {
  readonly events: readonly RunEvent[];
  readonly steps: readonly StepMetrics[];
  readonly end: RunEvent | undefined;
  /** Tensors alive after the run was freed, less those before it. */
  readonly leaked: number;
}

/** Trains to the end and collects everything. */
export async function train(
  example: AnyExample,
  request: Partial<Pick<RunRequest, 'params' | 'seed' | 'steps'>> = {},
  control?: RunControl,
): Promise<TrainedRun> {
  const before = tf.memory().numTensors;
  const events: RunEvent[] = [];
  const full = { params: {}, seed: 1, ...request };
  for await (const event of runExample(example, full, host, control)) events.push(event);
  const steps = events.flatMap((event) => (event.type === 'steps' ? event.steps : []));
  return { events, steps, end: events.at(-1), leaked: tf.memory().numTensors - before };
}
