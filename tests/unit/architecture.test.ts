import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const src = join(root, 'src');

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : /\.(ts|astro)$/.test(entry.name) ? [path] : [];
  });

const TENSORS = /^@tensorflow\//;

/** Room → what its files may import: rooms, single modules, or packages. */
const MAY_IMPORT: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  contract: ['contract'],
  datasets: ['contract', 'datasets', 'modern-tar', /^@noble\//],
  examples: ['contract', 'datasets', TENSORS],
  calculators: ['contract', 'calculators'],
  recordings: [],
  i18n: ['contract', 'i18n'],
  content: [
    'contract',
    'content',
    'calculators',
    'datasets',
    'engine/catalog.ts',
    'recordings',
    /^[^.]/,
  ],
  engine: ['contract', 'engine', 'idb', TENSORS],
  components: [
    'contract',
    'components',
    'content',
    'calculators',
    'i18n',
    'engine/client.ts',
    'engine/checkpoints.ts',
    'engine/reader-files.ts',
    'engine/catalog.ts',
    'datasets/cifar10.ts',
    'datasets/cifar10-files.ts',
    /^(?!@tensorflow)[^.]/,
  ],
  pages: [
    'contract',
    'components',
    'content',
    'calculators',
    'i18n',
    'engine/catalog.ts',
    /^(?!@tensorflow)[^.]/,
  ],
};

/** Runs when the book is built: not part of the engine that a browser gets. */
const BUILD_MODULE = 'engine/kernels/wasm/compile-simd.ts';

/** TensorFlow.js may be imported only here, inside the engine. */
const TENSOR_MODULES =
  /^engine\/(runner|snapshot|worker|tensorflow(-core)?)\.ts$|^engine\/(backends|kernels)\//;

const imports = (text: string): string[] =>
  [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'|(?:^|\n)import '([^']+)'/g,
    ),
  ]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .map((name) => name.replace(/\?.*$/, ''));

for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
  test(`${room} imports only what it may`, () => {
    const offenders: string[] = [];
    const folder = join(src, room);
    for (const file of files(folder)) {
      const name = relative(src, file);
      if (name === BUILD_MODULE) continue;
      for (const wanted of imports(readFileSync(file, 'utf8'))) {
        const target = wanted.startsWith('.')
          ? relative(src, join(dirname(file), wanted)).replaceAll('\\', '/')
          : wanted;
        const fits = allowed.some((rule) =>
          typeof rule === 'string'
            ? target === rule || target.startsWith(`${rule}/`)
            : rule.test(target),
        );
        const tensors = room === 'engine' && TENSORS.test(target) && !TENSOR_MODULES.test(name);
        if (!fits || tensors) offenders.push(`${name} imports ${wanted}`);
      }
    }
    assert.deepEqual(offenders, []);
  });
}

test('every room of src has its import rule', () => {
  const rooms = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const without = rooms
    .map((entry) => entry.name)
    .filter((name) => !(name in MAY_IMPORT) && name !== 'styles');
  assert.deepEqual(without, []);
});

test('nothing reads a tensor synchronously', () => {
  const readers = files(src).filter((file) =>
    /\.(dataSync|arraySync|print)\(\)/.test(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(
    readers.map((file) => relative(root, file)),
    [],
  );
});

test('no folder is called utils, lib, common or helpers', () => {
  const names = ['content', 'public', 'src', 'tests']
    .flatMap((room) => readdirSync(join(root, room), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  assert.deepEqual(
    names.filter((name) => /^(utils?|lib|common|helpers?)$/.test(name)),
    [],
  );
});
