// @ts-check
/* How the book is built: Starlight over content/chapters, Markdown through unified, one worker bundle. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unified } from '@astrojs/markdown-remark';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import mermaid from 'astro-mermaid';
import rehypeKatex from 'rehype-katex';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkMath from 'remark-math';
import { readWorks } from './src/content/book.ts';
import { bookCheck } from './src/content/integration.ts';
import { rehypeFinish } from './src/content/rehype-finish.ts';
import { rehypeLinks } from './src/content/rehype-links.ts';
import { remarkCitations } from './src/content/remark-citations.ts';
import { remarkLineBreaks } from './src/content/remark-line-breaks.ts';
import { remarkVocabulary } from './src/content/remark-vocabulary.ts';
import { RANKING } from './src/content/search-ranking.ts';
import { sidebar } from './src/content/sidebar.ts';
import { simdModules } from './src/engine/kernels/wasm/compile-simd.ts';
import { katexFonts } from './src/styles/katex-fonts.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const { repository } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const base = process.env['BASE_PATH'] ?? '/';
const site = process.env['SITE_URL'];

/** The headers of cross-origin isolation, as hosts get them; `astro dev` and `astro preview` send them too. */
const isolation = Object.fromEntries(
  [
    ...readFileSync(new URL('public/_headers', import.meta.url), 'utf8').matchAll(
      /^ {2}(Cross-Origin-[\w-]+): (\S+)$/gm,
    ),
  ].map(([, name, value]) => [name, value]),
);

/** Names that only `@tensorflow/tfjs-layers` has. */
const LAYERS =
  /\btf\.(layers|sequential|models?|input|loadLayersModel|LayersModel|Sequential|SymbolicTensor|RNN|metrics|initializers|regularizers|constraints|callbacks)\b/;

/**
 * In browser bundles `@tensorflow/tfjs` is the book's own slim entry, without layers where a module uses none; in Node
 * it is the whole package.
 */
const slimTensorFlow = () => ({
  name: 'slim-tensorflow',
  enforce: /** @type {const} */ ('pre'),
  applyToEnvironment: (/** @type {{ name: string }} */ environment) =>
    environment.name === 'client',
  resolveId: (/** @type {string} */ source, /** @type {string | undefined} */ importer) => {
    if (source !== '@tensorflow/tfjs') return undefined;
    const file = importer?.replace(/\?.*$/, '') ?? '';
    const layers = existsSync(file) && LAYERS.test(readFileSync(file, 'utf8'));
    return `${root}src/engine/tensorflow${layers ? '' : '-core'}.ts`;
  },
});

/** Each of the thousand files of TensorFlow.js brings its licence; one line a file of ours stands for them. */
const oneLicence = {
  comments: { legal: false },
  postBanner: '/*! Contains TensorFlow.js, © Google LLC, Apache License 2.0: see licences.txt */',
};

/** Diagrams in the colours of the page, in both themes. */
const diagramLook = {
  fontFamily: 'var(--sl-font)',
  flowchart: { rankSpacing: 32, nodeSpacing: 32 },
  themeCSS: `
    foreignObject { overflow: visible; }
    .node :is(rect, polygon, circle, path), .cluster rect {
      fill: var(--sl-color-bg-nav) !important; stroke: var(--sl-color-gray-4) !important;
    }
    .nodeLabel, .edgeLabel, .cluster-label, .label, text {
      color: var(--sl-color-text) !important; fill: var(--sl-color-text) !important;
    }
    .edgeLabel, .edgeLabel :is(p, span), .labelBkg { background-color: var(--sl-color-bg) !important; }
    .edgePath path, path.flowchart-link { stroke: var(--sl-color-gray-3) !important; }
    .marker { fill: var(--sl-color-gray-3) !important; stroke: var(--sl-color-gray-3) !important; }
  `,
};

export default defineConfig({
  base,
  ...(site ? { site } : {}),
  trailingSlash: 'always',
  server: { headers: isolation },
  build: { format: 'directory' },
  markdown: {
    processor: unified({
      smartypants: false,
      remarkPlugins: [
        remarkMath,
        remarkCjkFriendly,
        remarkLineBreaks,
        [remarkCitations, { works: () => readWorks(root) }],
        remarkVocabulary,
      ],
      rehypePlugins: [[rehypeLinks, { base }], rehypeKatex, rehypeFinish],
    }),
  },
  vite: {
    build: {
      // Astro's own marker in the chapters it compiles; the message says nothing about the book.
      rolldownOptions: {
        onwarn: (warning, warn) => {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
        },
      },
    },
    plugins: [slimTensorFlow(), simdModules()],
    // Named here so that the development server does not find them at the first Run and reload the page.
    optimizeDeps: {
      include: [
        '@tensorflow/tfjs-core',
        '@tensorflow/tfjs-core/dist/register_all_gradients',
        '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops',
        '@tensorflow/tfjs-layers',
        '@tensorflow/tfjs-backend-cpu',
        '@tensorflow/tfjs-backend-wasm',
        '@tensorflow/tfjs-backend-webgl',
        '@tensorflow/tfjs-backend-webgpu',
        'd3-contour',
        'katex',
      ],
    },
    resolve: {
      alias: [
        // The search interface brings its own style sheet when someone searches: see overrides/Search.astro.
        {
          find: /^@pagefind\/default-ui\/css\/ui\.css$/,
          replacement: `${root}src/styles/search-later.css`,
        },
      ],
    },
    worker: {
      format: 'es',
      plugins: () => [slimTensorFlow(), simdModules()],
      rolldownOptions: { output: oneLicence },
    },
  },
  integrations: [
    bookCheck(),
    katexFonts(),
    mermaid({ enableLog: false, mermaidConfig: diagramLook }),
    starlight({
      title: '跑起来的大模型',
      locales: { root: { label: '简体中文', lang: 'zh-CN' } },
      customCss: [
        'katex/dist/katex.min.css',
        './src/styles/theme.css',
        './src/components/prose.css',
      ],
      editLink: { baseUrl: `${repository.url}/edit/main/` },
      lastUpdated: true,
      routeMiddleware: './src/content/route-data.ts',
      markdown: { processedDirs: ['./content/chapters'] },
      sidebar: sidebar(root),
      pagefind: { ranking: RANKING },
      components: {
        PageTitle: './src/components/overrides/PageTitle.astro',
        Search: './src/components/overrides/Search.astro',
      },
    }),
  ],
});
