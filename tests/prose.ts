/** Checks the spacing between Chinese and Latin in prose with autocorrect; `--fix` mends it. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatFor, lintFor, loadConfig } from 'autocorrect-node';

const root = fileURLToPath(new URL('../', import.meta.url));
loadConfig(readFileSync(join(root, '.autocorrectrc'), 'utf8'));

const PROSE = /\.(mdx|md|yml)$/;
/** A quotation is as printed. */
const QUOTATION = /^\s*quote:/;
const mend = process.argv.includes('--fix');

const files = readdirSync(join(root, 'content'), { recursive: true, encoding: 'utf8' })
  // The table of contents holds the documents' own titles, as printed.
  .filter((name) => PROSE.test(name) && name !== 'toc.yml')
  .map((name) => join('content', name))
  .concat(['README.md', 'CONTRIBUTING.md']);

let found = 0;
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  if (mend) {
    const before = text.split('\n');
    const after = formatFor(text, file).split('\n');
    const out = after.map((line, i) =>
      QUOTATION.test(before[i] ?? '') ? (before[i] ?? '') : line,
    );
    if (out.join('\n') !== text) writeFileSync(join(root, file), out.join('\n'));
    continue;
  }
  const textLines = text.split('\n');
  for (const line of lintFor(text, file).lines) {
    if (line.severity !== 1 || QUOTATION.test(textLines[line.l - 1] ?? '')) continue;
    console.log(`${file}:${line.l}: 「${line.old.trim()}」 → 「${line.new.trim()}」`);
    found++;
  }
}
if (found > 0) {
  console.log(`${found} 处中西文空格或标点不合规范；npm run format 会改好`);
  process.exit(1);
}
