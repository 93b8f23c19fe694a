/** What a reader does to a live example, and what its attributes say. */
import { expect, type Locator, type Page } from '@playwright/test';

export type Action = 'run' | 'pause' | 'resume' | 'step' | 'stop' | 'reset' | 'copy-link';

export class Live {
  readonly root: Locator;
  readonly page: Page;
  constructor(page: Page, example: string) {
    this.page = page;
    this.root = page.locator(`run-example[data-example="${example}"]`).first();
  }

  /** Opens the example's own page. */
  static async open(page: Page, example: string, query = '', base = '/'): Promise<Live> {
    await page.goto(`${base}examples/${example}/${query}`);
    const live = new Live(page, example);
    await live.is('idle');
    await expect(live.button('run')).toBeEnabled();
    return live;
  }

  button(action: Action): Locator {
    return this.root.locator(`[data-action="${action}"]`);
  }
  async press(action: Action): Promise<void> {
    await this.button(action).click();
  }
  part(name: string): Locator {
    return this.root.locator(`[data-part="${name}"]`);
  }
  async attribute(name: string): Promise<string> {
    return (await this.root.getAttribute(`data-${name}`)) ?? '';
  }
  /** Waits for a state: idle, starting, running, paused, ended or failed. */
  async is(state: string, timeout = 60_000): Promise<void> {
    await expect(this.root).toHaveAttribute('data-state', state, { timeout });
  }
  async step(): Promise<number> {
    return Number(await this.attribute('step'));
  }
  /** Waits until at least that many steps are done. */
  async reaches(step: number, timeout = 60_000): Promise<void> {
    await expect.poll(() => this.step(), { timeout }).toBeGreaterThanOrEqual(step);
  }
  /** Takes single steps until `count` are done. */
  async takeSteps(count: number): Promise<void> {
    for (let step = (await this.step()) + 1; step <= count; step++) {
      await this.press('step');
      await expect(this.root).toHaveAttribute('data-step', String(step), { timeout: 90_000 });
    }
  }
  /** Last value of each of these metrics, at full precision. */
  async metrics(names: readonly string[]): Promise<Record<string, number>> {
    const values: Record<string, number> = {};
    for (const name of names) {
      const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      values[name] = Number((await this.attribute(kebab)) || NaN);
    }
    return values;
  }
}

/** Runs code inside the training worker, before it starts anything. */
export async function patchWorker(page: Page, code: string): Promise<void> {
  await page.route(/\/worker-[^/]*\.js/, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['content-length'];
    await route.fulfill({ response, headers, body: `${code};\n${await response.text()}` });
  });
}

/** Lets a test hurt the training worker at a moment of its choice: `fault(page, 'destroy')`. */
export const FAULTS = `
  const channel = new BroadcastChannel('fault');
  let device;
  const request = self.GPUAdapter && GPUAdapter.prototype.requestDevice;
  if (request) GPUAdapter.prototype.requestDevice = async function (descriptor) {
    return (device = await request.call(this, descriptor));
  };
  channel.onmessage = ({ data }) => {
    if (data === 'destroy') device.destroy();
    if (data === 'invalid') device.createBuffer({ size: 4, usage: 0 });
    if (data === 'memory') device.dispatchEvent(
      new GPUUncapturedErrorEvent('uncapturederror', { error: new GPUOutOfMemoryError('too big') }));
    if (data === 'crash') setTimeout(() => { throw new Error('boom'); });
    if (data === 'hang') for (;;);
  };
`;
export async function fault(
  page: Page,
  kind: 'destroy' | 'invalid' | 'memory' | 'crash' | 'hang',
): Promise<void> {
  await page.evaluate((name) => {
    new BroadcastChannel('fault').postMessage(name);
  }, kind);
}

/** Collects what must not happen on a page: console errors, exceptions, requests to another origin. */
export function watch(page: Page): { readonly problems: string[] } {
  const problems: string[] = [];
  const origin = (url: string): string => (/^https?:/.test(url) ? new URL(url).host : '');
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      // The browser's own advice about software GPUs is not the book's, nor what the tests themselves forbid.
      if (
        !/WebGL|powerPreference|swiftshader|GPU stall|blocked by Playwright/i.test(message.text())
      ) {
        problems.push(`${message.type()}: ${message.text()}`);
      }
    }
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const host = origin(request.url());
    if (host !== '' && !host.startsWith('127.0.0.1')) problems.push(`foreign: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return { problems };
}
