/** What the bench ran on and with: processor, adapters, versions. */
import { readFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import type { Page } from '@playwright/test';
import type { BenchResults } from '../../src/contract/bench.ts';

export function machine(): BenchResults['machine'] {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: Math.max(1, all.length),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
  };
}

const PACKAGES = ['@tensorflow/tfjs', '@jax-js/jax', 'convnetjs'] as const;

export function packageVersions(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PACKAGES.map((name) => {
      const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
      return [name, version];
    }),
  );
}

/** Names of the adapters that the browser offers. */
export async function adaptersOf(page: Page): Promise<BenchResults['adapters']> {
  return page.evaluate(async () => {
    const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i;
    const found: Record<string, { name: string; software: boolean }> = {};
    const gpu = navigator.gpu as GPU | undefined;
    const info = (await gpu?.requestAdapter({ powerPreference: 'high-performance' }))?.info;
    if (info) {
      const words = [info.vendor, info.architecture, info.device, info.description];
      const name = [...new Set(words.filter((word) => word))].join(' ') || 'unnamed';
      found['webgpu'] = { name, software: info.isFallbackAdapter || SOFTWARE.test(name) };
    }
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (gl) {
      const details = gl.getExtension('WEBGL_debug_renderer_info');
      const name = String(gl.getParameter(details ? details.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
      gl.getExtension('WEBGL_lose_context')?.loseContext();
      found['webgl'] = { name, software: SOFTWARE.test(name) };
    }
    return found;
  });
}
