/** Bundles one browser module for a test and serves it on a page of its own, without the site's build. */
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { CORPUS_FILE, corpusText } from '../../src/content/corpus.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ADDRESS = 'http://127.0.0.1:4399/under-test/';

export type Files = ReadonlyMap<string, string | Uint8Array>;

/**
 * Bundles `entry` (path from the repository's root). `ours`: `@tensorflow/tfjs` is the book's slim entry, as in its
 * workers; otherwise it is the published package.
 */
export async function bundle(entry: string, ours: boolean): Promise<Files> {
  const slim = {
    name: 'slim-tensorflow',
    enforce: 'pre' as const,
    resolveId: (source: string) =>
      ours && source === '@tensorflow/tfjs' ? `${root}src/engine/tensorflow.ts` : undefined,
  };
  const result = await build({
    configFile: false,
    root,
    logLevel: 'error',
    base: '/under-test/',
    plugins: [slim],
    publicDir: false,
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: `${root}${entry}`,
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'entry.js' },
      },
    },
  });
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  return new Map(
    outputs.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]),
  );
}

/** Opens an empty page whose `globalThis.underTest` is the bundled module. */
export async function openBundle(page: Page, files: Files): Promise<void> {
  await page.route(`${ADDRESS}**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice('/under-test/'.length);
    if (name === `datasets/${CORPUS_FILE}`) return route.fulfill({ body: corpusText(root) });
    if (name.startsWith('datasets/')) return route.fulfill({ path: `${root}public/${name}` });
    const body = name === '' ? '<!doctype html><title>-</title>' : files.get(name);
    if (body === undefined) return route.fulfill({ status: 404, body: '' });
    const types = { js: 'text/javascript', wasm: 'application/wasm', '': 'text/html' };
    const contentType = types[name.split('.').at(-1) as keyof typeof types] ?? 'text/plain';
    return route.fulfill({
      contentType,
      body: typeof body === 'string' ? body : Buffer.from(body),
    });
  });
  await page.goto(ADDRESS);
  await page.evaluate(async (url) => {
    Object.assign(globalThis, { underTest: (await import(/* @vite-ignore */ url)) as unknown });
  }, `${ADDRESS}entry.js`);
}
