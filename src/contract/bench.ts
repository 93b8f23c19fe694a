/** What `npm run bench` writes and the speed page draws: its shape, and the check that a file has it. Runs nothing. */
import type { BackendName } from './example.ts';

export const BENCH_WORKLOADS = ['linear', 'mlp', 'cnn', 'lstm', 'transformer'] as const;
export type BenchWorkload = (typeof BENCH_WORKLOADS)[number];
export const BENCH_BACKENDS = ['webgpu', 'webgl', 'wasm', 'cpu'] as const satisfies BackendName[];
/** `ours` is the book's engine, `stock` TensorFlow.js as published. */
export const BENCH_LIBRARIES = ['ours', 'stock', 'jax-js', 'convnetjs'] as const;
export type BenchLibrary = (typeof BENCH_LIBRARIES)[number];

/** Lower quartile, median and upper quartile. */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The losses of the first steps against those of stock TensorFlow.js on its CPU backend. */
export interface LossCheck {
  readonly steps: number;
  /** Greatest relative difference. */
  readonly difference: number;
  readonly tolerance: number;
}

export interface MeasuredCell {
  readonly workload: BenchWorkload;
  readonly backend: BackendName;
  readonly library: BenchLibrary;
  /** Rounds timed, and steps taken in each. */
  readonly rounds: number;
  readonly steps: number;
  readonly secondsPerStep: Quartiles;
  /** Steps or examples in a second, from the median. */
  readonly perSecond: number;
  /** Seconds of the first step: compiling, and whatever is made once. */
  readonly firstStep: number;
  /** The last loss read. */
  readonly loss: number;
  readonly check: LossCheck;
  /** Threads that compute, where the library says so. */
  readonly threads?: number;
  /** Compute dispatches and queue submits of one step on webgpu. */
  readonly dispatches?: number;
  readonly submits?: number;
  /** How many times as fast ours is, round by round. Absent in cells of ours. */
  readonly ratio?: Quartiles;
}

export interface FailedCell {
  readonly workload: BenchWorkload;
  readonly backend: BackendName;
  readonly library: BenchLibrary;
  /** What the library itself said, or what the bench saw. */
  readonly error: string;
}
export type BenchCell = MeasuredCell | FailedCell;

/** Keras on the same cores, measured in turn with ours on wasm. */
export interface PythonCell {
  readonly workload: BenchWorkload;
  readonly threads: number;
  readonly rounds: number;
  readonly steps: number;
  readonly secondsPerStep: Quartiles;
  readonly perSecond: number;
  readonly loss: number;
  readonly check: LossCheck;
  /** Ours on wasm in the same run: examples or steps in a second, and its threads. */
  readonly ours: { readonly perSecond: number; readonly threads: number };
  /** How many times as fast ours is, round by round. */
  readonly ratio: Quartiles;
}

export interface BenchResults {
  readonly version: 1;
  /** When it ended: ISO 8601, UTC. */
  readonly date: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly system: string;
  };
  readonly browser: string;
  /** Whether the page was cross-origin isolated, so that threads were to be had. */
  readonly isolated: boolean;
  /** Name of each GPU adapter, and whether the processor plays it. */
  readonly adapters: Readonly<
    Partial<Record<BackendName, { readonly name: string; readonly software: boolean }>>
  >;
  /** Version of each library. */
  readonly libraries: Readonly<Record<string, string>>;
  /** What a step goes through, for the rates. */
  readonly units: Readonly<
    Record<BenchWorkload, { readonly unit: 'step' | 'example'; readonly perStep: number }>
  >;
  readonly cells: readonly BenchCell[];
  readonly python?: {
    readonly date: string;
    readonly versions: Readonly<Record<string, string>>;
    readonly cells: readonly PythonCell[];
  };
}

export const isMeasured = (cell: BenchCell): cell is MeasuredCell => !('error' in cell);

/** Whether the losses agree within the tolerance. */
export const sameLosses = ({ difference, tolerance }: LossCheck): boolean =>
  difference <= tolerance;

type Check = (value: unknown, path: string) => void;

const fail = (path: string, wanted: string, value: unknown): never => {
  const shown = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  throw new Error(`${path}: expected ${wanted}, found ${shown.slice(0, 60)}`);
};

const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '') fail(path, 'a text', value);
};
const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') fail(path, 'true or false', value);
};
const number: Check = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) fail(path, 'a number', value);
};
const positive: Check = (value, path) => {
  number(value, path);
  if ((value as number) <= 0) fail(path, 'a number above 0', value);
};
const notNegative: Check = (value, path) => {
  number(value, path);
  if ((value as number) < 0) fail(path, 'a number of 0 or more', value);
};
const count: Check = (value, path) => {
  if (!Number.isInteger(value) || (value as number) < 1) fail(path, 'a count', value);
};
const day: Check = (value, path) => {
  const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
  const fits = typeof value === 'string' && pattern.test(value) && !isNaN(Date.parse(value));
  if (!fits) fail(path, 'a date (2026-11-22T20:35Z)', value);
};
const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value, path) => {
    if (!allowed.includes(value)) fail(path, allowed.join(' | '), value);
  };
const listOf =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) fail(path, 'a list', value);
    (value as unknown[]).forEach((item, index) => check(item, `${path}[${index}]`));
  };
const record = (value: unknown, path: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(path, 'an object', value);
  return value as Record<string, unknown>;
};
const mapOf =
  (check: Check): Check =>
  (value, path) => {
    for (const [key, item] of Object.entries(record(value, path))) check(item, `${path}.${key}`);
  };
/** An object with these fields and no others; those of `optional` may be absent. */
const object =
  (
    fields: Readonly<Record<string, Check>>,
    optional: Readonly<Record<string, Check>> = {},
  ): Check =>
  (value, path) => {
    const found = record(value, path);
    const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
    for (const key of Object.keys(found)) {
      if (!(key in fields) && !(key in optional)) {
        const known = [...Object.keys(fields), ...Object.keys(optional)].join(', ');
        throw new Error(`${at(key)}: unknown field; known: ${known}`);
      }
    }
    for (const [key, check] of Object.entries(fields)) check(found[key], at(key));
    for (const [key, check] of Object.entries(optional))
      if (found[key] !== undefined) check(found[key], at(key));
  };

const quartiles: Check = (value, path) => {
  object({ low: positive, median: positive, high: positive })(value, path);
  const { low, median, high } = value as Quartiles;
  if (low > median || median > high) fail(path, 'low ≤ median ≤ high', value);
};
const lossCheck = object({ steps: count, difference: notNegative, tolerance: positive });
const place = {
  workload: oneOf(...BENCH_WORKLOADS),
  backend: oneOf(...BENCH_BACKENDS),
  library: oneOf(...BENCH_LIBRARIES),
};
const measured = object(
  {
    ...place,
    rounds: count,
    steps: count,
    secondsPerStep: quartiles,
    perSecond: positive,
    firstStep: positive,
    loss: number,
    check: lossCheck,
  },
  { threads: count, dispatches: notNegative, submits: notNegative, ratio: quartiles },
);
const failed = object({ ...place, error: text });
const cell: Check = (value, path) =>
  ('error' in record(value, path) ? failed : measured)(value, path);
const pythonCell = object({
  workload: oneOf(...BENCH_WORKLOADS),
  threads: count,
  rounds: count,
  steps: count,
  secondsPerStep: quartiles,
  perSecond: positive,
  loss: number,
  check: lossCheck,
  ours: object({ perSecond: positive, threads: count }),
  ratio: quartiles,
});
const adapter = object({ name: text, software: flag });
const unit = object({ unit: oneOf('step', 'example'), perStep: count });
const results = object(
  {
    version: oneOf(1),
    date: day,
    machine: object({ processor: text, cores: count, memoryGb: positive, system: text }),
    browser: text,
    isolated: flag,
    adapters: object({}, Object.fromEntries(BENCH_BACKENDS.map((name) => [name, adapter]))),
    libraries: mapOf(text),
    units: object(Object.fromEntries(BENCH_WORKLOADS.map((name) => [name, unit]))),
    cells: listOf(cell),
  },
  { python: object({ date: day, versions: mapOf(text), cells: listOf(pythonCell) }) },
);

/**
 * A results file, checked field by field.
 * @throws Error that names the file, the field, what was expected and what was found.
 */
export function readBenchResults(json: string, file: string): BenchResults {
  try {
    const value: unknown = JSON.parse(json);
    results(value, '');
    const { cells } = value as BenchResults;
    const seen = new Set<string>();
    for (const { workload, backend, library } of cells) {
      const name = `${workload} ${backend} ${library}`;
      if (seen.has(name)) throw new Error(`cells: ${name} is there twice`);
      seen.add(name);
    }
    return value as BenchResults;
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
