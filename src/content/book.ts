/** Reads everything the book is made of from disk into one value. Reports what cannot be read; checks no reference. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { z } from 'astro/zod';
import { LineCounter, parseDocument } from 'yaml';
import type { Recording } from '../contract/recording.ts';
import { readBibliography, type Work } from './bibliography.ts';
import { readChapter, type ChapterText } from './chapter.ts';
import { regionsOf } from './regions.ts';
import {
  erratumSchema,
  glossarySchema,
  tocSchema,
  type Erratum,
  type Letter,
  type Part,
  type Term,
} from './schemas.ts';
import { allowed } from './suggest.ts';

/** One thing that is wrong, for a sentence that says how to mend it. */
export interface Problem {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly line?: number | undefined;
  /** The field, component or name at fault. */
  readonly field: string;
  readonly problem: string;
  readonly allowed: string;
}

export interface Chapter extends ChapterText {
  /** `startup-stories/math`; `index` for the front page. */
  readonly id: string;
  readonly file: string;
  readonly source: string;
}
export interface PlacedErratum extends Erratum {
  readonly file: string;
  readonly line: number;
  /** The part's folder, which is the file's name. */
  readonly part: string;
}
export interface PlacedTerm extends Term {
  readonly line: number;
}
export interface ExampleFile {
  readonly id: string;
  readonly source: string;
  readonly regions: ReadonlyMap<string, string>;
  /** Source of the Python twin. */
  readonly python?: string;
}

export interface Book {
  readonly root: string;
  readonly parts: readonly Part[];
  readonly chapters: ReadonlyMap<string, Chapter>;
  readonly errata: readonly PlacedErratum[];
  readonly terms: readonly PlacedTerm[];
  readonly letters: readonly Letter[];
  readonly works: ReadonlyMap<string, Work>;
  readonly examples: ReadonlyMap<string, ExampleFile>;
  readonly calculators: ReadonlySet<string>;
  readonly recordings: ReadonlyMap<string, Recording>;
  readonly problems: readonly Problem[];
}

/** Parses again only when the file has changed. */
function memo<T>(parse: (source: string, path: string) => T): (path: string) => T {
  const seen = new Map<string, { stamp: string; value: T }>();
  return (path) => {
    const { mtimeMs, size } = statSync(path);
    const stamp = `${mtimeMs} ${size}`;
    const known = seen.get(path);
    if (known?.stamp === stamp) return known.value;
    const value = parse(readFileSync(path, 'utf8'), path);
    seen.set(path, { stamp, value });
    return value;
  };
}

interface Typed<T> {
  readonly value: T | undefined;
  readonly issues: readonly Omit<Problem, 'file'>[];
  /** Line of what stands at a path. */
  lineAt(path: readonly PropertyKey[]): number;
}

function fieldNames(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) {
    at = inner(at);
    const shape = (at as { shape?: Record<string, unknown> }).shape;
    at = typeof key === 'number' ? (at as { element?: unknown }).element : shape?.[String(key)];
  }
  at = inner(at);
  return Object.keys((at as { shape?: Record<string, unknown> } | undefined)?.shape ?? {});
}
/** What an optional or defaulted schema wraps. */
function inner(schema: unknown): unknown {
  let at = schema as { unwrap?: () => unknown; element?: unknown } | undefined;
  while (at?.unwrap !== undefined && at.element === undefined) at = at.unwrap() as typeof at;
  return at;
}

/** Turns one complaint of a schema into the parts of a sentence. */
export function issueProblem(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
): { field: string; problem: string; allowed: string } {
  const field = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return {
      field: [field, issue.keys.join('、')].filter(Boolean).join('.'),
      problem: '没有这个字段',
      allowed: allowed(issue.keys[0] ?? '', fieldNames(schema, issue.path)),
    };
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String).join('、');
    return { field, problem: '值不对，或者缺了这个字段', allowed: `可用的有：${values}` };
  }
  if (issue.code === 'invalid_type') {
    const wanted = TYPE_WORDS[issue.expected] ?? issue.expected;
    return { field, problem: '类型不对，或者缺了这个字段', allowed: `要的是${wanted}` };
  }
  const problem = issue.code === 'invalid_union' ? '写法不对' : issue.message;
  return { field, problem, allowed: RULES[field.replace(/.*\./, '')] ?? '' };
}
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数',
  array: '列表',
  object: '一组字段',
  date: '日期，如 2026-11-22',
  boolean: 'true 或 false',
};
const RULES: Readonly<Record<string, string>> = {
  description: '一句话，不超过 80 个汉字',
  quote: '最多引 15 个汉字',
  id: '勘误写作 S0-E05，术语写作 learning-rate',
  proof: '{ example: 例子, preset: 设定 } 或 { calculator: 计算器 }',
};

function typed<T>(schema: z.ZodType<T>, source: string): Typed<T> {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter });
  const lineAt = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as
        { range?: [number, number, number] } | undefined;
      if (node?.range) return counter.linePos(node.range[0]).line;
    }
    return 1;
  };
  const [error] = document.errors;
  if (error) {
    const { line } = counter.linePos(error.pos[0]);
    const problem = `YAML 读不懂：${error.message.split('\n')[0]}`;
    return { value: undefined, issues: [{ line, field: '', problem, allowed: '' }], lineAt };
  }
  const result = schema.safeParse(document.toJS());
  const issues = result.success
    ? []
    : result.error.issues.map((issue) => ({
        line: lineAt(issue.path),
        ...issueProblem(schema, issue),
      }));
  return { value: result.success ? result.data : undefined, issues, lineAt };
}

const readToc = memo((source) => typed(tocSchema, source));
const readGlossary = memo((source) => typed(glossarySchema, source));
const readErrata = memo((source) => typed(erratumSchema.array(), source));
const readReferences = memo((source) => readBibliography(source));
const readMdx = memo((source) => ({ source, text: readChapter(source) }));
const readJson = memo((source) => JSON.parse(source) as Recording);
const readText = memo((source) => source);

function filesIn(folder: string, end: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => join(folder, name));
}

/** Reads the book below `root`. Missing files are reported, never thrown. */
export function readBook(root: string): Book {
  const problems: Problem[] = [];
  const name = (path: string): string => relative(root, path).replaceAll('\\', '/');
  const read = <T>(path: string, reader: (path: string) => Typed<T>): Typed<T> | undefined => {
    if (!existsSync(path)) {
      problems.push({ file: name(path), field: '', problem: '没有这个文件', allowed: '' });
      return undefined;
    }
    const result = reader(path);
    problems.push(...result.issues.map((issue) => ({ file: name(path), ...issue })));
    return result;
  };

  const toc = read(join(root, 'content/toc.yml'), readToc)?.value;
  const glossaryPath = join(root, 'content/glossary.yml');
  const glossary = read(glossaryPath, readGlossary);

  const errata = filesIn(join(root, 'content/errata'), '.yml').flatMap((path) => {
    const result = read(path, readErrata);
    return (result?.value ?? []).map((erratum, index) => ({
      ...erratum,
      file: name(path),
      line: result?.lineAt([index]) ?? 1,
      part: basename(path, '.yml'),
    }));
  });

  let works: ReadonlyMap<string, Work> = new Map();
  const bibliography = join(root, 'content/references.bib');
  if (existsSync(bibliography)) {
    const result = readReferences(bibliography);
    works = result.works;
    for (const { key, field, ...rest } of result.problems) {
      const label = field === key ? key : [key, field].filter(Boolean).join('.');
      problems.push({ file: name(bibliography), ...rest, field: label });
    }
  } else {
    problems.push({ file: name(bibliography), field: '', problem: '没有这个文件', allowed: '' });
  }

  const chapterRoot = join(root, 'content/chapters');
  const chapters = filesIn(chapterRoot, '.mdx').map((path): Chapter => {
    const { source, text } = readMdx(path);
    const id = relative(chapterRoot, path)
      .replaceAll('\\', '/')
      .replace(/\.mdx$/, '');
    return { id, file: name(path), source, ...text };
  });

  const examples = filesIn(join(root, 'src/examples'), '.ts').flatMap((path): ExampleFile[] => {
    const source = readText(path);
    if (
      dirname(path) !== join(root, 'src/examples') ||
      !/export default\s+defineExample/.test(source)
    )
      return [];
    const id = basename(path, '.ts');
    let regions: ReadonlyMap<string, string> = new Map();
    try {
      regions = regionsOf(source);
    } catch (error) {
      const problem = (error as Error).message;
      problems.push({
        file: name(path),
        field: '#region',
        problem,
        allowed: '成对的 #region 名字 … #endregion',
      });
    }
    const twin = path.replace(/\.ts$/, '.py');
    return [{ id, source, regions, ...(existsSync(twin) ? { python: readText(twin) } : {}) }];
  });
  const calculators = filesIn(join(root, 'src/calculators'), '.ts')
    .filter((path) => /export default\s+defineCalculator/.test(readText(path)))
    .map((path) => basename(path, '.ts'));
  const recordings = filesIn(join(root, 'src/recordings'), '.json').map(
    (path) => [basename(path, '.json'), readJson(path)] as const,
  );

  return {
    root,
    parts: toc?.parts ?? [],
    chapters: new Map(chapters.map((chapter) => [chapter.id, chapter])),
    errata,
    terms: (glossary?.value?.terms ?? []).map((term, index) => ({
      ...term,
      line: glossary?.lineAt(['terms', index]) ?? 1,
    })),
    letters: glossary?.value?.letters ?? [],
    works,
    examples: new Map(examples.map((example) => [example.id, example])),
    calculators: new Set(calculators),
    recordings: new Map(recordings),
    problems,
  };
}

/** Only the bibliography, for the Markdown plugins. */
export const readWorks = (root: string): ReadonlyMap<string, Work> =>
  readReferences(join(root, 'content/references.bib')).works;

/** The book being built: Astro runs at the repository's root. */
export const book = (): Book => readBook(process.cwd());

/** Address of a chapter, without the base path. */
export const chapterUrl = (id: string): string => (id === 'index' ? '/' : `/${id}/`);
