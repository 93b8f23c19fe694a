/** Draws a live example's charts, views, numbers and tables; fetched when the first of them is wanted. Knows no worker. */
import type { RecordedRun } from '../../contract/recording.ts';
import type { CurveView, Series, View } from '../../contract/view.ts';
import { formatNumber } from '../../i18n/numbers.ts';
import { zh } from '../../i18n/zh.ts';
import {
  curveLayout,
  drawView,
  tableTwin,
  type CurveLayout,
  type DrawOptions,
} from '../views/draw.ts';
import { putViews } from '../views/liven.ts';
import {
  chartGroups,
  chartView,
  nearest,
  runSeries,
  sparse,
  type ChartGroup,
  type Points,
  type RunRecord,
} from './history.ts';
import { DEFAULT_RUN, differenceWords, metricValues, metricWords, type LiveSpec } from './spec.ts';

export interface Scene {
  readonly current: RunRecord | undefined;
  readonly previous: readonly RunRecord[];
  /** The recorded run whose parameters match. */
  readonly recorded: RecordedRun | undefined;
  readonly recordedKey: string | undefined;
  /** The recorded run to show when nothing matches and nothing has run. */
  readonly fallback: RecordedRun | undefined;
  /** Views of the current run. */
  readonly views: readonly View[] | undefined;
  readonly busy: boolean;
}

/** Longest time spent drawing before the browser lays out what is there, in ms; one picture may take longer. */
const SLICE_MS = 8;
/** Shortest time between two redraws of an open table, in ms. */
const TABLE_MS = 1000;
/** Rows of a table beside a chart. */
const TABLE_ROWS = 21;

/** One chart: picture, cursor, reading by pointer and keyboard. */
class Chart {
  readonly #group: ChartGroup;
  readonly #spec: LiveSpec;
  readonly #plot: HTMLElement;
  readonly #picture: HTMLElement;
  readonly #cursor: HTMLElement;
  readonly #readout: HTMLElement;
  readonly #log: HTMLInputElement | null;
  #view: CurveView | undefined;
  #options: DrawOptions = {};
  #layout: CurveLayout | undefined;
  #main: Points | undefined;
  #others: readonly { name: string; points: Points }[] = [];
  /** Place in the main run's index that is read; −1 when none is. */
  #at = -1;
  #drawnKey = '';
  /** Told by the observer: asking the element would lay out the whole page between two pictures. */
  #width = 0;

  constructor(figure: HTMLElement, group: ChartGroup, spec: LiveSpec, redraw: () => void) {
    this.#group = group;
    this.#spec = spec;
    this.#plot = figure.querySelector<HTMLElement>('[data-part=plot]')!;
    this.#picture = figure.querySelector<HTMLElement>('.picture')!;
    this.#cursor = figure.querySelector<HTMLElement>('.cursor')!;
    this.#readout = figure.querySelector<HTMLElement>('[data-part=readout]')!;
    this.#log = figure.querySelector<HTMLInputElement>('[data-role=log]');
    this.#log?.addEventListener('change', redraw);
    new ResizeObserver(([entry]) => {
      this.#width = Math.round(entry?.contentRect.width ?? 0);
      redraw();
    }).observe(this.#plot);
    const plot = this.#plot;
    plot.setAttribute('role', 'slider');
    plot.setAttribute('aria-label', `${group.chart}：${zh.chartHelp}`);
    plot.setAttribute('aria-valuemin', '1');
    const point = (event: PointerEvent): void => this.#readAt(event.clientX);
    plot.addEventListener('pointermove', point);
    plot.addEventListener('pointerdown', point);
    plot.addEventListener('pointerleave', () => this.#read(-1));
    plot.addEventListener('blur', () => this.#read(-1));
    plot.addEventListener('keydown', (event) => {
      const last = (this.#main?.index.length ?? 0) - 1;
      const page = Math.max(1, Math.round(last / 10));
      const from = this.#at < 0 ? last : this.#at;
      const moves: Readonly<Record<string, number>> = {
        ArrowLeft: from - 1,
        ArrowDown: from - 1,
        ArrowRight: from + 1,
        ArrowUp: from + 1,
        PageDown: from - page,
        PageUp: from + page,
        Home: 0,
        End: last,
      };
      const to = moves[event.key];
      if (to === undefined || last < 0) return;
      event.preventDefault();
      this.#read(Math.max(0, Math.min(last, to)));
    });
    this.#read(-1);
  }

  draw(
    main: Points | undefined,
    others: readonly RunRecord[],
    recorded: RecordedRun | undefined,
  ): void {
    if (!main) return;
    const log = this.#log?.checked ?? false;
    const width = this.#width;
    const metrics = this.#spec.metrics;
    const key = [
      this.#group.chart,
      main.index.length,
      main.index.at(-1),
      main.metrics[this.#group.names[0] ?? '']?.at(-1),
      others.map((run) => run.number).join(),
      recorded?.ms,
      log,
      width,
    ].join('|');
    if (key === this.#drawnKey || width === 0) return;
    this.#drawnKey = key;
    this.#main = main;
    this.#others = [
      ...(recorded ? [{ name: zh.recordedShort, points: recorded }] : []),
      ...others.map((run) => ({ name: zh.previousRun(run.number), points: run })),
    ];
    this.#view = chartView(this.#group, metrics, main, log);
    const previous: Series[] = others.flatMap((run) => [...runSeries(this.#group, metrics, run)]);
    this.#options = {
      width,
      caption: false,
      legend: 'row',
      previous,
      ...(recorded
        ? {
            recorded: {
              label: zh.recordedShort,
              series: runSeries(this.#group, metrics, recorded),
            },
          }
        : {}),
    };
    this.#layout = curveLayout(this.#view, this.#options);
    this.#picture.innerHTML = drawView(this.#view, this.#options);
    const last = main.index.length - 1;
    this.#plot.setAttribute('aria-valuemax', String(main.index[last] ?? 1));
    this.#read(Math.min(this.#at, last));
  }

  #readAt(clientX: number): void {
    const layout = this.#layout;
    if (!layout || !this.#main) return;
    const box = this.#picture.getBoundingClientRect();
    const at = ((clientX - box.left) / box.width) * layout.width;
    this.#read(nearest(this.#main.index, layout.x.invert(at)));
  }

  /** Reads one place out: line, sentence, and the slider's value for a screen reader. */
  #read(at: number): void {
    this.#at = at;
    const main = this.#main;
    const shown = at < 0 ? (main?.index.length ?? 0) - 1 : at;
    const step = main?.index[shown];
    if (!main || step === undefined) return;
    const words = this.#words(main, shown, step);
    this.#plot.setAttribute('aria-valuenow', String(step));
    this.#plot.setAttribute('aria-valuetext', words);
    this.#readout.textContent = at < 0 ? '\u00a0' : words;
    const layout = this.#layout;
    this.#cursor.hidden = at < 0 || !layout;
    if (!layout || at < 0) return;
    const scale = this.#picture.clientWidth / layout.width;
    this.#cursor.style.left = `${layout.x.at(step) * scale}px`;
    this.#cursor.style.top = `${layout.plot.top * scale}px`;
    this.#cursor.style.height = `${(layout.plot.bottom - layout.plot.top) * scale}px`;
  }

  #words(main: Points, at: number, step: number): string {
    const { names } = this.#group;
    const values = (points: Points, place: number): string =>
      names
        .map((name) => {
          const label = names.length > 1 ? `${this.#spec.metrics[name]?.label ?? name} ` : '';
          return label + formatNumber(points.metrics[name]?.[place] ?? NaN);
        })
        .join('，');
    const beside = this.#others.map(({ name, points }) => {
      const place = nearest(points.index, step);
      const there = points.index[place];
      // Beyond its own end, a run has nothing to say at this step.
      const near = there !== undefined && Math.abs(there - step) <= Math.max(2, step * 0.05);
      return near ? `${name} ${values(points, place)}` : '';
    });
    return [
      `${zh.chartAt(step)}：${values(main, at)}`,
      ...beside.filter((word) => word !== ''),
    ].join('；');
  }
}

export class Pictures {
  readonly #root: HTMLElement;
  readonly #spec: LiveSpec;
  readonly #charts: readonly Chart[];
  readonly #redraw: () => void;
  readonly #hidden = new Set<number>();
  #drawnViews: readonly View[] | undefined;
  #drawnRuns = '';
  #drawnTable: Points | undefined;
  #drawnRows = 0;
  #tableAt = 0;
  #viewsWidth = 0;
  /** The part of the scene that is drawn next. */
  #next = 0;

  /** @param on.redraw asks for another picture soon. */
  constructor(root: HTMLElement, spec: LiveSpec, on: { readonly redraw: () => void }) {
    this.#root = root;
    this.#spec = spec;
    this.#redraw = on.redraw;
    const figures = [...root.querySelectorAll<HTMLElement>('[data-chart]')];
    this.#charts = chartGroups(spec.metrics).flatMap((group) => {
      const figure = figures.find((candidate) => candidate.dataset['chart'] === group.chart);
      return figure ? [new Chart(figure, group, spec, on.redraw)] : [];
    });
    this.#part('table-fold').addEventListener('toggle', on.redraw);
    new ResizeObserver(([entry]) => {
      this.#viewsWidth = Math.round(entry?.contentRect.width ?? 0);
    }).observe(this.#part('views'));
  }

  #part(name: string): HTMLElement {
    return this.#root.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
  }

  /**
   * Draws a part of the scene, a picture at the least, and goes on with the next part when called again.
   * @returns whether all of it is drawn.
   */
  draw(scene: Scene): boolean {
    const live = scene.current && scene.current.index.length > 0 ? scene.current : undefined;
    const starting = scene.current !== undefined && live === undefined;
    const still = scene.recorded ?? scene.fallback;
    const main = live ?? (starting && scene.previous.length > 0 ? undefined : still);
    if (!main) return true;
    const others = live ? scene.previous.filter((run) => !this.#hidden.has(run.number)) : [];
    const parts = [
      () => this.#drawNumbers(live, still, scene),
      ...this.#charts.map(
        (chart) => () => chart.draw(main, others, live ? scene.recorded : undefined),
      ),
      () => this.#drawViews(live ? (scene.views ?? []) : (still?.views ?? [])),
      () => this.#drawRuns(scene),
      () => this.#drawTable(main, scene.busy),
    ];
    const began = performance.now();
    while (this.#next < parts.length) {
      parts[this.#next++]?.();
      if (performance.now() - began > SLICE_MS) break;
    }
    const done = this.#next >= parts.length;
    if (done) this.#next = 0;
    return done;
  }

  #drawViews(views: readonly View[]): void {
    if (views === this.#drawnViews) return;
    this.#drawnViews = views;
    const box = this.#part('views');
    // Until a run sends its first view, the one before stays.
    if (views.length === 0 && box.childElementCount > 0 && this.#root.dataset['state'] !== 'ended')
      return;
    const width = this.#viewsWidth > 0 ? this.#viewsWidth : 400;
    putViews(box, views.map((view) => drawView(view, { width })).join(''));
  }

  #drawNumbers(live: RunRecord | undefined, still: RecordedRun | undefined, scene: Scene): void {
    const run = live ?? still;
    if (!run) return;
    const words = this.#part('drawn-words');
    const settings = live ? '' : differenceWords(this.#spec.params, still?.params ?? {});
    const sentence = live
      ? zh.liveAt(live.number, live.index.at(-1) ?? 0)
      : still?.end === 'diverged'
        ? zh.recordedDiverged(still.steps)
        : zh.recordedAt(still?.steps ?? 0);
    const unmatched = !live && scene.recorded === undefined && scene.recordedKey !== DEFAULT_RUN;
    const text =
      sentence +
      (settings === '' ? '' : zh.recordedSettings(settings)) +
      (unmatched ? zh.recordedOther : '');
    if (words.textContent !== text) words.textContent = text;
    const list = this.#part('numbers');
    for (const name of Object.keys(this.#spec.metrics)) {
      const value = run.metrics[name]?.at(-1);
      if (value === undefined) continue;
      let cell = list.querySelector<HTMLElement>(`[data-metric="${name}"]`);
      if (!cell) {
        const row = document.createElement('div');
        const term = document.createElement('dt');
        term.textContent = metricWords(this.#spec.metrics, name);
        cell = document.createElement('dd');
        cell.dataset['metric'] = name;
        row.append(term, cell);
        list.append(row);
      }
      cell.textContent = formatNumber(value);
    }
  }

  #drawRuns(scene: Scene): void {
    const runs = scene.current ? [scene.current, ...scene.previous] : [];
    this.#part('runs-fold').hidden = runs.length === 0;
    const key = runs
      .map((run) =>
        [
          run.number,
          run.ending,
          run.backend,
          run.ending === 'running' ? '' : run.index.length,
        ].join(),
      )
      .join('|');
    if (key === this.#drawnRuns) return;
    this.#drawnRuns = key;
    const table = document.createElement('table');
    const head = table.createTHead().insertRow();
    for (const words of zh.runColumns) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = words;
      head.append(cell);
    }
    const body = table.createTBody();
    for (const run of runs) {
      const row = body.insertRow();
      row.insertCell().append(run === scene.current ? '' : this.#lineSwitch(run.number));
      row.insertCell().textContent = zh.previousRun(run.number);
      const settings = row.insertCell();
      settings.className = 'words';
      settings.textContent = differenceWords(this.#spec.params, run.params) || zh.noDifference;
      row.insertCell().textContent = String(run.seed);
      row.insertCell().textContent = run.backend === undefined ? '' : zh.backendLabels[run.backend];
      row.insertCell().textContent = run.ending === 'running' ? '…' : String(run.index.at(-1) ?? 0);
      const result = row.insertCell();
      result.className = 'words';
      result.textContent = this.#result(run);
    }
    this.#part('runs').replaceChildren(table);
  }

  #result(run: RunRecord): string {
    if (run.ending === 'running') return zh.endings.running;
    const last = zh.metricLine(
      metricValues(this.#spec.metrics, (name) => run.metrics[name]?.at(-1)),
    );
    return `${zh.endings[run.ending]}${last === '' ? '' : `：${last}`}`;
  }

  #lineSwitch(number: number): HTMLInputElement {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.checked = !this.#hidden.has(number);
    box.setAttribute('aria-label', zh.showLine(number));
    box.addEventListener('change', () => {
      if (box.checked) this.#hidden.delete(number);
      else this.#hidden.add(number);
      this.#redraw();
    });
    return box;
  }

  #drawTable(main: Points, busy: boolean): void {
    const fold = this.#part('table-fold') as HTMLDetailsElement;
    fold.hidden = false;
    if (!fold.open) return;
    if (this.#drawnTable === main && this.#drawnRows === main.index.length) return;
    const now = performance.now();
    if (busy && now - this.#tableAt < TABLE_MS) return;
    this.#tableAt = now;
    this.#drawnTable = main;
    this.#drawnRows = main.index.length;
    this.#part('table').innerHTML = chartGroups(this.#spec.metrics)
      .map((group) =>
        tableTwin(chartView(group, this.#spec.metrics, sparse(main, TABLE_ROWS), false)),
      )
      .join('');
  }
}
