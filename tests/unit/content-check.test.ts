/** Small books with one mistake each: is it found, and does the sentence name file, field, mistake and remedy? */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { checkBook, sentence } from '../../src/content/check.ts';

const made: string[] = [];
after(() => made.forEach((folder) => rmSync(folder, { recursive: true })));

const FRONT = `title: 数学
description: 一句话。
kind: math
reviewed: 2026-11-22`;

/** A book without mistakes; `changes` replaces files (`null` takes one away). */
function bookWith(changes: Readonly<Record<string, string | null>>): string {
  const root = mkdtempSync(join(tmpdir(), 'book-'));
  made.push(root);
  const files: Record<string, string | null> = {
    'content/toc.yml': `parts:
  - folder: stories
    title: 一 故事
    short: 故事
    chapters: [math, code]
`,
    'content/glossary.yml': `terms:
  - { id: gradient, zh: 梯度, en: gradient, definition: 变化最快的方向。 }
letters:
  - { symbol: '\\eta', code: learningRate, meaning: 学习率 }
`,
    'content/references.bib': `@article{kingma2015adam, author = {Kingma, Diederik P.}, title = {Adam}, year = {2015}}
@book{unseen2020, author = {Doe, Jane}, title = {Unseen}, year = {2020}, verified = {no}}
`,
    'content/errata/stories.yml': `- id: S0-E05
  grade: A
  kind: FORMULA
  chapter: math
  place: 第 4 节
  wrong: 差了一个因子 [@kingma2015adam]。
  right: $a = b$
  evidence: computed
  proof: { example: line, preset: fast }
`,
    'content/chapters/index.mdx': `---\ntitle: 书\ndescription: 一本书。\n---\n\n[数学](/stories/math/)\n`,
    'content/chapters/stories/math.mdx': chapter('<Erratum id="S0-E05" />'),
    'content/chapters/stories/code.mdx': `---
title: 代码
description: 一句话。
kind: code
examples: [line]
prerequisites: [stories/math]
reviewed: 2026-11-22
---

<Term id="gradient">梯度</Term> [@kingma2015adam]

<ExampleSource id="line" region="train" />

<RunExample id="line" />

<Recorded id="line" metric="loss" preset="fast" digits={2} />
<Result id="step" result="end" inputs={{ x: 2 }} />
<Calculator id="step" />
`,
    'src/examples/line.ts': `export default defineExample({
  // #region train
  train() {},
  // #endregion
});
`,
    'src/calculators/step.ts': 'export default defineCalculator({});\n',
    'src/recordings/line.json': JSON.stringify({
      example: 'line',
      runs: {
        default: { index: [1], metrics: { loss: [0.5] } },
        fast: { index: [1], metrics: { loss: [0.25] } },
      },
    }),
    ...changes,
  };
  for (const [name, text] of Object.entries(files)) {
    if (text === null) continue;
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return root;
}

function chapter(body: string, front = FRONT): string {
  return `---\n${front}\n---\n\n${body}\n`;
}
const MATH = 'content/chapters/stories/math.mdx';
const problemsOf = (changes: Readonly<Record<string, string | null>>): string[] =>
  checkBook(bookWith(changes)).map(sentence);
/** The chapter's body with the erratum kept, so that nothing else is missing. */
const inMath = (body: string, front = FRONT): string[] =>
  problemsOf({ [MATH]: chapter(`<Erratum id="S0-E05" />\n\n${body}`, front) });

/** Exactly one sentence, that contains all the words. */
function only(found: readonly string[], ...words: readonly string[]): void {
  assert.equal(found.length, 1, `one problem expected, found:\n${found.join('\n')}`);
  for (const word of words) {
    assert.ok(found[0]?.includes(word), `“${word}” is not in: ${found[0]}`);
  }
}

test('a book without mistakes has no problems', () => {
  assert.deepEqual(problemsOf({}), []);
});

test('a misspelt frontmatter field is named with its line and the field it should be', () => {
  only(
    inMath('', `${FRONT}\nprerequisite: [stories/code]`),
    `${MATH}:6`,
    'prerequisite：',
    '没有这个字段',
    '是不是 prerequisites？',
  );
});
test('a missing frontmatter field is named', () => {
  only(inMath('', FRONT.replace('kind: math\n', '')), MATH, 'kind', '缺', 'concepts');
});
test('a wrong kind is refused with the list of kinds', () => {
  only(
    inMath('', FRONT.replace('kind: math', 'kind: maths')),
    `${MATH}:4`,
    'kind',
    'background、concepts',
  );
});
test('a date that is no date is refused', () => {
  only(inMath('', FRONT.replace('2026-11-22', '下个月')), `${MATH}:5`, 'reviewed', '日期');
});
test('a description of 81 Chinese characters is refused, one of 80 is not', () => {
  const front = (count: number): string => FRONT.replace('一句话。', `${'字'.repeat(count)}。`);
  only(inMath('', front(81)), `${MATH}:3`, 'description', '80');
  assert.deepEqual(inMath('', front(80)), []);
});

test('an unknown example in frontmatter and text is found in both places', () => {
  const found = inMath('<RunExample id="lines" />', `${FRONT}\nexamples: [lines]`);
  assert.equal(found.length, 2);
  assert.ok(
    found.every((text) => text.includes('没有 lines 这个例子') && text.includes('是不是 line？')),
  );
});
test('an example that is embedded but not listed is found', () => {
  only(inMath('<RunExample id="line" />'), MATH, 'examples', '却没有写', 'examples: [line]');
});
test('an example that is listed but not embedded is found', () => {
  only(inMath('', `${FRONT}\nexamples: [line]`), `${MATH}:6`, 'examples', '正文里却没有它');
});
test('an unknown region is found, with the known ones', () => {
  only(
    inMath('<ExampleSource id="line" region="trian" />', `${FRONT}\nexamples: [line]`),
    `${MATH}:11`,
    'line 里没有 trian 这一段',
    '是不是 train？',
  );
});
test('a region that is never closed is found', () => {
  const source = 'export default defineExample({\n  // #region train\n});\n';
  const found = problemsOf({ 'src/examples/line.ts': source });
  assert.ok(
    found.some((text) => text.includes('src/examples/line.ts') && text.includes('没有 #endregion')),
  );
});
test('an unknown calculator is found', () => {
  only(inMath('<Calculator id="steps" />'), `${MATH}:10`, '没有 steps 这个计算器', '是不是 step？');
});
test('an unknown prerequisite is found', () => {
  only(
    inMath('', `${FRONT}\nprerequisites: [stories/cod]`),
    'prerequisites',
    '没有 stories/cod',
    'stories/code',
  );
});
test('a chapter that is its own prerequisite is found', () => {
  only(inMath('', `${FRONT}\nprerequisites: [stories/math]`), 'prerequisites', '自己');
});
test('a link to a page that does not exist is found', () => {
  only(
    inMath('[x](/stories/maths/)'),
    `${MATH}:10`,
    '/stories/maths/',
    '没有这一页',
    '/stories/math/',
  );
});
test('a link without its closing slash is found', () => {
  only(inMath('[x](/stories/code)'), '没有这一页', '是不是 /stories/code/？');
});
test('a link to a heading that does not exist is found, one to a heading that does is not', () => {
  only(inMath('## 第一节\n\n[x](/stories/math/#第二节)'), '没有 #第二节');
  assert.deepEqual(inMath('## 第一节\n\n[x](/stories/math/#第一节) [y](#第一节)'), []);
});
test('a relative link is refused', () => {
  only(inMath('[x](../code/)'), '../code/', '从根写起');
});
test('an unknown citation is found, alone or in a list', () => {
  only(
    inMath('话 [@kingma2015adan]。'),
    `${MATH}:10`,
    '没有 kingma2015adan',
    '是不是 kingma2015adam？',
  );
  only(inMath('话 [@kingma2015adam; @nobody]。'), '没有 nobody');
});
test('a citation in a formula or in code is not one', () => {
  assert.deepEqual(inMath('`[@nobody]`'), []);
});
test('citing a work that nobody has looked up is refused', () => {
  only(inMath('话 [@unseen2020]。'), 'unseen2020', '没有人核对', 'references.bib:2');
});
test('an unknown term is found', () => {
  only(inMath('<Term id="gradiant">梯度</Term>'), '没有 gradiant 这个术语', '是不是 gradient？');
});
test('an unknown erratum is found', () => {
  only(inMath('<Erratum id="S0-E06" />'), '没有 S0-E06 这条勘误', 'S0-E05');
});
test('an erratum shown twice in a chapter is found', () => {
  only(inMath('<Erratum id="S0-E05" />'), 'S0-E05', '放了两次');
});

const ERRATA = 'content/errata/stories.yml';
const erratum = (change: (text: string) => string): string[] => {
  const text = `- id: S0-E05
  grade: A
  kind: FORMULA
  chapter: math
  place: 第 4 节
  wrong: 错。
  right: 对。
  evidence: computed
`;
  return problemsOf({ [ERRATA]: change(text) });
};
test('an erratum id used twice is found at its second line', () => {
  only(
    erratum((text) => text + text),
    `${ERRATA}:9`,
    'S0-E05',
    '用了两次',
  );
});
test('a misspelt field of an erratum is found', () => {
  const found = erratum((text) => text.replace('place:', 'plase:'));
  assert.ok(
    found.some(
      (text) => text.includes(ERRATA) && text.includes('plase') && text.includes('是不是 place？'),
    ),
  );
});
test('an erratum of an unknown grade is found', () => {
  const found = erratum((text) => text.replace('grade: A', 'grade: D'));
  assert.ok(found.some((text) => text.includes(`${ERRATA}:2`) && text.includes('A、B、C')));
});
test('a quotation of 16 Chinese characters is refused', () => {
  const found = erratum((text) => `${text}  quote: ${'引'.repeat(16)}\n`);
  assert.ok(found.some((text) => text.includes('quote') && text.includes('15')));
});
test('an erratum of a chapter that does not exist is found', () => {
  only(
    erratum((text) => text.replace('chapter: math', 'chapter: maths')),
    'S0-E05.chapter',
    '是不是 math？',
  );
});
test('an erratum whose proof does not exist is found', () => {
  only(
    erratum((text) => `${text}  proof: { calculator: nothing }\n`),
    'proof.calculator',
    '没有 nothing',
  );
  only(
    erratum((text) => `${text}  proof: { example: line, preset: slow }\n`),
    'proof.preset',
    'slow',
    'fast',
  );
});
test('an unknown citation inside an erratum is found', () => {
  only(
    erratum((text) => text.replace('错。', '错 [@nobody]。')),
    `${ERRATA}:1`,
    'S0-E05',
    '没有 nobody',
  );
});

const BIB = 'content/references.bib';
const ADAM = '@article{kingma2015adam, author = {Kingma, D.}, title = {Adam}, year = {2015}}\n';
test('a work without title, author or year is found', () => {
  for (const [field, word] of [
    ['author = {Kingma, D.}, ', 'author：缺作者'],
    ['title = {Adam}, ', 'title：缺题名'],
    [', year = {2015}', 'year：缺年份'],
  ] as const) {
    only(problemsOf({ [BIB]: ADAM.replace(field, '') }), `${BIB}:1`, `kingma2015adam.${word}`);
  }
});
test('a work that cannot be parsed is found', () => {
  const found = problemsOf({ [BIB]: `${ADAM}\n@book{broken, title = {Unclosed, year = 2020\n` });
  assert.ok(
    found.some((text) => text.includes(BIB) && text.includes('读不懂')),
    found.join('\n'),
  );
});
test('a bibliography key used twice is found', () => {
  only(problemsOf({ [BIB]: ADAM + ADAM }), `${BIB}:2`, 'kingma2015adam', '已经用过');
});

const GLOSSARY = 'content/glossary.yml';
const term = (id: string, zh: string): string =>
  `  - { id: ${id}, zh: ${zh}, en: x, definition: 话。 }\n`;
test('a term id used twice is found, and a word defined twice too', () => {
  const glossary = (rest: string): string =>
    `terms:\n${term('gradient', '梯度')}${rest}letters: []\n`;
  only(
    problemsOf({ [GLOSSARY]: glossary(term('gradient', '坡度')) }),
    `${GLOSSARY}:3`,
    'gradient',
    '用了两次',
  );
  only(problemsOf({ [GLOSSARY]: glossary(term('slope', '梯度')) }), '梯度', '定义了两次');
});

test('a chapter in the table of contents that has no file is found', () => {
  const found = problemsOf({ 'content/chapters/stories/code.mdx': null });
  only(found, 'content/toc.yml', 'stories/code', '没有 content/chapters/stories/code.mdx');
});
test('a chapter that is not in the table of contents is found', () => {
  only(
    problemsOf({ 'content/chapters/stories/extra.mdx': chapter('话。') }),
    'content/toc.yml',
    'stories/extra',
    '不在目录里',
  );
});

test('an unknown component is found, with the nearest known one', () => {
  only(
    inMath('<RunExampel id="line" />'),
    `${MATH}:10`,
    '<RunExampel>',
    '没有这个组件',
    '是不是 RunExample？',
  );
});
test('a component without its id is found', () => {
  only(inMath('<Calculator />'), '<Calculator>', '缺 id');
});
test('an unknown attribute is found', () => {
  only(
    inMath('<Calculator id="step" ids="x" />'),
    '<Calculator ids>',
    '没有这个属性',
    '是不是 id？',
  );
});
test('an attribute of the wrong kind is found', () => {
  only(
    inMath('<Recorded id="line" metric="loss" digits="2" />'),
    '<Recorded digits>',
    '写法不对',
    '{3}',
  );
  only(inMath('<Result id="step" result="end" inputs="x" />'), '<Result inputs>', '写法不对');
});
test('a component that must have contents and has none is found', () => {
  only(inMath('<Term id="gradient"></Term>'), '<Term>', '空');
});
test('an unknown recorded preset or metric is found', () => {
  only(inMath('<Recorded id="line" metric="loss" preset="slow" />'), 'preset', 'slow', 'fast');
  only(inMath('<Recorded id="line" metric="los" />'), 'metric', 'los', '是不是 loss？');
});
test('a quoted number of an example that was never recorded is found', () => {
  const found = problemsOf({ 'src/recordings/line.json': null });
  only(found, 'code.mdx', 'line 还没有录过', 'npm run record');
});
test('an import line in a chapter is refused', () => {
  only(inMath("import x from 'y'"), `${MATH}:10`, "import x from 'y'", '不写 import');
});
test('a chapter that is not MDX is refused with its line', () => {
  const found = inMath('话。\n\n<Term id="gradient">没有关上');
  assert.ok(
    found.some((text) => text.includes(`${MATH}:12`) && text.includes('读不懂')),
    found.join('\n'),
  );
});
