/** The real build, on a copy of the book with one mistake in it: it must stop, and say what and where. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const chapter = 'content/chapters/startup-stories/math.mdx';
const code = 'content/chapters/startup-stories/code.mdx';

/** Each mistake, and what the build's message must hold: the file, the field or name, and what is allowed. */
const MISTAKES: readonly {
  readonly what: string;
  readonly file: string;
  readonly from: RegExp | string;
  readonly to: string;
  readonly says: readonly string[];
}[] = [
  {
    what: 'a misspelt frontmatter field',
    file: chapter,
    from: /^description:/m,
    to: 'descripton:',
    says: [chapter, 'descripton', 'description'],
  },
  {
    what: 'an unknown example',
    file: chapter,
    from: '<RunExample id="optimizer-race" />',
    to: '<RunExample id="optimiser-race" />',
    says: [chapter, 'optimiser-race', 'optimizer-race', 'adversarial-examples'],
  },
  {
    what: 'an unknown region',
    file: code,
    from: /<ExampleSource id="linear-regression" region="[a-z]+"/,
    to: '<ExampleSource id="linear-regression" region="trian"',
    says: [code, 'trian', 'train'],
  },
  {
    what: 'a bibliography entry without a title',
    file: 'content/references.bib',
    from: /@book\{goodfellow2016deep,([\s\S]*?)\n\s*title\s*=[^\n]*\n/,
    to: '@book{goodfellow2016deep,$1\n',
    says: ['content/references.bib', 'goodfellow2016deep', 'title'],
  },
];

const run = promisify(execFile);

for (const { what, file, from, to, says } of MISTAKES) {
  test(`the build stops at ${what} and says so`, async () => {
    const copy = mkdtempSync(join(tmpdir(), 'broken-book-'));
    try {
      for (const name of ['content', 'src', 'package.json', 'tsconfig.json', 'astro.config.mjs']) {
        cpSync(join(root, name), join(copy, name), { recursive: true });
      }
      symlinkSync(join(root, 'public'), join(copy, 'public'), 'junction');
      symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
      const before = readFileSync(join(copy, file), 'utf8');
      const after = before.replace(from, to);
      assert.notEqual(after, before, 'the mistake could not be made');
      writeFileSync(join(copy, file), after);
      const astro = join(copy, 'node_modules/astro/bin/astro.mjs');
      const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' };
      await assert.rejects(run(process.execPath, [astro, 'build'], { cwd: copy, env }), (error) => {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        const message = stdout + stderr;
        for (const words of says)
          assert.ok(message.includes(words), `no "${words}" in: ${message}`);
        return true;
      });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
}
