/** The browser of the bench: one page, a worker for each library, questions with a time limit. Knows no workload. */
import { chromium, type Browser, type Page } from '@playwright/test';
import type { BenchLibrary } from '../../src/contract/bench.ts';
import { BROWSER_ARGS, ensureBrowser } from '../e2e/browser.ts';
import type { Losses, Opened, Question, Run } from './libraries/serve.ts';

type Answer<Q extends Question> = Q extends { ask: 'open' }
  ? Opened
  : Q extends { ask: 'losses' }
    ? Losses
    : Q extends { ask: 'run' }
      ? Run
      : undefined;

interface BenchPage {
  workers: Record<string, Worker>;
}

/** What a worker's library answered with an error, or that it did not answer in time. */
export class StageError extends Error {
  override name = 'StageError';
}

const within = async <T>(promise: Promise<T>, seconds: number, what: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const text = `no answer to “${what}” within ${seconds} s`;
    timer = setTimeout(() => reject(new StageError(text)), 1000 * seconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

export class Stage {
  readonly #url: string;
  readonly #extra: readonly string[];
  #browser: Browser | undefined;
  #page: Page | undefined;

  constructor(url: string, extra: readonly string[] = []) {
    this.#url = url;
    this.#extra = extra;
  }

  async page(): Promise<Page> {
    if (this.#page) return this.#page;
    this.#browser = await chromium.launch({
      executablePath: ensureBrowser(),
      args: [...BROWSER_ARGS, ...this.#extra],
      // Else an interrupted bench loses its browser and starts another.
      handleSIGINT: false,
      handleSIGTERM: false,
    });
    this.#page = await this.#browser.newPage();
    // A browser that died is replaced at the next question.
    const gone = (): void => void this.close();
    this.#browser.on('disconnected', gone);
    this.#page.on('crash', gone);
    this.#page.on('requestfailed', (request) => {
      if (process.env['BENCH_LOG'] !== undefined) console.log(`  [failed] ${request.url()}`);
    });
    this.#page.on('pageerror', (error) => {
      if (process.env['BENCH_LOG'] !== undefined) console.log(`  [error] ${error.stack}`);
    });
    this.#page.on('console', (message) => {
      if (process.env['BENCH_LOG'] !== undefined) console.log(`  [page] ${message.text()}`);
    });
    await this.#page.goto(this.#url);
    await this.#page.evaluate(() => {
      (globalThis as unknown as BenchPage).workers = {};
    });
    return this.#page;
  }

  /** Puts a question to a library's worker, which is started if need be. @throws StageError */
  async ask<Q extends Question>(
    library: BenchLibrary,
    question: Q,
    seconds: number,
  ): Promise<Answer<Q>> {
    const page = await within(this.page(), 60, 'a browser');
    const reply = page.evaluate(
      async ([name, asked]) => {
        const { workers } = globalThis as unknown as BenchPage;
        const known = workers[name];
        const worker = known ?? ((await import(`/${name}.js`)) as { start(): Worker }).start();
        workers[name] = worker;
        const next = (id: number): Promise<{ value?: unknown; error?: string }> =>
          new Promise((resolve) => {
            const take = ({
              data,
            }: MessageEvent<{ id: number; value?: unknown; error?: string }>) => {
              if (data.id !== id) return;
              worker.removeEventListener('message', take);
              resolve(data);
            };
            worker.addEventListener('message', take);
            worker.addEventListener('error', ({ message }) =>
              resolve({ error: message || 'the worker does not load' }),
            );
          });
        if (!known) {
          const ready = await next(0);
          if (ready.error !== undefined) return ready;
        }
        const id = Math.random();
        const answer = next(id);
        worker.postMessage({ id, question: asked });
        return answer;
      },
      [library, question] as const,
    );
    const { value, error } = await within(reply, seconds, question.ask);
    if (error !== undefined) throw new StageError(error);
    return value as Answer<Q>;
  }

  /** Ends a library's worker, whatever it is doing. A page that does not even do that is replaced. */
  async end(library: BenchLibrary): Promise<void> {
    const page = this.#page;
    if (!page) return;
    const ended = page.evaluate((name) => {
      const { workers } = globalThis as unknown as BenchPage;
      workers[name]?.terminate();
      delete workers[name];
    }, library);
    await within(ended, 10, 'end').catch(() => this.close());
  }

  /** Version of the browser. */
  version(): string {
    return `Chromium ${this.#browser?.version() ?? '?'}`;
  }

  async close(): Promise<void> {
    const browser = this.#browser;
    this.#browser = undefined;
    this.#page = undefined;
    if (!browser) return;
    await within(browser.close(), 20, 'close').catch(() => undefined);
  }
}
