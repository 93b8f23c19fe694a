/** What a reader can do to a run: every button, the keyboard, the link, two examples on one page. */
import { expect, test } from '@playwright/test';
import { Live, watch } from './live.ts';

/** Slow enough on a software GPU that there is time to press buttons. */
const SLOW = 'depth-without-activation';
const ON_GPU = '?backend=webgpu';

test('run, pause, step, resume, stop, and run again', async ({ page }) => {
  const { problems } = watch(page);
  const live = await Live.open(page, SLOW, ON_GPU);
  await live.press('run');
  await live.is('running');
  await live.reaches(2);
  await live.press('pause');
  await live.is('paused');
  const paused = await live.step();
  await page.waitForTimeout(400);
  expect(await live.step()).toBe(paused);
  await live.takeSteps(paused + 2);
  await live.is('paused');
  await live.press('resume');
  await live.is('running');
  await live.reaches(paused + 4);
  await live.press('stop');
  await live.is('ended');
  expect(await live.attribute('reason')).toBe('stopped');
  const first = Number(await live.attribute('run'));
  await live.press('run');
  await live.reaches(1);
  expect(Number(await live.attribute('run'))).toBeGreaterThan(first);
  await live.press('stop');
  await live.is('ended');
  await live.press('reset');
  await live.is('idle');
  expect(problems).toEqual([]);
});

test('the same link gives the same numbers after a reload', async ({ page }) => {
  const query = '?backend=wasm&seed=7&p.learningRate=0.02';
  const numbers: Record<string, number>[] = [];
  for (let time = 0; time < 2; time++) {
    const live = await Live.open(page, 'linear-regression', query);
    await live.takeSteps(4);
    numbers.push(await live.metrics(['loss']));
  }
  expect(numbers[0]).toEqual(numbers[1]);
  expect(numbers[0]?.['loss']).toBeGreaterThan(0);
});

test('a link with values out of range is fitted, and the reader is told which and what is allowed', async ({
  page,
}) => {
  const { problems } = watch(page);
  const query = '?backend=quantum&seed=abc&p.learningRate=-5&p.nonsense=1&p.steps=lots';
  const live = await Live.open(page, 'linear-regression', query);
  const notices = live.part('notices');
  await expect(notices).toBeVisible();
  for (const word of ['quantum', 'webgpu', 'abc', '-5', 'nonsense', 'lots', '学习率']) {
    await expect(notices).toContainText(word);
  }
  await live.press('run');
  await live.reaches(1);
  expect(problems).toEqual([]);
});

test('copy link carries example, parameters, seed and backend', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const live = await Live.open(
    page,
    'linear-regression',
    '?backend=cpu&seed=5&p.learningRate=0.03',
  );
  await live.press('copy-link');
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  expect(link.pathname).toBe('/examples/linear-regression/');
  expect(link.searchParams.get('p.learningRate')).toBe('0.03');
  expect(link.searchParams.get('seed')).toBe('5');
  expect(link.searchParams.get('backend')).toBe('cpu');
});

test('everything can be done by keyboard', async ({ page }) => {
  const live = await Live.open(page, SLOW, ON_GPU);
  await live.button('run').focus();
  await page.keyboard.press('Enter');
  await live.reaches(1);
  await live.button('pause').focus();
  await page.keyboard.press('Space');
  await live.is('paused');
  await live.button('step').focus();
  const before = await live.step();
  await page.keyboard.press('Enter');
  await live.reaches(before + 1);
  await live.button('stop').focus();
  await page.keyboard.press('Enter');
  await live.is('ended');
});

test('a changed parameter waits for the next run and says so', async ({ page }) => {
  const live = await Live.open(page, SLOW, ON_GPU);
  await live.press('run');
  await live.reaches(1);
  await live.root.locator('[data-param="learningRate"] [data-role="number"]').fill('0.05');
  await expect(live.part('next-run')).toBeVisible();
  expect(await live.attribute('state')).toBe('running');
  await live.press('stop');
  await live.is('ended');
});

test('one example trains at a time: starting a second pauses the first', async ({ page }) => {
  await page.goto('/startup-stories/math/');
  for (const id of ['optimizer-digits', 'optimizer-race']) {
    await page.locator(`#live-${id}`).scrollIntoViewIfNeeded();
    await new Live(page, id).is('idle');
  }
  const [one, two] = [new Live(page, 'optimizer-race'), new Live(page, 'optimizer-digits')];
  await one.root.locator('[data-role="backend"]').selectOption('webgpu');
  await one.press('run');
  await one.reaches(1);
  await two.press('step');
  await two.reaches(1);
  await one.is('paused');
});

test('a diverging run says which metric, at which step, and keeps what was drawn', async ({
  page,
}) => {
  const { problems } = watch(page);
  const live = await Live.open(page, 'linear-regression', '?backend=cpu&p.learningRate=0.5');
  await live.press('run');
  await live.is('failed');
  expect(await live.attribute('error')).toBe('diverged');
  await expect(live.part('failure')).toContainText('学习率');
  await expect(live.part('failure')).toContainText(/第 ?\d+ ?步/);
  await expect(live.root.locator('.chart svg').first()).toBeVisible();
  await live.root.locator('[data-param="learningRate"] [data-role="number"]').fill('0.01');
  await live.press('run');
  await live.is('ended');
  expect(problems).toEqual([]);
});

test('a hidden tab pauses a run, and it goes on when the tab is back', async ({ page }) => {
  const live = await Live.open(page, SLOW, ON_GPU);
  await live.press('run');
  await live.reaches(1);
  const hide = (hidden: boolean): Promise<void> =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      Object.defineProperty(document, 'visibilityState', {
        value: value ? 'hidden' : 'visible',
        configurable: true,
      });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await hide(true);
  await live.is('paused');
  await hide(false);
  await live.is('running');
  await live.press('stop');
});

test('a trained model is used: text is judged, and what it cannot take is refused in words', async ({
  page,
}) => {
  const live = await Live.open(page, 'sentiment-negation', '?backend=wasm');
  await live.press('run');
  await live.is('ended');
  const probe = live.part('probe');
  await expect(probe).toBeVisible();
  const field = probe.locator('textarea, input[type="text"]').first();
  const ask = probe.locator('button[type="submit"]').first();
  await field.fill('这家店的面很好吃');
  await ask.click();
  await expect(probe.locator('table, svg').first()).toBeVisible();
  await field.fill('hello');
  await ask.click();
  await expect(probe).toContainText('汉字');
});
