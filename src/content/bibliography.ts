/** Reads BibTeX and turns an entry into what a reader sees. Runs at build time only. */
import { parse } from '@retorquere/bibtex-parser';

export interface Work {
  readonly key: string;
  readonly type: string;
  /** Line of the entry in its file, from 1. */
  readonly line: number;
  /** Plain text; empty when the entry lacks it. */
  readonly title: string;
  readonly authors: readonly Author[];
  readonly year: string;
  /** Where it appeared, without the address: `Nature 323 (6088): 533–536`. */
  readonly venue: string;
  /** DOI, arXiv page or web address, best first. */
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** `false`: nobody has compared the entry with its source. */
  readonly verified: boolean;
}
export interface Author {
  readonly family: string;
  readonly given: string;
}

export interface BibliographyProblem {
  readonly line: number;
  readonly key: string;
  readonly field: string;
  readonly problem: string;
  readonly allowed: string;
}

const REQUIRED = { title: '题名', author: '作者', year: '年份' } as const;

/** BibTeX's plain text: the tags the parser leaves are dropped, entities restored. */
function plain(value: unknown): string {
  const text = Array.isArray(value) ? value.join('; ') : typeof value === 'string' ? value : '';
  return text
    .replace(/<[^>]+>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .trim();
}

function authorsOf(value: unknown): Author[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: Record<string, unknown>) => ({
    family: [plain(entry['prefix']), plain(entry['lastName'] ?? entry['name'])]
      .filter(Boolean)
      .join(' '),
    given: plain(entry['firstName']),
  }));
}

function venueOf(type: string, field: (name: string) => string): string {
  const pages = field('pages');
  const volume = [field('volume'), field('number') && `(${field('number')})`].join(' ').trim();
  const place = field('journal') || field('booktitle');
  const parts: string[] = [];
  if (place) parts.push([place, volume].filter(Boolean).join(' ') + (pages ? `: ${pages}` : ''));
  const edition = field('edition');
  if (edition) parts.push(`第 ${edition} 版`);
  if (!place || type === 'book') {
    const house = field('publisher') || field('institution') || field('howpublished');
    if (house && !/^https?:/.test(house)) parts.push(house.replace('GitHub repository', 'GitHub 仓库'));
  }
  return parts.join('，');
}

function linksOf(field: (name: string) => string): Work['links'] {
  const links: { label: string; url: string }[] = [];
  const doi = field('doi');
  const arxiv = field('eprint');
  const url = field('url');
  if (doi) links.push({ label: `doi:${doi}`, url: `https://doi.org/${doi}` });
  if (arxiv) links.push({ label: `arXiv:${arxiv}`, url: `https://arxiv.org/abs/${arxiv}` });
  if (url && !doi) links.push({ label: url.replace(/^https?:\/\/|\/$/g, ''), url });
  return links;
}

/** Reads a whole file. Works that lack a title, an author or a year are still returned, and reported. */
export function readBibliography(source: string): {
  works: ReadonlyMap<string, Work>;
  problems: readonly BibliographyProblem[];
} {
  const works = new Map<string, Work>();
  const problems: BibliographyProblem[] = [];
  const lines = source.split('\n');
  const lineOf = (key: string, nth = 0): number => {
    const found = lines.flatMap((text, index) =>
      new RegExp(`^\\s*@\\w+\\s*\\{\\s*${key.replace(/\W/g, '\\$&')}\\s*,`).test(text)
        ? [index + 1]
        : [],
    );
    return found[nth] ?? found[0] ?? 1;
  };
  const report = (key: string, field: string, problem: string, allowed: string, line?: number) =>
    problems.push({ line: line ?? lineOf(key), key, field, problem, allowed });
  const parsed = parse(source, { sentenceCase: false });
  for (const error of parsed.errors) {
    const input = (error as { input?: string }).input ?? '';
    const at = input ? source.slice(0, Math.max(0, source.indexOf(input))).split('\n').length : 1;
    report('', '', `读不懂这一条：${error.error.split('\n')[0]}`, '@类型{键, 字段 = {值}, …}', at);
  }
  const seen = new Map<string, number>();
  for (const entry of parsed.entries) {
    const raw = entry.fields as Readonly<Record<string, unknown>>;
    const nth = seen.get(entry.key) ?? 0;
    seen.set(entry.key, nth + 1);
    if (nth > 0) {
      report(entry.key, entry.key, '这个键已经用过', '每个键只出现一次', lineOf(entry.key, nth));
      continue;
    }
    for (const [name, word] of Object.entries(REQUIRED)) {
      const value = raw[name];
      const empty = Array.isArray(value) ? value.length === 0 : !plain(value);
      if (empty)
        report(entry.key, name, `缺${word}`, `每条都要有 ${Object.keys(REQUIRED).join('、')}`);
    }
    const hidden = new Set(plain(raw['unchecked']).split(/[\s,]+/));
    const field = (name: string): string => (hidden.has(name) ? '' : plain(raw[name]));
    works.set(entry.key, {
      key: entry.key,
      type: entry.type,
      line: lineOf(entry.key),
      title: plain(raw['title']),
      authors: authorsOf(raw['author']),
      year: field('year'),
      venue: venueOf(entry.type, field),
      links: linksOf(field),
      verified: plain(raw['verified']) !== 'no',
    });
  }
  return { works, problems };
}

const isHan = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** A person's name in the order of its language; transliterated ones keep their dot or space. */
function fullName({ family, given }: Author): string {
  if (!given) return family;
  if (!isHan(family)) return `${given} ${family}`;
  if (given.includes('·')) return `${given} ${family}`;
  return [...given].length > 2 ? `${given}·${family}` : family + given;
}

/** The title as a reader sees it: a Chinese one in title marks. `lang` is set for the others. */
export function titleText({ title }: Work): { text: string; lang: 'en' | undefined } {
  return isHan(title) ? { text: `《${title}》`, lang: undefined } : { text: title, lang: 'en' };
}

/** All authors up to four, then the first three and 等. */
export function authorsText(work: Work): string {
  const written = work.authors.filter((author) => author.family !== 'others');
  const names = written.map(fullName);
  const cut = names.length > 4 || written.length < work.authors.length;
  const separator = names.some(isHan) ? '、' : ', ';
  return cut ? `${names.slice(0, 3).join(separator)} 等` : names.join(separator);
}

/** `Kingma & Ba, 2015`, for places where numbers make no sense. */
export function authorYear(work: Work): string {
  const families = work.authors.map((author) =>
    isHan(author.family) ? fullName(author) : author.family,
  );
  const [first = work.key, second] = families;
  const who =
    families.length > 2 || second === 'others'
      ? `${first} 等`
      : second === undefined
        ? first
        : `${first} & ${second}`;
  return work.year ? `${who}, ${work.year}` : who;
}
