/** What the Markdown plugins and the small readers make of a text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import rehypeStringify from 'rehype-stringify';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkMath from 'remark-math';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { authorYear, authorsText, readBibliography } from '../../src/content/bibliography.ts';
import { prose } from '../../src/content/prose.ts';
import { readingMinutes } from '../../src/content/reading-time.ts';
import { metricAt, numberText } from '../../src/content/recorded.ts';
import { regionsOf, withoutMarkers } from '../../src/content/regions.ts';
import { rehypeLinks, withBase } from '../../src/content/rehype-links.ts';
import { remarkCitations } from '../../src/content/remark-citations.ts';
import { remarkLineBreaks } from '../../src/content/remark-line-breaks.ts';
import { remarkVocabulary } from '../../src/content/remark-vocabulary.ts';
import { nearest } from '../../src/content/suggest.ts';
import type { Recording } from '../../src/contract/recording.ts';

const { works } = readBibliography(`
@inproceedings{kingma2015adam, author = {Kingma, Diederik P. and Ba, Jimmy}, title = {{Adam}: A Method},
  booktitle = {ICLR}, year = {2015}, eprint = {1412.6980}, note = {Looked up somewhere}, annote = {For editors}}
@article{team2020big, author = {A, B and C, D and E, F and G, H and I, J}, title = {Big},
  journal = {J}, volume = {3}, number = {2}, pages = {1--9}, year = {2020}, doi = {10.1/x}, unchecked = {doi, pages}}
@book{qiu2020, author = {邱锡鹏}, title = {神经网络与深度学习}, publisher = {机械工业出版社}, year = {2020}, url = {https://nndl.github.io/}}
`);

const html = (markdown: string, base = '/'): string =>
  String(
    unified()
      .use(remarkParse)
      .use(remarkMath)
      .use(remarkCjkFriendly)
      .use(remarkLineBreaks)
      .use(remarkCitations, { works: () => works })
      .use(remarkRehype)
      .use(rehypeLinks, { base })
      .use(rehypeStringify)
      .processSync(markdown),
  );

test('a line break between Chinese lines leaves no space', () => {
  assert.equal(html('第一行\n第二行'), '<p>第一行第二行</p>');
  assert.equal(html('第一行，\nAdam'), '<p>第一行，Adam</p>');
  assert.equal(html('第一行\n**第二行**'), '<p>第一行<strong>第二行</strong></p>');
  assert.equal(html('**第一行**\n第二行'), '<p><strong>第一行</strong>第二行</p>');
});
test('a line break beside a Latin word or a formula stays', () => {
  assert.equal(html('用\nAdam'), '<p>用\nAdam</p>');
  assert.match(html('损失\n$x$'), /损失\n<code/);
});
test('bold that ends in Chinese punctuation is bold', () => {
  assert.equal(html('**注意：**这里'), '<p><strong>注意：</strong>这里</p>');
});

test('citations are numbered in the order of their first use and listed once', () => {
  const page = html('甲 [@team2020big]，乙 [@kingma2015adam; @team2020big]。');
  const numbers = [...page.matchAll(/class="citation"[^>]*>\[(\d)\]/g)].map((match) => match[1]);
  assert.deepEqual(numbers, ['1', '2', '1']);
  assert.match(page, /<h2>参考文献<\/h2>/);
  assert.equal(page.match(/<li id="ref-team2020big">/g)?.length, 1);
  assert.match(page, /甲<span/);
});
test('every citation leads to its entry, and the entry leads back to each of them', () => {
  const page = html('甲 [@kingma2015adam] 乙 [@kingma2015adam]');
  for (const use of [1, 2]) {
    assert.match(page, new RegExp(`id="cite-1-${use}-from"`));
    assert.match(page, new RegExp(`href="#cite-1-${use}-from"`));
  }
  assert.equal(page.match(/class="back-reference"/g)?.length, 2);
});
test('a citation has a card that describes it to a screen reader', () => {
  const page = html('甲 [@kingma2015adam]');
  const described = /aria-describedby="([^"]+)"/.exec(page)?.[1];
  assert.ok(described);
  assert.match(
    page,
    new RegExp(`id="${described}" role="tooltip"[^>]*>Diederik P. Kingma, Jimmy Ba。`),
  );
});
test('an unknown citation stops the rendering with its key', () => {
  assert.throws(() => html('甲 [@nobody]'), /没有 nobody/);
});
test('a page without citations has no list of works', () => {
  assert.doesNotMatch(html('甲 `[@kingma2015adam]`'), /参考文献/);
});
test("editors' notes never reach a page", () => {
  assert.doesNotMatch(html('甲 [@kingma2015adam]'), /Looked up|For editors/);
});

test('a field that nobody has compared is not shown', () => {
  const work = works.get('team2020big');
  assert.deepEqual(work?.links, []);
  assert.equal(work.venue, 'J 3 (2)');
});
test('five authors are cut to three, two are kept', () => {
  const [big, adam, qiu] = ['team2020big', 'kingma2015adam', 'qiu2020'].map((key) =>
    works.get(key),
  );
  assert.ok(big && adam && qiu);
  assert.equal(authorsText(big), 'B A, D C, F E 等');
  assert.equal(authorsText(adam), 'Diederik P. Kingma, Jimmy Ba');
  assert.equal(authorYear(adam), 'Kingma & Ba, 2015');
  assert.equal(authorYear(big), 'A 等, 2020');
  assert.equal(authorYear(qiu), '邱锡鹏, 2020');
  assert.equal(adam.title, 'Adam: A Method');
});

test('a snippet keeps formulas, and its citations lead to the bibliography', () => {
  const text = prose('损失 $x^2$ [@kingma2015adam]。', { works, base: '/book/', inline: true });
  assert.match(text, /class="katex"/);
  assert.match(
    text,
    /（<a href="\/book\/bibliography\/#kingma2015adam">Kingma &#x26; Ba, 2015<\/a>）。$/,
  );
  assert.doesNotMatch(text, /^<p>/);
});
test('two paragraphs stay paragraphs even inside a sentence', () => {
  const text = prose('一\n\n二', { works, base: '/', inline: true });
  assert.equal(text, '<p>一</p>\n<p>二</p>');
});

test('the base path stands before root-relative addresses and no others', () => {
  assert.equal(withBase('/a/', '/book/'), '/book/a/');
  assert.equal(withBase('/a/', '/'), '/a/');
  assert.equal(withBase('#a', '/book/'), '#a');
  assert.equal(withBase('//host/a', '/book/'), '//host/a');
  assert.match(html('[x](/a/) ![](/b.png)', '/book/'), /href="\/book\/a\/".*src="\/book\/b.png"/);
  assert.match(html('[x](https://example.org/)'), /href="https:\/\/example.org\/" rel="noopener"/);
});

test('a region is cut out and moved to the left edge; the whole file loses its markers', () => {
  const source = 'a\n  // #region data\n  data() {\n    1;\n  },\n  // #endregion\nb';
  assert.equal(regionsOf(source).get('data'), 'data() {\n  1;\n},');
  assert.equal(withoutMarkers(source), 'a\n  data() {\n    1;\n  },\nb');
  assert.equal(regionsOf('# #region model\nx = 1\n# #endregion').get('model'), 'x = 1');
});
test('a region without end, without start or with a name used twice is refused', () => {
  assert.throws(() => regionsOf('// #region a'), /没有 #endregion/);
  assert.throws(() => regionsOf('// #endregion'), /第 1 行/);
  assert.throws(() => regionsOf('// #region a\n// #endregion\n// #region a'), /第 3 行.*两次/);
});

test('the import lines of a chapter are written for it, once for each component', () => {
  const tree = unified()
    .use(remarkParse)
    .use(remarkMdx)
    .parse('<Term id="a">x</Term> <Term id="b">y</Term>\n\n<Tabs />');
  unified().use(remarkVocabulary).runSync(tree);
  const imports = tree.children.filter((node) => (node.type as string) === 'mdxjsEsm');
  assert.deepEqual(
    imports.map((node) => (node as unknown as { value: string }).value),
    [
      "import Term from '/src/components/Term.astro';",
      "import { Tabs } from '@astrojs/starlight/components';",
    ],
  );
});
test('a component that is not in the vocabulary stops the rendering and lists those that are', () => {
  const tree = unified().use(remarkParse).use(remarkMdx).parse('<Widget />');
  assert.throws(() => unified().use(remarkVocabulary).runSync(tree), /Widget.*RunExample、/);
});

test('700 Chinese characters take two minutes, and a live example adds one', () => {
  const text = `---\ntitle: 题\n---\n\n${'字'.repeat(700)}`;
  assert.equal(readingMinutes(text), 2);
  assert.equal(readingMinutes(`${text}\n\n<RunExample id="x" />`), 3);
  assert.equal(readingMinutes('字'), 1);
});

test('a misspelt name finds its neighbour, a strange one finds none', () => {
  assert.equal(nearest('gradiant', ['gradient', 'weight']), 'gradient');
  assert.equal(nearest('recommender', ['gradient', 'weight']), undefined);
});

const recording: Recording = {
  example: 'x',
  source: '',
  date: '2026-01-02',
  backend: 'wasm',
  adapter: '',
  machine: '',
  runs: {
    default: {
      params: {},
      seed: 7,
      steps: 10,
      ms: 1,
      end: 'completed',
      index: [1, 5, 10],
      metrics: { loss: [3, 2, 0.12345] },
      views: [],
    },
  },
};
test('a recorded number is the last one, or the one nearest to the step asked for', () => {
  assert.equal(metricAt(recording, { metric: 'loss', digits: 2 }).text, '0.12');
  assert.equal(metricAt(recording, { metric: 'loss', step: 4 }).value, 2);
  assert.match(metricAt(recording, { metric: 'loss' }).origin, /2026-01-02.*第 10 步.*WASM.*7/);
});
test('an unknown preset or metric of a recording is refused with the known ones', () => {
  assert.throws(() => metricAt(recording, { metric: 'los' }), /没有 los.*是不是 loss/);
  assert.throws(
    () => metricAt(recording, { metric: 'loss', preset: 'fast' }),
    /没有录过 fast.*default/,
  );
});
test('numbers in prose have Chinese-friendly marks', () => {
  assert.equal(numberText(-0.5, 2), '−0.50');
  assert.equal(numberText(109482240, 0), '109,482,240');
  assert.equal(numberText(9610, 0), '9610');
  assert.equal(numberText(3.15e23, 'exponent'), '3.15 × 10²³');
  assert.equal(numberText(Infinity, 2), '∞');
});
