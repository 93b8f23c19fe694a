/** Everything that can go wrong with a GPU, a worker or a file ends in a sentence, and in a fallback where there is one. */
import { expect, test } from '@playwright/test';
import { FAULTS, fault, Live, patchWorker } from './live.ts';

test('a browser without WebGPU is told so, and trains all the same', async ({ page }) => {
  await patchWorker(page, `Object.defineProperty(navigator, 'gpu', { value: undefined })`);
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.press('run');
  await live.is('ended');
  expect(await live.attribute('backend')).toBe('wasm');
  await expect(live.part('notices')).toContainText('WebGPU');
});

test('an adapter that is null is told, and the next backend is used', async ({ page }) => {
  await patchWorker(page, `navigator.gpu.requestAdapter = async () => null`);
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.press('run');
  await live.is('ended');
  expect(await live.attribute('backend')).toBe('wasm');
  await expect(live.part('notices')).toContainText(/显卡|适配器/);
});

test('a backend that does not start is told, and the next is used', async ({ page }) => {
  await patchWorker(
    page,
    `GPUAdapter.prototype.requestDevice = async () => { throw new Error('refused'); }`,
  );
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.press('run');
  await live.is('ended');
  expect(await live.attribute('backend')).toBe('wasm');
  await expect(live.part('notices')).toContainText('WebGPU');
});

test('a software adapter is named as such', async ({ page }) => {
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.takeSteps(1);
  expect(await live.attribute('backend')).toBe('webgpu');
  expect(await live.attribute('software')).toBe('true');
  await expect(live.part('backend')).toContainText('软件');
});

test('auto passes over software GPUs', async ({ page }) => {
  const live = await Live.open(page, 'linear-regression');
  await live.takeSteps(1);
  expect(await live.attribute('backend')).toBe('wasm');
});

test('a device lost in mid-run: the run goes on elsewhere from the start, and says so', async ({
  page,
}) => {
  await patchWorker(page, FAULTS);
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.press('run');
  await live.reaches(3);
  await fault(page, 'destroy');
  await live.is('ended');
  expect(await live.attribute('backend')).toBe('wasm');
  expect(await live.attribute('reason')).toBe('completed');
  await expect(live.part('notices')).toContainText('WASM');
});

test('a GPU error that nobody caught stops the run on that device', async ({ page }) => {
  await patchWorker(page, FAULTS);
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.press('run');
  await live.reaches(2);
  await fault(page, 'invalid');
  await live.is('ended');
  expect(await live.attribute('backend')).toBe('wasm');
});

test('out of memory ends the run and says what to shrink', async ({ page }) => {
  await patchWorker(page, FAULTS);
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.press('run');
  await live.reaches(2);
  const drawn = await live.step();
  await fault(page, 'memory');
  await live.is('failed');
  expect(await live.attribute('error')).toBe('out-of-memory');
  await expect(live.part('failure')).toContainText('内存');
  expect(await live.step()).toBeGreaterThanOrEqual(drawn);
});

test('a worker that crashes ends the run, and the next run works', async ({ page }) => {
  await patchWorker(page, FAULTS);
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.press('run');
  await live.reaches(1);
  await fault(page, 'crash');
  await live.is('failed');
  expect(await live.attribute('error')).toBe('worker-error');
  await live.root.locator('[data-role="backend"]').selectOption('cpu');
  await live.press('run');
  await live.is('ended');
});

test('a worker that does not answer Stop is ended after two seconds', async ({ page }) => {
  await patchWorker(page, FAULTS);
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.press('run');
  await live.reaches(1);
  await fault(page, 'hang');
  await live.press('stop');
  await live.is('ended', 10_000);
  expect(await live.attribute('reason')).toBe('stopped');
});

test('a dataset that does not come is named, and can be tried again', async ({ page }) => {
  await page.route('**/datasets/**', (route) => route.fulfill({ status: 503, body: '' }));
  const live = await Live.open(page, 'digits-mlp', '?backend=wasm');
  await live.press('run');
  await live.is('failed');
  expect(await live.attribute('error')).toBe('load-failed');
  await expect(live.part('failure')).toContainText('digits');
  await page.unroute('**/datasets/**');
  await live.press('run');
  await live.reaches(1);
});

/** The GPU computes, and every workgroup is lost on the way: results stay zero, without an error. */
const ZEROS = `
  GPUComputePassEncoder.prototype.dispatchWorkgroups = () => undefined;`;

test('a WebGPU that gives zeros without an error is passed over, and says so', async ({ page }) => {
  await patchWorker(page, ZEROS);
  const live = await Live.open(page, 'linear-regression', '?backend=webgpu');
  await live.press('run');
  await live.is('ended');
  expect(await live.attribute('backend')).toBe('wasm');
  await expect(live.part('notices')).toContainText('结果不对');
});

test('a WebGL that draws nothing is passed over, and says so', async ({ page }) => {
  await patchWorker(page, `WebGL2RenderingContext.prototype.drawElements = () => undefined;`);
  const live = await Live.open(page, 'linear-regression', '?backend=webgl');
  await live.press('run');
  await live.is('ended');
  expect(await live.attribute('backend')).toBe('wasm');
  await expect(live.part('notices')).toContainText('结果不对');
});
