/** Threads need cross-origin isolation: by headers, by a service worker where a host has none, and not at all. */
import { expect, test, type Page } from '@playwright/test';
import { Live, watch } from './live.ts';
import { ISOLATED_PORT, PORT } from './serve.ts';

const PLAIN = `http://127.0.0.1:${PORT}`;
const WITH_HEADERS = `http://127.0.0.1:${ISOLATED_PORT}`;
const SERVICE_WORKER = 'cross-origin-isolation.js';

/** Whether the page, and every training worker it has, is isolated. */
async function isolated(page: Page): Promise<boolean[]> {
  const workers = page.workers().filter((worker) => worker.url().includes('/worker-'));
  expect(workers.length).toBeGreaterThan(0);
  return [
    await page.evaluate(() => crossOriginIsolated),
    ...(await Promise.all(workers.map((worker) => worker.evaluate(() => crossOriginIsolated)))),
  ];
}

async function trains(page: Page, base = '/'): Promise<void> {
  const live = await Live.open(page, 'two-moons', '?backend=wasm', base);
  await live.takeSteps(2);
  expect(await live.attribute('backend')).toBe('wasm');
}

const controlled = (page: Page): Promise<boolean> =>
  page.evaluate(() => navigator.serviceWorker.controller !== null);

test.describe('a host that sets the headers', () => {
  test.use({ baseURL: WITH_HEADERS });

  test('page and worker are isolated, and an example trains', async ({ page }) => {
    const { problems } = watch(page);
    await trains(page);
    expect(await isolated(page)).not.toContain(false);
    expect(problems).toEqual([]);
  });

  test('the machine report names the threads', async ({ page }) => {
    await page.goto('/how-to/');
    const report = page.locator('machine-report');
    await report.scrollIntoViewIfNeeded();
    await expect(report).toHaveAttribute('data-state', 'known', { timeout: 30_000 });
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    const row = report.locator('[data-row="wasm"]');
    await expect(row).toHaveAttribute('data-threads', String(Math.min(8, cores)));
    await expect(row).toContainText('线程');
  });

  test('search works', async ({ page }) => {
    const { problems } = watch(page);
    await page.goto('/how-to/');
    await expect.poll(() => page.evaluate(() => crossOriginIsolated)).toBe(true);
    const found = await page.evaluate(async () => {
      const address = '/pagefind/pagefind.js';
      const pagefind = (await import(address)) as {
        search(query: string): Promise<{ results: unknown[] }>;
      };
      return (await pagefind.search('梯度下降')).results.length;
    });
    expect(found).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });
});

test.describe('a plain host, service workers forbidden', () => {
  test('nothing is isolated and everything still trains', async ({ page }) => {
    const { problems } = watch(page);
    await trains(page);
    expect(await isolated(page)).not.toContain(true);
    await page.goto('/how-to/');
    const report = page.locator('machine-report');
    await report.scrollIntoViewIfNeeded();
    await expect(report).toHaveAttribute('data-state', 'known', { timeout: 30_000 });
    await expect(report.locator('[data-row="wasm"]')).toContainText('单线程');
    expect(problems).toEqual([]);
  });
});

test.describe('a plain host with a service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  for (const base of ['/', '/x/']) {
    test(`below ${base} the first page trains unisolated, the next is isolated, none reloads itself`, async ({
      page,
    }) => {
      const { problems } = watch(page);
      let loads = 0;
      page.on('load', () => loads++);
      await trains(page, base);
      expect(await isolated(page)).not.toContain(true);
      expect(await controlled(page)).toBe(false);
      const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
      expect(scope).toBe(`${PLAIN}${base}`);
      await trains(page, base);
      expect(await controlled(page)).toBe(true);
      expect(await isolated(page)).not.toContain(false);
      await page.waitForTimeout(1000);
      expect(loads).toBe(2);
      expect(problems).toEqual([]);
    });
  }

  test('the service worker touches pages and the scripts of workers only', async ({ page }) => {
    await trains(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const through: string[] = [];
    page.on('response', (response) => {
      if (response.fromServiceWorker()) through.push(new URL(response.url()).pathname);
    });
    await trains(page);
    expect(through.some((path) => path === '/examples/two-moons/')).toBe(true);
    const others = through.filter((path) => !/\/_astro\/[^/]*\.js$|\/$/.test(path));
    expect(others).toEqual([]);
  });

  test('a page of text fetches no service worker, nor does a reader who saves data', async ({
    page,
  }) => {
    const fetched: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes(SERVICE_WORKER)) fetched.push(request.url());
    });
    await page.goto('/glossary/');
    await page.waitForLoadState('networkidle');
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    await trains(page);
    expect(
      await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
    ).toBe(0);
    expect(fetched).toEqual([]);
  });

  test('offline is the browser’s own, and the site comes back after it', async ({
    page,
    context,
  }) => {
    await trains(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.goto('/how-to/');
    expect(await controlled(page)).toBe(true);
    await context.setOffline(true);
    await expect(page.goto('/glossary/')).rejects.toThrow();
    await context.setOffline(false);
    await trains(page);
  });
});
