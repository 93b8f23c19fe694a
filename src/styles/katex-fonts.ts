/**
 * Makes KaTeX's fonts fit the book: WOFF2 only, and after the build only the glyphs that its formulas use. Knows the built
 * files, not the chapters.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import subsetFont from 'subset-font';

/**
 * A calculator may put any number into its formulas when the reader edits it. Its letters and operators are the same
 * whatever the numbers, so the built page has them already.
 */
const LIVE = ' 0123456789.,()[]{}|/+-=<>%e−×·±≈≤≥→∞…\u00a0';

const decode = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_all, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** Every character that some formula shows, by the weight and shape it is set in. */
function glyphs(pages: readonly string[]): { all: string; bold: string; boldItalic: string } {
  const all = new Set(LIVE);
  const bold = new Set<string>();
  const boldItalic = new Set<string>();
  const add = (to: Set<string>, text: string): void => {
    for (const character of decode(text)) to.add(character);
  };
  for (const html of pages) {
    for (const [, text = ''] of html.matchAll(
      /<span class="(?:m|vlist|delim|op|strut)[^"]*"[^>]*>([^<]+)</g,
    )) {
      add(all, text);
    }
    for (const [formula] of html.matchAll(/<math[\s>][\s\S]*?<\/math>/g)) {
      add(all, formula.replace(/<annotation[\s\S]*?<\/annotation>/g, '').replace(/<[^>]*>/g, ''));
      for (const [, text = ''] of formula.matchAll(/mathvariant="bold"[^>]*>([^<]+)/g))
        add(bold, text);
      for (const [, text = ''] of formula.matchAll(/mathvariant="bold-italic"[^>]*>([^<]+)/g)) {
        add(boldItalic, text);
        // KaTeX sets some of them upright.
        add(bold, text);
      }
    }
  }
  const join = (set: Set<string>): string => [...set].join('');
  return { all: join(all), bold: join(bold), boldItalic: join(boldItalic) };
}

/** Drops the WOFF and TTF sources: every browser that can run the book reads WOFF2. */
const woff2Only = {
  name: 'katex-woff2-only',
  enforce: 'pre' as const,
  transform: (css: string, id: string): string | undefined =>
    /katex(\.min)?\.css/.test(id)
      ? css.replace(/,url\([^)]*\.(?:woff|ttf)\)\s*format\("(?:woff|truetype)"\)/g, '')
      : undefined,
};

/** The integration for `astro.config.mjs`. */
export function katexFonts(): AstroIntegration {
  return {
    name: 'katex-fonts',
    hooks: {
      'astro:config:setup': ({ updateConfig }) => {
        // A font that is inlined into the style sheet is paid for by pages without formulas too.
        const assetsInlineLimit = (file: string): false | undefined =>
          file.endsWith('.woff2') ? false : undefined;
        updateConfig({ vite: { plugins: [woff2Only], build: { assetsInlineLimit } } });
      },
      'astro:build:done': async ({ dir, logger }) => {
        const root = fileURLToPath(dir);
        const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
        const pages = names
          .filter((name) => name.endsWith('.html'))
          .map((name) => readFileSync(join(root, name), 'utf8'));
        const { all, bold, boldItalic } = glyphs(pages);
        let before = 0;
        let after = 0;
        for (const name of names.filter((file) => /KaTeX_[^/\\]*\.woff2$/.test(file))) {
          const font = readFileSync(join(root, name));
          const text = /Main-Bold\./.test(name) ? bold : /BoldItalic/.test(name) ? boldItalic : all;
          const small = await subsetFont(font, text === '' ? ' ' : text, {
            targetFormat: 'woff2',
            noHinting: true,
          });
          writeFileSync(join(root, name), small);
          before += font.byteLength;
          after += small.byteLength;
        }
        logger.info(
          `KaTeX fonts ${(before / 1000).toFixed(0)} kB → ${(after / 1000).toFixed(0)} kB`,
        );
      },
    },
  };
}
