/** The runs of one live example: batches of steps become series to draw. Knows no DOM and no worker. */
import type { BackendName, MetricSpecs } from '../../contract/example.ts';
import type { StepMetrics } from '../../contract/protocol.ts';
import type { RecordedRun } from '../../contract/recording.ts';
import type { CurveView, Series } from '../../contract/view.ts';
import { zh } from '../../i18n/zh.ts';
import { metricWords, type Params } from './spec.ts';

/** Earlier runs that stay on the charts. */
export const KEPT_RUNS = 4;

export type RunEnding = 'running' | 'completed' | 'stopped' | 'failed';

/** One run's numbers. `index[i]` is the step of `metrics[name][i]`. */
export interface RunRecord {
  readonly number: number;
  readonly params: Params;
  readonly seed: number;
  backend: BackendName | undefined;
  adapter: string;
  ending: RunEnding;
  ms: number;
  readonly index: number[];
  readonly metrics: Readonly<Record<string, number[]>>;
}

/** The current run and the ones before it. */
export class RunHistory {
  readonly #names: readonly string[];
  #current: RunRecord | undefined;
  #previous: RunRecord[] = [];

  /** @param names the example's metrics. */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  get current(): RunRecord | undefined {
    return this.#current;
  }

  /** Earlier runs with at least one step, newest first, at most `KEPT_RUNS`. */
  get previous(): readonly RunRecord[] {
    return this.#previous;
  }

  /** Opens a run; the one before it becomes a pale line if it has anything to show. */
  begin(number: number, params: Params, seed: number): RunRecord {
    if (this.#current !== undefined && this.#current.index.length > 0) {
      if (this.#current.ending === 'running') this.#current.ending = 'stopped';
      this.#previous = [this.#current, ...this.#previous].slice(0, KEPT_RUNS);
    }
    this.#current = {
      number,
      params,
      seed,
      backend: undefined,
      adapter: '',
      ending: 'running',
      ms: 0,
      index: [],
      metrics: Object.fromEntries(this.#names.map((name) => [name, []])),
    };
    return this.#current;
  }

  /** Forgets the current run: one that goes on from it tells its steps again. */
  drop(): void {
    this.#current = undefined;
  }

  /**
   * The same run again on another backend: from its first step, when what was drawn becomes a pale line, or after
   * `fromStep` steps, which are told again.
   */
  restart(fromStep = 0): void {
    const run = this.#current;
    if (fromStep > 0) this.drop();
    if (run !== undefined && run.index.length > 0) this.begin(run.number, run.params, run.seed);
  }

  /** @param first number of the batch's first step, counted from 1. */
  append(first: number, steps: readonly StepMetrics[]): void {
    const run = this.#current;
    if (run === undefined) return;
    steps.forEach((step, offset) => {
      run.index.push(first + offset);
      for (const name of this.#names) run.metrics[name]?.push(step[name] ?? NaN);
    });
  }

  /** Forgets all runs. */
  clear(): void {
    this.#current = undefined;
    this.#previous = [];
  }
}

/** Metrics that share an axis, in the order the example names them. */
export interface ChartGroup {
  readonly chart: string;
  readonly names: readonly string[];
  /** All of its metrics are fractions 0…1. */
  readonly fraction: boolean;
}

/** The charts an example asks for: metrics with the same `chart` words share one. */
export function chartGroups(metrics: MetricSpecs): readonly ChartGroup[] {
  const charts = [...new Set(Object.values(metrics).map((metric) => metric.chart))];
  return charts.map((chart) => {
    const members = Object.entries(metrics).filter(([, metric]) => metric.chart === chart);
    return {
      chart,
      names: members.map(([name]) => name),
      fraction: members.every(([, metric]) => metric.fraction === true),
    };
  });
}

/** The numbers of a run, live or recorded. */
export interface Points {
  readonly index: readonly number[];
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

/** The lines of one chart for one run. */
export function runSeries(group: ChartGroup, metrics: MetricSpecs, run: Points): readonly Series[] {
  return group.names.map((name) => ({
    label: metrics[name]?.label ?? name,
    xs: run.index,
    ys: run.metrics[name] ?? [],
  }));
}

/** One chart of one run, ready to draw. */
export function chartView(
  group: ChartGroup,
  metrics: MetricSpecs,
  run: Points,
  log: boolean,
): CurveView {
  return {
    kind: 'curve',
    title: group.chart,
    x: { label: zh.stepAxis },
    y: {
      label: '',
      ...(group.fraction ? { min: 0, max: 1 } : {}),
      scale: log ? 'log' : 'linear',
    },
    series: runSeries(group, metrics, run),
  };
}

/** At most `limit` evenly spread steps of a run, first and last among them: for tables and small data files. */
export function sparse(run: Points, limit: number): Points {
  const count = run.index.length;
  if (count <= limit) return run;
  const places = Array.from({ length: limit }, (_, i) =>
    Math.round((i * (count - 1)) / (limit - 1)),
  );
  const pick = (values: readonly number[]): number[] => places.map((at) => values[at] ?? NaN);
  return {
    index: pick(run.index),
    metrics: Object.fromEntries(
      Object.entries(run.metrics).map(([name, values]) => [name, pick(values)]),
    ),
  };
}

/** What `examples/<id>.json` holds: the recorded runs, as small as a chart allows. */
export type RecordedRuns = Readonly<Record<string, RecordedRun>>;

/** Recorded runs with values cut to five significant digits. */
export function slimRuns(runs: RecordedRuns): RecordedRuns {
  return Object.fromEntries(
    Object.entries(runs).map(([key, run]) => [
      key,
      {
        ...run,
        metrics: Object.fromEntries(
          Object.entries(run.metrics).map(([name, values]) => [
            name,
            values.map((value) => Number(value.toPrecision(5))),
          ]),
        ),
      },
    ]),
  );
}

/** Place in `index` of the value nearest to `step`; −1 when it is empty. `index` rises. */
export function nearest(index: readonly number[], step: number): number {
  if (index.length === 0) return -1;
  let low = 0;
  let high = index.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((index[middle] ?? 0) <= step) low = middle;
    else high = middle;
  }
  const below = Math.abs(step - (index[low] ?? 0));
  const above = Math.abs((index[high] ?? 0) - step);
  return above < below ? high : low;
}

/** All steps of a run as tab-separated lines under a heading, for a spreadsheet. */
export function runTable(metrics: MetricSpecs, run: Points): string {
  const names = Object.keys(metrics);
  const head = [zh.stepAxis, ...names.map((name) => metricWords(metrics, name))];
  const rows = run.index.map((step, at) => [step, ...names.map((name) => run.metrics[name]?.[at])]);
  return [head, ...rows].map((row) => row.join('\t')).join('\n');
}

/** What “download” saves: plain data that names its units. */
export function runData(example: string, page: string, run: RunRecord): string {
  return JSON.stringify(
    {
      example,
      page,
      params: run.params,
      seed: run.seed,
      backend: run.backend,
      adapter: run.adapter,
      ending: run.ending,
      ms: run.ms,
      steps: run.index,
      metrics: run.metrics,
    },
    (_key, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    1,
  );
}
