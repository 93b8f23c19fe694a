/** Every example, fetched when it is first asked for. For the worker; knows only the folder. */
import type { AnyExample } from '../contract/example.ts';

const modules = import.meta.glob<{ default: AnyExample }>('../examples/*.ts');

const pathOf = (id: string): string => `../examples/${id}.ts`;

/** Ids of all examples, sorted. */
export const exampleIds: readonly string[] = Object.keys(modules)
  .map((path) => path.slice('../examples/'.length, -'.ts'.length))
  .sort();

/** Fetches an example. @returns `undefined` when there is none of that id. */
export async function loadExample(id: string): Promise<AnyExample | undefined> {
  if (!Object.hasOwn(modules, pathOf(id))) return undefined;
  return (await modules[pathOf(id)]?.())?.default;
}
