/** Takes the line breaks out of Chinese text: a browser would show each of them as a space. */
import type { Nodes, Parent, Root, Text } from 'mdast';
import { toString } from 'mdast-util-to-string';
import { visit } from 'unist-util-visit';

const HAN = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef“”‘’…—]/u;
const PUNCTUATION = /[\u3000-\u303f\uff00-\uffef]/u;

/** Is a break between these two characters only the writer's, not a space between words? */
function joins(before: string, after: string): boolean {
  if (PUNCTUATION.test(before) || PUNCTUATION.test(after)) return true;
  return HAN.test(before) && HAN.test(after);
}

const INLINE = new Set([
  'strong',
  'emphasis',
  'delete',
  'link',
  'linkReference',
  'mdxJsxTextElement',
]);

/** The character that stands next to a node on the page, looking past its siblings and inline parents. */
function neighbour(path: readonly Parent[], node: Nodes, step: -1 | 1): string {
  let child = node;
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const parent = path[depth] as Parent;
    const index = parent.children.indexOf(child as (typeof parent.children)[number]);
    const sibling = parent.children[index + step];
    if (sibling) {
      if (sibling.type === 'break') return '';
      const text = toString(sibling);
      return (step === 1 ? [...text][0] : [...text].at(-1)) ?? '';
    }
    if (!INLINE.has(parent.type)) return '';
    child = parent as Nodes;
  }
  return '';
}

/** Works on running text only: code and formulas are other nodes. */
export function remarkLineBreaks() {
  return (tree: Root): void => {
    const path: Parent[] = [];
    const walk = (node: Nodes): void => {
      if (node.type === 'text') {
        node.value = joined(node, path);
      } else if ('children' in node) {
        path.push(node);
        node.children.forEach((child) => walk(child));
        path.pop();
      }
    };
    visit(tree, 'root', (root) => walk(root));
  };
}

function joined(node: Text, path: readonly Parent[]): string {
  return node.value.replace(/[ \t]*\n[ \t]*/g, (match, offset: number) => {
    const before = [...node.value.slice(0, offset)].at(-1) ?? neighbour(path, node, -1);
    const after = [...node.value.slice(offset + match.length)][0] ?? neighbour(path, node, 1);
    return joins(before, after) ? '' : '\n';
  });
}
