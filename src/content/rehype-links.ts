/** Puts the site's base path before root-relative addresses, and marks links that lead away. */
import type { Element, Root } from 'hast';
import { visit } from 'unist-util-visit';

/** `/a/` under `/book` is `/book/a/`; anything that is not root-relative stays. */
export function withBase(url: string, base: string): string {
  if (!url.startsWith('/') || url.startsWith('//')) return url;
  return base.replace(/\/$/, '') + url;
}

interface Jsx {
  type: string;
  attributes?: { type: string; name: string; value: unknown }[];
}

/** @param options.base the site's base path */
export function rehypeLinks({ base }: { readonly base: string }) {
  return (tree: Root): void => {
    visit(tree, (node) => {
      if (node.type === 'element') mend(node, base);
      for (const attribute of (node as Jsx).attributes ?? []) {
        if (attribute.type !== 'mdxJsxAttribute' || typeof attribute.value !== 'string') continue;
        if (attribute.name === 'href' || attribute.name === 'src') {
          attribute.value = withBase(attribute.value, base);
        }
      }
    });
  };
}

function mend(node: Element, base: string): void {
  for (const name of ['href', 'src']) {
    const url = node.properties[name];
    if (typeof url !== 'string') continue;
    node.properties[name] = withBase(url, base);
    if (name === 'href' && /^https?:/.test(url)) node.properties['rel'] = ['noopener'];
  }
}
