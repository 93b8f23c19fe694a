/** Where the book uses an example: chapters that embed it, errata that it proves. Reads no file. */
import type { Book, PlacedErratum } from '../../content/book.ts';

export interface Use {
  /** `startup-stories/math`. */
  readonly id: string;
  readonly title: string;
  /** The part's folder; empty for the front page. */
  readonly part: string;
}

/** Chapters that run the example or say that they use it, in reading order. */
export function chaptersUsing(book: Book, example: string): readonly Use[] {
  const order = book.parts.flatMap(({ folder, chapters }) =>
    chapters.map((slug) => `${folder}/${slug}`),
  );
  return [...book.chapters.values()]
    .filter(({ id }) => id !== 'index')
    .flatMap((chapter) => {
      const matter = chapter.frontmatter as { title?: unknown; examples?: unknown };
      const named = Array.isArray(matter.examples) && matter.examples.includes(example);
      const embeds = chapter.components.some(
        ({ name, attributes }) => name === 'RunExample' && attributes['id'] === example,
      );
      const title = typeof matter.title === 'string' ? matter.title : chapter.id;
      const part = chapter.id.includes('/') ? (chapter.id.split('/')[0] ?? '') : '';
      return named || embeds ? [{ id: chapter.id, title, part }] : [];
    })
    .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}

/** Errata whose proof is the example. */
export function errataProvedBy(book: Book, example: string): readonly PlacedErratum[] {
  return book.errata.filter(
    ({ proof }) => proof !== undefined && 'example' in proof && proof.example === example,
  );
}
