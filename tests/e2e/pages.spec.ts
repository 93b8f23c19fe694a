/** What holds for every page of the built site. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { watch } from './live.ts';
import { CHAPTERS, PAGES, fileOf } from './site.ts';

const dist = dirname(fileOf('/'));

test('the site has its pages', () => {
  expect(CHAPTERS).toHaveLength(54);
  for (const page of [
    '/',
    '/examples/',
    '/errata/',
    '/glossary/',
    '/bibliography/',
    '/how-to/',
    '/contributing/',
  ]) {
    expect(PAGES).toContain(page);
  }
});

/** Structure is the same in both themes: all rules in one, what depends on colours in the other too. */
const THEMES = [
  {
    theme: 'light',
    // Expressive Code makes each scrolling code box a region without a name of its own.
    // KaTeX's drawing of a formula is hidden from readers of the tree, who get its MathML.
    axe: (page: Page) => axeFor(page).disableRules(['landmark-unique']).exclude('.katex-html'),
  },
  {
    theme: 'dark',
    axe: (page: Page) => axeFor(page).withRules(['color-contrast', 'link-in-text-block']),
  },
] as const;

/** Code boxes are alike on all pages, with thousands of coloured words: they are looked at on these two. */
const WITH_CODE = /\/(examples\/cifar-cnn|foundations\/code)\/$/;

/** Axe that tells what is wrong, and skips the rest. */
function axeFor(page: Page): AxeBuilder {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  return WITH_CODE.test(page.url()) ? axe : axe.exclude('.expressive-code');
}

for (const page of PAGES) {
  test(`${page} is accessible in light and dark, quiet, and asks nobody else`, async ({
    page: tab,
  }) => {
    const { problems } = watch(tab);
    for (const { theme, axe } of THEMES) {
      await tab.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      // The other theme is what a change of the system's makes of the page; the front page is loaded in it too.
      if (theme === 'light' || page === '/') {
        await tab.goto(page);
        await tab.waitForLoadState('networkidle');
      }
      await expect(tab.locator('html')).toHaveAttribute('data-theme', theme);
      await expect(tab.locator('html')).toHaveAttribute('lang', 'zh-CN');
      const { violations } = await axe(tab).analyze();
      const told = violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map((node) => node.html.slice(0, 160))
            .slice(0, 3)
            .join(' | ')}`,
      );
      expect(told, theme).toEqual([]);
      expect(problems, theme).toEqual([]);
    }
  });

  test(`${page} fits a 390 px screen without sideways scroll`, async ({ browser }) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      reducedMotion: 'reduce',
    });
    const tab = await context.newPage();
    await tab.goto(page);
    await tab.waitForLoadState('networkidle');
    // Everything folded is opened: a reader may do so.
    await tab.evaluate(() =>
      document.querySelectorAll('details').forEach((fold) => (fold.open = true)),
    );
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const offenders = await tab.evaluate(() =>
      [...document.querySelectorAll('main *')]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .filter((element) => {
          for (let at = element.parentElement; at; at = at.parentElement) {
            if (getComputedStyle(at).overflowX !== 'visible') return false;
          }
          return true;
        })
        .map((element) => element.outerHTML.slice(0, 120))
        .slice(0, 3),
    );
    expect(wide, offenders.join(' | ')).toBeLessThanOrEqual(0);
    await context.close();
  });

  test(`${page} can be read with JavaScript off`, async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(page);
    await expect(tab.locator('h1').first()).toBeVisible();
    for (const live of await tab.locator('run-example').all()) {
      await expect(live.locator('.pictures :is(svg, table)').first()).toBeVisible();
      await expect(live.locator('[data-action="run"]')).toBeHidden();
      expect(await live.locator('noscript').allTextContents()).toContainEqual(
        expect.stringContaining('JavaScript'),
      );
    }
    for (const door of await tab.locator('example-door').all()) {
      await door.scrollIntoViewIfNeeded();
      await expect(door.locator('img')).toHaveJSProperty('complete', true);
      expect(
        await door.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth),
      ).toBeGreaterThan(0);
      expect(await door.locator('noscript').textContent()).toContain('JavaScript');
    }
    await context.close();
  });
}

/** Attributes that name another file or place, of every tag of a page. */
function* links(html: string): Generator<string> {
  for (const [, value] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
    if (value !== undefined) yield value.replaceAll('&amp;', '&').replaceAll('&#38;', '&');
  }
}

test('every internal link leads to a page, and every fragment to an element', () => {
  const dead: string[] = [];
  const html = new Map<string, string>();
  const read = (page: string): string => {
    if (!html.has(page)) html.set(page, readFileSync(fileOf(page), 'utf8'));
    return html.get(page) ?? '';
  };
  for (const page of PAGES) {
    for (const link of links(read(page))) {
      if (/^(https?:|mailto:|data:)/.test(link)) continue;
      const url = new URL(link, `http://book${page}`);
      const path = decodeURIComponent(url.pathname);
      const isPage = PAGES.includes(path);
      if (!isPage && !existsSync(join(dist, path))) dead.push(`${page}: ${link}`);
      const id = decodeURIComponent(url.hash.slice(1));
      if (isPage && id !== '' && id !== '_top' && !read(path).includes(`id="${id}"`)) {
        dead.push(`${page}: ${link} (no such fragment)`);
      }
    }
  }
  expect(dead).toEqual([]);
});

test('no page loads anything from another origin', () => {
  const foreign = PAGES.flatMap((page) =>
    [
      ...readFileSync(fileOf(page), 'utf8').matchAll(
        /<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)="(https?:[^"]*)"[^>]*>/g,
      ),
    ]
      .filter(([tag]) => !/rel="(canonical|alternate|sitemap)"/.test(tag))
      .map(([, url]) => `${page}: ${url}`),
  );
  expect(foreign).toEqual([]);
});

test('every chapter has its edit link, last change, reading time, and its neighbours', async ({
  page,
}) => {
  test.setTimeout(120_000);
  for (const [i, chapter] of CHAPTERS.entries()) {
    await page.goto(chapter);
    const file = `content/chapters${chapter.slice(0, -1)}.mdx`;
    await expect(page.locator(`a[href$="/edit/main/${file}"]`)).toHaveCount(1);
    await expect(page.locator('footer time, .meta time').first()).toBeAttached();
    await expect(page.getByText(/分钟/).first()).toBeVisible();
    if (i > 0) await expect(page.locator('a[rel="prev"]').first()).toBeAttached();
    if (i === 0) await expect(page.locator('a[rel="next"]').first()).toBeAttached();
  }
});
