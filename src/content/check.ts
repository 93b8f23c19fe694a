/** Checks the whole book: every name that is used exists, once. Reads files only; renders nothing. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseExpressionAt } from 'acorn';
import {
  chapterUrl,
  issueProblem,
  readBook,
  type Book,
  type Chapter,
  type Problem,
} from './book.ts';
import { CITATION, citedKeys, type UsedComponent } from './chapter.ts';
import { chapterSchema, frontPageSchema } from './schemas.ts';
import { allowed } from './suggest.ts';
import { VOCABULARY, WORDS, type AttributeKind } from './vocabulary.ts';

export type { Problem } from './book.ts';

type Report = (problem: Omit<Problem, 'file'>) => void;

/** Everything that is wrong with the book below `root`; empty when nothing is. */
export function checkBook(root: string): readonly Problem[] {
  const book = readBook(root);
  const problems: Problem[] = [...book.problems];
  const reporter =
    (file: string): Report =>
    (problem) =>
      problems.push({ file, ...problem });

  checkToc(book, reporter('content/toc.yml'));
  checkTerms(book, reporter('content/glossary.yml'));
  checkErrata(book, reporter);
  const addresses = addressesOf(book);
  for (const chapter of book.chapters.values()) {
    checkChapter(book, chapter, addresses, reporter(chapter.file));
  }
  return [...new Map(problems.map((problem) => [sentence(problem), problem])).values()];
}

/** One problem as a sentence: file, line, field, what is wrong, what is allowed. */
export function sentence({ file, line, field, problem, allowed: hint }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}  ${field ? `${field}：` : ''}${problem}。${hint ? `${hint}。` : ''}`;
}

function duplicates<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const again = seen.has(key(item));
    seen.add(key(item));
    return again;
  });
}

function checkToc(book: Book, report: Report): void {
  const listed = new Set<string>();
  for (const part of duplicates(book.parts, ({ folder }) => folder)) {
    report({ field: part.folder, problem: '这个部分出现了两次', allowed: '每个文件夹只写一次' });
  }
  for (const part of book.parts) {
    for (const slug of part.chapters) {
      const id = `${part.folder}/${slug}`;
      if (listed.has(id)) report({ field: id, problem: '这一章列了两次', allowed: '每章只列一次' });
      listed.add(id);
      if (!book.chapters.has(id)) {
        const there = [...book.chapters.keys()].filter((other) =>
          other.startsWith(`${part.folder}/`),
        );
        report({
          field: id,
          problem: `没有 content/chapters/${id}.mdx`,
          allowed: allowed(id, there),
        });
      }
    }
  }
  for (const id of book.chapters.keys()) {
    if (id === 'index' || listed.has(id)) continue;
    report({
      field: id,
      problem: `content/chapters/${id}.mdx 不在目录里`,
      allowed: `在 content/toc.yml 的 ${id.split('/')[0]} 下面加一行`,
    });
  }
}

function checkTerms(book: Book, report: Report): void {
  for (const term of duplicates(book.terms, ({ id }) => id)) {
    report({
      line: term.line,
      field: term.id,
      problem: '这个术语 id 用了两次',
      allowed: '每个 id 只用一次',
    });
  }
  for (const term of duplicates(book.terms, ({ zh }) => zh)) {
    report({
      line: term.line,
      field: term.id,
      problem: `“${term.zh}” 定义了两次`,
      allowed: '合成一条',
    });
  }
  for (const letter of duplicates(book.letters, ({ symbol }) => symbol)) {
    report({ field: letter.symbol, problem: '这个符号写了两次', allowed: '每个符号只有一个意思' });
  }
}

function checkErrata(book: Book, reporter: (file: string) => Report): void {
  for (const erratum of duplicates(book.errata, ({ id }) => id)) {
    reporter(erratum.file)({
      line: erratum.line,
      field: erratum.id,
      problem: '这个勘误 id 用了两次',
      allowed: '每个 id 只用一次',
    });
  }
  const parts = book.parts.map(({ folder }) => folder);
  for (const erratum of book.errata) {
    const report: Report = (problem) => reporter(erratum.file)({ ...problem, line: erratum.line });
    const part = book.parts.find(({ folder }) => folder === erratum.part);
    if (!part) {
      report({
        field: erratum.part,
        problem: '勘误文件要与一个部分同名',
        allowed: allowed(erratum.part, parts),
      });
    } else if (!part.chapters.includes(erratum.chapter)) {
      report({
        field: `${erratum.id}.chapter`,
        problem: `没有 ${erratum.chapter} 这一章`,
        allowed: allowed(erratum.chapter, part.chapters),
      });
    }
    const { proof } = erratum;
    if (proof && 'calculator' in proof) {
      checkCalculator(book, proof.calculator, `${erratum.id}.proof.calculator`, report);
    } else if (proof) {
      checkExample(book, proof.example, `${erratum.id}.proof.example`, report);
      if (proof.preset !== undefined) {
        checkPreset(book, proof.example, proof.preset, `${erratum.id}.proof.preset`, report);
      }
    }
    for (const text of [erratum.wrong, erratum.right, erratum.seen ?? '']) {
      for (const match of text.matchAll(CITATION)) {
        checkCitations(book, citedKeys(match[1] as string), erratum.id, report);
      }
    }
  }
}

function checkExample(
  book: Book,
  id: string,
  field: string,
  report: Report,
  line?: number,
): boolean {
  if (book.examples.has(id)) return true;
  report({
    line,
    field,
    problem: `没有 ${id} 这个例子`,
    allowed: allowed(id, book.examples.keys()),
  });
  return false;
}

function checkCalculator(
  book: Book,
  id: string,
  field: string,
  report: Report,
  line?: number,
): void {
  if (book.calculators.has(id)) return;
  report({ line, field, problem: `没有 ${id} 这个计算器`, allowed: allowed(id, book.calculators) });
}

/** A preset is known by its recording. Without one there is nothing to compare with. */
function checkPreset(
  book: Book,
  example: string,
  preset: string,
  field: string,
  report: Report,
  line?: number,
): void {
  const recording = book.recordings.get(example);
  if (!recording || Object.hasOwn(recording.runs, preset)) return;
  report({
    line,
    field,
    problem: `${example} 没有录过 ${preset} 这个设定`,
    allowed: allowed(preset, Object.keys(recording.runs)),
  });
}

function checkCitations(
  book: Book,
  keys: readonly string[],
  field: string,
  report: Report,
  line?: number,
): void {
  for (const key of keys) {
    const work = book.works.get(key);
    if (!work) {
      report({
        line,
        field: field || `[@${key}]`,
        problem: `content/references.bib 里没有 ${key}`,
        allowed: allowed(key, book.works.keys()),
      });
    } else if (!work.verified) {
      report({
        line,
        field: field || `[@${key}]`,
        problem: `${key} 还没有人核对过，不能引用`,
        allowed: `查到原文或书目记录，改好 content/references.bib:${work.line}，删去 verified = {no}`,
      });
    }
  }
}

function checkChapter(book: Book, chapter: Chapter, addresses: Addresses, report: Report): void {
  const { fieldLines } = chapter;
  if (chapter.failure) {
    const { line, reason } = chapter.failure;
    report({
      line,
      field: 'MDX',
      problem: `读不懂：${reason}`,
      allowed: '正文里的 { 和 < 要写成 \\{ 和 \\<',
    });
  }
  const schema = chapter.id === 'index' ? frontPageSchema : chapterSchema;
  const result = schema.safeParse(chapter.frontmatter);
  for (const issue of result.error?.issues ?? []) {
    const found = issueProblem(schema, issue);
    const line = fieldLines[found.field.split('.')[0] ?? ''] ?? 1;
    report({ line, ...found });
  }
  if (result.success) {
    checkFrontmatter(book, chapter, result.data, report);
  }
  for (const { text, line } of chapter.scripts) {
    report({
      line,
      field: text.split('\n')[0] ?? '',
      problem: '正文里不写 import 和 export',
      allowed: `组件直接用：${WORDS.join('、')}`,
    });
  }
  for (const component of chapter.components) checkComponent(book, component, report);
  for (const { keys, line } of chapter.citations) checkCitations(book, keys, '', report, line);
  for (const { url, line } of chapter.links)
    checkLink(book.root, chapter, url, line, addresses, report);
  const ids = chapter.components.filter(({ name }) => name === 'Erratum');
  for (const again of duplicates(ids, (component) => textOf(component, 'id'))) {
    report({
      line: again.line,
      field: '<Erratum>',
      problem: `${textOf(again, 'id')} 在这一章放了两次`,
      allowed: '每条勘误只放一次',
    });
  }
}

/** An attribute that is plain text; empty when it is anything else. */
function textOf({ attributes }: UsedComponent, name: string): string {
  const value = attributes[name];
  return typeof value === 'string' ? value : '';
}

function checkFrontmatter(
  book: Book,
  chapter: Chapter,
  fields: { examples?: string[] | undefined; prerequisites?: string[] | undefined },
  report: Report,
): void {
  const { fieldLines } = chapter;
  for (const id of fields.prerequisites ?? []) {
    const line = fieldLines['prerequisites'];
    if (id === chapter.id) {
      report({ line, field: 'prerequisites', problem: '一章不能以自己为前提', allowed: '删去它' });
    } else if (!book.chapters.has(id) || id === 'index') {
      const known = [...book.chapters.keys()].filter((other) => other !== 'index');
      report({
        line,
        field: 'prerequisites',
        problem: `没有 ${id} 这一章`,
        allowed: allowed(id, known),
      });
    }
  }
  const line = fieldLines['examples'];
  const listed = fields.examples ?? [];
  for (const id of listed) checkExample(book, id, 'examples', report, line);
  const embedded = new Set(
    chapter.components
      .filter(({ name }) => name === 'RunExample' || name === 'ExampleSource')
      .map(({ attributes }) => attributes['id'])
      .filter((id) => typeof id === 'string'),
  );
  for (const id of listed.filter((id) => !embedded.has(id))) {
    report({
      line,
      field: 'examples',
      problem: `写了 ${id}，正文里却没有它`,
      allowed: `加上 <RunExample id="${id}" />，或者从 examples 里删去`,
    });
  }
  for (const id of [...embedded].filter((id) => !listed.includes(id))) {
    report({
      line,
      field: 'examples',
      problem: `正文里用了 ${id}，这里却没有写`,
      allowed: `写成 examples: [${[...listed, id].join(', ')}]`,
    });
  }
}

const ATTRIBUTE_WORDS: Readonly<Record<AttributeKind, string>> = {
  text: '引号里的文字',
  number: '花括号里的数，如 {3}',
  flag: '单独一个名字',
  braces: '花括号里的对象，如 {{ a: 1 }}',
  any: '文字或花括号',
};

/** Does the attribute have the shape its kind asks for? */
function fits(kind: AttributeKind, value: UsedComponent['attributes'][string]): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value.trim() !== '';
    case 'number':
      return typeof value === 'object' && /^-?\d+(\.\d+)?$/.test(value.code.trim());
    case 'flag':
      return value === true || (typeof value === 'object' && /^(true|false)$/.test(value.code));
    case 'braces': {
      if (typeof value !== 'object') return false;
      const tree = parseExpressionAt(value.code, 0, { ecmaVersion: 'latest' });
      return tree.type === 'ObjectExpression';
    }
    case 'any':
      return value !== true;
  }
}

function checkComponent(book: Book, component: UsedComponent, report: Report): void {
  const { name, line, attributes } = component;
  const field = `<${name}>`;
  if (!/^[A-Z]/.test(name)) return;
  const word = Object.hasOwn(VOCABULARY, name) ? VOCABULARY[name] : undefined;
  if (!word) {
    report({ line, field, problem: '没有这个组件', allowed: allowed(name, WORDS) });
    return;
  }
  if (!word.attributes) return;
  if (component.spread) {
    report({ line, field, problem: '不能用 {...} 展开属性', allowed: '逐个写出属性' });
  }
  for (const [key, value] of Object.entries(attributes)) {
    const kind = Object.hasOwn(word.attributes, key) ? word.attributes[key] : undefined;
    if (!kind) {
      report({
        line,
        field: `<${name} ${key}>`,
        problem: '没有这个属性',
        allowed: allowed(key, Object.keys(word.attributes)),
      });
    } else if (!fits(kind, value)) {
      report({
        line,
        field: `<${name} ${key}>`,
        problem: '写法不对',
        allowed: `要的是${ATTRIBUTE_WORDS[kind]}`,
      });
    }
  }
  for (const key of word.required ?? []) {
    if (!Object.hasOwn(attributes, key)) {
      report({
        line,
        field,
        problem: `缺 ${key} 属性`,
        allowed: `必须有：${(word.required ?? []).join('、')}`,
      });
    }
  }
  if (word.children === 'some' && !component.hasChildren) {
    report({ line, field, problem: '里面是空的', allowed: `<${name} …>内容</${name}>` });
  }
  if (word.children === 'none' && component.hasChildren) {
    report({ line, field, problem: '里面不能有内容', allowed: `<${name} … />` });
  }
  checkNames(book, component, report);
}

/** The ids in a component's attributes. */
function checkNames(book: Book, { name, line, attributes }: UsedComponent, report: Report): void {
  const text = (key: string): string | undefined => {
    const value = attributes[key];
    return typeof value === 'string' ? value : undefined;
  };
  const id = text('id');
  if (id === undefined) return;
  const field = `<${name} id>`;
  switch (name) {
    case 'RunExample':
      checkExample(book, id, field, report, line);
      break;
    case 'ExampleSource': {
      const region = text('region');
      if (!checkExample(book, id, field, report, line) || region === undefined) break;
      const regions = book.examples.get(id)?.regions;
      if (!regions || regions.has(region)) break;
      report({
        line,
        field: `<${name} region>`,
        problem: `${id} 里没有 ${region} 这一段`,
        allowed: allowed(region, regions.keys()),
      });
      break;
    }
    case 'Calculator':
    case 'Result':
      checkCalculator(book, id, field, report, line);
      break;
    case 'Recorded': {
      if (!checkExample(book, id, field, report, line)) break;
      const recording = book.recordings.get(id);
      if (!recording) {
        report({ line, field, problem: `${id} 还没有录过`, allowed: '先运行 npm run record' });
        break;
      }
      const preset = text('preset') ?? 'default';
      checkPreset(book, id, preset, `<${name} preset>`, report, line);
      const run = recording.runs[preset];
      const metric = text('metric') ?? '';
      if (run && !Object.hasOwn(run.metrics, metric)) {
        report({
          line,
          field: `<${name} metric>`,
          problem: `${id} 没有 ${metric} 这个指标`,
          allowed: allowed(metric, Object.keys(run.metrics)),
        });
      }
      break;
    }
    case 'Erratum': {
      const known = book.errata.map((erratum) => erratum.id);
      if (!known.includes(id)) {
        report({ line, field, problem: `没有 ${id} 这条勘误`, allowed: allowed(id, known) });
      }
      break;
    }
    case 'Term': {
      const known = book.terms.map((term) => term.id);
      if (!known.includes(id)) {
        report({ line, field, problem: `没有 ${id} 这个术语`, allowed: allowed(id, known) });
      }
      break;
    }
  }
}

/** Address → the fragments it has; `undefined` when they are not known here. */
type Addresses = ReadonlyMap<string, ReadonlySet<string> | undefined>;

function addressesOf(book: Book): Addresses {
  const addresses = new Map<string, ReadonlySet<string> | undefined>();
  for (const chapter of book.chapters.values()) {
    const anchors = chapter.components
      .filter(({ name }) => name === 'Erratum')
      .map((component) => textOf(component, 'id').toLowerCase());
    const own = ['参考文献', ...chapter.headingIds, ...anchors];
    addresses.set(chapterUrl(chapter.id), chapter.id === 'index' ? undefined : new Set(own));
  }
  const pages = join(book.root, 'src/pages');
  if (existsSync(pages)) {
    for (const name of readdirSync(pages, { recursive: true, encoding: 'utf8' })) {
      const page = name.replaceAll('\\', '/');
      if (!page.endsWith('.astro') || page.includes('[')) continue;
      addresses.set(
        `/${page.replace(/(^|\/)index\.astro$|\.astro$/, '')}/`.replace('//', '/'),
        undefined,
      );
    }
  }
  for (const id of book.examples.keys()) addresses.set(`/examples/${id}/`, undefined);
  addresses.set('/errata/', new Set(book.errata.map(({ id }) => id.toLowerCase())));
  addresses.set('/glossary/', new Set(book.terms.map(({ id }) => id)));
  addresses.set('/bibliography/', new Set(book.works.keys()));
  return addresses;
}

function checkLink(
  root: string,
  chapter: Chapter,
  url: string,
  line: number,
  addresses: Addresses,
  report: Report,
): void {
  if (/^(https?:|mailto:)/.test(url)) return;
  const field = url;
  if (!url.startsWith('/') && !url.startsWith('#')) {
    report({ line, field, problem: '站内链接要从根写起', allowed: '例如 /startup-stories/math/' });
    return;
  }
  const [path = '', fragment] = decodeURI(url).split('#');
  const page = path.replace(/\?.*$/, '') || chapterUrl(chapter.id);
  if (/\.\w+$/.test(page)) {
    const missing = !existsSync(join(root, 'public', page));
    if (missing) report({ line, field, problem: 'public/ 里没有这个文件', allowed: '' });
    return;
  }
  if (!addresses.has(page)) {
    const known = addresses.has(`${page}/`) ? [`${page}/`] : addresses.keys();
    report({ line, field, problem: '没有这一页', allowed: allowed(page, known) });
    return;
  }
  const fragments = addresses.get(page);
  if (fragment !== undefined && fragments && !fragments.has(fragment)) {
    report({
      line,
      field,
      problem: `那一页没有 #${fragment}`,
      allowed: allowed(fragment, fragments),
    });
  }
}
