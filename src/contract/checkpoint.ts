/** What a run needs to go on later as if it had never stopped. Plain data: all of it passes structured clone. */
import type { BackendName } from './example.ts';
import type { ParamValue } from './params.ts';
import type { View } from './view.ts';

/** A tensor's values, row by row. */
export interface SavedTensor {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** An optimizer's fields, by name: its numbers (the iteration count among them), variables and lists of accumulators. */
export interface SavedOptimizer {
  /** TensorFlow.js's name of its class: `Adam`. */
  readonly kind: string;
  readonly numbers: Readonly<Record<string, number>>;
  readonly variables: Readonly<Record<string, SavedTensor>>;
  readonly slots: Readonly<Record<string, readonly SavedTensor[]>>;
}

/** A run between two steps. Chance is not in it: every draw follows from the seed and the number of steps. */
export interface Snapshot {
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly seed: number;
  readonly backend: BackendName;
  /** Steps taken, of how many. */
  readonly step: number;
  readonly steps: number;
  /** Training time so far without pauses, in ms. */
  readonly ms: number;
  /** Variables of data and model, in the order they were made. */
  readonly variables: readonly SavedTensor[];
  /** Owned optimizers, in the order they were owned. */
  readonly optimizers: readonly SavedOptimizer[];
  /** What `run.state` holds, in the order it was asked for. */
  readonly states: readonly object[];
  /** Every metric of every step so far. */
  readonly metrics: Readonly<Record<string, Float64Array>>;
  /** The last picture of the model. */
  readonly views: readonly View[];
}

export interface Checkpoint extends Snapshot {
  readonly example: string;
  /** Names the code that ran; only the same code can go on. Empty: not for keeping. */
  readonly version: string;
  /** When it was taken, in ms since 1970. */
  readonly date: number;
}
