/** Every example trains on every backend here that can run it, and gives the same numbers on all of them. */
import { expect, test } from '@playwright/test';
import type { AnyExample, BackendName, Bound } from '../../src/contract/example.ts';
import { exampleIds, loadExample } from '../unit/node-host.ts';
import { Live, watch } from './live.ts';

const STEPS = 3;
/** Relative to the larger of the two numbers and 1: software GPUs round differently, WebGL more so. */
const TOLERANCE: Readonly<Record<BackendName, number>> = {
  webgpu: 1e-4,
  webgl: 2e-2,
  wasm: 1e-4,
  cpu: 0,
};

const examples = new Map<string, AnyExample>();
for (const id of exampleIds) examples.set(id, await loadExample(id));

for (const [id, example] of examples) {
  const names = Object.keys(example.metrics);
  const able = (['cpu', 'wasm', 'webgpu', 'webgl'] as const).filter(
    (backend) => example.excludes?.[backend] === undefined,
  );
  // Where cpu is too slow, wasm is what the others are held to: its kernels are checked against cpu one by one.
  const [base, ...others] = able;

  test(`${id}: ${STEPS} steps on ${others.join(', ')} agree with ${base}`, async ({ page }) => {
    test.setTimeout(300_000);
    const { problems } = watch(page);
    const results = new Map<BackendName, Record<string, number>>();
    for (const backend of able) {
      const live = await Live.open(page, id, `?backend=${backend}`);
      await live.takeSteps(STEPS);
      await live.is('paused');
      expect(await live.attribute('backend')).toBe(backend);
      results.set(backend, await live.metrics(names));
    }
    const reference = results.get(base!) ?? {};
    for (const [backend, values] of results) {
      for (const name of names) {
        const [a, b] = [values[name] ?? NaN, reference[name] ?? NaN];
        expect(Number.isFinite(a), `${name} on ${backend} is ${a}`).toBe(true);
        const distance = Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));
        expect(distance, `${name}: ${a} on ${backend}, ${b} on ${base}`).toBeLessThanOrEqual(
          TOLERANCE[backend],
        );
      }
    }
    expect(problems).toEqual([]);
  });

  test(`${id}: runs to its end in the browser and keeps its promise`, async ({ page }) => {
    const { problems } = watch(page);
    const { params = {}, seed, expect: bounds } = example.check;
    const query = new URLSearchParams({ seed: String(seed ?? 1), backend: 'wasm' });
    if (example.excludes?.wasm !== undefined) query.set('backend', 'cpu');
    for (const [name, value] of Object.entries(params)) query.set(`p.${name}`, String(value));
    const live = await Live.open(page, id, `?${query}`);
    await live.press('run');
    await live.is('ended', 100_000);
    expect(await live.attribute('reason')).toBe('completed');
    expect(await live.attribute('step')).toBe(await live.attribute('steps'));
    // The promise is for `check.steps`; it is compared where the whole run is no longer than that.
    if ((await live.step()) === example.check.steps) {
      const last = await live.metrics(Object.keys(bounds));
      for (const [name, bound] of Object.entries(bounds as Record<string, Bound>)) {
        expect(last[name]).toBeGreaterThanOrEqual(bound.atLeast ?? -Infinity);
        expect(last[name]).toBeLessThanOrEqual(bound.atMost ?? Infinity);
      }
    }
    await expect(live.root.locator('.chart svg').first()).toBeVisible();
    expect(problems).toEqual([]);
  });
}
