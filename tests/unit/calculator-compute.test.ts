/** Holds the validation of what a reader types, and how every calculator writes its numbers. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import katex from 'katex';
import {
  computeCalculator,
  formatResult,
  isOption,
  MAX_LENGTH,
  problemText,
  rankOf,
} from '../../src/calculators/compute.ts';
import { formatNumber, tex, texFactor, texTerm } from '../../src/calculators/notation/numbers.ts';
import {
  CalculatorError,
  defineCalculator,
  type AnyCalculator,
  type CalculatorInputs,
} from '../../src/contract/calculator.ts';

const sample = defineCalculator({
  title: '样例',
  summary: '样例',
  inputs: {
    n: { symbol: 'n', label: '次数', default: 2, min: 1, max: 9, integer: true },
    v: { symbol: 'v', label: '一列', default: [1, 2], min: -5 },
    m: {
      symbol: 'm',
      label: '矩阵',
      default: [
        [1, 2],
        [3, 4],
      ],
    },
    how: { label: '办法', default: 'a', options: { a: '甲', b: '乙' } },
  },
  compute({ n, v, m, how }) {
    if (n === 9) throw new CalculatorError('v', '这样不行。');
    if (n === 8) throw new TypeError('a fault of the calculator');
    const total = n + v.length + m.flat().length + (how === 'b' ? 100 : 0);
    return { steps: [], results: { total: { label: '合计', value: total } } };
  },
});

function problemsOf(
  raw: Readonly<Record<string, unknown>>,
): readonly (readonly [string, string, string])[] {
  const computed = computeCalculator(sample, raw);
  assert.ok(!computed.ok, 'should have been refused');
  return computed.problems.map(({ input, index, message }) => [
    input,
    (index ?? []).join(','),
    message,
  ]);
}

test('Missing inputs take their defaults, and texts are read as numbers', () => {
  const computed = computeCalculator(sample, { n: ' 3 ', v: ['1', '-2.5', '1e-3'], how: 'b' });
  assert.ok(computed.ok);
  assert.deepEqual(computed.values, {
    n: 3,
    v: [1, -2.5, 0.001],
    m: [
      [1, 2],
      [3, 4],
    ],
    how: 'b',
  });
  assert.equal(computed.worked.results['total']?.value, 3 + 3 + 4 + 100);
});

test('A problem names its input and its place for the author of a chapter', () => {
  const computed = computeCalculator(sample, { n: 10, m: [[1, 'x']], none: 1 });
  assert.ok(!computed.ok);
  const [n = '', m = '', none = ''] = computed.problems.map(problemText);
  assert.match(n, /^的输入 n：10 太大，请填 1 到 9 之间的整数。$/);
  assert.match(m, /^的输入 m\[0\]\[1\]：“x”不是数/);
  assert.match(none, /^的输入 none：没有叫 none 的输入，可用的是：n、v、m、how。$/);
});

test('Full-width digits and the typographic minus are read as numbers', () => {
  const computed = computeCalculator(sample, { n: '３', v: ['−1', '－２'] });
  assert.ok(computed.ok);
  assert.deepEqual(computed.values['v'], [-1, -2]);
});

test('An empty cell, a text, a bound, a fraction and a hex number are each refused with what is allowed', () => {
  for (const [typed, message] of [
    ['', /空着.*1 到 9 之间的整数/],
    ['abc', /“abc”不是数.*1 到 9 之间的整数/],
    ['0', /0 太小.*1 到 9/],
    [10, /10 太大.*1 到 9/],
    ['2.5', /2\.5 不是整数/],
    ['0x3', /不是数/],
    ['1,5', /不是数/],
    [null, /空着/],
    [true, /不是数/],
    ['1e999', /太大/],
    [NaN, /不是数/],
  ] as const) {
    const [problem] = problemsOf({ n: typed });
    assert.equal(problem?.[0], 'n');
    assert.match(problem[2], message);
  }
});

test('Every bad cell of a vector and of a matrix is named by its place', () => {
  const found = problemsOf({
    v: ['1', '', 'x'],
    m: [
      [1, 'y'],
      ['', 4],
    ],
  });
  assert.deepEqual(
    found.map(([input, index]) => `${input}[${index}]`),
    ['v[1]', 'v[2]', 'm[0,1]', 'm[1,0]'],
  );
});

test('A wrong shape is refused: a scalar for a vector, a vector for a scalar, ragged, empty and too long', () => {
  for (const raw of [
    { v: 3 },
    { v: [] },
    { v: Array.from({ length: MAX_LENGTH + 1 }, () => 1) },
    { n: [1] },
    { m: [1, 2] },
    { m: [[1, 2], [3]] },
    { m: [[]] },
    { v: [[1]] },
  ]) {
    assert.ok(problemsOf(raw).length > 0, JSON.stringify(raw));
  }
});

test('An unknown option and an unknown input are refused with the known ones', () => {
  assert.match(problemsOf({ how: 'c' })[0]?.[2] ?? '', /a、b/);
  assert.match(problemsOf({ how: 'constructor' })[0]?.[2] ?? '', /a、b/);
  assert.match(problemsOf({ k: 1 })[0]?.[2] ?? '', /n、v、m、how/);
});

test('A refused combination names its input, and a fault of the calculator is not swallowed', () => {
  assert.deepEqual(problemsOf({ n: 9 }), [['v', '', '这样不行。']]);
  assert.throws(() => computeCalculator(sample, { n: 8 }), /a fault of the calculator/);
});

test('Numbers in formulas keep six digits, group thousands and turn into powers of ten', () => {
  assert.equal(tex(174604259328), '174{,}604{,}259{,}328');
  assert.equal(tex(9999), '9999');
  assert.equal(tex(0.1 + 0.2), '0.3');
  assert.equal(tex(-0), '0');
  assert.equal(tex(1e-8), '10^{-8}');
  assert.equal(tex(1736681.9, 4), '1737000');
  assert.equal(tex(6.52e23), '6.52 \\times 10^{23}');
  assert.equal(tex(-1234.5678), '-1234.57');
  assert.equal(tex(Infinity), '\\infty');
  assert.equal(texFactor(-2), '(-2)');
  assert.equal(texTerm(-4), '- 4');
  assert.equal(texTerm(4), '+ 4');
});

test('Numbers in text are grouped, and never rounded to nothing', () => {
  assert.equal(formatNumber(174604259328, 0), '174,604,259,328');
  assert.equal(formatNumber(-0.00001), '−1.0000 × 10⁻⁵');
  assert.equal(formatNumber(3.15e23, 'exponent'), '3.1500 × 10²³');
  assert.equal(formatNumber(-1234.5), '−1,234.5000');
  assert.equal(formatNumber(0), '0.0000');
  assert.equal(formatNumber(-Infinity), '−∞');
  assert.equal(formatNumber(0.916290731874155, 10), '0.9162907319');
});

const folder = new URL('../../src/calculators/', import.meta.url);
const ids = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && name !== 'compute.ts')
  .map((name) => name.slice(0, -3));

/** Renders every formula and walks every result; throws a sentence about the first fault. */
function inspect(
  id: string,
  calculator: AnyCalculator,
  raw: Readonly<Record<string, unknown>>,
): void {
  const computed = computeCalculator(calculator, raw);
  if (!computed.ok) return;
  for (const { text, tex: formula } of computed.worked.steps) {
    assert.match(text, /[。：，]/, `${id}: ${text}`);
    const html = katex.renderToString(formula, {
      displayMode: true,
      strict: 'error',
      throwOnError: true,
    });
    assert.ok(!/NaN|undefined/.test(html), `${id} with ${JSON.stringify(raw)}: ${formula}`);
  }
  for (const [name, result] of Object.entries(computed.worked.results)) {
    assert.ok(
      !Number.isNaN(result.value),
      `${id}.${name} with ${JSON.stringify(raw)} is not a number`,
    );
    assert.ok(formatResult(result).length < 40, `${id}.${name}: ${formatResult(result)}`);
  }
}

for (const id of ids) {
  const { default: calculator } = (await import(new URL(`${id}.ts`, folder).href)) as {
    default: AnyCalculator;
  };
  const inputs = calculator.inputs as CalculatorInputs;

  test(`${id} works at its defaults`, () => {
    const computed = computeCalculator(calculator, {});
    assert.ok(computed.ok, JSON.stringify(computed));
    assert.ok(computed.worked.steps.length > 0 && Object.keys(computed.worked.results).length > 0);
  });

  test(`${id} writes formulas that KaTeX accepts, and finite numbers, at every bound and option`, () => {
    inspect(id, calculator, {});
    for (const [name, spec] of Object.entries(inputs)) {
      const values: unknown[] = isOption(spec)
        ? Object.keys(spec.options)
        : rankOf(spec) === 0
          ? [spec.min, spec.max, 0].filter((bound) => bound !== undefined)
          : [];
      for (const value of values) inspect(id, calculator, { [name]: value });
    }
  });
}
