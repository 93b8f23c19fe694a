/** The choice of a backend by measurement, and the race that measures them all. */
import { expect, test, type Page } from '@playwright/test';
import { Live, patchWorker, watch } from './live.ts';

const KEY = 'live-large-models/measurements';
type Entry = [example: string, sizes: string, backend: string, rate: number, adapter: string];

const kept = (page: Page): Promise<Entry[]> =>
  page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? '[]') as Entry[], KEY);

test('a run is measured, shown beside the backend, and can be forgotten', async ({ page }) => {
  const { problems } = watch(page);
  const live = await Live.open(page, 'two-moons', '?backend=wasm');
  await expect(live.part('measured')).toBeHidden();
  await live.press('run');
  await live.is('ended');
  await expect(live.part('measured')).toContainText(/WASM \d+ 步\/秒/);
  const [entry] = await kept(page);
  expect(entry?.slice(0, 3)).toEqual(['two-moons', 'hidden=16', 'wasm']);
  expect(entry?.[3]).toBeGreaterThan(0);
  await page.reload();
  await expect(live.part('measured')).toContainText('WASM');
  await live.root.locator('[data-param="hidden"] [data-role="number"]').fill('4');
  await expect(live.part('measured')).toBeHidden();
  await live.root.locator('[data-param="hidden"] [data-role="number"]').fill('16');
  await live.root.locator('[data-action="forget-speeds"]').click();
  await expect(live.part('measured')).toBeHidden();
  expect(await kept(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test('auto uses what was measured here, and the reader’s own choice wins over it', async ({
  page,
}) => {
  await page.addInitScript(([key, entries]) => localStorage.setItem(key, entries), [
    KEY,
    JSON.stringify([
      ['two-moons', 'hidden=16', 'cpu', 9000, ''],
      ['two-moons', 'hidden=16', 'wasm', 100, ''],
    ]),
  ] as const);
  const live = await Live.open(page, 'two-moons');
  await live.takeSteps(1);
  expect(await live.attribute('backend')).toBe('cpu');
  const again = await Live.open(page, 'two-moons', '?backend=wasm');
  await again.takeSteps(1);
  expect(await again.attribute('backend')).toBe('wasm');
});

test('corrupted measurements are ignored', async ({ page }) => {
  const { problems } = watch(page);
  await page.addInitScript((key) => localStorage.setItem(key, '[[1,2'), KEY);
  const live = await Live.open(page, 'two-moons');
  await live.takeSteps(1);
  expect(await live.attribute('backend')).toBe('wasm');
  expect(problems).toEqual([]);
});

test('the race runs every backend with the same numbers, measures them, and names what cannot run', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const { problems } = watch(page);
  await patchWorker(page, `navigator.gpu.requestAdapter = async () => null`);
  const live = await Live.open(page, 'linear-regression');
  await live.root.locator('[data-action="race"]').click();
  const race = live.part('race');
  await expect(race).toBeVisible();
  await expect(live.button('run')).toBeDisabled();
  await expect(race).toHaveAttribute('data-state', 'ended', { timeout: 120_000 });
  const lane = (backend: string) => race.locator(`li[data-backend="${backend}"]`);
  await expect(lane('webgpu')).toHaveAttribute('data-state', 'out');
  await expect(lane('webgpu')).toContainText('显卡');
  for (const backend of ['webgl', 'wasm', 'cpu']) {
    await expect(lane(backend)).toHaveAttribute('data-state', 'ended');
    expect(Number(await lane(backend).getAttribute('data-rate'))).toBeGreaterThan(0);
    expect(Number(await lane(backend).getAttribute('data-step'))).toBeGreaterThan(8);
  }
  await expect(race).toContainText(/最快的是 (WASM|CPU)/);
  await expect(race).toContainText(/共同走过的 \d+ 步里/);
  await expect(lane('wasm')).toContainText(/与 CPU 最多差|每一步都与 CPU 相同/);
  await expect(race.locator('[data-part="race-curves"] svg').first()).toBeVisible();
  await race.locator('summary').click();
  await expect(race.locator('table').first()).toContainText('WASM');
  const backends = (await kept(page)).map((entry) => entry[2]);
  expect(backends).toEqual(expect.arrayContaining(['wasm', 'cpu']));
  await expect(live.part('measured')).toContainText('CPU');
  await expect(live.button('run')).toBeEnabled();
  expect(problems).toEqual([]);
});

test('a race is started and cancelled by keyboard, and keeps what it has', async ({ page }) => {
  const live = await Live.open(page, 'two-moons');
  const race = live.part('race');
  await live.root.locator('[data-action="race"]').focus();
  await page.keyboard.press('Enter');
  await expect(race).toHaveAttribute('data-state', 'running');
  await expect(race.locator('[data-action="race-cancel"]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(race).toHaveAttribute('data-state', 'cancelled', { timeout: 20_000 });
  await expect(race).toContainText('中断');
  await live.press('step');
  await live.reaches(1);
});

test('an example that starts cancels a race beside it', async ({ page }) => {
  await page.goto('/startup-stories/math/');
  for (const id of ['optimizer-digits', 'optimizer-race']) {
    await page.locator(`#live-${id}`).scrollIntoViewIfNeeded();
    await new Live(page, id).is('idle');
  }
  const [one, two] = [new Live(page, 'optimizer-race'), new Live(page, 'optimizer-digits')];
  await one.root.locator('[data-action="race"]').click();
  await expect(one.part('race')).toHaveAttribute('data-state', 'running');
  await two.press('step');
  await expect(one.part('race')).toHaveAttribute('data-state', 'cancelled', { timeout: 20_000 });
  await two.reaches(1);
});

test('the race fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const live = await Live.open(page, 'two-moons');
  await live.root.locator('[data-action="race"]').click();
  await expect(live.part('race').locator('li').first()).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});
