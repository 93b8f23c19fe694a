/** Last touches on a chapter's HTML: lighter formulas, and tables that every reader can use. Knows no chapter. */
import type { Element, Root } from 'hast';
import { toString } from 'mdast-util-to-string';
import { visit } from 'unist-util-visit';

/** The formulas of an element, read out; empty when it has none, or words beside them. */
function formulaAlone(cell: Element): string {
  let words = '';
  let formulas = '';
  visit(cell, (node) => {
    if (node.type === 'element' && node.properties['className']?.toString() === 'katex-html') {
      return 'skip';
    }
    if (node.type === 'element' && node.tagName === 'math') {
      formulas += toString(node);
      return 'skip';
    }
    if (node.type === 'text') words += node.value;
    return undefined;
  });
  return words.trim() === '' ? formulas.trim() : '';
}

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
      // A header that is one formula has no words of its own: its letters name it.
      if (node.tagName === 'th') {
        const letters = formulaAlone(node);
        if (letters !== '') node.properties['ariaLabel'] = letters;
      }
      // A wide table scrolls inside its own box: a keyboard must be able to get there.
      if (node.tagName === 'table') node.properties['tabIndex'] = 0;
    });
  };
}
