/** Browser tests of the built site. `npm test` builds it first. */
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS, ensureBrowser } from './tests/e2e/browser.ts';
import { PORT } from './tests/e2e/serve.ts';

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  timeout: 120_000,
  // Two at a time: each trains on the processor, and software GPUs take a core each.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: process.env['CI'] === 'true',
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    locale: 'zh-CN',
    launchOptions: { executablePath: ensureBrowser(), args: [...BROWSER_ARGS] },
    trace: 'off',
    // Requests that pass through one cannot be rewritten by a test; isolation.spec.ts allows them.
    serviceWorkers: 'block',
  },
  webServer: {
    command: 'node tests/e2e/serve.ts',
    url: `http://127.0.0.1:${PORT}/`,
    reuseExistingServer: process.env['CI'] !== 'true',
  },
});
