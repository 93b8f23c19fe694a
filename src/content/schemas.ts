/** The shapes of everything in `content/`, field by field. Knows no file names and looks nothing up. */
import { z } from 'astro/zod';

/** What a chapter is about, in the order of a source document. */
export const CHAPTER_KINDS = [
  'background',
  'concepts',
  'algorithms',
  'math',
  'code',
  'applications',
  'resources',
  'outlook',
  'faq',
  'references',
] as const;
export type ChapterKind = (typeof CHAPTER_KINDS)[number];

/** How bad an error of a source document is, with the words the register shows. */
export const GRADES = {
  A: '错误',
  B: '误导、不全或过时',
  C: '编辑问题',
} as const;

/** What sort of error it is. */
export const ERRATUM_KINDS = {
  CONCEPT: '概念',
  FORMULA: '公式',
  CODE: '代码',
  REF: '文献',
  FACT: '事实',
  DIAGRAM: '图',
  STRUCT: '结构',
  MARKUP: '排版',
  ARITH: '计算',
  IMAGE: '图片',
} as const;

/** How we know that it is an error. */
export const EVIDENCE = {
  computed: '已重新计算',
  ran: '已运行',
  source: '查证来源',
  searched: '查无此文',
  read: '读原文可见',
  expert: '通行知识',
} as const;

const keysOf = <K extends string>(table: Readonly<Record<K, string>>): [K, ...K[]] =>
  Object.keys(table) as [K, ...K[]];

/** Chinese characters in a text, punctuation not counted. */
export const countHan = (text: string): number => text.match(/\p{Script=Han}/gu)?.length ?? 0;

const title = z.string().min(1);
const description = z
  .string()
  .min(1)
  .refine((text) => countHan(text) <= 80, { error: '超过 80 个汉字' });

/** Fields of a chapter that Starlight does not know. */
export const chapterFields = z.object({
  /** What the chapter is about. Absent only on the front page. */
  kind: z.enum(CHAPTER_KINDS).optional(),
  /** Ids of the examples that the chapter embeds. */
  examples: z.array(z.string()).default([]),
  /** Chapters to read first: `folder/slug`. */
  prerequisites: z.array(z.string()).default([]),
  /** The day on which facts were last checked. */
  reviewed: z.date().optional(),
});

/** The frontmatter of a chapter, complete: a field that is not here is misspelt. */
export const chapterSchema = z.strictObject({
  /** The page's only first-level heading. */
  title,
  /** One sentence for search results and cards, at most 80 Chinese characters. */
  description,
  /** What the chapter is about. */
  kind: z.enum(CHAPTER_KINDS),
  /** Ids of the examples that the chapter embeds, in any order. */
  examples: z.array(z.string()).optional(),
  /** Chapters to read first: `folder/slug`. */
  prerequisites: z.array(z.string()).optional(),
  /** The day on which facts were last checked, `YYYY-MM-DD`. */
  reviewed: z.date(),
});

/** The frontmatter of the front page: it has no kind, and may use Starlight's layout fields. */
export const frontPageSchema = z.strictObject({
  title,
  description,
  /** Ids of the examples that the page embeds. */
  examples: z.array(z.string()).optional(),
  /** Starlight's: `splash` for a page without sidebars. */
  template: z.enum(['doc', 'splash']).optional(),
  /** Starlight's hero block. */
  hero: z.record(z.string(), z.unknown()).optional(),
  /** Starlight's table of contents. */
  tableOfContents: z.unknown().optional(),
  /** Starlight's: elements for `<head>`. */
  head: z.unknown().optional(),
  /** Starlight's: `false` takes the edit link away. */
  editUrl: z.unknown().optional(),
  /** Starlight's. */
  lastUpdated: z.unknown().optional(),
  prev: z.unknown().optional(),
  next: z.unknown().optional(),
});

/** One error of a source document. */
export const erratumSchema = z.strictObject({
  /** `S0-E05`: the document's number, then a number of its own. */
  id: z.string().regex(/^(S\d|X)-E\d{2,3}$/, { error: '写法不对' }),
  /** `A` wrong, `B` misleading, incomplete or outdated, `C` editorial. */
  grade: z.enum(keysOf(GRADES)),
  /** What sort of error. */
  kind: z.enum(keysOf(ERRATUM_KINDS)),
  /** Slug of the chapter, in the part of the same name as the file, that shows it. */
  chapter: z.string().min(1),
  /** Where in the source document: its chapter or section, in words. */
  place: z.string().min(1),
  /** The words at fault, as they stand there: at most 15 Chinese characters. */
  quote: z
    .string()
    .refine((text) => countHan(text) <= 15, { error: '超过 15 个汉字' })
    .optional(),
  /** What is wrong with it. Markdown with formulas and citations. */
  wrong: z.string().min(1),
  /** What it should say. Markdown with formulas and citations. */
  right: z.string().min(1),
  /** How we know. */
  evidence: z.enum(keysOf(EVIDENCE)),
  /** The example (with a preset, perhaps) or the calculator that shows it. */
  proof: z
    .union([
      z.strictObject({ example: z.string(), preset: z.string().optional() }),
      z.strictObject({ calculator: z.string() }),
    ])
    .optional(),
  /** What the proof shows. Markdown. */
  seen: z.string().min(1).optional(),
});
export type Erratum = z.infer<typeof erratumSchema>;

/** One fixed term. */
export const termSchema = z.strictObject({
  /** Its name in `<Term id>` and in the glossary's address. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: '只能用小写字母、数字和连字符' }),
  /** The Chinese word. */
  zh: z.string().min(1),
  /** The English word. */
  en: z.string().min(1),
  /** One or two sentences. Markdown with formulas. */
  definition: z.string().min(1),
});
export type Term = z.infer<typeof termSchema>;

/** One letter that formulas and code share. */
export const letterSchema = z.strictObject({
  /** KaTeX source. */
  symbol: z.string().min(1),
  /** The name it has in code; empty when it has none. */
  code: z.string(),
  /** What it stands for. */
  meaning: z.string().min(1),
});
export type Letter = z.infer<typeof letterSchema>;

export const glossarySchema = z.strictObject({
  terms: z.array(termSchema),
  letters: z.array(letterSchema),
});

/** One part of the book: a folder of chapters. */
export const partSchema = z.strictObject({
  /** Folder below `content/chapters`. */
  folder: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: '只能用小写字母、数字和连字符' }),
  /** The part's title, with its number. */
  title: z.string().min(1),
  /** The title in few characters, for narrow places. */
  short: z.string().min(1),
  /** Slugs of its chapters, in reading order; empty while the part is being written. */
  chapters: z.array(z.string()),
});
export type Part = z.infer<typeof partSchema>;

export const tocSchema = z.strictObject({ parts: z.array(partSchema) });
