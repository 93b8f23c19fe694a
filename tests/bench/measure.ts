/**
 * Measures one workload on one backend with several libraries in turn (A B C A B C …): checks the losses, warms up,
 * finds how many steps make a round, times the rounds. Knows no browser but the questions it may ask.
 */
import type { BenchCell, BenchLibrary, LossCheck } from '../../src/contract/bench.ts';
import type { BackendName } from '../../src/contract/example.ts';
import type { Losses, Opened, Run } from './libraries/serve.ts';
import { compareLosses, quartiles } from './numbers.ts';
import { readReference, REFERENCE_STEPS } from './reference.ts';
import type { Stage } from './stage.ts';
import type { Workload } from './workloads/workload.ts';

export interface Budget {
  /** Seconds for the steps whose losses are checked. */
  readonly check: number;
  /** Seconds that a round should take, and how many there are at most. */
  readonly round: number;
  readonly rounds: number;
}
export const BUDGETS = {
  full: { check: 6, round: 0.6, rounds: 7 },
  quick: { check: 2, round: 0.3, rounds: 3 },
} as const satisfies Record<string, Budget>;

/** Seconds for a question that should take `expected`: generous, so that only what hangs is cut off. */
const patience = (expected: number): number => Math.ceil(60 + 4 * expected);

/** Greatest relative difference of the losses from the reference that still counts as the same arithmetic. */
export function toleranceFor(library: BenchLibrary, backend: BackendName): number {
  // WebGL rounds some operations more coarsely; jax-js sums in another order; ConvNetJS has double precision.
  if (backend === 'webgl') return 2e-2;
  return library === 'ours' || library === 'stock' ? 1e-4 : 1e-3;
}

interface Racer {
  readonly library: BenchLibrary;
  readonly opened: Opened;
  readonly checked: Losses;
  readonly check: LossCheck;
  /** Seconds a step is thought to take. */
  estimate: number;
  steps: number;
  readonly seconds: number[];
  loss: number;
  error?: string;
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** @param share seconds that the whole group should take; rounds are cut to it. */
export async function measureGroup(
  stage: Stage,
  workload: Workload,
  backend: BackendName,
  libraries: readonly BenchLibrary[],
  budget: Budget,
  share: number,
): Promise<BenchCell[]> {
  const { id } = workload;
  const place = { workload: id, backend };
  const reference = readReference()[id];
  const start = Date.now();
  const failed = new Map<BenchLibrary, string>();
  const racers: Racer[] = [];
  for (const library of libraries) {
    try {
      const opened: Opened = await stage.ask(library, { ask: 'open', ...place }, 90);
      const steps = REFERENCE_STEPS;
      const question = { ask: 'losses', steps, seconds: budget.check } as const;
      const checked: Losses = await stage.ask(library, question, patience(30 + 5 * budget.check));
      const check = compareLosses(checked.losses, reference, toleranceFor(library, backend));
      const later = checked.seconds.slice(1);
      const estimate = quartiles(later.length > 0 ? later : checked.seconds).median;
      const loss = checked.losses.at(-1) ?? NaN;
      racers.push({ library, opened, checked, check, estimate, steps: 1, seconds: [], loss });
    } catch (error) {
      failed.set(library, messageOf(error));
      await stage.end(library);
    }
  }

  const timed = async (racer: Racer, steps: number): Promise<Run | undefined> => {
    try {
      const question = { ask: 'run', steps } as const;
      const run: Run = await stage.ask(racer.library, question, patience(steps * racer.estimate));
      racer.loss = run.loss;
      return run;
    } catch (error) {
      racer.error = messageOf(error);
      await stage.end(racer.library);
      return undefined;
    }
  };

  // A step without a read is faster than one with: the first, untimed round tells by how much.
  for (const racer of racers) {
    const first = Math.max(1, Math.min(200, Math.round(budget.round / racer.estimate)));
    if (racer.estimate < budget.round) {
      const run = await timed(racer, first);
      if (run) racer.estimate = run.seconds / first;
    }
    racer.steps = Math.max(1, Math.min(5000, Math.round(budget.round / racer.estimate)));
  }
  for (let round = 0; round < budget.rounds; round++) {
    const left = share - (Date.now() - start) / 1000;
    const running = racers.filter(({ error }) => error === undefined);
    const next = running.reduce((sum, { steps, estimate }) => sum + steps * estimate, 0);
    if (round > 0 && next > left) break;
    for (const racer of running) {
      const run = await timed(racer, racer.steps);
      if (run) racer.seconds.push(run.seconds / racer.steps);
    }
  }
  for (const { library } of racers) await stage.end(library);

  const ours = racers.find(({ library, error }) => library === 'ours' && error === undefined);
  return libraries.map((library): BenchCell => {
    const racer = racers.find((one) => one.library === library);
    const error = failed.get(library) ?? racer?.error;
    if (!racer || error !== undefined) return { ...place, library, error: error || 'no message' };
    const { seconds, steps, checked, check, opened, loss } = racer;
    if (!Number.isFinite(loss)) return { ...place, library, error: `the loss is ${loss}` };
    const secondsPerStep = quartiles(seconds);
    const ratios = seconds.flatMap((own, round) => {
      const other = ours?.seconds[round];
      return other === undefined ? [] : [own / other];
    });
    return {
      ...place,
      library,
      rounds: seconds.length,
      steps,
      secondsPerStep,
      perSecond: workload.perStep / secondsPerStep.median,
      firstStep: checked.seconds[0] ?? NaN,
      loss,
      check,
      ...(opened.threads === undefined ? {} : { threads: opened.threads }),
      ...(backend === 'webgpu' ? { dispatches: checked.dispatches, submits: checked.submits } : {}),
      ...(library === 'ours' || ratios.length === 0 ? {} : { ratio: quartiles(ratios) }),
    };
  });
}
