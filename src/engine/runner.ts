/**
 * Drives one example from data to the end of training and does its chores: tensor scopes, batched events, divergence,
 * pause, step and stop. Knows no worker and no page, and not which backend is set.
 */
import * as tf from '@tensorflow/tfjs';
import type { Snapshot } from '../contract/checkpoint.ts';
import type {
  AnyExample,
  BackendName,
  Disposable,
  MetricSpecs,
  ProbeInput,
  RunContext,
  ScalarLike,
  Step,
} from '../contract/example.ts';
import { fitParams, type ParamSpecs } from '../contract/params.ts';
import type { RunErrorCode, RunEvent, RunRequest, StepMetrics } from '../contract/protocol.ts';
import type { View } from '../contract/view.ts';
import {
  copyLearned,
  disposeRest,
  isOptimizer,
  MismatchError,
  optimizerVariables,
  restoreOptimizer,
  restoreVariables,
} from './snapshot.ts';

/** Shortest time between two `steps` events, in ms: at most 20 a second. */
const BATCH_MS = 50;
/** Shortest time between two calls of an example's `views`, in ms. */
const VIEWS_MS = 100;
/** Most scalar tensors kept unread: a GPU may be this many steps ahead of the page. */
const UNREAD_SCALARS = 256;
/** Time between two checkpoints, in ms; besides these there is one at each pause and at the end. */
const CHECKPOINT_MS = 5000;

/** What the runner needs from the place it runs in. */
export interface RunHost {
  /** Reads `public/datasets/<path>`. Rejects with an `Error` whose message names the path. */
  load(path: string): Promise<ArrayBuffer>;
  /** Takes a checkpoint, whose arrays are nobody else's. Without it, none are made. */
  keep?(snapshot: Snapshot): void;
}

/** What the runner reads of a request. */
export type TrainingRequest = Pick<RunRequest, 'params' | 'seed' | 'steps' | 'from'>;

/** Pause, resume, single step and stop for one run; may be called at any time, from outside the run. */
export class RunControl {
  #state: 'running' | 'paused' | 'stopped' = 'running';
  #credit = 0;
  #wake: () => void = () => undefined;
  readonly #abort = new AbortController();

  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  get paused(): boolean {
    return this.#state === 'paused' && this.#credit === 0;
  }
  get running(): boolean {
    return this.#state === 'running';
  }
  get stopped(): boolean {
    return this.#state === 'stopped';
  }
  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }
  resume(): void {
    if (this.#state === 'paused') this.#state = 'running';
    this.#credit = 0;
    this.#wake();
  }
  /** Takes exactly one step and pauses again. */
  step(): void {
    if (this.#state === 'stopped') return;
    this.#state = 'paused';
    this.#credit++;
    this.#wake();
  }
  stop(): void {
    this.#state = 'stopped';
    this.#abort.abort();
    this.#wake();
  }
  /** Uses up one single step, if one was asked for. @returns whether the run must report at once. */
  spend(): boolean {
    if (this.#credit === 0) return false;
    this.#credit--;
    return true;
  }
  /** Resolves when the run may go on: resumed, stepped or stopped. */
  async waken(): Promise<void> {
    if (this.paused) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

/** A real task, so that messages get through: awaiting promises alone would starve them. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

const OUT_OF_MEMORY =
  /out of memory|allocation failed|could not allocate|memory access out of bounds|invalid typed array length|OOM/i;

/** Which of the run's error codes an exception stands for. */
export function errorCode(error: unknown): RunErrorCode {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof FileWanted) return 'file-wanted';
  if (error instanceof LoadError) return 'load-failed';
  if (error instanceof MismatchError) return 'checkpoint-mismatch';
  if (OUT_OF_MEMORY.test(text)) return 'out-of-memory';
  if (/device.*lost|context.?lost|external Instance reference/i.test(text)) return 'device-lost';
  return 'example-error';
}

/** A dataset that could not be read; the message names the file. */
export class LoadError extends Error {
  override name = 'LoadError';
}

/** A file that neither the reader nor the site has brought; the message is its name. */
export class FileWanted extends Error {
  override name = 'FileWanted';
}

interface Batch {
  /** Metric values in the example's order; scalar tensors until they are read. */
  rows: (number | ScalarLike)[][];
  views?: readonly View[];
}

const variableNames = (): Set<string> =>
  new Set(Object.keys(tf.engine().state.registeredVariables));

/**
 * One training of one example. `events()` is pulled once; afterwards the model stays alive for `probe()` until
 * `free()`.
 */
export class Training {
  readonly #example: AnyExample;
  readonly #request: TrainingRequest;
  readonly #host: RunHost;
  readonly #control: RunControl;
  readonly #owned: Disposable[] = [];
  readonly #tensorsBefore = tf.memory().numTensors;
  readonly #variablesBefore = variableNames();
  #context: RunContext<ParamSpecs> | undefined;
  #data: unknown;
  #model: unknown;
  #generator: AsyncGenerator<Step<MetricSpecs>, void> | undefined;
  #scope = 0;
  /** Steps not yet told. */
  #batch: Batch = { rows: [] };
  /** Variables of data and model. */
  #variables: readonly tf.Variable[] = [];
  readonly #states: object[] = [];
  /** Every metric told so far, for checkpoints. */
  #told: Readonly<Record<string, number[]>> = {};
  #views: readonly View[] = [];
  /** Tensors that a checkpoint under way holds. */
  #copied = 0;
  #saving: Promise<void> | undefined;
  #savedStep = 0;
  #savedAt = 0;

  constructor(
    example: AnyExample,
    request: TrainingRequest,
    host: RunHost,
    control = new RunControl(),
  ) {
    this.#example = example;
    this.#request = request;
    this.#host = host;
    this.#control = control;
  }

  /** Trains, and tells what happens. Ends after `run-end` or `run-error`; never throws. */
  async *events(): AsyncGenerator<RunEvent, void> {
    try {
      yield* this.#train();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      yield { type: 'run-error', code: errorCode(error), message };
    }
  }

  async *#train(): AsyncGenerator<RunEvent, void> {
    const { values, changes } = fitParams(this.#example.params, this.#request.params);
    const { from } = this.#request;
    const context: RunContext<ParamSpecs> = {
      params: values,
      seed: this.#request.seed,
      signal: this.#control.signal,
      done: from?.step ?? 0,
      state: (initial) => {
        // One first asked for after the checkpoint was taken starts as it is.
        const saved = from?.states[this.#states.length] as typeof initial | undefined;
        const held = saved ? structuredClone(saved) : initial;
        this.#states.push(held);
        return held;
      },
      own: (thing) => {
        if (from && isOptimizer(thing)) {
          restoreOptimizer(thing, from.optimizers[this.#optimizers().length]);
        }
        this.#owned.push(thing);
        return thing;
      },
      load: async (path) => {
        try {
          return await this.#host.load(path);
        } catch (error) {
          if (error instanceof FileWanted) throw error;
          throw new LoadError(error instanceof Error ? error.message : String(error));
        }
      },
    };
    this.#context = context;
    this.#openScope();
    yield { type: 'phase', phase: 'data' };
    this.#data = await this.#example.data(context);
    this.#model = await this.#example.model(context, this.#data);
    const length = this.#example.length(context, this.#data);
    const total = Math.min(length, this.#request.steps ?? length);
    this.#variables = this.#newVariables();
    if (from) restoreVariables(this.#variables, from.variables);
    yield { type: 'data-ready', steps: total, changes };

    const names = Object.keys(this.#example.metrics);
    const start = context.done;
    this.#told = Object.fromEntries(names.map((name) => [name, [...(from?.metrics[name] ?? [])]]));
    this.#views = from?.views ?? [];
    this.#savedStep = start;
    this.#savedAt = performance.now();
    if (from) {
      yield {
        type: 'steps',
        first: 1,
        steps: Array.from({ length: start }, (_, i) =>
          Object.fromEntries(names.map((name) => [name, this.#told[name]?.[i] ?? NaN])),
        ),
        ...(this.#views.length > 0 && { views: this.#views }),
        ms: from.ms,
        stepsPerSecond: 0,
      };
    }
    yield { type: 'phase', phase: 'compile' };
    const generator = this.#example.train(context, this.#data, this.#model);
    this.#generator = generator;
    const control = this.#control;
    let done = start;
    let ms = from?.ms ?? 0;
    let lastFlush = performance.now();
    let lastViews = -Infinity;
    let pendingViews: Step<MetricSpecs>['views'];
    const recent: { steps: number; ms: number }[] = [];
    let tensorsAfterSecond: number | undefined;
    let trainingPhase = false;

    const flush = async (): Promise<RunEvent[]> => {
      const batch = this.#batch;
      const first = done - batch.rows.length + 1;
      const rows = await readRows(batch.rows);
      const now = performance.now();
      ms += now - lastFlush;
      // The first step compiles shaders: it counts as time, not as rate.
      if (first > start + 1 && rows.length > 0)
        recent.push({ steps: rows.length, ms: now - lastFlush });
      while (recent.length > 20) recent.shift();
      const window = recent.reduce((sum, part) => sum + part.ms, 0);
      const stepsPerSecond =
        window > 0 ? (1000 * recent.reduce((sum, part) => sum + part.steps, 0)) / window : 0;
      const steps: StepMetrics[] = rows.map((row) =>
        Object.fromEntries(names.map((name, i) => [name, row[i] as number])),
      );
      const bad = steps.findIndex((step) => Object.values(step).some((v) => !Number.isFinite(v)));
      const good = bad < 0 ? steps : steps.slice(0, bad);
      const events: RunEvent[] = [];
      for (const step of good) for (const name of names) this.#told[name]?.push(step[name] ?? NaN);
      if (batch.views) this.#views = batch.views;
      if (good.length > 0 || batch.views) {
        events.push({
          type: 'steps',
          first,
          steps: good,
          ...(batch.views && bad < 0 ? { views: batch.views } : {}),
          ms,
          stepsPerSecond,
        });
      }
      if (bad >= 0) {
        const metric = names.find((name) => !Number.isFinite(steps[bad]?.[name])) ?? '';
        const value = String(steps[bad]?.[metric]);
        events.push({
          type: 'run-error',
          code: 'diverged',
          message: `${metric} = ${value}`,
          step: first + bad,
          metric,
        });
      }
      this.#batch = { rows: [] };
      lastFlush = performance.now();
      return events;
    };

    while (done < total && !control.stopped) {
      if (control.paused) {
        for (const event of await flush()) {
          yield event;
          if (event.type === 'run-error') return;
        }
        await this.#saving;
        this.#save(values, done, total, ms);
        yield { type: 'paused' };
        await control.waken();
        lastFlush = performance.now();
        if (control.running) yield { type: 'resumed' };
        continue;
      }
      tf.engine().startScope();
      let single = false;
      try {
        const result = await generator.next();
        if (result.done) break;
        single = control.spend();
        done++;
        const metrics = result.value.metrics as Readonly<Record<string, number | ScalarLike>>;
        this.#batch.rows.push(keepRow(names, metrics));
        pendingViews = result.value.views;
        const now = performance.now();
        if (pendingViews && (single || now - lastViews >= VIEWS_MS)) {
          this.#batch.views = await pendingViews();
          pendingViews = undefined;
          lastViews = performance.now();
        }
      } finally {
        tf.engine().endScope();
      }
      const due = performance.now() - lastFlush >= BATCH_MS;
      if (
        single ||
        due ||
        done === start + 1 ||
        this.#batch.rows.length * names.length >= UNREAD_SCALARS
      ) {
        for (const event of await flush()) {
          yield event;
          if (event.type === 'run-error') return;
        }
        if (performance.now() - this.#savedAt >= CHECKPOINT_MS) {
          this.#save(values, done, total, ms);
        }
        await nextTask();
      }
      if (!trainingPhase) {
        trainingPhase = true;
        yield { type: 'phase', phase: 'train' };
      }
      if (done === start + 2) tensorsAfterSecond = this.#settledTensors();
    }
    const leakedTensors =
      tensorsAfterSecond === undefined ? 0 : this.#settledTensors() - tensorsAfterSecond;
    if (pendingViews) {
      tf.engine().startScope();
      try {
        this.#batch.views = await pendingViews();
      } finally {
        tf.engine().endScope();
      }
    }
    for (const event of await flush()) {
      yield event;
      if (event.type === 'run-error') return;
    }
    await this.#saving;
    this.#save(values, done, total, ms);
    await this.#saving;
    await generator.return(undefined);
    const reason = done < total && control.stopped ? 'stopped' : 'completed';
    yield { type: 'run-end', reason, steps: done, ms, leakedTensors };
  }

  /** Tensors alive, less the scalars that wait to be read and the copies of a checkpoint. */
  #settledTensors(): number {
    const unread = this.#batch.rows.flat().filter((value) => typeof value !== 'number').length;
    return tf.memory().numTensors - unread - this.#copied;
  }

  #optimizers(): readonly tf.Optimizer[] {
    return this.#owned.filter(isOptimizer);
  }

  /** Variables made by this run, without those of its optimizers, in the order they were made. */
  #newVariables(): tf.Variable[] {
    const theirs = new Set(this.#optimizers().flatMap(optimizerVariables));
    return Object.entries(tf.engine().state.registeredVariables)
      .filter(([name, variable]) => !this.#variablesBefore.has(name) && !theirs.has(variable))
      .map(([, variable]) => variable);
  }

  /**
   * Takes a checkpoint of the run between two steps, all told. What is learned is copied at once and read beside the
   * training; one checkpoint at a time.
   */
  #save(params: Snapshot['params'], step: number, steps: number, ms: number): void {
    const host = this.#host;
    if (!host.keep || this.#saving || step === this.#savedStep) return;
    // What `train` itself made could not be restored before its first step.
    if (this.#newVariables().length > this.#variables.length) return;
    this.#savedStep = step;
    this.#savedAt = performance.now();
    const states = structuredClone(this.#states);
    const metrics = Object.fromEntries(
      Object.entries(this.#told).map(([name, values]) => [name, Float64Array.from(values)]),
    );
    const [views, { seed }] = [this.#views, this.#request];
    const backend = tf.getBackend() as BackendName;
    const copy = copyLearned(this.#variables, this.#optimizers());
    this.#copied = copy.tensors;
    this.#saving = copy
      .read()
      .then((learned) =>
        host.keep?.({ params, seed, backend, step, steps, ms, ...learned, states, metrics, views }),
      )
      // A device that is lost meanwhile is told by the run itself.
      .catch(() => undefined)
      .finally(() => {
        this.#copied = 0;
        this.#saving = undefined;
      });
  }

  #openScope(): void {
    tf.engine().startScope('run');
    this.#scope = 1;
  }

  /**
   * Uses the trained model. @throws InputError with a sentence for the reader; Error when there is nothing to ask.
   */
  async probe(input: ProbeInput): Promise<readonly View[]> {
    const probe = this.#example.probe;
    if (!probe || !this.#context || this.#scope === 0) throw new Error('no trained model to ask');
    tf.engine().startScope();
    try {
      return await probe.infer(this.#context, this.#data, this.#model, input);
    } finally {
      tf.engine().endScope();
    }
  }

  /** Closes the generator, frees everything the run made. @returns tensors that were kept and never freed. */
  async free(): Promise<number> {
    await this.#generator?.return(undefined).catch(() => undefined);
    await this.#saving;
    if (this.#scope === 1) {
      this.#scope = 0;
      tf.engine().endScope();
      for (const value of this.#batch.rows.flat()) {
        if (typeof value !== 'number') (value as tf.Scalar).dispose();
      }
      for (const thing of this.#owned.splice(0)) {
        thing.dispose();
        if (isOptimizer(thing)) disposeRest(thing);
      }
      for (const [name, variable] of Object.entries(tf.engine().state.registeredVariables)) {
        if (!this.#variablesBefore.has(name)) variable.dispose();
      }
    }
    return tf.memory().numTensors - this.#tensorsBefore;
  }
}

/** A step's metrics in the example's order, scalars kept alive. @throws Error naming a missing or wrong metric. */
function keepRow(
  names: readonly string[],
  metrics: Readonly<Record<string, number | ScalarLike>>,
): (number | ScalarLike)[] {
  const row = names.map((name) => {
    const value = metrics[name];
    if (value === undefined) throw new Error(`the example's step lacks its metric "${name}"`);
    if (typeof value !== 'number' && value.rank !== 0) {
      throw new Error(`metric "${name}" has rank ${value.rank}, wanted a scalar`);
    }
    return value;
  });
  for (const value of row) if (typeof value !== 'number') tf.keep(value as tf.Scalar);
  return row;
}

/** Reads every scalar of a batch with one transfer and frees them. */
async function readRows(rows: readonly (number | ScalarLike)[][]): Promise<number[][]> {
  const scalars = rows.flat().filter((value) => typeof value !== 'number') as tf.Scalar[];
  if (scalars.length === 0) return rows as number[][];
  // Scalars may share one tensor (a metric shown twice): each is freed once.
  const stacked = tf.tidy(() => tf.stack(scalars.map((scalar) => scalar.toFloat())));
  try {
    const values = await stacked.data();
    let next = 0;
    return rows.map((row) =>
      row.map((value) => (typeof value === 'number' ? value : (values[next++] as number))),
    );
  } finally {
    stacked.dispose();
    for (const scalar of new Set(scalars)) scalar.dispose();
  }
}

/** Runs an example to its end and frees it: for tests, recordings and Node. */
export async function* runExample(
  example: AnyExample,
  request: TrainingRequest,
  host: RunHost,
  control = new RunControl(),
): AsyncGenerator<RunEvent, void> {
  const training = new Training(example, request, host, control);
  try {
    yield* training.events();
  } finally {
    await training.free();
  }
}
