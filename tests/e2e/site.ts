/** The pages of the built site, read from the files themselves. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/** Paths of all pages, `/` first: `/startup-stories/math/` … */
export const PAGES: readonly string[] = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  // A fragment is a part of other pages, not one of its own.
  .filter((name) => /(^|\/)index\.html$/.test(name) && !name.endsWith('/embed/index.html'))
  .map((name) => `/${name.slice(0, -'index.html'.length)}`)
  .sort();

/** Chapters of all parts: `/part/chapter/`. */
export const CHAPTERS: readonly string[] = PAGES.filter(
  (page) => /^\/[^/]+\/[^/]+\/$/.test(page) && !page.startsWith('/examples/'),
);

export const fileOf = (page: string): string => join(dist, page, 'index.html');
