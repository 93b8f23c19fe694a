/** Holds the HTML text of a calculator: its ids, its names for a screen reader, its marks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import katex from 'katex';
import batch from '../../src/calculators/cross-entropy-batch.ts';
import gradientStep from '../../src/calculators/gradient-step.ts';
import lineFit from '../../src/calculators/line-fit.ts';
import trainingTime from '../../src/calculators/training-time.ts';
import { bareMathml, symbolHtml } from '../../src/components/live-calculator/formula.ts';
import {
  cellsHtml,
  fieldsHtml,
  kebab,
  resultsHtml,
  resultsSentence,
  stepsHtml,
  typedFrom,
  viewsHtml,
} from '../../src/components/live-calculator/markup.ts';
import { work } from './calculator-host.ts';

const plain = (tex: string): string => `[${tex.length}]`;

const found = (html: string, pattern: RegExp): string[] =>
  [...html.matchAll(pattern)].map((match) => match[1] ?? '');

for (const [name, calculator] of Object.entries({ gradientStep, batch, lineFit, trainingTime })) {
  const html = fieldsHtml('a', calculator.inputs, {}, plain);

  test(`Every id of ${name} is unique, and every label and description points to one`, () => {
    const ids = found(html, / id="([^"]+)"/g);
    assert.equal(new Set(ids).size, ids.length);
    for (const target of found(html, / (?:for|aria-describedby)="([^"]+)"/g)) {
      assert.ok(ids.includes(target), target);
    }
  });

  test(`Every cell of ${name} has a name: a label, or its place spoken`, () => {
    const labelled = new Set(found(html, / for="([^"]+)"/g));
    for (const cell of html.match(/<(?:input|select) [^>]*>/g) ?? []) {
      const [id = ''] = found(cell, / id="([^"]+)"/g);
      assert.ok(labelled.has(id) || cell.includes('aria-label="'), cell);
    }
  });
}

test('Two calculators with different prefixes share no id', () => {
  const ids = ['a', 'b'].map((prefix) =>
    found(fieldsHtml(prefix, lineFit.inputs, {}, plain), / id="([^"]+)"/g),
  );
  assert.deepEqual(
    ids[0]?.filter((id) => ids[1]?.includes(id)),
    [],
  );
});

test('What a reader typed cannot leave its attribute', () => {
  const html = cellsHtml('a', 'x', gradientStep.inputs.x, '"><b>');
  assert.ok(html.includes('value="&quot;&gt;&lt;b&gt;"'));
});

test('A matrix is drawn row by row with its columns counted, and its last row cannot be removed', () => {
  const html = cellsHtml('a', 'p', batch.inputs.p, [['1', '2', '3']]);
  assert.match(html, /--columns: 3/);
  assert.deepEqual(found(html, /data-index="([^"]+)"/g), ['0,0', '0,1', '0,2']);
  assert.match(html, /data-size="remove"[^>]* disabled>/);
  assert.doesNotMatch(html, /data-size="remove-column"[^>]* disabled>/);
});

test('A wrong result is struck through and labelled as the document’s formula, for the eye and the ear', () => {
  const worked = work(gradientStep);
  const html = resultsHtml(worked);
  assert.match(
    html,
    /data-result="document"><del>−8\.0000<\/del> <span class="tag">文档的公式<\/span>/,
  );
  assert.match(html, /data-result="exact">8\.0000 <span class="tag">正确<\/span>/);
  assert.match(resultsSentence(worked), /文档公式的“梯度”（文档的公式） −8\.0000/);
});

test('A power of ten is a real superscript', () => {
  assert.match(resultsHtml(work(trainingTime)), /5\.4768 × 10<sup>23<\/sup>/);
});

test('Every step shows its text and its formula', () => {
  const worked = work(lineFit);
  const html = stepsHtml(worked, plain);
  assert.equal((html.match(/<li>/g) ?? []).length, worked.steps.length);
  for (const step of worked.steps) assert.ok(html.includes(`[${step.tex.length}]`));
});

test('A long table is folded under its title, a short one stands open', () => {
  const draw = (_: unknown, caption: boolean): string => (caption ? 'open' : 'folded');
  assert.match(
    viewsHtml(work(trainingTime), draw),
    /<details class="fold"><summary>.+<\/summary>folded<\/details>/,
  );
  assert.equal(viewsHtml(work(batch), draw), 'open');
});

test('Names and values turn into attribute names and texts', () => {
  assert.equal(kebab('endDocument'), 'end-document');
  assert.deepEqual(typedFrom([[1, 0.5]]), [['1', '0.5']]);
  assert.equal(typedFrom(1e-8), '1e-8');
});

const mathml = (tex: string, displayMode = false): string =>
  bareMathml(katex.renderToString(tex, { displayMode, output: 'mathml' }));

test('A formula at build is bare MathML: no KaTeX class that would fetch fonts, no TeX source', () => {
  const math = mathml('\\frac{\\partial L}{\\partial \\theta} = -8', true);
  assert.match(math, /^<math display="block">.*<mfrac>.*<\/math>$/);
  assert.doesNotMatch(math, /class=|annotation|semantics|xmlns|frac\{/);
  assert.match(math, /<mo>=<\/mo><mo form="prefix">−<\/mo><mn>8<\/mn>/);
  assert.match(mathml('x - 8'), /<mo>−<\/mo>/);
  assert.throws(() => bareMathml('<span>8</span>'), /no MathML/);
});

test('A symbol is plain HTML as far as letters and simple indices go, MathML beyond', () => {
  const symbol = (tex: string): string => symbolHtml(mathml(tex));
  assert.equal(symbol('x'), '<i>x</i>');
  assert.equal(symbol('\\beta_1'), '<i>β</i><sub>1</sub>');
  assert.equal(symbol('x^{*}'), '<i>x</i><sup>∗</sup>');
  assert.equal(symbol('p_{ik}'), '<i>p</i><sub><i>ik</i></sub>');
  assert.equal(symbol('d_f / d'), '<i>d</i><sub><i>f</i></sub>/<i>d</i>');
  assert.match(symbol('\\frac{1}{2}'), /^<math>.*<\/math>$/);
  assert.match(symbol('x_{a_b}'), /^<math>.*<\/math>$/);
});
