/** Who cites what: for each work, the chapters and errata that name it. */
import type { Book } from './book.ts';
import { CITATION, citedKeys } from './chapter.ts';

export interface Citing {
  /** Ids of chapters, in reading order. */
  readonly chapters: readonly string[];
  /** Ids of errata. */
  readonly errata: readonly string[];
}

const keysIn = (text: string): string[] =>
  [...text.matchAll(CITATION)].flatMap((match) => citedKeys(match[1] as string));

/** Only works that are cited somewhere are in the result. */
export function citedWorks(book: Book): ReadonlyMap<string, Citing> {
  const cited = new Map<string, { chapters: Set<string>; errata: Set<string> }>();
  const of = (key: string): { chapters: Set<string>; errata: Set<string> } => {
    const entry = cited.get(key) ?? { chapters: new Set<string>(), errata: new Set<string>() };
    cited.set(key, entry);
    return entry;
  };
  const order = book.parts.flatMap(({ folder, chapters }) =>
    chapters.map((slug) => `${folder}/${slug}`),
  );
  for (const id of ['index', ...order]) {
    for (const { keys } of book.chapters.get(id)?.citations ?? []) {
      for (const key of keys) of(key).chapters.add(id);
    }
  }
  for (const { id, wrong, right, seen } of book.errata) {
    for (const key of keysIn([wrong, right, seen ?? ''].join('\n'))) of(key).errata.add(id);
  }
  return new Map(
    [...cited].map(([key, { chapters, errata }]) => [
      key,
      { chapters: [...chapters], errata: [...errata] },
    ]),
  );
}
