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

/** KaTeX's class for a run of characters → the font it is set in; everything else is Main-Regular. */
const FONT_OF: Readonly<Record<string, string>> = {
  mathnormal: 'Math-Italic',
  mathbf: 'Main-Bold',
  textbf: 'Main-Bold',
  boldsymbol: 'Math-BoldItalic',
  mathit: 'Main-Italic',
  textit: 'Main-Italic',
  mathcal: 'Caligraphic-Regular',
  mathfrak: 'Fraktur-Regular',
  mathscr: 'Script-Regular',
  mathsf: 'SansSerif-Regular',
  textsf: 'SansSerif-Regular',
  mathtt: 'Typewriter-Regular',
  texttt: 'Typewriter-Regular',
  mathbb: 'AMS-Regular',
  amsrm: 'AMS-Regular',
};

/** Font name → every character that some formula of these pages sets in it. */
function glyphs(pages: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const sets = new Map<string, Set<string>>();
  const add = (font: string, text: string): void => {
    const set = sets.get(font) ?? new Set(font === 'Main-Regular' ? LIVE : ' ');
    for (const character of decode(text)) set.add(character);
    sets.set(font, set);
  };
  for (const html of pages) {
    for (const [, names = '', text = ''] of html.matchAll(/<span class="([^"]*)"[^>]*>([^<]+)</g)) {
      const fonts = names.split(' ').flatMap((name) => FONT_OF[name] ?? []);
      for (const font of fonts) add(font, text);
      if (fonts.length === 0 && /^(m[a-z]+|delimsizing|op-symbol|text|vlist)/.test(names)) {
        add('Main-Regular', text);
        for (const size of [1, 2, 3, 4]) add(`Size${size}-Regular`, text);
      }
    }
    // Calculators stand in the page as MathML and are set by KaTeX when they are opened or edited.
    for (const [formula] of html.matchAll(/<math[\s>][\s\S]*?<\/math>/g)) {
      for (const [, tag = '', attributes = '', text = ''] of formula.matchAll(
        /<(m[a-z]+)([^>]*)>([^<]+)</g,
      )) {
        const [, variant] = /mathvariant="([^"]*)"/.exec(attributes) ?? [];
        const italic = tag === 'mi' && variant === undefined && [...text].length === 1;
        if (variant === 'bold') add('Main-Bold', text);
        else if (variant === 'bold-italic') add('Math-BoldItalic', text);
        else add(italic ? 'Math-Italic' : 'Main-Regular', text);
        if (tag === 'mo') for (const size of [1, 2, 3, 4]) add(`Size${size}-Regular`, text);
      }
    }
  }
  return sets;
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
        const sets = glyphs(pages);
        let before = 0;
        let after = 0;
        for (const name of names.filter((file) => /KaTeX_[^/\\]*\.woff2$/.test(file))) {
          const font = readFileSync(join(root, name));
          const [, family = ''] = /KaTeX_([^.]*)\./.exec(name) ?? [];
          const text = [...(sets.get(family) ?? ' ')].join('');
          const small = await subsetFont(font, text, {
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
