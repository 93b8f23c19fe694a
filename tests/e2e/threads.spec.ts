/** The WASM backend on threads, where the page is isolated, and on one where it is not: the same numbers. */
import { expect, test, type Page } from '@playwright/test';
import { Live, watch } from './live.ts';
import { ISOLATED_PORT, PORT } from './serve.ts';

/** Five steps of the digits on wasm. @returns the loss at full precision and the files of ours that were fetched. */
async function train(page: Page, port: number): Promise<{ loss: number; files: string[] }> {
  const files: string[] = [];
  page.on('response', (response) => {
    const name = new URL(response.url()).pathname.split('/').at(-1) ?? '';
    if (/^(plain|relaxed|shared|crew-worker|tfjs-backend-wasm)/.test(name)) files.push(name);
  });
  const { problems } = watch(page);
  const live = await Live.open(page, 'digits-mlp', '?backend=wasm', `http://127.0.0.1:${port}/`);
  await live.takeSteps(5);
  expect(await live.attribute('backend')).toBe('wasm');
  expect(problems).toEqual([]);
  const { loss = NaN } = await live.metrics(['loss']);
  return { loss, files };
}

test('threads train to the numbers of one thread, on shared memory', async ({ browser }) => {
  const [plainPage, isolatedPage] = [await browser.newPage(), await browser.newPage()];
  const cores = await plainPage.evaluate(() => navigator.hardwareConcurrency);
  test.skip(cores < 2, 'one core: no threads');
  const plain = await train(plainPage, PORT);
  const threads = await train(isolatedPage, ISOLATED_PORT);
  expect(plain.files.join(' ')).toMatch(/tfjs-backend-wasm-simd/);
  expect(plain.files.join(' ')).not.toMatch(/shared|crew-worker/);
  expect(threads.files.join(' ')).toMatch(/tfjs-backend-wasm-threaded-simd/);
  expect(threads.files.join(' ')).toMatch(/shared/);
  expect(threads.files.join(' ')).toMatch(/crew-worker/);
  expect(Number.isFinite(plain.loss)).toBe(true);
  expect(threads.loss).toBe(plain.loss);
});
