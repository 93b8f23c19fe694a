/** Finds a Chromium to test with, or gets one; says what is missing when it can't. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const CANDIDATES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Software WebGPU and WebGL, so that machines without a GPU run the same code. */
export const BROWSER_ARGS: readonly string[] = [
  '--enable-unsafe-webgpu',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

const installed = (): string | undefined =>
  [...CANDIDATES, chromium.executablePath()].find((path) => path && existsSync(path));

const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;

const isRoot = process.getuid?.() === 0;
const apt = (...args: string[]): boolean =>
  isRoot ? run('apt-get', args) : run('sudo', ['-n', 'apt-get', ...args]);

/** Chinese text needs a font; without one every screenshot and line break would be wrong. */
function ensureChineseFont(): void {
  if (process.platform !== 'linux') return;
  const listed = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' });
  if (listed.status === 0 && listed.stdout.trim() !== '') return;
  if (existsSync('/usr/bin/apt-get') && apt('install', '-y', '-qq', 'fonts-noto-cjk', 'fontconfig'))
    return;
  console.warn('没有中文字体：测试仍会运行，但截图里的汉字可能是方框。请安装 fonts-noto-cjk。');
}

/** Path of a Chromium, installing one if there is none. @throws Error saying what to do by hand. */
export function ensureBrowser(): string {
  const found = installed();
  if (found) {
    ensureChineseFont();
    return found;
  }
  console.log('没有找到 Chromium，先请 Playwright 下载……');
  run('npx', ['playwright', 'install', 'chromium']);
  if (!installed() && existsSync('/usr/bin/apt-get')) {
    console.log('下载不成，改用 apt-get 安装 Debian 的 chromium……');
    apt('update', '-qq');
    apt('install', '-y', '-qq', 'chromium');
  }
  const path = installed();
  if (!path) {
    throw new Error(
      '浏览器测试需要 Chromium 或 Chrome 113 以上：没有找到，Playwright 下载不了，apt-get 也装不上。' +
        '请自行安装，再把它的路径写进环境变量 CHROMIUM_PATH。',
    );
  }
  ensureChineseFont();
  return path;
}

/** What the browser calls itself. */
export const browserVersion = (path: string): string =>
  execFileSync(path, ['--version', ...BROWSER_ARGS], { encoding: 'utf8' }).trim();
