/** How fast each backend trained each example on this machine: measured from run events, kept in the browser. Knows no DOM. */
import { BACKENDS, type BackendName } from '../../contract/example.ts';
import type { ParamSpecs } from '../../contract/params.ts';
import type { Measurement, RunEvent } from '../../contract/protocol.ts';
import { sizeParams, type Params } from './spec.ts';

export type Measured = Readonly<Partial<Record<BackendName, Measurement>>>;

/** Batches of steps that are not counted: shaders compile, the engine's code warms up. */
const WARM_UP_BATCHES = 2;
/** A measurement counts from this many steps on … */
const ENOUGH_STEPS = 5;
/** … when they took this long, in ms, or are this many. */
const ENOUGH_MS = 200;
const MANY_STEPS = 50;

/** Steps per second of one run, from its events: without warm-up and without pauses. */
export class Meter {
  #batches = 0;
  #steps = 0;
  #ms = 0;
  #last: { readonly step: number; readonly ms: number } | undefined;

  receive(event: RunEvent): void {
    if (event.type === 'steps') {
      const step = event.first + event.steps.length - 1;
      this.#batches++;
      if (this.#last && this.#batches > WARM_UP_BATCHES) {
        this.#steps += step - this.#last.step;
        this.#ms += event.ms - this.#last.ms;
      }
      this.#last = { step, ms: event.ms };
      return;
    }
    // The first batch after a pause holds the step that was waited for.
    if (event.type === 'paused' || event.type === 'resumed') this.#last = undefined;
    if (event.type === 'restarted') {
      this.#batches = this.#steps = this.#ms = 0;
      this.#last = undefined;
    }
  }

  /** Steps per second; undefined before enough of them were seen. */
  get rate(): number | undefined {
    const enough = this.#ms >= ENOUGH_MS || this.#steps >= MANY_STEPS;
    if (this.#steps < ENOUGH_STEPS || !enough || !(this.#ms > 0)) return undefined;
    return (1000 * this.#steps) / this.#ms;
  }
}

/** In a race a backend trains this long, in ms, not counting its first step … */
export const LANE_MS = 6000;
/** … but on for this many steps when it is slow … */
const LEAST_STEPS = 8;
/** … and never longer than this. */
export const SLOW_LANE_MS = 15_000;

/** Whether a backend has trained enough in a race. @param ms since its first step. */
export function laneEnds(steps: number, ms: number): boolean {
  return (ms >= LANE_MS && steps >= LEAST_STEPS) || ms >= SLOW_LANE_MS;
}

/** What of the settings decides the speed: sizes, choices and switches, as one word; not rates, not the number of steps. */
export function sizeKey(specs: ParamSpecs, params: Params): string {
  const sizes = new Set(sizeParams(specs));
  return Object.keys(specs)
    .filter((name) => specs[name]?.kind !== 'number' || sizes.has(name))
    .map((name) => `${name}=${String(params[name])}`)
    .join('&');
}

/** `[example, sizes, backend, steps per second, adapter]`. */
type Entry = readonly [string, string, BackendName, number, string];

const KEY = 'live-large-models/measurements';
/** Oldest entries are dropped beyond this many. */
const MOST_ENTRIES = 200;
const MOST_CHARACTERS = 200;

function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value) || value.length !== 5) return false;
  const [example, sizes, backend, rate, adapter] = value as unknown[];
  return (
    [example, sizes, adapter].every((text) => typeof text === 'string') &&
    BACKENDS.includes(backend as BackendName) &&
    typeof rate === 'number' &&
    Number.isFinite(rate) &&
    rate > 0
  );
}

/** The part of the browser's storage that is used; it may throw when the reader blocks it. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The last measurement of each example, size and backend. Read anew each time: another tab may have written. */
export class Measurements {
  readonly #store: Store | undefined;

  /** @param store `localStorage`, or undefined where it is blocked: then nothing is remembered. */
  constructor(store: Store | undefined) {
    this.#store = store;
  }

  /** Those of this browser. */
  static here(): Measurements {
    try {
      return new Measurements(localStorage);
    } catch {
      return new Measurements(undefined);
    }
  }

  /** What is kept and well-formed, oldest first; anything else is passed over. */
  #read(): readonly Entry[] {
    try {
      const kept: unknown = JSON.parse(this.#store?.getItem(KEY) ?? '[]');
      return Array.isArray(kept) ? kept.filter(isEntry) : [];
    } catch {
      return [];
    }
  }

  #write(entries: readonly Entry[]): void {
    try {
      if (entries.length === 0) this.#store?.removeItem(KEY);
      else this.#store?.setItem(KEY, JSON.stringify(entries.slice(-MOST_ENTRIES)));
    } catch {
      // Storage full or blocked: the next choice follows the rule.
    }
  }

  of(example: string, sizes: string): Measured {
    const mine = this.#read().filter((entry) => entry[0] === example && entry[1] === sizes);
    return Object.fromEntries(
      mine.map(([, , backend, stepsPerSecond, adapter]) => [backend, { stepsPerSecond, adapter }]),
    );
  }

  keep(example: string, sizes: string, backend: BackendName, measured: Measurement): void {
    if (sizes.length > MOST_CHARACTERS || measured.adapter.length > MOST_CHARACTERS) return;
    const others = this.#read().filter(
      (entry) => !(entry[0] === example && entry[1] === sizes && entry[2] === backend),
    );
    const rate = Number(measured.stepsPerSecond.toPrecision(4));
    this.#write([...others, [example, sizes, backend, rate, measured.adapter]]);
  }

  /** Forgets one example, in all its sizes. */
  forget(example: string): void {
    this.#write(this.#read().filter((entry) => entry[0] !== example));
  }
}
