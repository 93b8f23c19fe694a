/**
 * `npm run bench`: trains the same networks with the book's engine and with other libraries, in turn, in one browser,
 * and writes what it measured to `results/`. Options: --only=mlp,wasm,ours (of each kind as many as wanted), --quick,
 * --no-isolation (no threads), --minutes=10, --out=<file>. With --only or --quick nothing is written unless --out is.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import {
  BENCH_BACKENDS,
  BENCH_LIBRARIES,
  BENCH_WORKLOADS,
  isMeasured,
  readBenchResults,
  sameLosses,
  type BenchCell,
  type BenchLibrary,
  type BenchResults,
  type BenchWorkload,
  type MeasuredCell,
} from '../../src/contract/bench.ts';
import type { BackendName } from '../../src/contract/example.ts';
import { buildWorkers, serveBench } from './build.ts';
import { BUDGETS, measureGroup, type Budget } from './measure.ts';
import { adaptersOf, machine, packageVersions } from './machine.ts';
import { Stage } from './stage.ts';
import { WORKLOADS } from './workloads/all.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    isolation: { type: 'boolean', default: true },
    minutes: { type: 'string' },
    out: { type: 'string' },
  },
  allowNegative: true,
});

const words = options.only?.split(',') ?? [];
/** The names that were asked for, or all when none of this kind was. */
function wanted<T extends string>(all: readonly T[]): readonly T[] {
  const named = all.filter((name) => words.includes(name));
  return named.length > 0 ? named : all;
}
const known: readonly string[] = [...BENCH_WORKLOADS, ...BENCH_BACKENDS, ...BENCH_LIBRARIES];
const unknown = words.filter((word) => !known.includes(word));
if (unknown.length > 0) {
  console.error(`--only: unknown ${unknown.join(', ')}. Known: ${known.join(', ')}`);
  process.exit(1);
}

const workloads = wanted(BENCH_WORKLOADS);
const backends = wanted(BENCH_BACKENDS);
const libraries = wanted(BENCH_LIBRARIES);
const budget: Budget = options.quick ? BUDGETS.quick : BUDGETS.full;
const minutes = Number(options.minutes ?? (options.quick ? 4 : 10));

/** The libraries that have this backend. ConvNetJS is plain JavaScript; jax-js keeps its cpu device for debugging. */
const on = (backend: BackendName): readonly BenchLibrary[] =>
  libraries.filter((library) => {
    if (library === 'convnetjs') return backend === 'cpu';
    return library !== 'jax-js' || backend !== 'cpu';
  });

const started = Date.now();
const elapsed = (): string => `${((Date.now() - started) / 60_000).toFixed(1)} min`;
console.log(`building the workers of ${libraries.join(', ')}`);
const server = await serveBench(await buildWorkers(libraries), options.isolation);
const stage = new Stage(server.url);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stage.close().finally(() => process.exit(1)));
}
const cells: BenchCell[] = [];
const adapters = await adaptersOf(await stage.page());
const browser = stage.version();

// The backends that most readers train on come first, in case the time runs out.
const order: readonly BackendName[] = ['wasm', 'webgpu', 'webgl', 'cpu'];
const groups = order
  .filter((backend) => backends.includes(backend))
  .flatMap((backend) => workloads.map((workload) => ({ workload, backend })))
  .filter(({ workload, backend }) => on(backend).length > 0 && !nothingFor(workload, backend));

function nothingFor(workload: BenchWorkload, backend: BackendName): boolean {
  return on(backend).every((library) => library === 'convnetjs' && !canConvnet(workload));
}
function canConvnet(workload: BenchWorkload): boolean {
  return workload === 'mlp' || workload === 'cnn';
}

for (const [index, { workload, backend }] of groups.entries()) {
  console.log(`\n[${index + 1}/${groups.length}, ${elapsed()}] ${workload} on ${backend}`);
  const secondsLeft = 60 * minutes - (Date.now() - started) / 1000;
  const share = secondsLeft / (groups.length - index);
  const found = await measureGroup(stage, WORKLOADS[workload], backend, on(backend), budget, share);
  cells.push(...found);
  for (const cell of found) console.log(`  ${describe(cell)}`);
}
await stage.close();
server.close();

function describe(cell: BenchCell): string {
  const name = cell.library.padEnd(9);
  if (!isMeasured(cell)) return `${name} failed: ${cell.error.slice(0, 160)}`;
  const { perSecond, ratio, check, rounds, steps, threads, dispatches } = cell;
  const unit = WORKLOADS[cell.workload].unit;
  const same = sameLosses(check) ? 'same losses' : 'OTHER LOSSES';
  return [
    `${name} ${perSecond.toPrecision(4).padStart(8)} ${unit}s/s`,
    ratio
      ? `ours ${ratio.median.toFixed(2)}× (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})`
      : '',
    `${rounds}×${steps} steps`,
    `${same} over ${check.steps} (${check.difference.toExponential(1)})`,
    threads === undefined ? '' : `${threads} threads`,
    dispatches === undefined ? '' : `${dispatches} dispatches, ${cell.submits ?? 0} submits`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

const results: BenchResults = {
  version: 1,
  date: new Date().toISOString().slice(0, 16) + 'Z',
  machine: machine(),
  browser,
  isolated: options.isolation,
  adapters,
  libraries: packageVersions(),
  units: Object.fromEntries(
    BENCH_WORKLOADS.map((id) => [id, { unit: WORKLOADS[id].unit, perStep: WORKLOADS[id].perStep }]),
  ) as BenchResults['units'],
  cells,
};
const measured = cells.filter((cell): cell is MeasuredCell => isMeasured(cell));
const behind = measured.filter(({ ratio }) => ratio !== undefined && ratio.median < 1);
console.log(
  `\n${measured.length} measured, ${cells.length - measured.length} failed, ${elapsed()}`,
);
for (const { workload, backend, library, ratio } of behind) {
  console.log(`behind: ${workload} on ${backend}: ${library} ${ratio?.median.toFixed(2)}`);
}

const adapter = (adapters.webgpu?.name ?? 'no-gpu').toLowerCase().replace(/[^a-z0-9]+/g, '-');
const whole = options.only === undefined && !options.quick;
const usual = new URL(`results/${results.date.slice(0, 10)}-${adapter}.json`, import.meta.url);
const out = options.out ?? (whole ? usual.pathname : undefined);
if (out !== undefined) {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(results, null, 2)}\n`);
  readBenchResults(readFileSync(out, 'utf8'), out);
  console.log(`written to ${out}`);
}
process.exit(0);
