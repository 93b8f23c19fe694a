/** Renders a snippet of Markdown (formulas, Chinese, citations as author and year) to HTML, for fields of data files. */
import rehypeKatex from 'rehype-katex';
import rehypeStringify from 'rehype-stringify';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import type { Link, Parent, Root, RootContent, Text } from 'mdast';
import { visit } from 'unist-util-visit';
import { authorYear, type Work } from './bibliography.ts';
import { CITATION, citedKeys } from './chapter.ts';
import { rehypeFinish } from './rehype-finish.ts';
import { rehypeLinks } from './rehype-links.ts';
import { remarkLineBreaks } from './remark-line-breaks.ts';

/** `[@key]` → （Kingma & Ba, 2015）, each a link to the bibliography. */
function remarkAuthorYear(options: { readonly works: ReadonlyMap<string, Work> }) {
  return (tree: Root): void => {
    visit(tree, 'text', (node: Text, index, parent: Parent | undefined) => {
      if (!parent || index === undefined || !node.value.includes('[@')) return undefined;
      const parts: RootContent[] = [];
      const text = (value: string): void => {
        if (value) parts.push({ type: 'text', value });
      };
      let last = 0;
      for (const match of node.value.matchAll(CITATION)) {
        text(`${node.value.slice(last, match.index).replace(/ +$/, '')}（`);
        citedKeys(match[1] as string).forEach((key, nth) => {
          if (nth > 0) text('；');
          parts.push(linkTo(key, options.works));
        });
        text('）');
        last = match.index + match[0].length;
      }
      text(node.value.slice(last));
      parent.children.splice(index, 1, ...parts);
      return index + parts.length;
    });
  };
}

function linkTo(key: string, works: ReadonlyMap<string, Work>): Link {
  const work = works.get(key);
  if (!work) throw new Error(`content/references.bib 里没有 ${key}`);
  return {
    type: 'link',
    url: `/bibliography/#${key}`,
    children: [{ type: 'text', value: authorYear(work) }],
  };
}

export interface ProseOptions {
  readonly works: ReadonlyMap<string, Work>;
  /** The site's base path. */
  readonly base: string;
  /** Leave out the paragraph around a single paragraph, for use inside a sentence. */
  readonly inline?: boolean;
}

/**
 * @returns HTML. Raw HTML in the snippet is dropped.
 * @throws Error for a citation that is not in the bibliography.
 */
export function prose(markdown: string, { works, base, inline = false }: ProseOptions): string {
  const html = String(
    unified()
      .use(remarkParse)
      .use(remarkGfm)
      .use(remarkMath)
      .use(remarkCjkFriendly)
      .use(remarkLineBreaks)
      .use(remarkAuthorYear, { works })
      .use(remarkRehype)
      .use(rehypeLinks, { base })
      .use(rehypeKatex)
      .use(rehypeFinish)
      .use(rehypeStringify)
      .processSync(markdown.trim()),
  );
  return inline
    ? html.replace(/^<p>([\s\S]*)<\/p>$/, (whole, inner: string) =>
        inner.includes('<p>') ? whole : inner,
      )
    : html;
}
