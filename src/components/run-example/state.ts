/** The life of one live example as a state machine: events in, a snapshot out. Knows no DOM and no worker. */
import type { BackendName } from '../../contract/example.ts';
import type {
  BackendNotice,
  CheckpointRefusal,
  Phase,
  RunErrorCode,
  RunEvent,
  StepMetrics,
} from '../../contract/protocol.ts';

export type RunState = 'idle' | 'starting' | 'running' | 'paused' | 'ended' | 'failed';
/** Who paused: the reader, a hidden tab, or another example of the page. */
export type PauseCause = 'reader' | 'hidden' | 'other';

export interface Session {
  readonly state: RunState;
  /** Runs begun since the page opened. */
  readonly run: number;
  readonly phase: Phase | undefined;
  /** Bytes of the download under way, when known. */
  readonly bytes: number | undefined;
  readonly step: number;
  /** Steps the run will take; 0 before `data-ready`. */
  readonly steps: number;
  readonly latest: StepMetrics;
  readonly backend: BackendName | undefined;
  readonly adapter: string;
  readonly software: boolean;
  readonly notices: readonly BackendNotice[];
  /** The backend that failed in mid-run, after which the run began again on another. */
  readonly lost: BackendName | undefined;
  /** The step it went on from. */
  readonly fromStep: number;
  /** The last step from which the run can go on after a reload; 0 when there is none. */
  readonly keptStep: number;
  /** Why checkpoints cannot be kept. */
  readonly refused: CheckpointRefusal | undefined;
  readonly ms: number;
  readonly stepsPerSecond: number;
  readonly pausedBy: PauseCause | undefined;
  readonly reason: 'completed' | 'stopped' | undefined;
  readonly error:
    | {
        readonly code: RunErrorCode;
        readonly message: string;
        readonly step: number | undefined;
        readonly metric: string | undefined;
      }
    | undefined;
  readonly leakedTensors: number;
}

export const IDLE: Session = {
  state: 'idle',
  run: 0,
  phase: undefined,
  bytes: undefined,
  step: 0,
  steps: 0,
  latest: {},
  backend: undefined,
  adapter: '',
  software: false,
  notices: [],
  lost: undefined,
  fromStep: 0,
  keptStep: 0,
  refused: undefined,
  ms: 0,
  stepsPerSecond: 0,
  pausedBy: undefined,
  reason: undefined,
  error: undefined,
  leakedTensors: 0,
};

export type Action =
  | { readonly type: 'start' }
  | { readonly type: 'pause'; readonly cause: PauseCause }
  | { readonly type: 'resume' }
  | { readonly type: 'reset' }
  | { readonly type: 'event'; readonly event: RunEvent };

/** The state after an action; actions that make no sense in a state leave it as it is. */
export function advance(session: Session, action: Action): Session {
  switch (action.type) {
    case 'start':
      if (isBusy(session)) return session;
      return { ...IDLE, state: 'starting', run: session.run + 1 };
    case 'pause':
      // A run that moves is paused when its worker says so: until then steps may still arrive.
      if (session.state === 'running') return { ...session, pausedBy: action.cause };
      if (session.state !== 'starting') return session;
      return { ...session, state: 'paused', pausedBy: action.cause };
    case 'resume':
      if (session.state !== 'paused' && session.pausedBy === undefined) return session;
      return {
        ...session,
        state: session.phase === 'train' ? 'running' : 'starting',
        pausedBy: undefined,
      };
    case 'reset':
      return { ...IDLE, run: session.run };
    case 'event':
      return isBusy(session) ? receive(session, action.event) : session;
  }
}

function receive(session: Session, event: RunEvent): Session {
  switch (event.type) {
    case 'phase': {
      const starts = event.phase === 'train' && session.state === 'starting';
      return {
        ...session,
        phase: event.phase,
        bytes: event.bytes,
        state: starts ? 'running' : session.state,
      };
    }
    case 'backend-ready':
      return {
        ...session,
        backend: event.backend,
        adapter: event.adapter,
        software: event.software,
        notices: event.notices,
      };
    case 'checkpoint-kept':
      return { ...session, keptStep: event.step };
    case 'checkpoint-refused':
      return { ...session, refused: event.because };
    case 'restarted':
      return {
        ...session,
        phase: 'backend',
        state: session.state === 'paused' ? 'paused' : 'starting',
        backend: undefined,
        lost: event.lost,
        fromStep: event.fromStep,
        step: event.fromStep,
        latest: {},
        ms: 0,
        stepsPerSecond: 0,
      };
    case 'data-ready':
      return { ...session, steps: event.steps };
    case 'steps':
      return {
        ...session,
        phase: 'train',
        state: session.state === 'starting' ? 'running' : session.state,
        step: event.first + event.steps.length - 1,
        latest: event.steps.at(-1) ?? session.latest,
        ms: event.ms,
        stepsPerSecond: event.stepsPerSecond,
      };
    case 'paused':
      return { ...session, state: 'paused', pausedBy: session.pausedBy ?? 'reader' };
    case 'resumed':
      return session.state === 'paused'
        ? {
            ...session,
            state: session.phase === 'train' ? 'running' : 'starting',
            pausedBy: undefined,
          }
        : session;
    case 'run-end':
      return {
        ...session,
        state: 'ended',
        reason: event.reason,
        step: event.steps,
        ms: event.ms,
        leakedTensors: event.leakedTensors,
        pausedBy: undefined,
      };
    case 'run-error':
      return {
        ...session,
        state: 'failed',
        pausedBy: undefined,
        error: {
          code: event.code,
          message: event.message,
          step: event.step,
          metric: event.metric,
        },
      };
  }
}

/** A run is under way, moving or not. */
export function isBusy(session: Session): boolean {
  return session.state === 'starting' || session.state === 'running' || session.state === 'paused';
}

export interface Buttons {
  readonly run: boolean;
  readonly pause: boolean;
  readonly resume: boolean;
  readonly step: boolean;
  readonly stop: boolean;
  readonly reset: boolean;
  readonly retry: boolean;
}

/** Which buttons can be pressed now. */
export function enabledButtons(session: Session): Buttons {
  const busy = isBusy(session);
  return {
    run: !busy,
    pause: session.state === 'starting' || session.state === 'running',
    resume: session.state === 'paused',
    step: !busy || session.state === 'paused',
    stop: busy,
    reset: session.state !== 'idle',
    retry: session.state === 'failed',
  };
}

/** Milliseconds of training still to come at the present rate; undefined before there is one. */
export function timeLeft(session: Session): number | undefined {
  if (session.state !== 'running' || session.steps === 0) return undefined;
  if (!(session.stepsPerSecond > 0) || session.step < 2) return undefined;
  return (Math.max(0, session.steps - session.step) / session.stepsPerSecond) * 1000;
}

/** `meanSquaredError` → `mean-squared-error`, the name of a data attribute. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}

/** The attributes that mirror a session: name → value, undefined where the attribute is absent. */
export function mirror(
  session: Session,
  metrics: readonly string[],
): Readonly<Record<string, string | undefined>> {
  const started = session.run > 0 && session.state !== 'idle';
  return {
    'data-state': session.state,
    'data-run': String(session.run),
    'data-step': String(session.step),
    'data-steps': started ? String(session.steps) : undefined,
    'data-phase': session.phase,
    'data-backend': session.backend,
    'data-adapter': session.backend === undefined ? undefined : session.adapter,
    'data-software': session.backend === undefined ? undefined : String(session.software),
    'data-reason': session.reason,
    'data-error': session.error?.code,
    'data-paused-by': session.pausedBy,
    'data-kept-step': session.keptStep > 0 ? String(session.keptStep) : undefined,
    ...Object.fromEntries(
      metrics.map((name) => {
        const value = session.latest[name];
        return [`data-${kebab(name)}`, value === undefined ? undefined : String(value)];
      }),
    ),
  };
}

/** Decides which tenths of a run are worth saying: each of 10 %, 20 % … 90 % once, never two at a time. */
export class Tenths {
  #last = 0;

  /** The percentage to announce now, or undefined. */
  reached(step: number, steps: number): number | undefined {
    if (steps <= 0) return undefined;
    const tenth = Math.floor((step / steps) * 10);
    if (tenth <= this.#last || tenth >= 10) return undefined;
    this.#last = tenth;
    return tenth * 10;
  }

  restart(): void {
    this.#last = 0;
  }
}
