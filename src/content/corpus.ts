/** Turns the book's chapters into plain sentences, for the language model that reads the book. Renders nothing. */
import type { Nodes, Parent } from 'mdast';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { readBook } from './book.ts';
import { CITATION, splitFrontmatter } from './chapter.ts';
import { countHan } from './schemas.ts';

/** Address of the corpus below `datasets/`. */
export const CORPUS_FILE = 'book/sentences.txt';

/** Stands where a formula, code or a component was: a sentence with such a hole is left out. */
const HOLE = '\uFFFC';
/** Shorter pieces are labels, not sentences. */
const LEAST_HAN = 6;
/** A sentence with its full stop and the marks that close behind it. */
const SENTENCE = /[^。！？]*[。！？]+[”’」』）]*/gu;

/** A citation with the space before it. */
const CITED = new RegExp(` ?${CITATION.source}`, 'g');

const KEPT_INLINE = new Set(['strong', 'emphasis', 'delete', 'link']);

/** Running text of a paragraph, with holes. */
function inlineText(node: Nodes): string {
  if (node.type === 'text') return node.value.replace(CITED, '');
  if (node.type === 'break') return '';
  const { name } = node as { name?: string | null };
  const kept = KEPT_INLINE.has(node.type) || node.type === 'paragraph' || name === 'Term';
  if (!kept) return HOLE;
  return (node as Parent).children.map(inlineText).join('');
}

/** A line break in the source is a space only between Latin words; elsewhere it is nothing. */
const joinLines = (text: string): string =>
  text
    .replace(/(?<=[\x21-\x7e])\s*\n\s*(?=[\x21-\x7e])/g, ' ')
    .replace(/\s*\n\s*/g, '')
    .replace(/\s+/g, ' ');

/**
 * The sentences of a chapter's paragraphs and lists, in order, each ending in 。, ！ or ？. Left out: headings,
 * tables, code, diagrams, components, sentences with a formula, code or a recorded number in them, and pieces of
 * fewer than six Chinese characters. Empty when the chapter cannot be parsed.
 * @param source a chapter's file, frontmatter and all
 */
export function plainSentences(source: string): readonly string[] {
  let tree;
  try {
    const parser = unified().use(remarkParse).use(remarkGfm).use(remarkCjkFriendly);
    tree = parser.use(remarkMath).use(remarkMdx).parse(splitFrontmatter(source).body);
  } catch {
    return [];
  }
  const sentences: string[] = [];
  visit(tree, 'paragraph', (paragraph) => {
    for (const [sentence] of joinLines(inlineText(paragraph)).matchAll(SENTENCE)) {
      const plain = sentence.replace(/^[”’」』）\s]+/u, '').trim();
      if (!plain.includes(HOLE) && countHan(plain) >= LEAST_HAN) sentences.push(plain);
    }
  });
  return sentences;
}

/**
 * All chapters' sentences, one a line, chapters in the table of contents' order and then by name, no sentence twice.
 * Depends on the chapters alone, so that two builds of one commit give the same text.
 * @param root the repository
 */
export function corpusText(root: string): string {
  const { parts, chapters } = readBook(root);
  const listed = parts.flatMap((part) => part.chapters.map((slug) => `${part.folder}/${slug}`));
  const order = new Set([...listed, ...[...chapters.keys()].sort()]);
  const sentences = [...order].flatMap((id) => plainSentences(chapters.get(id)?.source ?? ''));
  return `${[...new Set(sentences)].join('\n')}\n`;
}
