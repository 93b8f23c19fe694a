/** Last touches on a chapter's HTML: lighter formulas, and tables that every reader can use. Knows no chapter. */
import type { Element, Root } from 'hast';
import { visit } from 'unist-util-visit';

const isEmpty = (cell: Element): boolean =>
  cell.children.every((child) => child.type === 'text' && child.value.trim() === '');

export function rehypeFinish() {
  return (tree: Root): void => {
    visit(tree, 'element', (node) => {
      // KaTeX puts each formula's source into its MathML: a third of the formula's weight, and read by nobody.
      if (node.tagName === 'semantics') {
        node.children = node.children.filter(
          (child) => !(child.type === 'element' && child.tagName === 'annotation'),
        );
      }
      // A header cell without words names nothing.
      if (node.tagName === 'th' && isEmpty(node)) node.tagName = 'td';
      // A wide table scrolls inside its own box: a keyboard must be able to get there.
      if (node.tagName === 'table') node.properties['tabIndex'] = 0;
    });
  };
}
