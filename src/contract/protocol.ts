/** The whole wire between a page and its training worker. Types only. */
import type { Checkpoint } from './checkpoint.ts';
import type { BackendName, ProbeInput } from './example.ts';
import type { ParamChange, ParamValue } from './params.ts';
import type { View } from './view.ts';

/** How fast a backend trained an example on this machine. */
export interface Measurement {
  /** After warm-up. */
  readonly stepsPerSecond: number;
  /** The adapter it was measured on, as `BackendReport.adapter`. */
  readonly adapter: string;
}

/** What `auto` knows about a run before it starts. */
export interface ChoiceHints {
  /** Measured on this machine, same example and sizes. */
  readonly measured?: Readonly<Partial<Record<BackendName, Measurement>>>;
  /** Time of one step of the recorded run on wasm, in ms: tells small models from large ones. */
  readonly stepMs?: number;
}

export interface RunRequest extends ChoiceHints {
  readonly example: string;
  /** Raw values; the worker fits them to the example's bounds and reports what it changed. */
  readonly params: Readonly<Record<string, ParamValue | undefined>>;
  readonly seed: number;
  readonly backend: BackendName | 'auto';
  /** Backends not to try again, because they failed in an earlier run of this page. */
  readonly avoid?: readonly BackendName[];
  /** Take one step and pause: a command of its own would come too late for a worker that is ready. */
  readonly single?: boolean;
  /** Stop after this many steps; the whole run when absent. */
  readonly steps?: number;
  /** Names the code that runs; checkpoints are kept beyond the page only for a run that has one. */
  readonly version?: string;
  /** Go on from here. Its params and seed are those of the request. */
  readonly from?: Checkpoint;
}

/** What a worker needs to get ready for a run that may come. */
export type PrepareRequest = Pick<RunRequest, 'example' | 'backend' | keyof ChoiceHints>;

export type Command =
  | { readonly type: 'run'; readonly run: number; readonly request: RunRequest }
  /** Fetch and start the backend and the example of a run that may come; answered by nothing. */
  | { readonly type: 'prepare'; readonly request: PrepareRequest }
  | { readonly type: 'pause' | 'resume' | 'step' | 'stop'; readonly run: number }
  | {
      readonly type: 'probe';
      readonly run: number;
      readonly probe: number;
      readonly input: ProbeInput;
    }
  /** Which backends does this machine have? Answered by `backends`. */
  | { readonly type: 'survey'; readonly run: number }
  /** How much memory is in use? Answered by `memory`. */
  | { readonly type: 'memory'; readonly run: number };

export interface BackendReport {
  readonly backend: BackendName;
  readonly usable: boolean;
  /** The adapter's or renderer's own name; empty when it has none. */
  readonly adapter: string;
  /** A GPU interface emulated on the processor. */
  readonly software: boolean;
  /** Threads that wasm may use: more than 1 only where the page is cross-origin isolated. */
  readonly threads?: number;
  /** Why it is not usable; empty otherwise. */
  readonly problem: BackendProblem | '';
}

export type BackendProblem =
  | 'no-webgpu' // the browser has no navigator.gpu
  | 'no-adapter' // requestAdapter() gave null
  | 'no-webgl'
  | 'no-wasm'
  | 'set-backend-failed'
  | 'wrong-results' // it started, and the start-up probe found its numbers wrong
  | 'device-lost'
  | 'excluded'; // the example says that it cannot run there

/** A backend that was wanted and not used. `detail` is the example's own reason, or the browser's message. */
export interface BackendNotice {
  readonly backend: BackendName;
  readonly problem: BackendProblem;
  readonly detail: string;
}

export type RunErrorCode =
  | 'unknown-example'
  | 'no-backend'
  | 'backend-excluded'
  | 'load-failed'
  | 'file-wanted' // a file of a dataset that the reader has to bring; the message is its name
  | 'diverged'
  | 'device-lost'
  | 'gpu-error'
  | 'out-of-memory'
  | 'example-error'
  | 'checkpoint-mismatch' // the checkpoint to go on from does not fit the model
  | 'worker-error';

/** One recorded step: metric name → value, in the order of the example's `metrics`. */
export type StepMetrics = Readonly<Record<string, number>>;

export type Phase = 'backend' | 'download' | 'data' | 'compile' | 'train';

export type RunEvent =
  | { readonly type: 'phase'; readonly phase: Phase; readonly bytes?: number }
  | {
      readonly type: 'backend-ready';
      readonly backend: BackendName;
      readonly adapter: string;
      readonly software: boolean;
      readonly notices: readonly BackendNotice[];
    }
  | {
      readonly type: 'data-ready';
      readonly steps: number;
      readonly changes: readonly ParamChange[];
    }
  /**
   * Every step of a batch, at most about 20 batches a second; `views` belong to its last step. A run that goes on from
   * a checkpoint first tells all the steps before it again.
   */
  | {
      readonly type: 'steps';
      /** Number of the first step, counted from 1. */
      readonly first: number;
      readonly steps: readonly StepMetrics[];
      readonly views?: readonly View[];
      /** Training time so far without pauses, in ms, and the current rate. */
      readonly ms: number;
      readonly stepsPerSecond: number;
    }
  /** The GPU failed in mid-run: what follows is the same run on another backend, after `fromStep` steps. */
  | {
      readonly type: 'restarted';
      readonly because: RunErrorCode;
      readonly lost: BackendName;
      readonly atStep: number;
      /** The step of the last checkpoint; 0 when the run starts again. */
      readonly fromStep: number;
    }
  /** A checkpoint is in the browser's storage: the run can go on from here after a reload. */
  | { readonly type: 'checkpoint-kept'; readonly step: number }
  /** Checkpoints cannot be kept beyond this page; told once, the run goes on. */
  | { readonly type: 'checkpoint-refused'; readonly because: CheckpointRefusal }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | {
      readonly type: 'run-end';
      readonly reason: 'completed' | 'stopped';
      readonly steps: number;
      readonly ms: number;
      readonly leakedTensors: number;
    }
  | {
      readonly type: 'run-error';
      readonly code: RunErrorCode;
      readonly message: string;
      /** The step and the metric at fault, where there is one. */
      readonly step?: number;
      readonly metric?: string;
    };

export type CheckpointRefusal =
  | 'storage-blocked' // there is no IndexedDB here, or it may not be used
  | 'storage-full'
  | 'too-large'; // larger than one checkpoint may be

/** What is in use, in the worker's backend. Units: bytes. */
export interface MemoryReport {
  readonly backend: BackendName;
  readonly tensors: number;
  readonly bytes: number;
  /** All GPU buffers or textures, free ones of the pool too; `undefined` on wasm and cpu. */
  readonly gpuBytes: number | undefined;
  /** The size of the WebAssembly heap, which never shrinks; `undefined` elsewhere. */
  readonly heapBytes: number | undefined;
  /** Where a fresh megabyte of that heap would begin: it rises when memory is not given back. */
  readonly heapTop: number | undefined;
}

/** What the worker posts: run events carry the number of their run. */
export type WorkerMessage =
  | { readonly type: 'event'; readonly run: number; readonly event: RunEvent }
  | {
      readonly type: 'probe-end';
      readonly run: number;
      readonly probe: number;
      readonly views?: readonly View[];
      /** Set instead of `views` when the input cannot be used. */
      readonly refusal?: string;
    }
  | {
      readonly type: 'backends';
      readonly run: number;
      readonly backends: readonly BackendReport[];
    }
  | { readonly type: 'checkpoint'; readonly run: number; readonly checkpoint: Checkpoint }
  | {
      readonly type: 'memory';
      readonly run: number;
      /** `undefined` before the first backend is started. */
      readonly memory: MemoryReport | undefined;
    };
