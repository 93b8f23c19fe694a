/**
 * Trains every example (and every preset of it) once and writes `src/recordings/<id>.json`, which the pages draw before
 * anyone presses Run. `npm run record [-- id …] [-- --backend=cpu]`; only what has changed is recorded again, unless named.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { AnyExample, BackendName } from '../src/contract/example.ts';
import { fitParams } from '../src/contract/params.ts';
import type { RecordedRun, Recording } from '../src/contract/recording.ts';
import type { View } from '../src/contract/view.ts';
import { exampleIds, loadExample, train, useBackend } from './unit/node-host.ts';

const KEPT_STEPS = 200;
/** Significant digits of a run's last metrics, which chapters quote, and of the others, which are points of a curve. */
const DIGITS = { last: 6, curve: 4 };
/** Significant digits of the numbers in a picture, and of those in a table, which are read. */
const VIEW_DIGITS: Readonly<Record<View['kind'], number>> = {
  ...{ points: 3, heatmap: 3, curve: 3, boxes: 3, graph: 3, tokens: 3, images: 2, spectrogram: 2 },
  ...{ matrix: 6, table: 6, text: 6, frames: 6 },
};
const root = new URL('../', import.meta.url);

/** SHA-256 over an example's file and, in order, every module of the project that it imports. */
export function sourceHash(id: string): string {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  const add = (url: URL): void => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const text = readFileSync(url, 'utf8');
    hash.update(text);
    for (const [, path] of text.matchAll(/from '(\.[^']+)'/g)) {
      const next = new URL(path ?? '', url);
      if (!next.href.includes('/contract/')) add(next);
    }
  };
  add(new URL(`src/examples/${id}.ts`, root));
  return hash.digest('hex');
}

/** Where the recording of an example is kept. */
export const recordingFile = (id: string): URL => new URL(`src/recordings/${id}.json`, root);

/** The recording of an example; `undefined` when it was never recorded. */
export function readRecording(id: string): Recording | undefined {
  if (!existsSync(recordingFile(id))) return undefined;
  return JSON.parse(readFileSync(recordingFile(id), 'utf8')) as Recording;
}

const round = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** A copy of plain data, every number rounded. */
const roundAll = <T>(data: T, digits: number): T =>
  JSON.parse(
    JSON.stringify(data, (_key, value: unknown) =>
      typeof value === 'number' ? round(value, digits) : value,
    ),
  ) as T;

/** At most `KEPT_STEPS` step numbers from 1 to `count`, evenly spread, first and last among them. */
function keptSteps(count: number): number[] {
  const wanted = Math.min(count, KEPT_STEPS);
  const every = wanted > 1 ? (count - 1) / (wanted - 1) : 0;
  return Array.from({ length: wanted }, (_, i) => Math.round(1 + i * every));
}

async function recordRun(example: AnyExample, given: object): Promise<RecordedRun> {
  const params: RecordedRun['params'] = fitParams(example.params, { ...given }).values;
  const seed = example.check.seed ?? 1;
  const { events, steps, end } = await train(example, { params, seed });
  const diverged = end?.type === 'run-error' && end.code === 'diverged';
  if (end?.type !== 'run-end' && !diverged) throw new Error(JSON.stringify(end));
  const batches = events.filter((event) => event.type === 'steps');
  const index = keptSteps(steps.length);
  const views: readonly View[] = batches.findLast((batch) => batch.views)?.views ?? [];
  return {
    params,
    seed,
    steps: steps.length,
    ms: Math.round(batches.at(-1)?.ms ?? 0),
    end: diverged ? 'diverged' : 'completed',
    index,
    metrics: Object.fromEntries(
      Object.keys(example.metrics).map((name) => [
        name,
        index.map((step) =>
          round(steps[step - 1]?.[name] ?? NaN, step === steps.length ? DIGITS.last : DIGITS.curve),
        ),
      ]),
    ),
    views: diverged ? [] : views.map((view) => roundAll(view, VIEW_DIGITS[view.kind])),
  };
}

async function record(id: string, wanted: BackendName | undefined): Promise<void> {
  const example = await loadExample(id);
  const backend = await useBackend(example, wanted);
  // A first run warms the backend up, so that the times written are those of training.
  await train(example, { params: example.check.params ?? {}, steps: 3 });
  const runs: Record<string, RecordedRun> = { default: await recordRun(example, {}) };
  for (const [name, preset] of Object.entries(example.presets ?? {})) {
    runs[name] = await recordRun(example, preset.params);
  }
  const recording: Recording = {
    example: id,
    source: sourceHash(id),
    date: new Date().toISOString().slice(0, 10),
    backend,
    adapter: '',
    machine: `${cpus()[0]?.model.trim() ?? '?'}，${cpus().length} 核；Node ${process.versions.node}`,
    runs,
  };
  writeFileSync(recordingFile(id), `${JSON.stringify(recording)}\n`);
  const told = Object.entries(runs).map(([name, run]) => `${name} ${run.steps} steps ${run.ms} ms`);
  console.log(`${id} on ${backend}: ${told.join(', ')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const unknown = named.filter((id) => !exampleIds.includes(id));
  if (unknown.length > 0) {
    console.error(`no example ${unknown.join(', ')}; there are ${exampleIds.join(', ')}`);
    process.exit(1);
  }
  const backend = process.argv.find((word) => word.startsWith('--backend='))?.split('=')[1];
  const stale = exampleIds.filter((id) => readRecording(id)?.source !== sourceHash(id));
  for (const id of named.length > 0 ? named : stale) {
    await record(id, backend as BackendName | undefined);
  }
  console.log('all recordings match their sources');
}
