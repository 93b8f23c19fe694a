/** Turns `[@key]` into numbered links with a card, and lists the works cited at the end of the page. */
import type { Element, ElementContent } from 'hast';
import type { Nodes, Parent, Root, RootContent, Text } from 'mdast';
import { visit } from 'unist-util-visit';
import type { VFile } from 'vfile';
import { authorsText, titleText, type Work } from './bibliography.ts';
import { CITATION, citedKeys } from './chapter.ts';

const element = (
  tagName: string,
  properties: Element['properties'],
  ...children: (ElementContent | string)[]
): Element => ({
  type: 'element',
  tagName,
  properties,
  children: children.map((child) =>
    typeof child === 'string' ? { type: 'text', value: child } : child,
  ),
});

/** Authors, title, venue, year: the same words in the card and in the list. */
export function workText(work: Work): (ElementContent | string)[] {
  const end = [work.venue, work.year].filter(Boolean).join('，');
  const { text, lang } = titleText(work);
  return [`${authorsText(work)}。`, element('cite', lang ? { lang } : {}, text), end ? `。${end}。` : '。'];
}

/** The addresses of a work, as links. */
export function workLinks(work: Work): ElementContent[] {
  return work.links.flatMap(({ label, url }) => [
    { type: 'text', value: ' ' },
    element('a', { href: url, rel: ['noopener'], className: ['work-link'] }, label),
  ]);
}

/** A node of ours that remark-rehype turns into exactly this element. */
const asMarkdown = ({ tagName, properties, children }: Element): RootContent =>
  ({
    type: 'citation',
    children: [],
    data: { hName: tagName, hProperties: properties, hChildren: children },
  }) as unknown as RootContent;

/** @param options.works reads the bibliography: called for each page, so that an edit shows at once */
export function remarkCitations(options: { readonly works: () => ReadonlyMap<string, Work> }) {
  return (tree: Root, file: VFile): void => {
    let works: ReadonlyMap<string, Work> | undefined;
    const numbers = new Map<string, number>();
    const uses = new Map<string, number>();

    const link = (key: string, node: Nodes): Element => {
      works ??= options.works();
      const work = works.get(key);
      if (!work) file.fail(`content/references.bib 里没有 ${key}`, node);
      const number = numbers.get(key) ?? numbers.size + 1;
      numbers.set(key, number);
      const use = (uses.get(key) ?? 0) + 1;
      uses.set(key, use);
      const card = `cite-${number}-${use}`;
      return element(
        'span',
        { className: ['card-host'] },
        element(
          'a',
          {
            href: `#ref-${key}`,
            id: `${card}-from`,
            className: ['citation'],
            role: 'doc-biblioref',
            ariaDescribedBy: [card],
          },
          `[${number}]`,
        ),
        element(
          'span',
          { className: ['card'], id: card, role: 'tooltip', dataPagefindIgnore: '' },
          ...workText(work),
        ),
      );
    };

    visit(tree, 'text', (node: Text, index, parent: Parent | undefined) => {
      if (!parent || index === undefined || !node.value.includes('[@')) return undefined;
      const parts: RootContent[] = [];
      let last = 0;
      for (const match of node.value.matchAll(CITATION)) {
        // The number follows its word directly, whatever the writer's space.
        const before = node.value.slice(last, match.index).replace(/ +$/, '');
        if (before) parts.push({ type: 'text', value: before });
        for (const key of citedKeys(match[1] as string)) parts.push(asMarkdown(link(key, node)));
        last = match.index + match[0].length;
      }
      if (parts.length === 0) return undefined;
      if (last < node.value.length) parts.push({ type: 'text', value: node.value.slice(last) });
      parent.children.splice(index, 1, ...parts);
      return index + parts.length;
    });

    if (numbers.size === 0) return;
    const items = [...numbers].map(([key, number]) => {
      const work = works?.get(key) as Work;
      const back = Array.from({ length: uses.get(key) ?? 0 }, (_, use) =>
        element(
          'a',
          {
            href: `#cite-${number}-${use + 1}-from`,
            className: ['back-reference'],
            role: 'doc-backlink',
            ariaLabel: `回到正文第 ${use + 1} 处引用`,
          },
          '↩',
        ),
      );
      return element(
        'li',
        { id: `ref-${key}` },
        ...workText(work),
        ...workLinks(work),
        ' ',
        ...back,
      );
    });
    tree.children.push(
      { type: 'heading', depth: 2, children: [{ type: 'text', value: '参考文献' }] },
      asMarkdown(element('ol', { className: ['references'], dataPagefindIgnore: '' }, ...items)),
    );
  };
}
