/** Our WebGPU kernels: the numbers of the cpu backend, fewer dispatches than the published ones, nothing overtaken. */
import { expect, test } from '@playwright/test';
import { bundle, openBundle, type Files } from './bundle.ts';
import { CASES } from './kernel-cases.ts';
import type * as Page from './webgpu-page.ts';

declare const underTest: typeof Page;

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

for (const [name, cases] of Object.entries(CASES)) {
  test(`${name}: as on the cpu backend, at ${cases.length} shapes and settings, on a GPU's and on a processor's path`, async ({
    page,
  }) => {
    for (const asGpu of [true, false]) {
      await openBundle(page, ours);
      const worst = await page.evaluate(
        async ([all, asGpu]) => {
          await underTest.start('webgpu', true, asGpu);
          const errors: number[] = [];
          for (const one of all) errors.push(await underTest.difference('webgpu', ...one));
          return errors;
        },
        [cases, asGpu] as const,
      );
      cases.forEach((one, at) => {
        expect(worst[at], `${JSON.stringify(one)}, asGpu ${asGpu}`).toBeLessThan(2e-5);
      });
    }
  });
}

test('50 steps of every optimizer, none waited for, give the losses of the published ones', async ({
  page,
}) => {
  const results = [];
  for (const files of [stock, ours]) {
    await openBundle(page, files);
    results.push(
      await page.evaluate(async (ownKernels) => {
        await underTest.start('webgpu', ownKernels);
        const fits: Record<string, { losses: number[]; weights: number[] }> = {};
        for (const optimizer of underTest.optimizers) {
          fits[optimizer] = await underTest.fit(optimizer, 'softmax', 50);
        }
        fits['sigmoid'] = await underTest.fit('adam', 'sigmoid', 50);
        return fits;
      }, files === ours),
    );
  }
  const [published = {}, found = {}] = results;
  expect(Object.keys(found)).toHaveLength(8);
  for (const [name, { losses, weights }] of Object.entries(published)) {
    expect(losses.at(-1), name).toBeLessThan(losses[0] ?? NaN);
    losses.forEach((loss, step) => {
      const ratio = (found[name]?.losses[step] ?? NaN) / loss;
      expect(Math.abs(ratio - 1), `${name}, step ${step}`).toBeLessThan(1e-4);
    });
    weights.forEach((weight, at) => {
      expect(found[name]?.weights[at], `${name}, weight ${at}`).toBeCloseTo(weight, 3);
    });
  }
});

test('a variable read before, between and after two steps in flight has its value of that moment', async ({
  page,
}) => {
  await openBundle(page, ours);
  const [reads, clones] = await page.evaluate(async () => {
    await underTest.start('webgpu', true);
    return [await underTest.readsInFlight(), await underTest.cloneKeeps()];
  });
  expect(reads).toEqual([1, 0, -1, -1]);
  expect(clones).toEqual([1, 2, 1, 2, 0, 1, 2.5]);
});

test('a long training takes no more GPU memory and no more tensors than its first quarter', async ({
  page,
}) => {
  await openBundle(page, ours);
  const [first, ...later] = await page.evaluate(async () => {
    await underTest.start('webgpu', true);
    return underTest.quarters('mlp', 32, 200);
  });
  expect(first?.[0]).toBeGreaterThan(0);
  for (const quarter of later) expect(quarter).toEqual(first);
});

/** Most dispatches of one training step, and of writes from JavaScript (uniforms and constants). */
const MOST: Readonly<Record<string, readonly [dispatches: number, writes: number]>> = {
  linear: [16, 6],
  mlp: [20, 8],
  cnn: [58, 16],
  lstm: [36, 14],
  transformer: [290, 44],
};
const table: string[] = [];
for (const [name, [dispatches, writes]] of Object.entries(MOST)) {
  test(`${name}: a training step is at most ${dispatches} dispatches, with the published losses`, async ({
    page,
  }) => {
    test.setTimeout(300_000);
    const counts: Page.Counted[] = [];
    for (const files of [stock, ours]) {
      await openBundle(page, files);
      counts.push(
        await page.evaluate(
          async ([workload, ownKernels]) => {
            await underTest.start('webgpu', ownKernels);
            return underTest.count(workload as Page.WorkloadName, 4, 4);
          },
          [name, files === ours] as const,
        ),
      );
    }
    const [published, found] = counts as [Page.Counted, Page.Counted];
    const row = (one: Page.Counted): string =>
      `${one.dispatches} dispatches, ${one.passes} passes, ${one.submits} submits, ${one.writes} writes, ` +
      `${one.buffers} new buffers, ${(one.bytesAfter / 1e6).toFixed(1)} MB in the pool`;
    table.push(`${name}: published ${row(published)}\n${name}: ours      ${row(found)}`);
    expect(found.dispatches).toBeLessThanOrEqual(dispatches);
    expect(found.writes).toBeLessThanOrEqual(writes);
    published.losses.forEach((loss, step) => {
      expect(Math.abs((found.losses[step] ?? NaN) / loss - 1), `step ${step}`).toBeLessThan(1e-4);
    });
  });
}
test.afterAll(() => {
  if (table.length > 0) console.log(table.join('\n'));
});
