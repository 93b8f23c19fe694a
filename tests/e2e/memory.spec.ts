/** Two hundred runs in a row leave memory as the first ones left it, on every backend. */
import { expect, test, type Page } from '@playwright/test';
import type { BackendName } from '../../src/contract/example.ts';
import type {
  Command,
  MemoryReport,
  RunRequest,
  WorkerMessage,
} from '../../src/contract/protocol.ts';
import { Live } from './live.ts';

const RUNS = 200;
/** After so many runs pools and heaps have their size. */
const WARM = 20;

/** In turn: a line by gradient descent, two matrices by Adam, a network of layers with momentum. */
const EXAMPLES: readonly Pick<RunRequest, 'example' | 'params'>[] = [
  { example: 'linear-regression', params: {} },
  { example: 'recommender', params: {} },
  { example: 'optimizer-digits', params: { optimizer: 'momentum', batch: 8 } },
];

interface Measured {
  readonly ends: readonly string[];
  readonly reports: readonly MemoryReport[];
}

/** Trains in the page's own worker script, commanded as the page commands it. */
async function trainMany(page: Page, url: string, backend: BackendName): Promise<Measured> {
  return page.evaluate(
    async ({ url, backend, examples, runs, warm }) => {
      const worker = new Worker(url, { type: 'module' });
      const send = (command: Command): void => worker.postMessage(command);
      let heard: (message: WorkerMessage) => void = () => undefined;
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => heard(data);
      const memory = async () =>
        new Promise<MemoryReport>((resolve) => {
          heard = (message) => {
            if (message.type === 'memory' && message.memory) resolve(message.memory);
          };
          send({ type: 'memory', run: 0 });
        });
      const train = async (run: number, request: RunRequest) =>
        new Promise<string>((resolve) => {
          heard = (message) => {
            if (message.type !== 'event' || message.run !== run) return;
            const { event } = message;
            if (event.type === 'backend-ready' && event.backend !== backend) resolve(event.backend);
            if (event.type === 'run-end') resolve(`${event.reason} ${event.leakedTensors}`);
            if (event.type === 'run-error') resolve(`${event.code} ${event.message}`);
          };
          send({ type: 'run', run, request });
        });
      const ends: string[] = [];
      const reports: MemoryReport[] = [];
      for (let run = 1; run <= runs; run++) {
        const example = examples[run % examples.length]!;
        ends.push(
          await train(run, { ...example, seed: run, backend, steps: 2, version: 'memory' }),
        );
        if (run === warm || run === runs) reports.push(await memory());
      }
      worker.terminate();
      return { ends: [...new Set(ends)], reports };
    },
    {
      url,
      backend,
      examples: EXAMPLES,
      runs: RUNS,
      warm: WARM + ((RUNS - WARM) % EXAMPLES.length),
    },
  );
}

for (const backend of ['webgpu', 'webgl', 'wasm', 'cpu'] as const) {
  test(`${RUNS} runs on ${backend} leave tensors, bytes, GPU memory and heap where the first ones left them`, async ({
    page,
  }) => {
    const live = await Live.open(page, 'linear-regression', '?backend=cpu');
    await live.press('run');
    await live.is('ended');
    const url = page.workers()[0]?.url() ?? '';
    const { ends, reports } = await trainMany(page, url, backend);
    expect(ends).toEqual(['completed 0']);
    const [first, last] = reports;
    expect(first?.backend).toBe(backend);
    expect(last).toEqual(first);
    expect(first?.gpuBytes === undefined).toBe(!backend.startsWith('webg'));
    expect(first?.heapBytes === undefined).toBe(backend !== 'wasm');
  });
}
