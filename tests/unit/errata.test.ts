/** Holds the errata against the audit's count and against the chapters: each one is listed, and stands on exactly one page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { book } from '../../src/content/book.ts';

/** How many errata the audit found in each document; `X` are those across documents. */
const AUDITED = {
  S0: { count: 42, part: 'startup-stories' },
  S1: { count: 30, part: 'startup-battle' },
  S2: { count: 31, part: 'breakthroughs' },
  S3: { count: 92, part: 'foundations' },
  S4: { count: 38, part: 'data-challenges' },
  X: { count: 9, part: '' },
} as const;
type Document = keyof typeof AUDITED;
const DOCUMENTS = Object.keys(AUDITED) as Document[];

const { errata, chapters } = book();

const auditedIds = (document: Document): string[] =>
  Array.from(
    { length: AUDITED[document].count },
    (_, at) => `${document}-E${String(at + 1).padStart(2, '0')}`,
  );

/** Erratum id → the chapters that embed it, once for each time. */
const pages = new Map<string, string[]>();
for (const [chapter, { components }] of chapters) {
  for (const { name, attributes } of components) {
    const { id } = attributes;
    if (name === 'Erratum' && typeof id === 'string') {
      pages.set(id, [...(pages.get(id) ?? []), chapter]);
    }
  }
}

/** `startup-battle: S1-E01 S1-E02` for each part, one line each. */
function byPart(found: readonly { readonly part: string; readonly text: string }[]): string {
  const parts = new Map<string, string[]>();
  for (const { part, text } of found) parts.set(part, [...(parts.get(part) ?? []), text]);
  return [...parts].map(([part, texts]) => `${part || 'any part'}: ${texts.join(' ')}`).join('\n');
}

test('Every erratum that the audit found is listed', () => {
  const listed = new Set(errata.map(({ id }) => id));
  const missing = DOCUMENTS.flatMap((document) =>
    auditedIds(document)
      .filter((id) => !listed.has(id))
      .map((text) => ({ part: AUDITED[document].part, text })),
  );
  assert.equal(missing.length, 0, `not listed in content/errata:\n${byPart(missing)}`);
});

test('No erratum is listed that the audit did not find, or under another document’s part', () => {
  const audited = new Map<string, string>(
    DOCUMENTS.flatMap((document) =>
      auditedIds(document).map((id): [string, string] => [id, AUDITED[document].part]),
    ),
  );
  const strange = errata
    .filter(({ id, part }) => {
      const home = audited.get(id);
      return home === undefined || (home !== '' && home !== part);
    })
    .map(({ id, part }) => ({ part, text: id }));
  assert.equal(strange.length, 0, `unknown, or listed under the wrong part:\n${byPart(strange)}`);
});

test('Every erratum is embedded by exactly one chapter, once, and by the one that it names', () => {
  const wrong = errata.flatMap(({ id, part, chapter }) => {
    const found = pages.get(id) ?? [];
    if (found.length === 1 && found[0] === `${part}/${chapter}`) return [];
    const where = found.length === 0 ? 'on no page' : `on ${found.join(', ')}, not on ${chapter}`;
    const text = found.length > 1 ? `${id} (${found.length} times)` : `${id} (${where})`;
    return [{ part, text }];
  });
  assert.equal(wrong.length, 0, `not on exactly one page:\n${byPart(wrong)}`);
});
