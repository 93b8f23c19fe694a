/** Every example at once with its source text and its recorded run. For the build, never for a page's bundle. */
import type { AnyExample } from '../contract/example.ts';
import type { Recording } from '../contract/recording.ts';

export interface CatalogEntry {
  readonly id: string;
  readonly example: AnyExample;
  /** The file as it runs, TypeScript. */
  readonly source: string;
  /** The Python twin, when there is one. */
  readonly python: string | undefined;
  readonly recording: Recording | undefined;
}

const examples = import.meta.glob<AnyExample>('../examples/*.ts', {
  eager: true,
  import: 'default',
});
const sources = import.meta.glob<string>('../examples/*.ts', {
  eager: true,
  query: '?raw',
  import: 'default',
});
const pythons = import.meta.glob<string>('../examples/*.py', {
  eager: true,
  query: '?raw',
  import: 'default',
});
const recordings = import.meta.glob<Recording>('../recordings/*.json', {
  eager: true,
  import: 'default',
});

/** Example id → all that is known of it, in alphabetical order. */
export const catalog: Readonly<Record<string, CatalogEntry>> = Object.fromEntries(
  Object.entries(examples)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([path, example]) => {
      const id = path.slice('../examples/'.length, -'.ts'.length);
      const entry: CatalogEntry = {
        id,
        example,
        source: sources[path] ?? '',
        python: pythons[`../examples/${id}.py`],
        recording: recordings[`../recordings/${id}.json`],
      };
      return [id, entry];
    }),
);

/** The entry of that id. @throws Error that lists the known ids. */
export function catalogEntry(id: string): CatalogEntry {
  const entry = catalog[id];
  if (!entry) throw new Error(`没有例子 "${id}"；现有：${Object.keys(catalog).join('、')}`);
  return entry;
}
