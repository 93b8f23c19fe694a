/** Everything `npm test` does, in order, with one count at the end. `check`, `unit`, `e2e` as arguments run a part. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureBrowser } from './e2e/browser.ts';
import { BUILDS } from './e2e/serve.ts';

const CHECKS: readonly (readonly [title: string, command: string, ...args: string[]])[] = [
  ['types', 'astro', 'check', '--minimumFailingSeverity', 'error'],
  ['lint', 'eslint', '.'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['Chinese–Latin spacing', 'node', 'tests/prose.ts'],
];

let passed = 0;
let failed = 0;
const parts = process.argv.slice(2);
const wants = (part: string): boolean => parts.length === 0 || parts.includes(part);
const shell = process.platform === 'win32';

/** Runs a tool of the project. @returns whether it ended well. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  const all = { ...process.env, ...env, ASTRO_TELEMETRY_DISABLED: '1' };
  return spawnSync(command, args, { stdio: 'inherit', shell, env: all }).status === 0;
}

function step(title: string, command: string, ...args: string[]): boolean {
  console.log(`\n── ${title}`);
  const ok = run(command, args);
  if (ok) passed++;
  else failed++;
  return ok;
}

function unit(): void {
  console.log('\n── unit tests');
  const tap = 'test-results/unit.tap';
  const reporters = ['spec', 'tap'].flatMap((name) => [
    `--test-reporter=${name}`,
    `--test-reporter-destination=${name === 'tap' ? tap : 'stdout'}`,
  ]);
  const ok = run('node', ['--test', ...reporters, 'tests/unit/*.test.ts']);
  const count = (word: string): number =>
    Number(readFileSync(tap, 'utf8').match(new RegExp(`^# ${word} (\\d+)`, 'm'))?.[1] ?? NaN);
  passed += count('pass');
  failed += Math.max(count('fail') + count('cancelled'), ok ? 0 : 1);
}

interface PlaywrightReport {
  readonly stats: { expected: number; unexpected: number; flaky: number };
}

function e2e(): void {
  ensureBrowser();
  for (const [base, folder] of Object.entries(BUILDS)) {
    console.log(`\n── build at ${base}`);
    if (!run('astro', ['build', '--outDir', folder], { BASE_PATH: base })) {
      failed++;
      return;
    }
    passed++;
  }
  console.log('\n── browser tests');
  const report = 'test-results/e2e.json';
  const ok = run('playwright', ['test']);
  const { stats } = JSON.parse(readFileSync(report, 'utf8')) as PlaywrightReport;
  passed += stats.expected;
  failed += Math.max(stats.unexpected + stats.flaky, ok ? 0 : 1);
}

rmSync('test-results', { recursive: true, force: true });
mkdirSync('test-results', { recursive: true });
if (wants('check')) for (const [title, command, ...args] of CHECKS) step(title, command, ...args);
if (wants('unit')) unit();
if (wants('e2e')) e2e();
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
