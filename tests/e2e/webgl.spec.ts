/** Our WebGL kernels: the numbers of the cpu backend and of the published optimizers, nothing overtaken. */
import { expect, test } from '@playwright/test';
import { bundle, openBundle, type Files } from './bundle.ts';
import { CASES } from './kernel-cases.ts';
import type * as Page from './webgpu-page.ts';

declare const underTest: typeof Page;

/** WebGL counts less exactly than the others, on some devices in half precision. */
const TOLERANCE = 2e-2;

let ours: Files;
let stock: Files;
test.beforeAll(async () => {
  ours = await bundle('tests/e2e/webgpu-page.ts', true);
  stock = await bundle('tests/e2e/webgpu-page.ts', false);
});
test.beforeEach(async ({ page }) => {
  page.on('console', (message) => {
    if (message.type() === 'error') throw new Error(message.text());
  });
});

for (const name of [
  'updates of the optimizers',
  'softmax cross entropy',
  'bias and activation gradients',
]) {
  const cases = (CASES[name] ?? []).filter(([, inputs]) =>
    // Tens of thousands of columns are more than a texture is wide in a loop worth waiting for.
    Object.values(inputs).every(({ shape }) => (shape.at(-1) ?? 0) <= 1000 || shape.length === 1),
  );
  test(`WebGL ${name}: as on the cpu backend, at ${cases.length} shapes and settings`, async ({
    page,
  }) => {
    expect(cases.length).toBeGreaterThan(10);
    await openBundle(page, ours);
    const worst = await page.evaluate(async (all) => {
      await underTest.start('webgl', true);
      const errors: number[] = [];
      for (const one of all) errors.push(await underTest.difference('webgl', ...one));
      return errors;
    }, cases);
    cases.forEach((one, at) => {
      expect(worst[at], JSON.stringify(one)).toBeLessThan(TOLERANCE);
    });
  });
}

test('WebGL: 50 steps of every optimizer, none waited for, give the losses of the published ones', async ({
  page,
}) => {
  const results = [];
  for (const files of [stock, ours]) {
    await openBundle(page, files);
    results.push(
      await page.evaluate(async (ownKernels) => {
        await underTest.start('webgl', ownKernels);
        const fits: Record<string, number[]> = {};
        for (const optimizer of underTest.optimizers) {
          fits[optimizer] = (await underTest.fit(optimizer, 'softmax', 50)).losses;
        }
        return fits;
      }, files === ours),
    );
  }
  const [published = {}, found = {}] = results;
  expect(Object.keys(found)).toHaveLength(7);
  for (const [name, losses] of Object.entries(published)) {
    expect(losses.at(-1), name).toBeLessThan(losses[0] ?? NaN);
    losses.forEach((loss, step) => {
      const ratio = (found[name]?.[step] ?? NaN) / loss;
      expect(Math.abs(ratio - 1), `${name}, step ${step}`).toBeLessThan(TOLERANCE);
    });
  }
});

test('WebGL: a variable read before, between and after two steps in flight has its value of that moment', async ({
  page,
}) => {
  await openBundle(page, ours);
  const [reads, clones] = await page.evaluate(async () => {
    await underTest.start('webgl', true);
    return [await underTest.readsInFlight(), await underTest.cloneKeeps()];
  });
  expect(reads).toEqual([1, 0, -1, -1]);
  expect(clones).toEqual([1, 2, 1, 2, 0, 1, 2.5]);
});
