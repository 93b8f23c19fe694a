/** Gives a chapter the components it uses: writes their import lines. An unknown name stops the build. */
import type { Root } from 'mdast';
import { visit } from 'unist-util-visit';
import type { VFile } from 'vfile';
import { VOCABULARY, WORDS, type Word } from './vocabulary.ts';

/** One import declaration, as the ESTree that MDX wants beside its text. */
function importLine(name: string, word: Word): object {
  const local = { type: 'Identifier', name };
  const specifier = word.named
    ? { type: 'ImportSpecifier', imported: { ...local }, local }
    : { type: 'ImportDefaultSpecifier', local };
  return {
    type: 'mdxjsEsm',
    value: `import ${word.named ? `{ ${name} }` : name} from '${word.from}';`,
    data: {
      estree: {
        type: 'Program',
        sourceType: 'module',
        comments: [],
        body: [
          {
            type: 'ImportDeclaration',
            specifiers: [specifier],
            attributes: [],
            source: { type: 'Literal', value: word.from, raw: `'${word.from}'` },
          },
        ],
      },
    },
  };
}

export function remarkVocabulary() {
  return (tree: Root, file: VFile): void => {
    const used = new Set<string>();
    visit(tree, (node) => {
      if (node.type !== 'mdxJsxFlowElement' && node.type !== 'mdxJsxTextElement') return;
      const name = (node as { name?: string | null }).name;
      if (!name || !/^[A-Z]/.test(name)) return;
      if (!Object.hasOwn(VOCABULARY, name)) {
        file.fail(`<${name}> 不是这本书的组件。可用的有：${WORDS.join('、')}`, node);
      }
      used.add(name);
    });
    const imports = [...used].map((name) => importLine(name, VOCABULARY[name] as Word));
    (tree.children as object[]).unshift(...imports);
  };
}
