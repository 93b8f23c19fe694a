/** Reads one chapter's text and lists what it uses: frontmatter, components, citations, links. Looks nothing up. */
import type { Nodes, Parent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import GithubSlugger from 'github-slugger';
import { toString } from 'mdast-util-to-string';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { parseDocument } from 'yaml';

export interface UsedComponent {
  readonly name: string;
  readonly line: number;
  /** Attribute → its text; `true` when it stands alone; `{ code }` for an expression in braces. */
  readonly attributes: Readonly<Record<string, string | true | { readonly code: string }>>;
  readonly spread: boolean;
  readonly hasChildren: boolean;
}

export interface ChapterText {
  readonly frontmatter: unknown;
  /** Field → line. */
  readonly fieldLines: Readonly<Record<string, number>>;
  readonly components: readonly UsedComponent[];
  readonly citations: readonly { readonly keys: readonly string[]; readonly line: number }[];
  /** Addresses of links and images, with those in `href` attributes. */
  readonly links: readonly { readonly url: string; readonly line: number }[];
  /** `import` and `export` lines. */
  readonly scripts: readonly { readonly text: string; readonly line: number }[];
  readonly headingIds: readonly string[];
  /** Set when the text cannot be parsed; everything else is then empty. */
  readonly failure?: { readonly line: number; readonly reason: string };
}

/** A citation in running text: `[@key]` or `[@a; @b]`. */
export const CITATION = /\[@([^\]\s;]+(?:\s*;\s*@[^\]\s;]+)*)\]/g;

/** The keys inside one match of `CITATION`. */
export const citedKeys = (inner: string): string[] =>
  inner.split(';').map((key) => key.trim().replace(/^@/, ''));

/** Splits a file into its YAML and a body whose lines keep their numbers. */
export function splitFrontmatter(source: string): { yaml: string; body: string } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---[^\S\n]*(?:\r?\n|$)/.exec(source);
  if (!match) return { yaml: '', body: source };
  const blank = '\n'.repeat(match[0].split('\n').length - 1);
  return { yaml: match[1] ?? '', body: blank + source.slice(match[0].length) };
}

interface JsxNode extends Parent {
  name: string | null;
  attributes: {
    type: string;
    name?: string;
    value?: string | null | { value: string };
  }[];
}
const isJsx = (node: Nodes | JsxNode): node is JsxNode =>
  (node.type) === 'mdxJsxFlowElement' || (node.type) === 'mdxJsxTextElement';

/** Reads a chapter. Never throws: what cannot be read is reported in `failure`. */
export function readChapter(source: string): ChapterText {
  const { yaml, body } = splitFrontmatter(source);
  const components: UsedComponent[] = [];
  const citations: { keys: string[]; line: number }[] = [];
  const links: { url: string; line: number }[] = [];
  const scripts: { text: string; line: number }[] = [];
  const headingIds: string[] = [];
  const fieldLines: Record<string, number> = {};
  const found = { fieldLines, components, citations, links, scripts, headingIds };

  const document = parseDocument(yaml, { schema: 'yaml-1.1' });
  const [yamlError] = document.errors;
  if (yamlError) {
    const line = yaml.slice(0, yamlError.pos[0]).split('\n').length + 1;
    return {
      ...found,
      frontmatter: {},
      failure: { line, reason: yamlError.message.split('\n')[0] ?? '' },
    };
  }
  const frontmatter: unknown = document.toJS() ?? {};
  yaml.split('\n').forEach((text, index) => {
    const field = /^([\w-]+)\s*:/.exec(text)?.[1];
    if (field !== undefined) fieldLines[field] = index + 2;
  });

  let tree;
  try {
    tree = unified().use(remarkParse).use(remarkGfm).use(remarkMath).use(remarkMdx).parse(body);
  } catch (error) {
    const { line, reason, message } = error as { line?: number; reason?: string; message: string };
    return { ...found, frontmatter, failure: { line: line ?? 1, reason: reason ?? message } };
  }
  const slugger = new GithubSlugger();
  const cite = (text: string, line: number): void => {
    for (const match of text.matchAll(CITATION)) {
      citations.push({ keys: citedKeys(match[1] as string), line });
    }
  };
  visit(tree, (node) => {
    const line = node.position?.start.line ?? 1;
    if (isJsx(node)) {
      const attributes: Record<string, string | true | { code: string }> = {};
      for (const { type, name, value } of node.attributes) {
        if (type !== 'mdxJsxAttribute' || name === undefined) continue;
        attributes[name] =
          value === null || value === undefined
            ? true
            : typeof value === 'string'
              ? value
              : { code: value.value };
        if (typeof value === 'string') {
          if (name === 'href' || name === 'src') links.push({ url: value, line });
          else cite(value, line);
        }
      }
      const hasChildren = node.children.some(
        (child) => child.type !== 'text' || child.value.trim() !== '',
      );
      const spread = node.attributes.some(({ type }) => type !== 'mdxJsxAttribute');
      if (node.name) components.push({ name: node.name, line, attributes, spread, hasChildren });
    } else if ((node.type as string) === 'mdxjsEsm') {
      scripts.push({ text: (node as unknown as { value: string }).value, line });
    } else if (node.type === 'text') {
      cite(node.value, line);
    } else if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      links.push({ url: node.url, line });
    } else if (node.type === 'heading') {
      headingIds.push(slugger.slug(toString(node)));
    }
  });
  return { ...found, frontmatter };
}
