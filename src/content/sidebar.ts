/** Builds the sidebar from `content/toc.yml`. Knows file names, not what is in the chapters. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Part {
  readonly folder: string;
  readonly title: string;
  readonly short: string;
  readonly chapters: readonly string[];
}

type SidebarItem =
  | { label: string; link: string }
  | { slug: string }
  | { label: string; collapsed?: boolean; items: SidebarItem[] };

/** Pages after the chapters, in the order of the sidebar: the page's path below `src/pages`, and its label. */
const APPENDIX: readonly (readonly [path: string, label: string])[] = [
  ['examples', '例子一览'],
  ['errata', '勘误表'],
  ['glossary', '术语与符号'],
  ['bibliography', '参考文献'],
  ['speed', '训练速度'],
  ['contributing', '参与编写'],
];

function pageExists(root: string, path: string): boolean {
  return ['.astro', '/index.astro'].some((end) => existsSync(join(root, 'src/pages', path + end)));
}

/** The sidebar for Starlight. Parts without chapters are left out. */
export function sidebar(root: string): SidebarItem[] {
  const toc = parse(readFileSync(join(root, 'content/toc.yml'), 'utf8')) as {
    parts: readonly Part[];
  };
  const parts = toc.parts.flatMap((part): SidebarItem[] => {
    const items = part.chapters
      .filter((slug) => existsSync(join(root, 'content/chapters', part.folder, `${slug}.mdx`)))
      .map((slug) => ({ slug: `${part.folder}/${slug}` }));
    return items.length === 0 ? [] : [{ label: part.title, items }];
  });
  const front: SidebarItem[] = pageExists(root, 'how-to')
    ? [{ label: '怎么用这本书', link: '/how-to/' }]
    : [];
  const appendix = APPENDIX.filter(([path]) => pageExists(root, path)).map(([path, label]) => ({
    label,
    link: `/${path}/`,
  }));
  return [
    ...front,
    ...parts,
    ...(appendix.length === 0 ? [] : [{ label: '附录', items: appendix }]),
  ];
}
