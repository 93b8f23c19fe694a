/** Checks the spacing between Chinese and Latin in prose with autocorrect; `--fix` mends it. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatFor, lintFor } from 'autocorrect-node';

const root = fileURLToPath(new URL('../', import.meta.url));
const PROSE = /\.(mdx|md|yml)$/;
const mend = process.argv.includes('--fix');

const files = readdirSync(join(root, 'content'), { recursive: true, encoding: 'utf8' })
  .filter((name) => PROSE.test(name))
  .map((name) => join('content', name))
  .concat(['README.md', 'CONTRIBUTING.md']);

let found = 0;
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  if (mend) {
    const { out } = formatFor(text, file);
    if (out !== text) writeFileSync(join(root, file), out);
    continue;
  }
  for (const line of lintFor(text, file).lines) {
    if (line.severity !== 1) continue;
    console.log(`${file}:${line.l}: 「${line.old.trim()}」 → 「${line.new.trim()}」`);
    found++;
  }
}
if (found > 0) {
  console.log(`${found} 处中西文空格或标点不合规范；npm run format 会改好`);
  process.exit(1);
}
