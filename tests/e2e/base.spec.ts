/** The same site below a sub-path: pages, worker, wasm, datasets, links. */
import { expect, test } from '@playwright/test';
import { Live, watch } from './live.ts';

test('an example with a dataset trains below a sub-path, on wasm and on webgpu', async ({
  page,
}) => {
  const { problems } = watch(page);
  for (const backend of ['wasm', 'webgpu']) {
    const live = await Live.open(page, 'digits-mlp', `?backend=${backend}`, '/x/');
    await live.takeSteps(2);
    expect(await live.attribute('backend')).toBe(backend);
  }
  expect(problems).toEqual([]);
});

test('no link or file of the sub-path site leads out of it', async ({ page }) => {
  const { problems } = watch(page);
  for (const path of [
    '/x/',
    '/x/startup-stories/math/',
    '/x/examples/',
    '/x/errata/',
    '/x/bibliography/',
  ]) {
    await page.goto(path);
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('a[href]')]
        .map((a) => new URL(a.href))
        .filter((url) => url.host === location.host && !url.pathname.startsWith('/x/'))
        .map((url) => url.pathname),
    );
    expect(outside, path).toEqual([]);
  }
  expect(problems).toEqual([]);
});

test('the front page trains by itself when seen, and not under reduced motion', async ({
  page,
  browser,
}) => {
  const { problems } = watch(page);
  await page.goto('/');
  const hero = page.locator('live-hero');
  await expect(hero).toHaveAttribute('data-state', /running|ended/, { timeout: 60_000 });
  await expect.poll(async () => Number(await hero.getAttribute('data-step'))).toBeGreaterThan(0);
  await expect(hero).toHaveAttribute('data-state', 'ended', { timeout: 60_000 });
  expect(problems).toEqual([]);
  const calm = await browser.newContext({ reducedMotion: 'reduce' });
  const still = await calm.newPage();
  await still.goto('/');
  await still.waitForTimeout(1500);
  await expect(still.locator('live-hero')).toHaveAttribute('data-state', 'idle');
  await calm.close();
});

test('the machine report names what this browser has', async ({ page }) => {
  await page.goto('/how-to/');
  const report = page.locator('machine-report');
  await report.scrollIntoViewIfNeeded();
  await expect(report).toHaveAttribute('data-state', 'known', { timeout: 30_000 });
  await expect(report.locator('[data-row="webgpu"]')).toHaveAttribute('data-software', 'true');
  await expect(report.locator('[data-row="wasm"]')).toContainText('能用');
  await expect(report).toContainText('WASM');
});
