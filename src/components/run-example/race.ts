/** Runs one example on every backend here, one after the other, and says how they compare. Knows no DOM. */
import { BACKENDS, type BackendName } from '../../contract/example.ts';
import type { BackendReport, RunRequest } from '../../contract/protocol.ts';
import type { CurveView, TableView } from '../../contract/view.ts';
import { TrainingWorker } from '../../engine/client.ts';
import { formatDuration, formatRate } from '../../i18n/numbers.ts';
import { zh } from '../../i18n/zh.ts';
import { laneEnds, Meter } from './measurements.ts';
import { metricWords, rateParams, sizeLabels, type LiveSpec } from './spec.ts';

/** How long, in ms, a backend may take from its start to its first step. */
export const FIRST_STEP_MS = 60_000;

/** One backend's part in a race. */
export interface Lane {
  readonly backend: BackendName;
  state: 'waiting' | 'running' | 'ended' | 'out';
  adapter: string;
  software: boolean;
  /** Steps per second after warm-up; undefined until there are enough. */
  rate: number | undefined;
  /** The rate is from too few steps to be remembered. */
  rough: boolean;
  ms: number;
  readonly index: number[];
  /** The metric that is compared, one value for each entry of `index`. */
  readonly values: number[];
  /** Why it did not run, or ended early; empty otherwise. */
  words: string;
}

const laneOf = (backend: BackendName): Lane => ({
  backend,
  state: 'waiting',
  adapter: '',
  software: false,
  rate: undefined,
  rough: true,
  ms: 0,
  index: [],
  values: [],
  words: '',
});

/** The metric whose curves are compared: the first that should fall, else the first. */
export function racedMetric(spec: Pick<LiveSpec, 'metrics'>): string {
  const names = Object.keys(spec.metrics);
  return names.find((name) => spec.metrics[name]?.better === 'lower') ?? names[0] ?? '';
}

export interface RaceSetting {
  readonly spec: LiveSpec;
  readonly request: Omit<RunRequest, 'backend' | 'example'>;
  /** Something to draw. */
  readonly changed: (lanes: readonly Lane[]) => void;
  /** Makes the worker of one backend; only tests pass their own. */
  readonly worker?: () => TrainingWorker;
}

/** One race. `run()` is called once; `cancel()` ends it, what has been measured stays. */
export class Race {
  readonly lanes: readonly Lane[] = BACKENDS.map(laneOf);
  readonly #setting: RaceSetting;
  #worker: TrainingWorker | undefined;
  #cancelled = false;

  constructor(setting: RaceSetting) {
    this.#setting = setting;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#worker?.terminate();
  }
  pause(): void {
    this.#worker?.pause();
  }
  resume(): void {
    this.#worker?.resume();
  }

  #make(): TrainingWorker {
    this.#worker = this.#setting.worker?.() ?? new TrainingWorker();
    return this.#worker;
  }

  async run(): Promise<void> {
    const { spec, changed } = this.#setting;
    const worker = this.#make();
    const reports = await worker.survey().catch((): readonly BackendReport[] => []);
    worker.terminate();
    for (const lane of this.lanes) {
      const report = reports.find(({ backend }) => backend === lane.backend);
      const reason = spec.excludes[lane.backend];
      const label = zh.backendLabels[lane.backend];
      if (reason !== undefined) drop(lane, zh.problems.excluded(label, reason, ''));
      else if (report !== undefined && !report.usable && report.problem !== '') {
        drop(lane, zh.problems[report.problem](label, '', ''));
      }
    }
    changed(this.lanes);
    for (const lane of this.lanes) {
      if (lane.state === 'waiting' && !this.#cancelled) await this.#runLane(lane);
      if (lane.state === 'waiting') drop(lane, zh.raceCancelled);
      changed(this.lanes);
    }
  }

  /** A worker of its own for each backend: none finds the engine warmed up by the one before, and its GPU is freed. */
  async #runLane(lane: Lane): Promise<void> {
    const { spec, request, changed } = this.#setting;
    const metric = racedMetric(spec);
    const worker = this.#make();
    const meter = new Meter();
    let late = false;
    const patience = setTimeout(() => {
      late = true;
      worker.terminate();
    }, FIRST_STEP_MS);
    let firstMs: number | undefined;
    lane.state = 'running';
    changed(this.lanes);
    try {
      events: for await (const event of worker.run({
        ...request,
        example: spec.id,
        backend: lane.backend,
      })) {
        meter.receive(event);
        switch (event.type) {
          case 'backend-ready': {
            if (event.backend !== lane.backend) {
              const notice = event.notices.find(({ backend }) => backend === lane.backend);
              const problem = notice?.problem ?? 'set-backend-failed';
              const label = zh.backendLabels[lane.backend];
              drop(lane, zh.problems[problem](label, notice?.detail ?? '', ''));
              break events;
            }
            lane.adapter = event.adapter;
            lane.software = event.software;
            break;
          }
          case 'steps': {
            clearTimeout(patience);
            event.steps.forEach((step, offset) => {
              lane.index.push(event.first + offset);
              lane.values.push(step[metric] ?? NaN);
            });
            lane.ms = event.ms;
            firstMs ??= event.ms;
            const [steps, ms] = [lane.index.length - 1, event.ms - firstMs];
            lane.rough = meter.rate === undefined;
            lane.rate = meter.rate ?? (steps > 0 && ms > 0 ? (1000 * steps) / ms : undefined);
            changed(this.lanes);
            if (laneEnds(steps, ms)) break events;
            break;
          }
          case 'restarted':
            drop(lane, zh.problems['device-lost'](zh.backendLabels[lane.backend], '', ''));
            break events;
          case 'run-error':
            drop(lane, this.#errorWords(event));
            break;
          case 'run-end':
            if (this.#cancelled) lane.words = zh.raceCancelled;
            break;
          case 'phase':
          case 'data-ready':
          case 'paused':
          case 'resumed':
          case 'checkpoint-kept':
          case 'checkpoint-refused':
        }
      }
    } finally {
      clearTimeout(patience);
      worker.terminate();
    }
    if (late) drop(lane, zh.raceLate(FIRST_STEP_MS));
    if (lane.state === 'running') lane.state = 'ended';
  }

  #errorWords(event: Parameters<typeof errorWords>[1]): string {
    return errorWords(this.#setting.spec, event);
  }
}

/** A backend ends without a result; what it had trained stays. */
function drop(lane: Lane, words: string): void {
  lane.state = lane.index.length > 1 ? 'ended' : 'out';
  lane.words = words;
}

function errorWords(
  spec: LiveSpec,
  event: { code: keyof typeof zh.errors; message: string; step?: number; metric?: string },
): string {
  return zh.errors[event.code]({
    message: event.code === 'diverged' ? '' : event.message,
    step: event.step,
    metric: event.metric === undefined ? undefined : metricWords(spec.metrics, event.metric),
    rates: rateParams(spec.params),
    sizes: sizeLabels(spec.params),
    backend: undefined,
  }).what;
}

/** Where the curves of two backends are farthest apart. */
export interface Difference {
  readonly step: number;
  readonly high: { readonly backend: BackendName; readonly value: number };
  readonly low: { readonly backend: BackendName; readonly value: number };
  /** The distance, as a fraction of the larger of the two. */
  readonly relative: number;
  /** Steps that were compared. */
  readonly steps: number;
}

/** The largest distance between two lanes at any step that both have; undefined with fewer than two lanes. */
export function largestDifference(lanes: readonly Lane[]): Difference | undefined {
  const steps = new Map<number, { backend: BackendName; value: number }[]>();
  for (const lane of lanes) {
    lane.index.forEach((step, at) => {
      const value = lane.values[at];
      if (value === undefined || !Number.isFinite(value)) return;
      steps.set(step, [...(steps.get(step) ?? []), { backend: lane.backend, value }]);
    });
  }
  let largest: Omit<Difference, 'steps'> | undefined;
  let count = 0;
  for (const [step, points] of steps) {
    if (points.length < 2) continue;
    count++;
    const high = points.reduce((a, b) => (b.value > a.value ? b : a));
    const low = points.reduce((a, b) => (b.value < a.value ? b : a));
    const size = Math.max(Math.abs(high.value), Math.abs(low.value));
    const distance = high.value - low.value;
    if (largest === undefined || distance > largest.high.value - largest.low.value) {
      largest = { step, high, low, relative: size > 0 ? distance / size : 0 };
    }
  }
  return largest && { ...largest, steps: count };
}

/** Each lane's largest distance from the plain JavaScript backend, where both ran. */
export function parity(lanes: readonly Lane[]): ReadonlyMap<BackendName, Difference> {
  const reference = lanes.find(({ backend }) => backend === 'cpu');
  return new Map(
    lanes.flatMap((lane) => {
      const found =
        reference && lane !== reference ? largestDifference([lane, reference]) : undefined;
      return found ? [[lane.backend, found] as const] : [];
    }),
  );
}

/** What a race has shown, in sentences: who is fastest, and how far apart the curves are. */
export function raceWords(spec: LiveSpec, lanes: readonly Lane[]): readonly string[] {
  const rated = lanes.flatMap(({ backend, rate }) =>
    rate === undefined ? [] : [{ backend, rate }],
  );
  rated.sort((a, b) => b.rate - a.rate);
  const [fastest, slowest] = [rated[0], rated.at(-1)];
  const sentences: string[] = [];
  if (fastest && slowest && fastest !== slowest) {
    sentences.push(zh.raceFastest(fastest, slowest));
  } else sentences.push(fastest ? zh.raceAlone(fastest.backend) : zh.raceNobody);
  const difference = largestDifference(lanes);
  const label = metricWords(spec.metrics, racedMetric(spec));
  if (difference) sentences.push(zh.raceDifference(label, difference));
  return sentences;
}

/** The curves of all lanes in one picture. */
export function raceCurves(spec: LiveSpec, lanes: readonly Lane[]): CurveView {
  const metric = spec.metrics[racedMetric(spec)];
  return {
    kind: 'curve',
    title: metricWords(spec.metrics, racedMetric(spec)),
    x: { label: zh.stepAxis },
    y: { label: '', ...(metric?.fraction ? { min: 0, max: 1 } : {}), scale: 'linear' },
    series: lanes.map((lane) => ({
      label: zh.backendLabels[lane.backend],
      xs: lane.index,
      ys: lane.values,
    })),
  };
}

/** Rows of the table beside the curves. */
const TABLE_ROWS = 21;

/** The curves at about 20 steps that all lanes have, or else that any has: for the table. */
export function raceSamples(spec: LiveSpec, lanes: readonly Lane[]): CurveView {
  const ran = lanes.filter((lane) => lane.index.length > 0);
  const shortest = ran.reduce<readonly number[]>(
    (least, { index }) => (least.length === 0 || index.length < least.length ? index : least),
    [],
  );
  const count = Math.min(TABLE_ROWS, shortest.length);
  const kept = new Set(
    Array.from(
      { length: count },
      (_, n) => shortest[Math.round((n * (shortest.length - 1)) / Math.max(1, count - 1))],
    ),
  );
  const view = raceCurves(spec, ran);
  return {
    ...view,
    series: view.series.map((line) => ({
      ...line,
      xs: line.xs.filter((x) => kept.has(x)),
      ys: line.ys.filter((_, at) => kept.has(line.xs[at])),
    })),
  };
}

/** The race as a table, every backend a row. */
export function raceTable(spec: LiveSpec, lanes: readonly Lane[]): TableView {
  return {
    kind: 'table',
    title: zh.race,
    columns: [...zh.raceColumns(metricWords(spec.metrics, racedMetric(spec)))],
    rows: lanes.map((lane) => [
      zh.backendLabels[lane.backend],
      lane.rate === undefined ? '' : formatRate(lane.rate),
      lane.index.at(-1) ?? '',
      lane.index.length === 0 ? '' : formatDuration(lane.ms),
      lane.values.at(-1) ?? '',
      [lane.adapter, ...(lane.software ? [zh.software] : []), lane.words]
        .filter((word) => word !== '')
        .join('；'),
    ]),
  };
}
