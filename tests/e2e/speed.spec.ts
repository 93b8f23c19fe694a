/** The speed page: every number from the newest results file, in both widths and for screen readers. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { newestResults } from '../../src/content/bench-results.ts';
import { isMeasured } from '../../src/contract/bench.ts';
import { behindWords, LIBRARY_WORDS, speedText, WORKLOAD_WORDS } from '../../src/i18n/speed.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { results, file } = newestResults(root);

test('the speed page names the machine, the day, and GPUs that are software', async ({ page }) => {
  await page.goto('/speed/');
  const text = await page.locator('main').innerText();
  expect(text).toContain(results.machine.processor);
  expect(text).toContain(results.date.slice(0, 10));
  expect(text).toContain(results.browser);
  expect(text).toContain(file.split('/').at(-1) ?? '?');
  for (const adapter of Object.values(results.adapters)) {
    if (adapter.software) expect(text).toContain(adapter.name);
  }
});

test('what is slower than whom comes before any picture', async ({ page }) => {
  await page.goto('/speed/');
  const behind = behindWords(results);
  const list = page.locator('#behind, .sl-heading-wrapper:has(#behind)').first();
  await expect(list).toBeVisible();
  for (const sentence of behind)
    await expect(page.locator('main li').filter({ hasText: sentence })).toHaveCount(1);
  const [place, picture] = await Promise.all([
    list.boundingBox(),
    page.locator('.speed-picture').first().boundingBox(),
  ]);
  expect(place?.y ?? Infinity).toBeLessThan(picture?.y ?? 0);
});

test('the tables have every measured speed of the file', async ({ page }) => {
  await page.goto('/speed/');
  await page.evaluate(() =>
    document.querySelectorAll('details').forEach((fold) => (fold.open = true)),
  );
  for (const cell of results.cells.filter(isMeasured)) {
    const table = page.getByRole('region', {
      name: `${WORKLOAD_WORDS[cell.workload].title}：全部数字`,
    });
    const row = table.locator('tr').filter({ hasText: LIBRARY_WORDS[cell.library] });
    const texts = await row.locator('td:nth-child(3)').allInnerTexts();
    expect(texts).toContain(speedText(cell.perSecond));
  }
});

for (const [width, shown, hidden] of [
  [1200, '.view-wide', '.view-narrow'],
  [390, '.view-narrow', '.view-wide'],
] as const) {
  test(`at ${width} px the pictures stand inside the page and inside themselves`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ viewport: { width, height: 844 } });
    const page = await context.newPage();
    await page.goto('/speed/');
    await expect(page.locator(`.speed-picture ${hidden}`).first()).toBeHidden();
    for (const picture of await page.locator(`.speed-picture ${shown} svg`).all()) {
      const outside = await picture.evaluate((svg) => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text, rect')]
          .filter((part) => {
            const own = part.getBoundingClientRect();
            return own.right > box.right + 2 || own.left < box.left - 2;
          })
          .map((part) => part.textContent);
      });
      expect(outside).toEqual([]);
    }
    await context.close();
  });
}

test('the page leads to the comparison of backends on the reader’s own machine', async ({
  page,
}) => {
  await page.goto('/speed/');
  await page.locator('main a[href$="/examples/digits-mlp/"]').click();
  await expect(page.locator('[data-action="race"]').first()).toBeVisible();
});

test('the command that the page shows exists', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['bench', 'bench:python']));
});
