/** What a page tells its live example about itself: plain data, embedded as JSON. Knows no DOM. */
import type {
  AnyExample,
  BackendName,
  BroughtDataset,
  InputSpec,
  MetricSpecs,
} from '../../contract/example.ts';
import {
  defaultParams,
  fitParams,
  type ParamSpecs,
  type ParamValue,
} from '../../contract/params.ts';

export type Params = Readonly<Record<string, ParamValue>>;

/** Everything the element needs before a run; the recorded numbers come from `recording` when wanted. */
export interface LiveSpec {
  readonly id: string;
  readonly title: string;
  readonly params: ParamSpecs;
  readonly metrics: MetricSpecs;
  readonly presets: Readonly<Record<string, { readonly label: string; readonly params: Params }>>;
  readonly excludes: Partial<Record<BackendName, string>>;
  readonly input: InputSpec | undefined;
  /** The dataset whose files the reader may bring. */
  readonly brings: BroughtDataset | undefined;
  /** Values of the controls when the page opens: defaults, as the chapter changed them. */
  readonly initial: Params;
  /** Seed of the check or the recording, 1 when neither says. */
  readonly seed: number;
  /** Address of the example's own page. */
  readonly page: string;
  /** Address of the recorded runs (`Recording['runs']`, thinned); undefined when there is none. */
  readonly recording: string | undefined;
  /** Which recorded run is drawn when the page opens. */
  readonly drawn: string | undefined;
  /** Time of one step of each run recorded on wasm, in ms. */
  readonly stepMs: Readonly<Record<string, number>>;
  /** Names the example's code: a checkpoint fits only the code that made it. */
  readonly version: string;
}

/** Keys of the recorded runs: the defaults, then the presets. */
export const DEFAULT_RUN = 'default';

/**
 * The controls' values for a chapter's `params`.
 * @throws when the chapter names an unknown parameter or a value that does not fit: the build stops.
 */
export function initialParams(
  id: string,
  example: AnyExample,
  given: Readonly<Record<string, unknown>>,
): Params {
  const { values, changes } = fitParams(example.params, given);
  const first = changes[0];
  if (first !== undefined) {
    throw new Error(
      `<RunExample id="${id}">: params.${first.param} = ${first.from} does not fit; allowed: ${first.allowed}`,
    );
  }
  return values;
}

/** The parameters of a preset: the defaults with its changes. */
export function presetParams(specs: ParamSpecs, changes: Params): Params {
  return { ...defaultParams(specs), ...changes };
}

/** Whether two sets of values of the same specs are equal. */
export function sameParams(a: Params, b: Params): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}

/** The preset (or `default`) whose values these are; undefined when the reader went their own way. */
export function matchingPreset(
  specs: ParamSpecs,
  presets: LiveSpec['presets'],
  values: Params,
): string | undefined {
  if (sameParams(values, defaultParams(specs))) return DEFAULT_RUN;
  return Object.keys(presets).find((name) =>
    sameParams(values, presetParams(specs, presets[name]?.params ?? {})),
  );
}

/** What a metric is called among the others: its label, and where another has the same one, its chart too. */
export function metricWords(metrics: MetricSpecs, name: string): string {
  const metric = metrics[name];
  if (metric === undefined) return name;
  const alike = Object.values(metrics).filter(({ label }) => label === metric.label);
  return alike.length > 1 ? `${metric.label} · ${metric.chart}` : metric.label;
}

/** The metrics that have a value, each by what it is called. */
export const metricValues = (
  metrics: MetricSpecs,
  valueOf: (name: string) => number | undefined,
): (readonly [words: string, value: number])[] =>
  Object.keys(metrics).flatMap((name) => {
    const value = valueOf(name);
    return value === undefined ? [] : [[metricWords(metrics, name), value] as const];
  });

/** A value in the words the reader sees: a choice by its label, a toggle as 开 or 关. */
export function valueWords(specs: ParamSpecs, name: string, value: ParamValue | undefined): string {
  const spec = specs[name];
  if (spec === undefined || value === undefined) return String(value);
  switch (spec.kind) {
    case 'number':
      return String(Number(Number(value).toPrecision(6)));
    case 'choice':
      return spec.options[String(value)] ?? String(value);
    case 'toggle':
      return value === true ? '开' : '关';
  }
}

/** How these values differ from the defaults: `学习率 0.5，批大小 32`; empty when they do not. */
export function differenceWords(specs: ParamSpecs, values: Params): string {
  return Object.entries(specs)
    .filter(([name, spec]) => values[name] !== undefined && values[name] !== spec.default)
    .map(([name, spec]) => `${spec.label} ${valueWords(specs, name, values[name])}`)
    .join('，');
}

const RATE = /rate|(^|[^a-z])lr$|eta$|stepsize/iu;
const RATE_LABEL = /学习率|步长/u;
const SIZE = /batch|hidden|units|width|layers|depth|samples|points|size|count|dimension/iu;
const SIZE_LABEL = /批|隐藏|宽|层数|样本|数量|点数|维/u;

/** Number parameters that set how far one step goes: what to lower after divergence. */
export function rateParams(specs: ParamSpecs): readonly string[] {
  return Object.entries(specs)
    .filter(([, spec]) => spec.kind === 'number')
    .filter(([name, spec]) => RATE.test(name) || RATE_LABEL.test(spec.label))
    .map(([name]) => name);
}

/** Number parameters that set how much one step computes and how much memory it needs. */
export function sizeParams(specs: ParamSpecs): readonly string[] {
  return Object.entries(specs)
    .filter(([, spec]) => spec.kind === 'number')
    .filter(([name, spec]) => SIZE.test(name) || SIZE_LABEL.test(spec.label))
    .map(([name]) => name);
}

/** Labels of the number parameters that set how much memory a run needs. */
export function sizeLabels(specs: ParamSpecs): readonly string[] {
  return sizeParams(specs).map((name) => specs[name]?.label ?? name);
}

/** Position 0…1 of a number on its slider. */
export function sliderPosition(
  spec: { min: number; max: number; scale?: 'log' },
  value: number,
): number {
  if (spec.max === spec.min) return 0;
  if (spec.scale === 'log') return Math.log(value / spec.min) / Math.log(spec.max / spec.min);
  return (value - spec.min) / (spec.max - spec.min);
}

/** The number at a slider's position 0…1; on a log scale rounded to two significant digits. */
export function sliderValue(
  spec: { min: number; max: number; step: number; scale?: 'log' },
  position: number,
): number {
  if (spec.scale === 'log') {
    const raw = spec.min * (spec.max / spec.min) ** position;
    return Math.min(spec.max, Math.max(spec.min, Number(raw.toPrecision(2))));
  }
  const raw = spec.min + position * (spec.max - spec.min);
  const stepped = spec.min + Math.round((raw - spec.min) / spec.step) * spec.step;
  return Number(Math.min(spec.max, stepped).toPrecision(12));
}
