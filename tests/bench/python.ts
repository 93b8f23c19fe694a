/**
 * `npm run bench:python`: Keras (TensorFlow on the processor) in its own virtual environment, in turn with ours on wasm
 * in the browser; adds a section to the newest results file, or to --out=<file>. Needs Python 3.11 or later.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  readBenchResults,
  type BenchResults,
  type BenchWorkload,
  type PythonCell,
} from '../../src/contract/bench.ts';
import { newestResults } from '../../src/content/bench-results.ts';
import { buildWorkers, serveBench } from './build.ts';
import { compareLosses, quartiles } from './numbers.ts';
import { nodeHost, readReference, REFERENCE_STEPS } from './reference.ts';
import { Stage } from './stage.ts';
import { WORKLOADS } from './workloads/all.ts';
import { ADAM, type Weights } from './workloads/workload.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: { out: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const ROUNDS = options.quick ? 3 : 7;
const ROUND_SECONDS = options.quick ? 0.3 : 0.8;
/** Keras sums in another order than TensorFlow.js: its convolutional network strays by 1.4e-3 within 50 steps. */
const TOLERANCE = 5e-3;

/** The interpreter of the bench's own environment, made when it is not there. */
function python(): string {
  const folder = join(root, 'node_modules/.cache/bench-python');
  const windows = process.platform === 'win32';
  const interpreter = join(folder, windows ? 'Scripts/python.exe' : 'bin/python');
  const run = (command: string, ...args: string[]): void => {
    const { status } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}`);
  };
  if (!existsSync(interpreter)) run(windows ? 'python' : 'python3', '-m', 'venv', folder);
  const list = join(here, 'requirements.txt');
  run(interpreter, '-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', list);
  return interpreter;
}

interface Reply {
  readonly error?: string;
  readonly losses?: readonly number[];
  readonly loss?: number;
  readonly seconds?: number;
  readonly versions?: Readonly<Record<string, string>>;
}

/** One Python process, which asks TensorFlow for this many threads. */
class Keras {
  readonly threads: number;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string, undefined>;

  constructor(interpreter: string, threads: number) {
    this.threads = threads;
    const args = [join(here, 'keras_worker.py'), String(threads)];
    this.#child = spawn(interpreter, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    const { stdout } = this.#child;
    if (!stdout) throw new Error('Python has no output');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]() as AsyncIterator<
      string,
      undefined
    >;
  }

  /** @throws Error with what Python said, or after five minutes without an answer. */
  async ask(question: object): Promise<Reply> {
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    const limit = setTimeout(() => this.end(), 300_000);
    const { value } = await this.#lines.next();
    clearTimeout(limit);
    if (value === undefined) throw new Error('Python ended without an answer');
    const reply = JSON.parse(value) as Reply;
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Writes a workload's inputs where Python reads them. @returns the folder. */
async function writeInputs(id: BenchWorkload, below: string): Promise<string> {
  const folder = join(below, id);
  mkdirSync(folder);
  const inputs = await WORKLOADS[id].inputs(nodeHost);
  let files = 0;
  const write = ({ shape, values }: Weights) => {
    const file = `${files++}.bin`;
    writeFileSync(join(folder, file), values);
    return { file, shape };
  };
  const description = {
    weights: inputs.weights.map(write),
    batches: inputs.batches.map(({ x, y }) => ({ x: write(x), y: write(y) })),
    learningRate: inputs.learningRate,
    ...ADAM,
  };
  writeFileSync(join(folder, 'inputs.json'), JSON.stringify(description));
  return folder;
}

const target = options.out ?? join(root, newestResults(root).file);
const results: BenchResults = readBenchResults(readFileSync(target, 'utf8'), target);
const interpreter = python();
const below = mkdtempSync(join(tmpdir(), 'bench-'));
const server = await serveBench(await buildWorkers(['ours']), true);
const stage = new Stage(server.url);
const cells: PythonCell[] = [];
let versions: Readonly<Record<string, string>> = {};
const threadCounts = [...new Set([availableParallelism(), 1])];

for (const id of ['mlp', 'cnn', 'lstm'] as const) {
  const folder = await writeInputs(id, below);
  const { perStep } = WORKLOADS[id];
  const racers = threadCounts.map((threads) => new Keras(interpreter, threads));
  try {
    const opened = await stage.ask('ours', { ask: 'open', workload: id, backend: 'wasm' }, 120);
    await stage.ask('ours', { ask: 'losses', steps: REFERENCE_STEPS, seconds: 20 }, 180);
    const runOurs = (steps: number) => stage.ask('ours', { ask: 'run', steps }, 120);
    const checks = new Map<Keras, readonly number[]>();
    for (const keras of racers) {
      ({ versions = versions } = await keras.ask({ ask: 'open', workload: id, folder }));
      const reply = await keras.ask({ ask: 'losses', steps: REFERENCE_STEPS });
      checks.set(keras, reply.losses ?? []);
    }
    const runKeras = async (keras: Keras, steps: number) => {
      const { seconds = NaN, loss = NaN } = await keras.ask({ ask: 'run', steps });
      return { seconds, loss };
    };
    // An untimed round tells how many steps fill one.
    const fill = ({ seconds }: { seconds: number }, taken: number): number =>
      Math.max(1, Math.min(5000, Math.round((ROUND_SECONDS * taken) / seconds)));
    const ourSteps = fill(await runOurs(5), 5);
    const own: number[] = [];
    const times = new Map<Keras, { steps: number; seconds: number[]; loss: number }>();
    for (const keras of racers) {
      const steps = fill(await runKeras(keras, 5), 5);
      times.set(keras, { steps, seconds: [], loss: NaN });
    }
    for (let round = 0; round < ROUNDS; round++) {
      own.push((await runOurs(ourSteps)).seconds / ourSteps);
      for (const [keras, time] of times) {
        const { seconds, loss } = await runKeras(keras, time.steps);
        time.seconds.push(seconds / time.steps);
        time.loss = loss;
      }
    }
    for (const [keras, { steps, seconds, loss }] of times) {
      const secondsPerStep = quartiles(seconds);
      const cell: PythonCell = {
        workload: id,
        threads: keras.threads,
        rounds: seconds.length,
        steps,
        secondsPerStep,
        perSecond: perStep / secondsPerStep.median,
        loss,
        check: compareLosses(checks.get(keras) ?? [], readReference()[id], TOLERANCE),
        ours: { perSecond: perStep / quartiles(own).median, threads: opened.threads ?? 1 },
        ratio: quartiles(seconds.map((time, round) => time / (own[round] ?? NaN))),
      };
      cells.push(cell);
      const { check, ratio, ours } = cell;
      console.log(
        `${id}, Keras with ${keras.threads} threads: ${cell.perSecond.toPrecision(4)} a second; ours on wasm ` +
          `${ours.perSecond.toPrecision(4)} (${ours.threads} threads), ${ratio.median.toFixed(2)}×; ` +
          `losses differ by ${check.difference.toExponential(1)} over ${check.steps} steps`,
      );
    }
  } catch (error) {
    console.error(`${id}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    for (const keras of racers) keras.end();
    await stage.end('ours');
  }
}
await stage.close();
server.close();
rmSync(below, { recursive: true, force: true });
if (cells.length > 0) {
  const date = new Date().toISOString().slice(0, 16) + 'Z';
  const whole: BenchResults = { ...results, python: { date, versions, cells } };
  writeFileSync(target, `${JSON.stringify(whole, null, 2)}\n`);
  readBenchResults(readFileSync(target, 'utf8'), target);
  console.log(`written to ${target}`);
}
process.exit(cells.length > 0 ? 0 : 1);
