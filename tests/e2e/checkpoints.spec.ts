/** A run that was interrupted goes on to the numbers of the run that was not: after a reload, a crash, a lost GPU. */
import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import type { BackendName } from '../../src/contract/example.ts';
import { FAULTS, fault, Live, patchWorker } from './live.ts';

interface RunData {
  readonly steps: readonly number[];
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly backend: BackendName;
}

/** Every number of the run on the page, from its download. */
async function numbers(live: Live): Promise<RunData> {
  await live.part('runs-fold').locator('summary').click();
  const downloading = live.page.waitForEvent('download');
  await live.root.locator('[data-action="download"]').click();
  const path = await (await downloading).path();
  return JSON.parse(await readFile(path, 'utf8')) as RunData;
}

/** The button of the offer, once it says from where. */
async function goOn(live: Live, words: string | RegExp): Promise<void> {
  await live.part('continue').getByRole('button', { name: words }).click();
}

/** Waits until a reload would find the run at that step. */
async function kept(live: Live, step: number): Promise<void> {
  await expect(live.root).toHaveAttribute('data-kept-step', String(step), { timeout: 30_000 });
}

const SMALL = 'p.epochs=1&p.hidden=8&seed=3';

for (const backend of ['cpu', 'wasm', 'webgpu', 'webgl'] as const) {
  test(`digits on ${backend}: paused, reloaded and gone on, it gives the numbers of a run in one piece`, async ({
    page,
  }) => {
    const first = await Live.open(page, 'digits-mlp', `?${SMALL}&backend=${backend}`);
    await first.press('run');
    await first.is('ended', 110_000);
    const whole = await numbers(first);
    expect([whole.backend, whole.steps.length]).toEqual([backend, 23]);

    const live = await Live.open(page, 'digits-mlp', `?${SMALL}&backend=${backend}`);
    await live.takeSteps(9);
    await kept(live, 9);
    const again = await Live.open(page, 'digits-mlp');
    await goOn(again, '从第 9 步继续');
    await again.is('ended', 110_000);
    expect(await again.attribute('reason')).toBe('completed');
    const rest = await numbers(again);
    expect(rest.backend).toBe(backend);
    expect(rest.steps).toEqual(whole.steps);
    expect(rest.metrics).toEqual(whole.metrics);
    await expect(again.part('continue')).toBeHidden();
  });
}

test('a device lost in mid-run: the run goes on elsewhere from its checkpoint, and says so', async ({
  page,
}) => {
  await patchWorker(page, FAULTS);
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu&p.steps=200');
  await live.takeSteps(5);
  const before = await live.metrics(['loss']);
  await live.press('resume');
  await live.reaches(7);
  await fault(page, 'destroy');
  await live.is('ended');
  expect(await live.attribute('backend')).toBe('wasm');
  expect(await live.attribute('reason')).toBe('completed');
  await expect(live.part('notices')).toContainText(/已改用 WASM，从第 \d+ 步继续/);
  const { steps, metrics } = await numbers(live);
  expect(steps).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  expect(metrics['loss']?.[4]).toBe(before['loss']);
});

test('a worker that crashes: the run can go on, and gives the numbers of a run in one piece', async ({
  page,
}) => {
  await patchWorker(page, FAULTS);
  const first = await Live.open(page, 'linear-regression', '?backend=wasm&p.batch=2');
  await first.press('run');
  await first.is('ended');
  const whole = await numbers(first);
  const live = await Live.open(page, 'linear-regression', '?backend=wasm&p.batch=2');
  await live.takeSteps(20);
  await fault(page, 'crash');
  await live.is('failed');
  await goOn(live, '从第 20 步继续');
  await live.is('ended');
  expect(await live.attribute('reason')).toBe('completed');
  const rest = await numbers(live);
  expect(rest.metrics).toEqual(whole.metrics);
});

/** Lets a test end the page's workers behind its back, as a browser does that runs out of memory. */
async function killable(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const made: Worker[] = [];
    window.Worker = class extends Worker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        made.push(this);
      }
    };
    Object.assign(window, { made });
  });
  return async () =>
    page.evaluate(() => {
      for (const worker of (window as unknown as { made: Worker[] }).made) worker.terminate();
    });
}

test('a worker that was killed without a word: Stop ends the run, and it can go on', async ({
  page,
}) => {
  const kill = await killable(page);
  const live = await Live.open(page, 'linear-regression', '?backend=wasm');
  await live.takeSteps(6);
  await kill();
  await live.press('resume');
  await live.press('stop');
  await live.is('ended', 10_000);
  expect(await live.attribute('reason')).toBe('stopped');
  await goOn(live, '从第 6 步继续');
  await live.is('ended');
  expect(await live.step()).toBe(1000);
  const { steps } = await numbers(live);
  expect(steps.length).toBe(1000);
});

test('a stopped run can go on, or start again from its first step', async ({ page }) => {
  const live = await Live.open(page, 'linear-regression', '?backend=cpu&seed=5');
  await live.takeSteps(4);
  await live.press('stop');
  await live.is('ended');
  await goOn(live, '从第 4 步继续');
  await live.is('ended');
  expect(await live.step()).toBe(1000);

  const again = await Live.open(page, 'linear-regression', '?backend=cpu&seed=6');
  await again.takeSteps(3);
  await again.press('stop');
  await again.is('ended');
  await goOn(again, '重新开始');
  await again.is('ended');
  expect(await again.step()).toBe(1000);
  await expect(again.part('continue')).toBeHidden();
});

test('a tab that is hidden keeps a checkpoint of where it was', async ({ page }) => {
  const live = await Live.open(page, 'linear-regression', '?backend=cpu&p.steps=5000');
  await live.press('run');
  await live.reaches(20);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await live.is('paused');
  await kept(live, await live.step());
});

test('a run that ended can be asked again after a reload, without training', async ({ page }) => {
  const live = await Live.open(page, 'sentiment-negation', '?backend=wasm&p.steps=40');
  await live.press('run');
  await live.is('ended');
  const last = await live.metrics(['loss', 'validationAccuracy']);
  const again = await Live.open(page, 'sentiment-negation');
  await goOn(again, '取回训练好的模型');
  await again.is('ended');
  expect(await again.step()).toBe(40);
  expect(await again.metrics(['loss', 'validationAccuracy'])).toEqual(last);
  await again.part('probe').getByRole('button').click();
  await expect(again.part('probe-body')).toContainText('满意的概率');
});

test('a model saved to a file is opened in another browser and goes on; another file is refused', async ({
  page,
  browser,
}) => {
  const live = await Live.open(page, 'digits-mlp', `?${SMALL}&backend=wasm`);
  await live.takeSteps(4);
  const saved = page.waitForEvent('download');
  await live.part('model-fold').locator('summary').click();
  await live.root.locator('[data-action="save-model"]').click();
  const path = await (await saved).path();
  await live.press('resume');
  await live.is('ended');
  const whole = await numbers(live);

  const elsewhere = await browser.newContext();
  const again = await Live.open(await elsewhere.newPage(), 'digits-mlp');
  const open = async (files: string | { name: string; mimeType: string; buffer: Buffer }) => {
    const choosing = again.page.waitForEvent('filechooser');
    await again.root.locator('[data-action="open-model"]').click();
    await (await choosing).setFiles(files);
  };
  await again.part('model-fold').locator('summary').click();
  const other = { name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{}') };
  await open(other);
  await expect(again.part('notices')).toContainText('不是这里存出来的模型');
  await open(path);
  await again.is('ended');
  expect(await numbers(again)).toMatchObject({ steps: whole.steps, metrics: whole.metrics });
  await elsewhere.close();
});

test('reset forgets the kept run', async ({ page }) => {
  const live = await Live.open(page, 'linear-regression', '?backend=wasm');
  await live.takeSteps(2);
  await kept(live, 2);
  const again = await Live.open(page, 'linear-regression');
  await expect(again.part('continue')).toContainText('从第 2 步继续');
  await again.press('run');
  await again.is('ended');
  await again.press('reset');
  await expect
    .poll(async () =>
      page.evaluate(async () => {
        const open = indexedDB.open('checkpoints');
        await new Promise((resolve) => (open.onsuccess = resolve));
        const count = open.result.transaction('runs').objectStore('runs').count();
        await new Promise((resolve) => (count.onsuccess = resolve));
        open.result.close();
        return count.result;
      }),
    )
    .toBe(0);
});

const REFUSALS = {
  'is blocked': `Object.defineProperty(window, 'indexedDB', {
    get: () => { throw new DOMException('denied', 'SecurityError'); } });`,
  'is full': `IDBObjectStore.prototype.put = () => {
    throw new DOMException('no room', 'QuotaExceededError'); };`,
};
for (const [what, code] of Object.entries(REFUSALS)) {
  test(`storage that ${what}: the run goes on, the reader is told, and a crash loses nothing`, async ({
    page,
  }) => {
    await page.addInitScript(code);
    await patchWorker(page, FAULTS);
    const live = await Live.open(page, 'linear-regression', '?backend=wasm');
    await live.takeSteps(5);
    await expect(live.part('notices')).toContainText('进度存不下来');
    await fault(page, 'crash');
    await live.is('failed');
    await goOn(live, '从第 5 步继续');
    await live.is('ended');
    expect(await live.step()).toBe(1000);
    expect(await live.attribute('reason')).toBe('completed');
  });
}
