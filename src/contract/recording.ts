/** What `npm run record` writes and the pages draw before anyone presses Run. Types only. */
import type { BackendName } from './example.ts';
import type { ParamValue } from './params.ts';
import type { View } from './view.ts';

export interface RecordedRun {
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly seed: number;
  /** Steps trained, and training time in ms without start-up. */
  readonly steps: number;
  readonly ms: number;
  readonly end: 'completed' | 'diverged';
  /** Numbers of the steps that were kept (at most 200, evenly spread, the last one among them). */
  readonly index: readonly number[];
  /** Metric name → one value for each entry of `index`. */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  /** Views after the last step; empty when the run diverged. */
  readonly views: readonly View[];
}

export interface Recording {
  readonly example: string;
  /** SHA-256 of the example's source and of the datasets modules it imports. */
  readonly source: string;
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  readonly backend: BackendName;
  readonly adapter: string;
  /** Processor and runtime, in words. */
  readonly machine: string;
  /** `default`, and one run for each preset of the example. */
  readonly runs: Readonly<Record<string, RecordedRun>>;
}
