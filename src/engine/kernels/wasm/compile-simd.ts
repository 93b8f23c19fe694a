/**
 * Builds the SIMD module from the AssemblyScript files in simd/, for Vite and for the tests in Node. Runs when the
 * book is built, never in a browser.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/** `shared`: on the memory that threads share. `relaxed`: multiply and add in one instruction (relaxed SIMD). */
export const SIMD_VARIANTS = ['plain', 'relaxed', 'shared', 'shared-relaxed'] as const;
export type SimdVariant = (typeof SIMD_VARIANTS)[number];

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const sources = fileURLToPath(new URL('simd/', import.meta.url));
// Beside other tools' caches: a file there is found by the development server and by every later build.
const cache = join(root, 'node_modules/.cache/simd');

function options(variant: SimdVariant): readonly string[] {
  const relaxed = variant.endsWith('relaxed') ? ['--enable', 'relaxed-simd'] : [];
  // The most that a memory may grow to has to be said for shared memory: TensorFlow.js allows 4 GB.
  const shared = variant.startsWith('shared')
    ? ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536']
    : [];
  return [
    ...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--initialMemory', '1'],
    ...['--enable', 'simd', '--use', 'abort='],
    ...relaxed,
    ...shared,
  ];
}

function fingerprint(variant: SimdVariant): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(options(variant)));
  hash.update(readFileSync(join(root, 'node_modules/assemblyscript/package.json')));
  for (const name of readdirSync(sources).sort()) {
    if (name.endsWith('.ts')) hash.update(`${name}\0`).update(readFileSync(join(sources, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Compiles one variant, unless the same sources were compiled before.
 * @returns the path of the .wasm file. @throws Error with the compiler's messages.
 */
export async function compileSimd(variant: SimdVariant): Promise<string> {
  const file = join(cache, `${variant}-${fingerprint(variant)}.wasm`);
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  // Written aside and renamed: two builds may run at once.
  const unfinished = `${file}.${process.pid}`;
  const entry = relative(root, join(sources, 'index.ts'));
  const place = ['--baseDir', root, '--outFile', relative(root, unfinished)];
  let messages = '';
  const stderr = {
    write: (text: string) => {
      messages += text;
    },
  };
  const { error } = await asc.main([entry, ...place, ...options(variant)], { stderr });
  if (error) throw new Error(`The SIMD module (${variant}) does not compile.\n${messages}`);
  renameSync(unfinished, file);
  return file;
}

const REQUEST = /\/simd\/([a-z-]+)\.wasm\?url$/;

/** Vite plugin: `import url from './simd/plain.wasm?url'` compiles that variant and gives its address. */
export const simdModules = () => ({
  name: 'simd-modules',
  enforce: 'pre' as const,
  async resolveId(source: string, importer?: string) {
    const variant = SIMD_VARIANTS.find((name) => name === REQUEST.exec(source)?.[1]);
    if (!variant || !importer || dirname(importer) !== dirname(fileURLToPath(import.meta.url)))
      return;
    return `${await compileSimd(variant)}?url&no-inline`;
  },
});
