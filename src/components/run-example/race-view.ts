/** Draws a race of the backends: bars, curves, sentences, tables; offers to cancel it. Knows no worker. */
import type { BackendName } from '../../contract/example.ts';
import { formatDuration } from '../../i18n/numbers.ts';
import { zh } from '../../i18n/zh.ts';
import { drawView, tableTwin } from '../views/draw.ts';
import { dashOf, inkOf } from '../views/marks.ts';
import {
  parity,
  Race,
  raceCurves,
  raceSamples,
  raceTable,
  raceWords,
  type Difference,
  type Lane,
  type RaceSetting,
} from './race.ts';

/** Shortest time between two pictures of a race under way, in ms. */
const FRAME_MS = 250;

export class RaceView {
  readonly #place: HTMLElement;
  readonly #say: (sentence: string) => void;
  #race: Race | undefined;
  #setting: RaceSetting | undefined;
  #drawnAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = '';

  /**
   * @param place the section the race is shown in.
   * @param say speaks to screen readers.
   */
  constructor(place: HTMLElement, say: (sentence: string) => void) {
    this.#place = place;
    this.#say = say;
    new ResizeObserver(() => this.#draw()).observe(this.#part('curves'));
  }

  get running(): boolean {
    return this.#race !== undefined;
  }
  cancel(): void {
    this.#race?.cancel();
  }
  pause(): void {
    this.#race?.pause();
  }
  resume(): void {
    this.#race?.resume();
  }

  /** Runs a race to its end. @returns its lanes. */
  async run(setting: Omit<RaceSetting, 'changed'>): Promise<readonly Lane[]> {
    this.#setting = { ...setting, changed: () => this.#soon() };
    const race = new Race(this.#setting);
    this.#race = race;
    this.#told = '';
    this.#place.hidden = false;
    this.#place.dataset['state'] = 'running';
    this.#lanes = race.lanes;
    this.#say(zh.raceStart);
    this.#draw();
    try {
      await race.run();
    } finally {
      this.#race = undefined;
      this.#place.dataset['state'] = race.cancelled ? 'cancelled' : 'ended';
      this.#draw();
    }
    this.#say(raceWords(setting.spec, race.lanes).join(''));
    return race.lanes;
  }

  #lanes: readonly Lane[] = [];

  #part(name: string): HTMLElement {
    return this.#place.querySelector<HTMLElement>(`[data-part="race-${name}"]`)!;
  }

  #soon(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#drawnAt + FRAME_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
    }, wait);
  }

  #draw(): void {
    const spec = this.#setting?.spec;
    if (!spec || this.#place.hidden) return;
    this.#drawnAt = performance.now();
    const lanes = this.#lanes;
    const running = lanes.find((lane) => lane.state === 'running');
    const ended = lanes.filter((lane) => lane.state === 'ended' || lane.state === 'out').length;
    const bar = this.#place.querySelector('progress')!;
    bar.max = lanes.length;
    bar.value = this.#race ? ended : lanes.length;
    const status = this.#race
      ? running
        ? zh.raceRunning(running.backend, running.index.at(-1) ?? 0)
        : zh.raceLooking
      : this.#place.dataset['state'] === 'cancelled'
        ? zh.raceCancelled
        : zh.raceEnded;
    this.#part('status').textContent = status;
    if (running && this.#told !== running.backend) {
      this.#told = running.backend;
      this.#say(zh.raceRunning(running.backend, 0));
    }
    this.#drawBars(lanes);
    const words = this.#race ? [] : raceWords(spec, lanes);
    this.#part('words').replaceChildren(
      ...words.map((sentence) => {
        const line = document.createElement('p');
        line.textContent = sentence;
        return line;
      }),
    );
    const drawn = lanes.some((lane) => lane.index.length > 0);
    const curves = this.#part('curves');
    const width = Math.round(curves.clientWidth);
    curves.parentElement!.hidden = !drawn;
    if (drawn && width > 0) {
      const view = raceCurves(spec, lanes);
      curves.innerHTML = drawView(view, { width, caption: false, legend: 'row' });
      this.#part('metric').textContent = view.title;
    }
    const table = this.#part('table');
    if (!this.#race) {
      table.innerHTML =
        tableTwin(raceTable(spec, lanes)) + (drawn ? tableTwin(raceSamples(spec, lanes)) : '');
    }
    (table.closest('details') as HTMLElement).hidden = this.#race !== undefined;
    this.#place.querySelector<HTMLElement>('[data-action=race-cancel]')!.hidden = !this.#race;
    this.#place.querySelector<HTMLElement>('[data-action=race-close]')!.hidden =
      this.#race !== undefined;
  }

  #drawBars(lanes: readonly Lane[]): void {
    const apart = this.#race ? new Map<BackendName, Difference>() : parity(lanes);
    const fastest = Math.max(...lanes.map((lane) => lane.rate ?? 0), Number.MIN_VALUE);
    this.#part('bars').replaceChildren(
      ...lanes.map((lane, n) => {
        const row = document.createElement('li');
        row.dataset['backend'] = lane.backend;
        row.dataset['state'] = lane.state;
        if (lane.rate !== undefined) row.dataset['rate'] = String(lane.rate);
        row.dataset['step'] = String(lane.index.at(-1) ?? 0);
        const name = element('b', zh.backendLabels[lane.backend]);
        name.append(swatch(n));
        const track = element('span', '');
        track.className = 'race-track';
        const bar = document.createElement('i');
        bar.style.inlineSize = `${(100 * (lane.rate ?? 0)) / fastest}%`;
        bar.style.background = inkOf(n);
        track.append(bar);
        const rate = element('span', lane.rate === undefined ? '—' : zh.rate(lane.rate));
        rate.className = 'race-rate';
        const note = element('span', noteWords(lane, apart.get(lane.backend)));
        note.className = 'race-note';
        row.append(name, track, rate, note);
        return row;
      }),
    );
  }
}

/** What is said below a bar. */
function noteWords(lane: Lane, apart: Difference | undefined): string {
  const parts = [
    ...(lane.index.length > 0
      ? [zh.raceSteps(lane.index.at(-1) ?? 0, formatDuration(lane.ms))]
      : lane.state === 'running'
        ? [zh.raceFirstStep]
        : []),
    ...(lane.adapter === '' ? [] : [lane.adapter]),
    ...(lane.software ? [zh.software] : []),
    ...(lane.rough && lane.state === 'ended' && lane.rate !== undefined ? [zh.raceRough] : []),
    ...(apart === undefined ? [] : [zh.raceParity(apart.high.value - apart.low.value)]),
    ...(lane.words === '' ? [] : [lane.words]),
  ];
  return parts.join(' · ');
}

/** The line of a lane in the picture below, as its legend shows it. */
function swatch(n: number): Element {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 22 4');
  svg.setAttribute('width', '22');
  svg.setAttribute('height', '4');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', 'M0 2h22');
  line.setAttribute('stroke', inkOf(n));
  line.setAttribute('stroke-width', '2');
  line.setAttribute('stroke-dasharray', dashOf(n));
  svg.append(line);
  return svg;
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}
