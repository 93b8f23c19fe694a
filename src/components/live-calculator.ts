/**
 * `<live-calculator>`: recomputes a calculator as its cells are edited. The page already shows it worked out;
 * the code of the calculator and KaTeX are fetched at the first edit, or when the steps are opened, whose MathML is then
 * set anew by KaTeX. Knows no calculator by name.
 */
import type { Computed, InputProblem } from '../calculators/compute.ts';
import type { AnyCalculator, CalculatorInputs, Worked } from '../contract/calculator.ts';
import type { RenderTex, Typed } from './live-calculator/markup.ts';
import { livenViews, putViews } from './views/liven.ts';

const CALCULATORS = import.meta.glob<AnyCalculator>(
  ['../calculators/*.ts', '!../calculators/compute.ts'],
  { import: 'default' },
);

/** Milliseconds without an edit before the results are spoken. */
const QUIET = 800;

async function loadTools(id: string) {
  const load = CALCULATORS[`../calculators/${id}.ts`];
  if (load === undefined) throw new Error(`no calculator ${id}`);
  const [calculator, compute, markup, views, katex] = await Promise.all([
    load(),
    import('../calculators/compute.ts'),
    import('./live-calculator/markup.ts'),
    import('./views/draw.ts'),
    import('katex'),
  ]);
  const render: RenderTex = (tex, displayMode) =>
    katex.default.renderToString(tex, { displayMode, throwOnError: false });
  return { calculator, compute, markup, views, render };
}
type Tools = Awaited<ReturnType<typeof loadTools>>;
type Cell = HTMLInputElement | HTMLSelectElement;

class LiveCalculator extends HTMLElement {
  #tools: Promise<Tools> | undefined;
  #initial = '';
  #edits = 0;
  #speaking: ReturnType<typeof setTimeout> | undefined;
  #widths: ResizeObserver | undefined;
  #resultNames: string[] = [];
  /** The pictures as they were last drawn. */
  #pictures = '';
  /** What the page shows; undefined while it is still what the build worked out. */
  #worked: Worked | undefined;

  connectedCallback(): void {
    if (this.#initial === '') {
      const form = this.#part('fields');
      this.#initial = form.innerHTML;
      this.addEventListener('input', () => void this.#edited());
      this.addEventListener('change', () => void this.#edited());
      this.addEventListener('click', (event) => void this.#clicked(event));
      this.addEventListener('submit', (event) => event.preventDefault());
      this.addEventListener('toggle', () => void this.#opened(), { capture: true });
      for (const sign of ['focusin', 'pointerover']) {
        this.addEventListener(sign, (event) => this.#foreseen(event));
      }
    }
    for (const button of this.querySelectorAll<HTMLButtonElement>('[data-action="reset"]')) {
      button.disabled = false;
    }
    this.#widths = new ResizeObserver(() => this.#markScrollers());
    this.#widths.observe(this);
    if (this.dataset['state'] === 'failed') this.dataset['state'] = 'ok';
    this.#part('failed').hidden = true;
    this.dataset['ready'] = '';
    livenViews(this);
    // The reader may have been faster than this code.
    if (this.#cells().some(isChanged)) void this.#edited();
    void this.#opened();
  }

  disconnectedCallback(): void {
    this.#widths?.disconnect();
    clearTimeout(this.#speaking);
  }

  #part(name: string): HTMLElement {
    const part = this.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (part === null) throw new Error(`live-calculator without its part ${name}`);
    return part;
  }

  /** A wide formula scrolls inside its box; only then is the box a stop of the Tab key. */
  #markScrollers(): void {
    for (const box of this.querySelectorAll<HTMLElement>('.formula')) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute('tabindex');
    }
  }

  /** A cell has the focus, or the pointer is on the title of the folded steps: both will need the tools. */
  #foreseen(event: Event): void {
    const wanted = event.type === 'focusin' ? 'input, select, summary' : 'summary';
    if (this.#tools !== undefined || !(event.target as Element).matches(wanted)) return;
    this.#tools = loadTools(this.dataset['calculator'] ?? '');
    this.#tools.catch(() => (this.#tools = undefined));
  }

  /** The steps, once open, are set by KaTeX; until it is here they stand in MathML. */
  async #opened(): Promise<void> {
    if (!this.#stepsAreOpen() || this.#worked !== undefined) return;
    const tools = await this.#load();
    if (tools === undefined || this.#worked !== undefined) return;
    const built = document.createElement('div');
    built.innerHTML = this.#initial;
    const computed = tools.compute.computeCalculator(tools.calculator, this.#typed(tools, built));
    if (computed.ok) this.#showSteps(tools, computed.worked);
  }

  #stepsAreOpen(): boolean {
    return this.querySelector<HTMLDetailsElement>('[data-part="steps-fold"]')?.open ?? false;
  }

  #showSteps(tools: Tools, worked: Worked): void {
    this.#worked = worked;
    this.#part('steps').innerHTML = tools.markup.stepsHtml(worked, tools.render);
    this.#markScrollers();
  }

  async #load(): Promise<Tools | undefined> {
    this.#tools ??= loadTools(this.dataset['calculator'] ?? '');
    this.setAttribute('aria-busy', 'true');
    try {
      return await this.#tools;
    } catch (error) {
      this.#tools = undefined;
      this.dataset['state'] = 'failed';
      this.#part('failed').hidden = false;
      console.error(error);
      return undefined;
    } finally {
      this.removeAttribute('aria-busy');
    }
  }

  #cells(input?: string, place: Element = this): Cell[] {
    const filter = input === undefined ? '' : `[data-input="${input}"]`;
    return [
      ...place.querySelectorAll<Cell>(`input[data-input]${filter}, select[data-input]${filter}`),
    ];
  }

  /** What is typed in every cell, in the shape that the calculator's inputs have. */
  #typed(tools: Tools, place: Element = this): Record<string, Typed> {
    const typed: Record<string, Typed> = {};
    for (const [input, spec] of Object.entries(tools.calculator.inputs as CalculatorInputs)) {
      const cells = this.#cells(input, place);
      const texts = cells.map((cell) => cell.value);
      const rank = tools.compute.isOption(spec) ? 0 : tools.compute.rankOf(spec);
      if (rank === 0) typed[input] = texts[0] ?? '';
      else if (rank === 1) typed[input] = texts;
      else {
        const rows: string[][] = [];
        for (const cell of cells) {
          const row = Number((cell.dataset['index'] ?? '').split(',')[0]);
          (rows[row] ??= []).push(cell.value);
        }
        typed[input] = rows;
      }
    }
    return typed;
  }

  async #edited(): Promise<void> {
    const edit = ++this.#edits;
    const tools = await this.#load();
    if (tools === undefined || edit !== this.#edits) return;
    this.#part('failed').hidden = true;
    this.#show(tools, tools.compute.computeCalculator(tools.calculator, this.#typed(tools)));
  }

  #show(tools: Tools, computed: Computed): void {
    this.#markProblems(computed.ok ? [] : computed.problems);
    this.#part('stale').hidden = computed.ok;
    this.dataset['state'] = computed.ok ? 'ok' : 'invalid';
    clearTimeout(this.#speaking);
    if (!computed.ok) {
      const said = computed.problems.map((problem) => problem.message).join(' ');
      this.#speaking = setTimeout(() => (this.#part('live').textContent = said), QUIET);
      return;
    }
    const { worked } = computed;
    const { markup } = tools;
    this.#part('results').innerHTML = markup.resultsHtml(worked);
    this.#showSteps(tools, worked);
    const pictures = this.#part('views');
    const width = pictures.clientWidth;
    const open = pictures.querySelector('details')?.open ?? false;
    const html = markup.viewsHtml(worked, (view, caption) =>
      tools.views.drawView(view, { width, caption }),
    );
    // Leaving a cell tells of the same numbers again: a button that is just being pressed must not be taken away.
    if (html !== this.#pictures) {
      this.#pictures = html;
      putViews(pictures, html);
      for (const fold of pictures.querySelectorAll('details')) fold.open = open;
    }
    for (const name of this.#resultNames) this.removeAttribute(name);
    this.#resultNames = Object.entries(worked.results).map(([name, result]) => {
      const attribute = `data-${markup.kebab(name)}`;
      this.setAttribute(attribute, String(result.value));
      return attribute;
    });
    const said = markup.resultsSentence(worked);
    this.#speaking = setTimeout(() => (this.#part('live').textContent = said), QUIET);
  }

  #markProblems(problems: readonly InputProblem[]): void {
    for (const cell of this.#cells()) {
      const own = problems.filter(
        ({ input, index }) =>
          input === cell.dataset['input'] &&
          (index === undefined || index.join(',') === cell.dataset['index']),
      );
      if (own.length > 0) cell.setAttribute('aria-invalid', 'true');
      else cell.removeAttribute('aria-invalid');
    }
    for (const field of this.querySelectorAll<HTMLElement>('[data-field]')) {
      const sentences = problems
        .filter(({ input }) => input === field.dataset['field'])
        .map(({ index, message }) => this.#place(index) + message);
      const note = field.querySelector<HTMLElement>('.problem');
      if (note === null) continue;
      note.hidden = sentences.length === 0;
      note.textContent = sentences.join(' ');
    }
  }

  #place(index: readonly number[] | undefined): string {
    const [first, second] = index ?? [];
    if (first === undefined) return '';
    return second === undefined
      ? `第 ${first + 1} 个：`
      : `第 ${first + 1} 行第 ${second + 1} 列：`;
  }

  async #clicked(event: Event): Promise<void> {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button === null) return;
    if (button.dataset['action'] === 'reset') {
      this.#part('fields').innerHTML = this.#initial;
      await this.#edited();
    }
    const { size, input } = button.dataset;
    if (size !== undefined && input !== undefined) await this.#resize(input, size);
  }

  /** Adds or removes an entry of a vector, or a row or column of a matrix, and puts the focus where it was wanted. */
  async #resize(input: string, change: string): Promise<void> {
    const tools = await this.#load();
    const control = this.querySelector(`[data-field="${input}"] .control`);
    const quantity = (tools?.calculator.inputs as CalculatorInputs | undefined)?.[input];
    if (tools === undefined || control === null || quantity === undefined) return;
    if (tools.compute.isOption(quantity)) return;
    const typed = this.#typed(tools)[input];
    if (typed === undefined || typeof typed === 'string') return;
    const fresh = String(Math.max(quantity.min ?? 0, Math.min(quantity.max ?? 0, 0)));
    const next = resized(typed, change, fresh);
    control.innerHTML = tools.markup.cellsHtml(this.id, input, quantity, next);
    const again = control.querySelector<HTMLButtonElement>(`[data-size="${change}"]`);
    const cells = this.#cells(input);
    if (change === 'add' && rankIsOne(next)) {
      const last = cells.at(-1);
      last?.focus();
      if (last instanceof HTMLInputElement) last.select();
    } else if (again?.disabled === false) again.focus();
    else cells.at(-1)?.focus();
    await this.#edited();
  }
}

/** Does a cell hold something else than the page came with? */
function isChanged(cell: Cell): boolean {
  return cell instanceof HTMLInputElement
    ? cell.value !== cell.defaultValue
    : [...cell.options].some((option) => option.selected !== option.defaultSelected);
}

function rankIsOne(typed: Typed): boolean {
  return typeof typed[0] === 'string';
}

function resized(typed: Exclude<Typed, string>, change: string, fresh: string): Typed {
  const entries = [...typed];
  const first = entries[0];
  switch (change) {
    case 'add':
      return [...entries, Array.isArray(first) ? first.map(() => fresh) : fresh] as Typed;
    case 'remove':
      return entries.slice(0, -1) as Typed;
    case 'add-column':
      return entries.map((row) => [...row, fresh]);
    case 'remove-column':
      return entries.map((row) => (typeof row === 'string' ? row : row.slice(0, -1))) as Typed;
    default:
      return typed;
  }
}

customElements.define('live-calculator', LiveCalculator);
