/** What a page costs before anyone presses Run, compressed as a web host would. */
import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { CHAPTERS } from './site.ts';

const LIMIT = 98_000;
const COMPRESSIBLE = /text|javascript|json|svg|xml|wasm/;

/** Bytes transferred until the page is idle; fonts and pictures as they are, the rest gzipped. */
async function weigh(page: Page, path: string): Promise<{ bytes: number; parts: string[] }> {
  const parts: { url: string; bytes: number }[] = [];
  const pending: Promise<void>[] = [];
  page.on('response', (response) => {
    pending.push(
      response.body().then(
        (body) => {
          const type = response.headers()['content-type'] ?? '';
          const bytes = COMPRESSIBLE.test(type) ? gzipSync(body).byteLength : body.byteLength;
          parts.push({ url: new URL(response.url()).pathname, bytes });
        },
        () => undefined,
      ),
    );
  });
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  await Promise.all(pending);
  parts.sort((a, b) => b.bytes - a.bytes);
  return {
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    parts: parts.map(({ url, bytes }) => `${(bytes / 1000).toFixed(1)} kB ${url}`),
  };
}

for (const chapter of CHAPTERS) {
  test(`${chapter} weighs at most 98 kB before Run, its diagrams apart`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    // Diagrams are drawn by a large library that only pages with a diagram fetch: weighed without it.
    await page.route(chapter, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll('class="mermaid"', 'class="diagram"');
      await route.fulfill({ response, body });
    });
    const { bytes, parts } = await weigh(page, chapter);
    console.log(`${chapter}: ${(bytes / 1000).toFixed(1)} kB`);
    expect(bytes, parts.slice(0, 30).join('\n')).toBeLessThanOrEqual(LIMIT);
  });
}
