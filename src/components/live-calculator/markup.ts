/**
 * A calculator's fields, results and steps as HTML text: the same for the build and for a live edit. Knows neither
 * KaTeX (it is handed in, so that a page loads it only when someone edits) nor the DOM.
 */
import {
  allowedNumbers,
  formatResult,
  isOption,
  MAX_LENGTH,
  rankOf,
} from '../../calculators/compute.ts';
import type {
  CalculatorInputs,
  Option,
  Quantity,
  Result,
  Worked,
} from '../../contract/calculator.ts';
import type { View } from '../../contract/view.ts';

/** KaTeX source to HTML. */
export type RenderTex = (tex: string, display: boolean) => string;

/** What stands in the cells of one field, as typed: a text, a row of texts, or rows of texts. */
export type Typed = string | readonly string[] | readonly (readonly string[])[];

export const WORDS = {
  eyebrow: '算一算',
  reset: '恢复原来的数',
  needsScript: '打开 JavaScript，就能改这里的数。',
  stale: '有格子填错了。下面还是上一次能算的结果。',
  failed: '没能载入计算代码。请检查网络，再刷新页面。',
  results: '结果',
  steps: '怎么算出来的',
  document: '文档的公式',
  right: '正确',
} as const;

export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/** `endDocument` → `end-document`, for `data-end-document`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A value as the texts of its cells. */
export function typedFrom(value: unknown): Typed {
  if (!Array.isArray(value)) return String(value);
  return value.map((entry: unknown) =>
    Array.isArray(entry) ? entry.map(String) : String(entry),
  ) as Typed;
}

function cell(
  prefix: string,
  input: string,
  quantity: Quantity,
  text: string,
  index: readonly number[],
  name: string | undefined,
): string {
  const id = [prefix, input, ...index].join('-');
  const spoken = name === undefined ? '' : ` aria-label="${escapeHtml(name)}"`;
  return (
    `<input type="text" inputmode="${quantity.integer && (quantity.min ?? -1) >= 0 ? 'numeric' : 'decimal'}"` +
    ` id="${id}" data-input="${input}" data-index="${index.join(',')}" value="${escapeHtml(text)}"` +
    ` title="${escapeHtml(allowedNumbers(quantity))}"${spoken} autocomplete="off" spellcheck="false"` +
    ` aria-describedby="${prefix}-${input}-problem" />`
  );
}

function sizeButton(
  input: string,
  change: string,
  sign: string,
  name: string,
  off: boolean,
): string {
  return (
    `<button type="button" class="size needs-script" data-size="${change}" data-input="${input}"` +
    ` aria-label="${escapeHtml(name)}" title="${escapeHtml(name)}"${off ? ' disabled' : ''}>${sign}</button>`
  );
}

function vectorCells(
  prefix: string,
  input: string,
  quantity: Quantity,
  typed: readonly string[],
): string {
  const cells = typed.map((text, at) =>
    cell(prefix, input, quantity, text, [at], `${quantity.label}，第 ${at + 1} 个`),
  );
  return (
    `<span class="cells">${cells.join('')}` +
    sizeButton(input, 'remove', '−', `${quantity.label}：去掉最后一个`, typed.length <= 1) +
    sizeButton(input, 'add', '+', `${quantity.label}：再加一个`, typed.length >= MAX_LENGTH) +
    `</span>`
  );
}

function matrixCells(
  prefix: string,
  input: string,
  quantity: Quantity,
  typed: readonly (readonly string[])[],
): string {
  const columns = typed[0]?.length ?? 0;
  const cells = typed.flatMap((row, r) =>
    row.map((text, c) =>
      cell(
        prefix,
        input,
        quantity,
        text,
        [r, c],
        `${quantity.label}，第 ${r + 1} 行第 ${c + 1} 列`,
      ),
    ),
  );
  const { label } = quantity;
  return (
    `<span class="matrix" style="--columns: ${columns}">${cells.join('')}</span>` +
    `<span class="sizes needs-script"><span>行</span>` +
    sizeButton(input, 'remove', '−', `${label}：去掉最后一行`, typed.length <= 1) +
    sizeButton(input, 'add', '+', `${label}：再加一行`, typed.length >= MAX_LENGTH) +
    `<span>列</span>` +
    sizeButton(input, 'remove-column', '−', `${label}：去掉最后一列`, columns <= 1) +
    sizeButton(input, 'add-column', '+', `${label}：再加一列`, columns >= MAX_LENGTH) +
    `</span>`
  );
}

/** The cells of a vector or matrix with their buttons; also what replaces them when the size changes. */
export function cellsHtml(prefix: string, input: string, quantity: Quantity, typed: Typed): string {
  switch (rankOf(quantity)) {
    case 0:
      return cell(prefix, input, quantity, typeof typed === 'string' ? typed : '', [], undefined);
    case 1:
      return vectorCells(prefix, input, quantity, typed as readonly string[]);
    case 2:
      return matrixCells(prefix, input, quantity, typed as readonly (readonly string[])[]);
  }
}

function selectHtml(prefix: string, input: string, option: Option, typed: Typed): string {
  const choices = Object.entries(option.options).map(
    ([value, words]) =>
      `<option value="${escapeHtml(value)}"${value === typed ? ' selected' : ''}>${escapeHtml(words)}</option>`,
  );
  return (
    `<select id="${prefix}-${input}" data-input="${input}" autocomplete="off"` +
    ` aria-describedby="${prefix}-${input}-problem">${choices.join('')}</select>`
  );
}

/** One labelled field. `prefix` makes its ids unique on the page. */
export function fieldHtml(
  prefix: string,
  input: string,
  spec: Quantity | Option,
  typed: Typed,
  render: RenderTex,
): string {
  const problem = `<span class="problem" id="${prefix}-${input}-problem" hidden></span>`;
  const label = `<span>${escapeHtml(spec.label)}</span>`;
  if (isOption(spec)) {
    return (
      `<div class="field choice" data-field="${input}"><label for="${prefix}-${input}">${label}</label>` +
      `${selectHtml(prefix, input, spec, typed)}${problem}</div>`
    );
  }
  const symbol = `<span class="symbol">${render(spec.symbol, false)}</span>`;
  const cells = `<span class="control">${cellsHtml(prefix, input, spec, typed)}</span>`;
  return rankOf(spec) === 0
    ? `<div class="field" data-field="${input}"><label for="${prefix}-${input}">${symbol}${label}</label>${cells}${problem}</div>`
    : `<fieldset class="field wide" data-field="${input}"><legend>${symbol}${label}</legend>${cells}${problem}</fieldset>`;
}

export function fieldsHtml(
  prefix: string,
  inputs: CalculatorInputs,
  typed: Readonly<Record<string, Typed>>,
  render: RenderTex,
): string {
  return Object.entries(inputs)
    .map(([input, spec]) =>
      fieldHtml(prefix, input, spec, typed[input] ?? typedFrom(spec.default), render),
    )
    .join('');
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** The powers of ten of a number's text as real superscripts: faces draw ¹²³ and ⁰⁴⁵ at different heights. */
function raised(text: string): string {
  return text.replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (power) => {
    const digits = [...power].map((sign) => (sign === '⁻' ? '−' : SUPERSCRIPTS.indexOf(sign)));
    return `<sup>${digits.join('')}</sup>`;
  });
}

function resultHtml(name: string, result: Result): string {
  const value = raised(escapeHtml(formatResult(result)));
  const unit =
    result.unit === undefined ? '' : ` <span class="unit">${escapeHtml(result.unit)}</span>`;
  const shown =
    result.mark === 'wrong'
      ? `<del>${value}${unit}</del> <span class="tag">${WORDS.document}</span>`
      : `${value}${unit}${result.mark === 'right' ? ` <span class="tag">${WORDS.right}</span>` : ''}`;
  const mark = result.mark === undefined ? '' : ` data-mark="${result.mark}"`;
  return `<div${mark}><dt>${escapeHtml(result.label)}</dt><dd data-result="${kebab(name)}">${shown}</dd></div>`;
}

export function resultsHtml(worked: Worked): string {
  return Object.entries(worked.results)
    .map(([name, result]) => resultHtml(name, result))
    .join('');
}

/** The results as one sentence, for a screen reader. */
export function resultsSentence(worked: Worked): string {
  const said = Object.values(worked.results).map((result) => {
    const wrong = result.mark === 'wrong' ? `（${WORDS.document}）` : '';
    return `${result.label}${wrong} ${formatResult(result)}${result.unit === undefined ? '' : ` ${result.unit}`}`;
  });
  return `${said.join('；')}。`;
}

export function stepsHtml(worked: Worked, render: RenderTex): string {
  return worked.steps
    .map(
      (step) =>
        `<li><p>${escapeHtml(step.text)}</p><div class="formula">${render(step.tex, true)}</div></li>`,
    )
    .join('');
}

/** A table with more rows than this is folded. */
const LONG_TABLE = 12;

/** The pictures; a long table is folded under its title. `draw` is told whether to write the title above. */
export function viewsHtml(worked: Worked, draw: (view: View, caption: boolean) => string): string {
  return (worked.views ?? [])
    .map((view) =>
      view.kind === 'table' && view.rows.length > LONG_TABLE
        ? `<details class="fold"><summary>${escapeHtml(view.title)}</summary>${draw(view, false)}</details>`
        : draw(view, true),
    )
    .join('');
}
