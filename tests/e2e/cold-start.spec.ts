/** From the page to the first step: what is fetched ahead, what a run weighs, and that the page stays quick. */
import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { Live, watch } from './live.ts';

const WORKER = /\/worker-[^/]*\.js$/;

/** Paths of the files that the page and its workers ask for, from now on. */
function requested(page: Page): string[] {
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  return paths;
}

const trainers = (page: Page): number =>
  page.workers().filter((worker) => WORKER.test(new URL(worker.url()).pathname)).length;

/** As for a reader who saves data: nothing is fetched before it is asked for. */
const saveData = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
  });

test('a worker and its backend are ready when an example comes near, not before, and one for all', async ({
  page,
}) => {
  const paths = requested(page);
  await page.goto('/startup-stories/math/');
  await page.waitForLoadState('networkidle');
  expect(paths.filter((path) => WORKER.test(path))).toEqual([]);
  for (const id of ['optimizer-digits', 'optimizer-race']) {
    await page.locator(`#live-${id}`).scrollIntoViewIfNeeded();
    await new Live(page, id).is('idle');
  }
  await expect.poll(() => paths.some((path) => /tfjs-backend-wasm.*\.wasm$/.test(path))).toBe(true);
  await page.waitForLoadState('networkidle');
  expect(trainers(page)).toBe(1);
  expect(paths.filter((path) => path.includes('/datasets/'))).toEqual([]);
  const live = new Live(page, 'optimizer-race');
  await live.takeSteps(1);
  expect(await live.attribute('backend')).toBe('wasm');
  expect(trainers(page)).toBe(1);
});

test('with data saving or on a slow line nothing is fetched before Run, which works as ever', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { effectiveType: '2g' } });
  });
  const paths = requested(page);
  const live = await Live.open(page, 'two-moons');
  await live.button('run').hover();
  await live.button('run').focus();
  await page.waitForTimeout(1500);
  expect(paths.filter((path) => WORKER.test(path))).toEqual([]);
  await live.takeSteps(1);
  expect(trainers(page)).toBe(1);
});

test('the Run button’s focus readies a worker where nothing else did', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'IntersectionObserver', { value: undefined });
  });
  const paths = requested(page);
  const live = await Live.open(page, 'two-moons', '?backend=cpu');
  await page.waitForTimeout(1000);
  expect(paths.filter((path) => WORKER.test(path))).toEqual([]);
  await live.button('run').focus();
  await expect.poll(() => trainers(page)).toBe(1);
  await live.press('run');
  await live.is('ended');
  expect(await live.attribute('backend')).toBe('cpu');
  expect(trainers(page)).toBe(1);
});

test('a worker made ready for one backend runs another when the reader changes the mind', async ({
  page,
}) => {
  const { problems } = watch(page);
  const live = await Live.open(page, 'linear-regression');
  await expect.poll(() => trainers(page)).toBe(1);
  await live.root.locator('[data-role="backend"]').selectOption('cpu');
  await live.takeSteps(2);
  expect(await live.attribute('backend')).toBe('cpu');
  expect(trainers(page)).toBe(1);
  expect(problems).toEqual([]);
});

/** File name → bytes as a web host would send it, from the click to the first step, data and pictures apart. */
async function weighRun(
  page: Page,
  example: string,
  backend: string,
): Promise<Map<string, number>> {
  await saveData(page);
  const live = await Live.open(page, example, `?backend=${backend}`);
  await page.waitForLoadState('networkidle');
  const files = new Map<string, number>();
  const pending: Promise<void>[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/_astro/')) return;
    const name = pathname.slice('/_astro/'.length);
    pending.push(
      response.body().then(
        (body) => void files.set(name, gzipSync(body, { level: 9 }).byteLength),
        () => undefined,
      ),
    );
  });
  await live.takeSteps(1);
  expect(await live.attribute('backend')).toBe(backend);
  await page.waitForLoadState('networkidle');
  await Promise.all(pending);
  return files;
}

/** What draws and what keeps, which the page fetches beside the engine. */
const DRAWING = /^(pictures|draw|frames|d3-|client|checkpoints|browser-storage|zh|race)/;

/**
 * Most that the engine may weigh, in bytes: core, our kernels and one backend; with layers where an example uses them.
 * The largest part on wasm is the library’s own binary (137 kB), which is fetched whole.
 */
const LIMITS = [
  { example: 'linear-regression', backend: 'wasm', most: 280_000 },
  { example: 'optimizer-digits', backend: 'wasm', most: 340_000 },
  { example: 'linear-regression', backend: 'webgpu', most: 170_000 },
  { example: 'optimizer-digits', backend: 'webgpu', most: 225_000 },
  { example: 'linear-regression', backend: 'cpu', most: 130_000 },
] as const;

for (const { example, backend, most } of LIMITS) {
  test(`${example} on ${backend}: its engine weighs at most ${most / 1000} kB, and no other backend is fetched`, async ({
    page,
  }) => {
    const files = await weighRun(page, example, backend);
    const engine = [...files].filter(([name]) => !DRAWING.test(name));
    const bytes = engine.reduce((sum, [, size]) => sum + size, 0);
    const told = engine
      .sort((a, b) => b[1] - a[1])
      .map(([name, size]) => `${(size / 1000).toFixed(1)} kB ${name}`);
    console.log(
      `${example} on ${backend}: ${(bytes / 1000).toFixed(1)} kB\n  ${told.join('\n  ')}`,
    );
    expect(bytes, told.join('\n')).toBeLessThanOrEqual(most);
    const binaries = engine.filter(([name]) => /^tfjs-backend-wasm.*\.wasm$/.test(name));
    expect(binaries.length).toBe(backend === 'wasm' ? 1 : 0);
    if (backend !== 'webgpu') expect(told.filter((line) => / webgpu/.test(line))).toEqual([]);
    const chunk = engine.find(([name]) => name.startsWith(example));
    // An example that is the only one to use layers brings them in its own file.
    if (example === 'linear-regression') expect(chunk?.[1]).toBeLessThan(5000);
  });
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time, in µs. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

for (const example of ['optimizer-race', 'domain-knowledge', 'two-moons']) {
  test(`${example}: no task of the page computes for more than 50 ms while it trains`, async ({
    page,
    browser,
  }) => {
    await page.addInitScript(() => {
      const long: number[] = [];
      Object.assign(window, { long });
      new PerformanceObserver((list) => {
        long.push(...list.getEntries().map((entry) => Math.round(entry.duration)));
      }).observe({ entryTypes: ['longtask'] });
    });
    const live = await Live.open(page, example, '?backend=wasm');
    await page.waitForTimeout(1500);
    await page.evaluate(() => void (window as unknown as { long: number[] }).long.splice(0));
    await browser.startTracing(page, { categories: ['toplevel'] });
    await live.press('run');
    await live.is('ended');
    const trace = JSON.parse((await browser.stopTracing()).toString()) as {
      traceEvents: readonly TraceEvent[];
    };
    const where = (event: TraceEvent): string => `${event.pid}/${event.tid}`;
    const mains = new Set(
      trace.traceEvents
        .filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain')
        .map(where),
    );
    const tasks = trace.traceEvents
      .filter((event) => event.ph === 'X' && event.name.endsWith('RunTask'))
      .filter((event) => mains.has(where(event)) && event.tdur !== undefined)
      .map((event) => (event.tdur ?? 0) / 1000)
      .sort((a, b) => b - a);
    // The Long Tasks API counts waiting for a processor too: on a busy machine, what others compute.
    const long = await page.evaluate(() => (window as unknown as { long: number[] }).long);
    const worst = tasks.slice(0, 3).map((ms) => ms.toFixed(1));
    console.log(
      `${example}: ${worst.join(', ')} ms at most; long by the clock: ${long.join(', ')}`,
    );
    expect(tasks.length).toBeGreaterThan(20);
    expect(tasks[0]).toBeLessThanOrEqual(50);
  });
}
