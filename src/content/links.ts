/** Where things stand in the finished site: the page and fragment of an erratum, an example, a calculator. */
import { chapterUrl, type Book, type PlacedErratum } from './book.ts';

/** Fragment of a live example on a page. */
export const exampleFragment = (id: string): string => `live-${id}`;
/** Fragment of a calculator on a page. */
export const calculatorFragment = (id: string): string => `calculator-${id}`;

/** The chapter that shows an erratum's box, or `undefined` when none does. */
export function chapterOf(book: Book, erratum: PlacedErratum): string | undefined {
  const own = `${erratum.part}/${erratum.chapter}`;
  const shows = (id: string): boolean =>
    book.chapters
      .get(id)
      ?.components.some(
        ({ name, attributes }) => name === 'Erratum' && attributes['id'] === erratum.id,
      ) ?? false;
  return shows(own) ? own : [...book.chapters.keys()].find(shows);
}

/**
 * Address of what proves an erratum, without the base path: on `here` when that chapter embeds it, else the
 * example's own page, else the first chapter that embeds the calculator.
 * @param here id of the chapter the link stands in; `undefined` on other pages
 */
export function proofAddress(
  book: Book,
  proof: NonNullable<PlacedErratum['proof']>,
  here: string | undefined,
): string | undefined {
  const [name, id, fragment] =
    'calculator' in proof
      ? (['Calculator', proof.calculator, calculatorFragment(proof.calculator)] as const)
      : (['RunExample', proof.example, exampleFragment(proof.example)] as const);
  const embeds = (chapter: string): boolean =>
    book.chapters
      .get(chapter)
      ?.components.some(
        (component) => component.name === name && component.attributes['id'] === id,
      ) ?? false;
  if (here !== undefined && embeds(here)) return `#${fragment}`;
  if ('example' in proof) return `/examples/${id}/`;
  const chapter = [...book.chapters.keys()].find(embeds);
  return chapter === undefined ? undefined : `${chapterUrl(chapter)}#${fragment}`;
}
