/** Views of frames in a calculator: stepped by keyboard, buttons and slider, without a script, on a phone, in the dark. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { watch } from './live.ts';

const PAGE = '/foundations/convolution/';

async function open(page: Page): Promise<Locator> {
  await page.goto(PAGE);
  const player = page.locator('live-calculator[data-calculator="convolution"] frame-player');
  await player.scrollIntoViewIfNeeded();
  await expect(player.getByRole('button', { name: '下一步' })).toBeVisible();
  return player;
}

const step = (player: Locator, n: number) => expect(player).toHaveAttribute('data-step', String(n));
const words = (player: Locator): Locator => player.locator('.view-step');
const calculator = (page: Page): Locator =>
  page.locator('live-calculator[data-calculator="convolution"]');

test('frames are stepped with the keyboard alone, and stop at both ends', async ({ page }) => {
  const { problems } = watch(page);
  const player = await open(page);
  const next = player.getByRole('button', { name: '下一步' });
  await next.focus();
  await page.keyboard.press('Enter');
  await step(player, 2);
  await expect(words(player)).toContainText('第 1 行第 2 列');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await step(player, 4);
  await page.keyboard.press('ArrowLeft');
  await step(player, 3);
  await page.keyboard.press('End');
  await step(player, 9);
  await page.keyboard.press('ArrowRight');
  await step(player, 9);
  await expect(next).toHaveAttribute('aria-disabled', 'true');
  await expect(next).toBeFocused();
  await page.keyboard.press('Home');
  await step(player, 1);
  await page.keyboard.press('Tab');
  const slider = player.getByRole('slider', { name: '第几步' });
  await expect(slider).toBeFocused();
  for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowRight');
  await step(player, 5);
  await expect(slider).toHaveAttribute('aria-valuetext', '第 5 步，共 9 步');
  await expect(words(player)).toHaveText('第 2 行第 2 列：0×1 + 1×2 + 2×3 + 3×4 = 20');
  await expect(player.getByRole('img')).toHaveAttribute('aria-label', /第 5 步，共 9 步：.*= 20$/);
  expect(problems).toEqual([]);
});

test('the slider of a calculator changes none of its numbers, and an edit keeps the step', async ({
  page,
}) => {
  const player = await open(page);
  const root = calculator(page);
  await player.getByRole('slider').fill('5');
  await step(player, 5);
  await expect(root).toHaveAttribute('data-state', 'ok');
  await root.locator('input[data-input="x"]').first().fill('10');
  await expect(words(player)).toContainText('0×10 + 1×2 + 2×3 + 3×4 = 20');
  await step(player, 5);
  // The cell is left by this press; the button must still be there when the finger is lifted.
  await player.getByRole('button', { name: '下一步' }).click();
  await step(player, 6);
  await root.locator('select[data-input="padding"]').selectOption('valid');
  await expect(words(player)).toHaveText('第 1 行第 1 列：0×10 + 1×2 + 2×3 + 3×4 = 20');
});

test('playing goes to the end and stops, and pauses when asked', async ({ page }) => {
  await page.clock.install();
  const player = await open(page);
  const play = player.locator('[data-go="play"]');
  await play.click();
  await expect(play).toHaveText('暂停');
  await page.clock.runFor(3000);
  await step(player, 3);
  await play.click();
  await expect(play).toHaveText('播放');
  await page.clock.runFor(5000);
  await step(player, 3);
  await play.click();
  await page.clock.runFor(20_000);
  await step(player, 9);
  await expect(words(player)).toContainText('第 3 行第 3 列');
  await expect(play).toHaveText('播放');
});

test('who asked for less motion gets no play button', async ({ browser }) => {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const player = await open(await context.newPage());
  await expect(player.locator('[data-go="play"]')).toBeHidden();
  await expect(player.getByRole('button', { name: '下一步' })).toBeVisible();
  await context.close();
});

test('without JavaScript the first frame and all captions are there, and no dead buttons', async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(PAGE);
  const player = calculator(page).locator('frame-player');
  await expect(player.getByRole('img')).toBeVisible();
  await expect(player.locator('ol > li')).toHaveCount(9);
  await expect(player.locator('ol > li').nth(4)).toBeVisible();
  await expect(player.locator('button').first()).toBeHidden();
  await context.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`frames fit a phone and are accessible, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: 390, height: 844 },
    });
    const page = await context.newPage();
    const player = await open(page);
    const box = await player.boundingBox();
    expect(box?.x ?? -1).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    const picture = await player.getByRole('img').boundingBox();
    expect(picture?.width ?? 999).toBeLessThanOrEqual(box?.width ?? 0);
    const { violations } = await new AxeBuilder({ page }).include('frame-player').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await context.close();
  });
}
