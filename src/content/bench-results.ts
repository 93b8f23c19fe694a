/** Reads the newest results of the bench from disk. Knows no page. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBenchResults, type BenchResults } from '../contract/bench.ts';

const FOLDER = 'tests/bench/results';

/**
 * The results that were measured last, and the file they are in (path from the root).
 * @throws Error when there is none, or when a file is not what `npm run bench` writes.
 */
export function newestResults(root: string): { results: BenchResults; file: string } {
  const folder = join(root, FOLDER);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const all = names
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const file = `${FOLDER}/${name}`;
      return { file, results: readBenchResults(readFileSync(join(root, file), 'utf8'), file) };
    })
    .sort((a, b) => Date.parse(b.results.date) - Date.parse(a.results.date));
  const newest = all[0];
  if (!newest) throw new Error(`${FOLDER} 里没有结果。先运行 npm run bench。`);
  return newest;
}
