/** Builds the bench's workers as the book's are built, and serves them. Knows no measurement. */
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { build } from 'vite';
import { simdModules } from '../../src/engine/kernels/wasm/compile-simd.ts';
import type { BenchLibrary } from '../../src/contract/bench.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** As in the book's own build: `@tensorflow/tfjs` is the slim entry. */
const slimTensorFlow = () => ({
  name: 'slim-tensorflow',
  enforce: 'pre' as const,
  resolveId: (source: string) =>
    source === '@tensorflow/tfjs' ? join(root, 'src/engine/tensorflow.ts') : undefined,
});

const DOOR = 'bench-door:';

/** A module for the page whose default export starts the worker of a library. Workers are built only through pages. */
const doors = () => ({
  name: 'bench-doors',
  resolveId: (source: string) => (source.startsWith(DOOR) ? `\0${source}` : undefined),
  load: (id: string) =>
    id.startsWith(`\0${DOOR}`)
      ? `import Library from '/tests/bench/libraries/${id.slice(DOOR.length + 1)}.ts?worker';
         export const start = () => new Library();`
      : undefined,
});

/** Builds the workers of these libraries. @returns the folder they are in. */
export async function buildWorkers(libraries: readonly BenchLibrary[]): Promise<string> {
  // One for each process: two benches may run at once.
  const folder = join(root, `node_modules/.cache/bench-${process.pid}`);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const book = libraries.filter((library) => library === 'ours');
  const others = libraries.filter((library) => library !== 'ours');
  for (const group of [book, others]) {
    if (group.length === 0) continue;
    const plugins = () => (group === book ? [slimTensorFlow(), simdModules()] : []);
    await build({
      configFile: false,
      root,
      publicDir: false,
      logLevel: 'error',
      plugins: [...plugins(), doors()],
      worker: { format: 'es', plugins },
      build: {
        outDir: folder,
        emptyOutDir: false,
        assetsDir: group === book ? 'book' : 'others',
        target: 'esnext',
        // The minifier drops a `typeof` in TensorFlow.js's threaded WASM, which then does not start.
        minify: group === book,
        rolldownOptions: {
          input: Object.fromEntries(group.map((library) => [library, DOOR + library])),
          output: { entryFileNames: '[name].js' },
          preserveEntrySignatures: 'strict',
        },
      },
    });
  }
  return folder;
}

/** Serves an empty page, the workers and the datasets. `isolated`: with the headers that threads need. */
export async function serveBench(
  folder: string,
  isolated: boolean,
): Promise<{ readonly url: string; close(): void }> {
  const workers = sirv(folder);
  const data = sirv(join(root, 'public'));
  const server = createServer((request, response) => {
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    if (request.url === '/') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>bench</title><link rel="icon" href="data:,">');
      return;
    }
    const missing = () => void response.writeHead(404).end('not found');
    workers(request, response, () => data(request, response, missing));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
