/** Every calculator of the book on its page: read without JavaScript, edited, refused, reset, worked by keyboard. */
import { readFileSync, readdirSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { computeCalculator, formatResult, isOption } from '../../src/calculators/compute.ts';
import { kebab } from '../../src/components/live-calculator/markup.ts';
import type {
  AnyCalculator,
  CalculatorInputs,
  Option,
  Quantity,
  Worked,
} from '../../src/contract/calculator.ts';
import { watch } from './live.ts';
import { PAGES, fileOf } from './site.ts';

interface Placed {
  readonly id: string;
  readonly page: string;
  readonly calculator: AnyCalculator;
  readonly inputs: CalculatorInputs;
}

const folder = new URL('../../src/calculators/', import.meta.url);

/** Every calculator with the first page that shows it as its file has it. */
const CALCULATORS: readonly Placed[] = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && name !== 'compute.ts')
    .map(async (name) => {
      const id = name.slice(0, -'.ts'.length);
      const page = PAGES.find((path) =>
        readFileSync(fileOf(path), 'utf8').includes(`data-calculator="${id}"`),
      );
      if (page === undefined) throw new Error(`no page shows the calculator ${id}`);
      const module = (await import(new URL(name, folder).href)) as { default: AnyCalculator };
      const calculator = module.default;
      return { id, page, calculator, inputs: calculator.inputs as CalculatorInputs };
    }),
);

function named(id: string): Placed {
  const found = CALCULATORS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no calculator ${id}`);
  return found;
}

function work(calculator: AnyCalculator, raw: Readonly<Record<string, unknown>> = {}): Worked {
  const computed = computeCalculator(calculator, raw);
  if (!computed.ok) throw new Error(computed.problems.map(({ message }) => message).join(' '));
  return computed.worked;
}

const rootOf = (page: Page, id: string): Locator =>
  page.locator(`live-calculator[data-calculator="${id}"]`).first();

/** Opens the page and comes near the calculator, as a reader who scrolls. */
async function open(page: Page, { id, page: path }: Placed): Promise<Locator> {
  await page.goto(path);
  const root = rootOf(page, id);
  await root.scrollIntoViewIfNeeded();
  await expect(root).toHaveAttribute('data-ready', '');
  return root;
}

const cell = (root: Locator, input: string): Locator =>
  root.locator(`:is(input, select)[data-input="${input}"]`).first();

/** The results that the page shows, from its attributes; equal but for the last digits of the machine. */
async function expectResults(root: Locator, worked: Worked): Promise<void> {
  const wanted = Object.entries(worked.results).map(([name, { value }]) => ({
    name: kebab(name),
    value,
  }));
  const read = (element: Element, names: string[]): (readonly [string | null, boolean])[] =>
    names.map((name) => {
      const told = element.querySelector(`dd[data-result="${name}"]`)?.textContent ?? '';
      return [element.getAttribute(`data-${name}`), told.trim() !== ''];
    });
  const names = wanted.map(({ name }) => name);
  await expect
    .poll(async () => {
      const shown = await root.evaluate(read, names);
      return wanted.map(({ name, value }, i) => {
        const [attribute, told] = shown[i]!;
        const number = attribute === null ? NaN : Number(attribute);
        // The last bits of exp differ between engines; a difference of two results is all last bits.
        const near = Math.abs(number - value) <= Math.max(1e-11, 1e-9 * Math.abs(value));
        return { name, value: near || Object.is(number, value) ? value : number, told };
      });
    })
    .toEqual(wanted.map((one) => ({ ...one, told: true })));
}

/** Another allowed value of a quantity: a little more than now, or less where that is too much. */
function another({ integer, min = -Infinity, max = Infinity }: Quantity, now: number): number {
  const step = integer === true ? 1 : Math.abs(now) / 4 || 0.5;
  const next = now + step <= max ? now + step : now - step;
  return Math.max(min, next);
}

/** A raw input with its first number, or its choice, replaced; and that first entry as a cell has it. */
function changed(spec: Quantity | Option): { raw: unknown; typed: string } {
  if (isOption(spec)) {
    const key = Object.keys(spec.options).find((name) => name !== spec.default) ?? spec.default;
    return { raw: key, typed: key };
  }
  const [first = NaN] = [spec.default].flat(2);
  const value = another(spec, first);
  const typed = String(value);
  const { default: start } = spec;
  if (typeof start === 'number') return { raw: value, typed };
  const copy = structuredClone(start) as (number | number[])[];
  if (Array.isArray(copy[0])) copy[0][0] = value;
  else copy[0] = value;
  return { raw: copy, typed };
}

async function put(root: Locator, input: string, spec: Quantity | Option, typed: string) {
  if (isOption(spec)) await cell(root, input).selectOption(typed);
  else await cell(root, input).fill(typed);
}

const steps = (root: Locator): Locator => root.locator('[data-part="steps-fold"]');
/** The TeX that KaTeX was given, which it keeps in every formula. */
const typeset = (root: Locator): Promise<string[]> =>
  root.locator('[data-part="steps"] .katex-mathml annotation').allTextContents();

for (const placed of CALCULATORS) {
  const { id, page: path, calculator, inputs } = placed;

  test(`${id} can be read without JavaScript: its results, and its steps in MathML`, async ({
    browser,
  }) => {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(path);
    const root = rootOf(page, id);
    const worked = work(calculator);
    for (const [name, result] of Object.entries(worked.results)) {
      await expect(root).toHaveAttribute(`data-${kebab(name)}`, /./);
      const plain = formatResult(result).replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+$/, '');
      await expect(root.locator(`dd[data-result="${kebab(name)}"]`)).toContainText(plain);
    }
    await expect(root.locator('.no-script')).toBeVisible();
    await expect(root.locator('[data-action="reset"]')).toBeHidden();
    const formula = root.locator('[data-part="steps"] .formula > math');
    await expect(formula).toHaveCount(worked.steps.length);
    await expect(formula.first()).toBeHidden();
    await steps(root).locator('summary').click();
    await expect(formula.first()).toBeVisible();
    await page.context().close();
  });

  test(`${id} recomputes every result as each of its cells is edited, and reset brings the first back`, async ({
    page,
  }) => {
    const { problems } = watch(page);
    const root = await open(page, placed);
    const raw: Record<string, unknown> = {};
    let last = work(calculator);
    for (const [input, spec] of Object.entries(inputs)) {
      const change = changed(spec);
      await put(root, input, spec, change.typed);
      const computed = computeCalculator(calculator, { ...raw, [input]: change.raw });
      if (computed.ok) {
        raw[input] = change.raw;
        last = computed.worked;
        await expectResults(root, last);
        await expect(root).toHaveAttribute('data-state', 'ok');
      } else {
        // A combination that this calculator refuses: said at the cell, and taken back.
        await expect(root).toHaveAttribute('data-state', 'invalid');
        const at = root.locator(`[data-field="${computed.problems[0]?.input ?? ''}"] .problem`);
        await expect(at).toContainText(computed.problems[0]?.message ?? '');
        await expectResults(root, last);
        await put(root, input, spec, String([spec.default].flat(2)[0]));
        await expectResults(root, last);
      }
    }
    expect(Object.keys(raw).length).toBeGreaterThan(0);
    await root.locator('[data-action="reset"]').click();
    await expectResults(root, work(calculator));
    for (const [input, spec] of Object.entries(inputs)) {
      await expect(cell(root, input)).toHaveValue(String([spec.default].flat(2)[0]));
    }
    expect(problems).toEqual([]);
  });

  test(`${id} refuses an empty cell, a text and a number out of bounds with what is allowed, and keeps the last good results`, async ({
    page,
  }) => {
    const { problems } = watch(page);
    const root = await open(page, placed);
    const good = work(calculator);
    for (const [input, spec] of Object.entries(inputs)) {
      if (isOption(spec)) continue;
      const start = String([spec.default].flat(2)[0]);
      const wrong = ['', 'abc'];
      if (spec.min !== undefined) wrong.push(String(spec.min - 1));
      if (spec.max !== undefined) wrong.push(String(spec.max * 2 + 1));
      if (spec.integer === true) wrong.push(String((spec.min ?? 0) + 0.5));
      const note = root.locator(`[data-field="${input}"] .problem`);
      for (const text of wrong) {
        await cell(root, input).fill(text);
        await expect(root).toHaveAttribute('data-state', 'invalid');
        await expect(cell(root, input)).toHaveAttribute('aria-invalid', 'true');
        await expect(note).toBeVisible();
        await expect(note).toContainText('请填');
        if (spec.min !== undefined) await expect(note).toContainText(String(spec.min));
        await expect(root.locator('[data-part="stale"]')).toBeVisible();
        await expectResults(root, good);
      }
      await cell(root, input).fill(start);
      await expect(root).toHaveAttribute('data-state', 'ok');
      await expect(root.locator('[aria-invalid]')).toHaveCount(0);
      await expect(note).toBeHidden();
      await expect(root.locator('[data-part="stale"]')).toBeHidden();
    }
    expect(problems).toEqual([]);
  });

  test(`${id} sets its steps with KaTeX when they are opened, with the reader’s numbers after an edit`, async ({
    page,
  }) => {
    const { problems } = watch(page);
    const root = await open(page, placed);
    await steps(root).locator('summary').click();
    await expect.poll(() => typeset(root)).toEqual(work(calculator).steps.map(({ tex }) => tex));
    await expect(root.locator('[data-part="steps"] .katex-html').first()).toBeVisible();
    await expect(root.locator('[data-part="steps"] .katex-error')).toHaveCount(0);
    const [input, spec] =
      Object.entries(inputs).find(
        ([name, one]) => computeCalculator(calculator, { [name]: changed(one).raw }).ok,
      ) ?? [];
    if (input === undefined || spec === undefined) throw new Error(`${id} has nothing to edit`);
    const { raw, typed } = changed(spec);
    await put(root, input, spec, typed);
    const worked = work(calculator, { [input]: raw });
    await expect.poll(() => typeset(root)).toEqual(worked.steps.map(({ tex }) => tex));
    await expect(steps(root)).toHaveAttribute('open', '');
    expect(problems).toEqual([]);
  });
}

test('a calculator is edited, its steps opened and its numbers reset with the keyboard alone', async ({
  page,
}) => {
  const placed = named('gradient-step');
  const root = await open(page, placed);
  await cell(root, 'x').focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('3');
  await expectResults(root, work(placed.calculator, { x: 3 }));
  await page.keyboard.press('Tab');
  await expect(cell(root, 'y')).toBeFocused();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('-1');
  const edited = work(placed.calculator, { x: 3, y: -1 });
  await expectResults(root, edited);
  await expect(root.locator('[data-part="live"]')).toContainText(
    formatResult(edited.results['exact'] ?? { label: '', value: NaN }),
  );
  while (!(await root.locator('[data-action="reset"]').evaluate((b) => b.matches(':focus')))) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Tab');
  await expect(steps(root).locator('summary')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => typeset(root)).toEqual(edited.steps.map(({ tex }) => tex));
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expectResults(root, work(placed.calculator));
  await expect(cell(root, 'x')).toHaveValue('-2');
});

for (const placed of CALCULATORS) {
  test(`${placed.id} is accessible with its steps open and a cell refused, in light and dark`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    const root = await open(page, placed);
    await steps(root).locator('summary').click();
    await expect(root.locator('[data-part="steps"] .katex-html').first()).toBeVisible();
    await root.locator('input[data-input]').first().fill('?');
    await expect(root).toHaveAttribute('data-state', 'invalid');
    const axe = (): AxeBuilder =>
      new AxeBuilder({ page }).include(`live-calculator[data-calculator="${placed.id}"]`);
    const told = ({ violations }: Awaited<ReturnType<AxeBuilder['analyze']>>): string[] =>
      violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
    expect(told(await axe().analyze()), 'light').toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect(told(await axe().withRules('color-contrast').analyze()), 'dark').toEqual([]);
  });
}

test('a vector grows and shrinks with its buttons', async ({ page }) => {
  const root = await open(page, named('line-fit'));
  const { calculator } = named('line-fit');
  for (const input of ['x', 'y']) {
    await root.locator(`[data-size="add"][data-input="${input}"]`).click();
    await expect(root.locator(`input[data-input="${input}"]`)).toHaveCount(5);
    await expect(root.locator(`input[data-input="${input}"]`).last()).toBeFocused();
  }
  await expectResults(root, work(calculator, { x: [1, 2, 3, 4, 0], y: [0, 1, 4, 9, 0] }));
  await root.locator('[data-size="remove"][data-input="x"]').click();
  await expect(root).toHaveAttribute('data-state', 'invalid');
  await root.locator('[data-size="remove"][data-input="y"]').click();
  await expectResults(root, work(calculator));
});

test('a matrix grows and shrinks by rows and columns, and says when its rows do not add up', async ({
  page,
}) => {
  const root = await open(page, named('cross-entropy-batch'));
  const { calculator, inputs } = named('cross-entropy-batch');
  const cells = root.locator('input[data-input="p"]');
  const before = await cells.count();
  const rows = (inputs['p'] as Quantity).default as readonly (readonly number[])[];
  const size = (change: string): Locator => root.locator(`[data-size="${change}"][data-input="p"]`);
  await size('add-column').click();
  await expect(cells).toHaveCount(before + rows.length);
  const wider = { p: rows.map((row) => [...row, 0]) };
  const computed = computeCalculator(calculator, wider);
  await expect(root).toHaveAttribute('data-state', computed.ok ? 'ok' : 'invalid');
  if (computed.ok) await expectResults(root, computed.worked);
  await size('remove-column').click();
  await expect(cells).toHaveCount(before);
  await expectResults(root, work(calculator));
  await size('add').click();
  await expect(root).toHaveAttribute('data-state', 'invalid');
  await expect(root.locator('[data-field] .problem:not([hidden])').first()).toBeVisible();
  await size('remove').click();
  await expect(root).toHaveAttribute('data-state', 'ok');
  await expectResults(root, work(calculator));
});

test('a page fetches no code of its calculators until the reader comes near one', async ({
  page,
}) => {
  const { id, page: path } = named('adam-bias-correction');
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const code = (): string[] =>
    fetched.filter((name) => /live-calculator|katex\.[^/]*\.js|adam-bias/i.test(name));
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  expect(code()).toEqual([]);
  const root = rootOf(page, id);
  expect(await root.getAttribute('data-ready')).toBeNull();
  await root.scrollIntoViewIfNeeded();
  await expect(root).toHaveAttribute('data-ready', '');
  expect(code().filter((name) => /katex|adam-bias/i.test(name))).toEqual([]);
  await cell(root, 't').fill('20');
  await expect.poll(() => code().some((name) => name.includes('adam-bias'))).toBe(true);
});

test('a calculator works in a browser that cannot tell what is near', async ({ page }) => {
  await page.addInitScript('delete window.IntersectionObserver');
  const { id, page: path, calculator } = named('loss-functions');
  await page.goto(path);
  const root = rootOf(page, id);
  await expect(root).toHaveAttribute('data-ready', '');
  await cell(root, 'z').fill('2');
  await expectResults(root, work(calculator, { z: 2 }));
});

test('a calculator whose code cannot be fetched says so, keeps its numbers, and works once it can', async ({
  page,
}) => {
  const { id, page: path, calculator } = named('loss-functions');
  let broken = true;
  await page.route(/\/_astro\/compute\.[^/]*\.js/, (route) =>
    broken ? route.abort() : route.continue(),
  );
  await page.goto(path);
  const root = rootOf(page, id);
  await root.scrollIntoViewIfNeeded();
  await cell(root, 'z').fill('2');
  await expect(root).toHaveAttribute('data-state', 'failed');
  await expect(root.locator('[data-part="failed"]')).toBeVisible();
  await expectResults(root, work(calculator));
  broken = false;
  await cell(root, 'z').fill('3');
  await expectResults(root, work(calculator, { z: 3 }));
  await expect(root.locator('[data-part="failed"]')).toBeHidden();
});
