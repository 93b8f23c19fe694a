/**
 * `<run-example>`: gives the static live example its behaviour. Knows the training only as events of the client, and
 * how pictures are drawn only through a module it fetches when one is needed.
 */
import { BACKENDS } from '../contract/example.ts';
import type { Checkpoint } from '../contract/checkpoint.ts';
import { fitParams } from '../contract/params.ts';
import type { ChoiceHints, RunEvent } from '../contract/protocol.ts';
import type { RecordedRun } from '../contract/recording.ts';
import type { View } from '../contract/view.ts';
import type { TrainingWorker } from '../engine/client.ts';
import { zh } from '../i18n/zh.ts';
import { isolate } from './isolation.ts';
import { whenNear } from './near-screen.ts';
import { webgpuAdvice } from './run-example/advice.ts';
import {
  drawOffer,
  findOffer,
  forgetOffer,
  loadOffer,
  type Offered,
} from './run-example/continue.ts';
import { claim, enter, leave, type Trainee } from './run-example/coordinator.ts';
import { SettingsForm } from './run-example/form.ts';
import { RunHistory, runData, runTable, type RecordedRuns } from './run-example/history.ts';
import { linkQuery, readLink, type Settings } from './run-example/link.ts';
import { Measurements, Meter, sizeKey } from './run-example/measurements.ts';
import type { Pictures } from './run-example/pictures.ts';
import type { RaceView } from './run-example/race-view.ts';
import {
  DEFAULT_RUN,
  matchingPreset,
  metricValues,
  metricWords,
  rateParams,
  sameParams,
  sizeLabels,
  type LiveSpec,
} from './run-example/spec.ts';
import {
  advance,
  enabledButtons,
  IDLE,
  isBusy,
  mirror,
  Tenths,
  timeLeft,
  type Action,
  type Buttons,
  type Session,
} from './run-example/state.ts';
import { sparing } from './sparing.ts';

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
/** Shortest time between two pictures, in ms. */
const frameMs = (): number => (reducedMotion.matches ? 500 : 100);

type ButtonName = keyof Buttons;

/** For errors of the page itself, which know no step and no parameter. */
const NO_CONTEXT = {
  message: '',
  rates: [],
  sizes: [],
  backend: undefined,
} as const;

class RunExampleElement extends HTMLElement implements Trainee {
  #spec!: LiveSpec;
  #form!: SettingsForm;
  #history!: RunHistory;
  #session: Session = IDLE;
  #settings: Settings | undefined;
  #worker: TrainingWorker | undefined;
  #pictures: Promise<Pictures | undefined> | undefined;
  #recorded: RecordedRuns | undefined;
  #views: readonly View[] | undefined;
  /** A run that can go on: in storage, or in memory after a crash or a stop. */
  #offer: Offered | undefined;
  readonly #tenths = new Tenths();
  readonly #measurements = Measurements.here();
  #meter = new Meter();
  /** Rises when runs are forgotten: events of older ones are dropped. */
  #life = 0;
  #frame = 0;
  #lastFrame = 0;
  #frameCost = 0;
  /** The scene is drawn to its end; false while parts of it wait for the next frame. */
  #drawn = true;
  #linkNotes: readonly string[] = [];
  #pageNotes: readonly string[] = [];
  /** The choice of backend that a worker was made ready for. */
  #prepared: string | undefined;
  #race: RaceView | undefined;
  /** A race is under way, or about to be. */
  #racing = false;
  #probeMounted = false;
  #probeReset: () => void = () => undefined;
  #ready = false;

  get exampleTitle(): string {
    return this.#spec.title;
  }

  get training(): boolean {
    const { state, pausedBy } = this.#session;
    const moving = (state === 'running' || state === 'starting') && pausedBy === undefined;
    return moving || this.#racing;
  }

  connectedCallback(): void {
    enter(this);
    document.addEventListener('visibilitychange', this.#onVisibility);
    window.addEventListener('pagehide', this.#onLeave);
    if (this.#ready) return;
    this.#ready = true;
    // In a fragment parsed by a script, what noscript holds is alive.
    for (const words of this.querySelectorAll('noscript')) words.remove();
    this.#spec = JSON.parse(this.querySelector('script.spec')!.textContent) as LiveSpec;
    this.#history = new RunHistory(Object.keys(this.#spec.metrics));
    this.#form = new SettingsForm(this.querySelector('form.controls')!, this.#spec, () =>
      this.#changed(),
    );
    this.querySelector('form.controls')!.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#start(false);
    });
    this.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-action]');
      if (button) this.#press(button.dataset['action'] ?? '');
    });
    this.#button('copy-link').disabled = false;
    whenNear(this, () => void this.#prepare());
    for (const type of ['pointerenter', 'focus']) {
      this.#button('run').addEventListener(type, () => void this.#prepare());
    }
    for (const figure of this.querySelectorAll('.charts, [data-part=table-fold]')) {
      for (const type of ['pointerenter', 'focusin', 'toggle', 'click']) {
        figure.addEventListener(type, () => void this.#loadPictures(), {
          once: true,
          capture: true,
        });
      }
    }
    for (const plot of this.querySelectorAll<HTMLElement>('[data-part=plot]')) plot.tabIndex = 0;
    this.#part('source-fold')?.addEventListener('toggle', () => void this.#showSource(), {
      once: true,
    });
    this.#part('brought')?.addEventListener('toggle', () => void this.#offerFiles(), {
      once: true,
    });
    this.#applyLink();
    this.#update();
    void this.#findOffer();
  }

  disconnectedCallback(): void {
    leave(this);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    window.removeEventListener('pagehide', this.#onLeave);
    this.#onLeave();
  }

  // ------------------------------------------------------------------ what the reader does

  #press(action: string): void {
    switch (action) {
      case 'pause':
        this.#worker?.pause();
        return this.#dispatch({ type: 'pause', cause: 'reader' });
      case 'resume':
        return this.#resume();
      case 'step':
        if (this.#session.state === 'paused') this.#worker?.step();
        else this.#start(true);
        return;
      case 'stop':
        return this.#worker?.stop();
      case 'reset':
        return this.#reset();
      case 'retry':
        return this.#start(false);
      case 'continue':
        return void this.#continue();
      case 'restart':
        return this.#restart();
      case 'lower':
        this.#lower();
        return this.#start(false);
      case 'new-seed':
        return this.#form.newSeed();
      case 'race':
        return void this.#runRace();
      case 'race-cancel':
        return this.#race?.cancel();
      case 'race-close':
        this.#part('race')!.hidden = true;
        return this.#button('race').focus();
      case 'forget-speeds':
        this.#measurements.forget(this.#spec.id);
        return this.#showSpeeds();
      case 'save-model':
        return void this.#saveModel();
      case 'open-model':
        return void this.#openModel();
      case 'copy-link':
        return void this.#copyLink();
      case 'download':
        return this.#download();
      case 'copy-table':
        return void this.#copyTable();
    }
  }

  /** Goes on from the offered checkpoint, with its parameters and its seed. */
  async #continue(): Promise<void> {
    const from = this.#worker?.checkpoint ?? (await loadOffer(this.#spec.id));
    if (isBusy(this.#session)) return;
    if (from?.version !== this.#spec.version) {
      this.#offer = undefined;
      return this.#tell(zh.savedRunGone);
    }
    this.#goOnFrom(from);
  }

  #goOnFrom(from: Checkpoint): void {
    const { values: params } = fitParams(this.#spec.params, from.params);
    this.#form.write({ ...this.#form.read(), params, seed: from.seed });
    // The checkpoint's own steps come again: they need no second line.
    const last = this.#history.current;
    if (last?.seed === from.seed && sameParams(last.params, from.params)) this.#history.drop();
    this.#start(false, from);
    this.#focusToggle();
  }

  /** The button that was pressed is gone with the offer. */
  #focusToggle(): void {
    this.querySelector<HTMLElement>('[data-action=pause], [data-action=resume]')?.focus();
  }

  /** The same run from its first step; the checkpoint goes. */
  #restart(): void {
    const offer = this.#offer;
    if (!offer || isBusy(this.#session)) return;
    this.#forget();
    this.#form.write({ ...this.#form.read(), params: offer.params, seed: offer.seed });
    this.#start(false);
    this.#focusToggle();
  }

  #forget(): void {
    this.#offer = undefined;
    const { id } = this.#spec;
    void (this.#worker ? this.#worker.forget(id) : forgetOffer(id));
  }

  /** Looks for a run to go on with: the last one of this page, else a kept one. */
  async #findOffer(): Promise<void> {
    const { id, version } = this.#spec;
    const offer = this.#worker?.checkpoint ?? (await findOffer(id, version));
    if (isBusy(this.#session)) return;
    this.#offer = offer;
    this.#update();
  }

  #resume(): void {
    this.#tellOthers();
    this.#worker?.resume();
    this.#dispatch({ type: 'resume' });
  }

  /** A third of the first rate-like parameter, as a reader types it; undefined when there is none to lower. */
  #lowered(): { name: string; label: string; value: number } | undefined {
    const name = rateParams(this.#spec.params)[0];
    const spec = name === undefined ? undefined : this.#spec.params[name];
    const used = name === undefined ? undefined : this.#settings?.params[name];
    if (name === undefined || spec?.kind !== 'number' || typeof used !== 'number') return undefined;
    const { values } = fitParams({ [name]: spec }, { [name]: Number((used / 3).toPrecision(2)) });
    const value = Number(values[name]);
    return value < used ? { name, label: spec.label, value } : undefined;
  }

  #lower(): void {
    const lowered = this.#lowered();
    if (!lowered || !this.#settings) return;
    const { params } = this.#settings;
    this.#form.write({ ...this.#settings, params: { ...params, [lowered.name]: lowered.value } });
  }

  #tellOthers(): void {
    this.#pageNotes = claim(this).map((title) => zh.pausedByOther(title));
  }

  /** Another example of the page starts. */
  yieldTo(): void {
    if (this.#racing) {
      this.#race?.cancel();
      this.#pageNotes = [zh.raceForOther];
      return this.#update();
    }
    this.#worker?.pause();
    this.#pageNotes = [zh.pausedForOther];
    this.#dispatch({ type: 'pause', cause: 'other' });
  }

  /** Has a worker fetch and start what the first run needs, before it is asked for. */
  async #prepare(): Promise<void> {
    const settings = this.#form.read();
    if (this.#worker || this.#prepared === settings.backend || sparing()) return;
    this.#prepared = settings.backend;
    void isolate();
    // What could not be fetched, the run itself will say.
    void import('./run-example/pictures.ts').catch(() => undefined);
    const client = await import('../engine/client.ts').catch(() => undefined);
    if (this.#worker || !client) return;
    const { id: example } = this.#spec;
    client.prepareRun({ example, backend: settings.backend, ...this.#hints(settings) });
  }

  /** Runs the example on every backend here, one after the other. */
  async #runRace(): Promise<void> {
    if (isBusy(this.#session) || this.#racing) return;
    this.#racing = true;
    this.#tellOthers();
    this.#update();
    try {
      const { RaceView } = await import('./run-example/race-view.ts');
      this.#race ??= new RaceView(this.#part('race')!, (sentence) => this.#say(sentence));
      const { params, seed } = this.#form.read();
      const racing = this.#race.run({ spec: this.#spec, request: { params, seed } });
      this.querySelector<HTMLElement>('[data-action=race-cancel]')!.focus();
      const sizes = sizeKey(this.#spec.params, params);
      for (const { backend, adapter, rate, rough } of await racing) {
        if (rate === undefined || rough) continue;
        this.#measurements.keep(this.#spec.id, sizes, backend, { stepsPerSecond: rate, adapter });
      }
    } catch (error) {
      this.#pageNotes = [zh.errors['worker-error']({ ...NO_CONTEXT, message: String(error) }).what];
    } finally {
      this.#racing = false;
      this.#update();
    }
  }

  #start(single: boolean, from?: Checkpoint): void {
    if (isBusy(this.#session) || this.#racing) return;
    const settings = this.#form.read();
    this.#settings = settings;
    this.#tellOthers();
    this.#linkNotes = [];
    this.#offer = undefined;
    this.#views = undefined;
    this.#tenths.restart();
    this.#meter = new Meter();
    this.#dispatch({ type: 'start' });
    this.#history.begin(this.#session.run, settings.params, settings.seed);
    this.#say(zh.announceStart(this.#spec.title));
    this.#update();
    void this.#train(settings, single, ++this.#life, from);
  }

  async #train(
    settings: Settings,
    single: boolean,
    life: number,
    from?: Checkpoint,
  ): Promise<void> {
    try {
      const [{ TrainingWorker }] = await Promise.all([
        import('../engine/client.ts'),
        this.#loadPictures(),
      ]);
      if (life !== this.#life) return;
      this.#worker ??= new TrainingWorker();
      const worker = this.#worker;
      const events = worker.run({
        example: this.#spec.id,
        params: settings.params,
        seed: settings.seed,
        // Where it was, it goes on to the very same numbers.
        backend: from?.backend ?? settings.backend,
        version: this.#spec.version,
        ...this.#hints(settings),
        ...(from && { from }),
        single,
      });
      let next = events.next();
      // The reader paused while the code was fetched.
      if (!single && this.#session.state === 'paused') worker.pause();
      for (;;) {
        const { value: event, done } = await next;
        if (life !== this.#life || done === true) return;
        this.#receive(event);
        next = events.next();
      }
    } catch (error) {
      if (life !== this.#life) return;
      const message = error instanceof Error ? error.message : String(error);
      this.#receive({ type: 'run-error', code: 'worker-error', message });
    }
  }

  /** What helps “auto” to choose for these settings. */
  #hints({ params }: Settings): ChoiceHints {
    const { id, params: specs, presets, stepMs } = this.#spec;
    const recorded = stepMs[matchingPreset(specs, presets, params) ?? ''] ?? stepMs[DEFAULT_RUN];
    const measured = this.#measurements.of(id, sizeKey(specs, params));
    return { measured, ...(recorded === undefined ? {} : { stepMs: recorded }) };
  }

  #keepSpeed(): void {
    const { backend, adapter } = this.#session;
    const stepsPerSecond = this.#meter.rate;
    if (!this.#settings || backend === undefined || stepsPerSecond === undefined) return;
    const { id, params: specs } = this.#spec;
    const sizes = sizeKey(specs, this.#settings.params);
    this.#measurements.keep(id, sizes, backend, { stepsPerSecond, adapter });
  }

  #receive(event: RunEvent): void {
    const run = this.#history.current;
    this.#meter.receive(event);
    if (event.type === 'steps') {
      this.#history.append(event.first, event.steps);
      if (event.views) this.#views = event.views;
    }
    if (event.type === 'restarted') {
      this.#history.restart(event.fromStep);
      this.#tenths.restart();
    }
    this.#dispatch({ type: 'event', event });
    const session = this.#session;
    if (run) {
      run.ms = session.ms;
      if (session.backend !== undefined) run.backend = session.backend;
      run.adapter = session.adapter;
    }
    // A fresh worker does not know that its run is paused.
    if (
      event.type === 'backend-ready' &&
      session.state === 'paused' &&
      session.lost !== undefined
    ) {
      this.#worker?.pause();
    }
    if (event.type === 'steps' && session.state === 'running') {
      const percent = this.#tenths.reached(session.step, session.steps);
      if (percent !== undefined) this.#say(zh.announcePercent(percent));
    }
    if (event.type === 'run-end') {
      if (run) run.ending = event.reason;
      if (event.reason === 'stopped') void this.#findOffer();
      this.#keepSpeed();
      this.#showSpeeds();
      const completed = event.reason === 'completed';
      this.#say(completed ? zh.announceEnd(this.#metricLine()) : zh.announceStopped(event.steps));
      void this.#offerProbe();
    }
    if (event.type === 'run-error') {
      if (run) run.ending = 'failed';
      const { what, todo } = this.#failureText();
      this.#say(what + todo);
      if (event.code === 'file-wanted') this.#part('brought')?.setAttribute('open', '');
      if (event.code === 'checkpoint-mismatch') this.#forget();
      // From there a run that diverges would diverge again.
      else if (event.code !== 'diverged') void this.#findOffer();
      if (event.code === 'diverged') void this.#offerProbe();
    }
  }

  #reset(): void {
    this.#life++;
    this.#worker?.terminate();
    this.#forget();
    this.#history.clear();
    this.#views = undefined;
    this.#settings = undefined;
    this.#pageNotes = [];
    this.#linkNotes = [];
    this.#form.write({ params: this.#spec.initial, seed: this.#spec.seed, backend: 'auto' });
    this.#dispatch({ type: 'reset' });
  }

  readonly #onLeave = (): void => {
    this.#race?.cancel();
    if (!this.#worker) return;
    this.#worker.terminate();
    this.#worker = undefined;
  };

  readonly #onVisibility = (): void => {
    if (this.#racing) return document.hidden ? this.#race?.pause() : this.#race?.resume();
    if (document.hidden && this.training) {
      this.#worker?.pause();
      this.#dispatch({ type: 'pause', cause: 'hidden' });
    } else if (!document.hidden && this.#session.pausedBy === 'hidden') {
      this.#resume();
    }
  };

  #changed(): void {
    this.#form.markPreset();
    if (!this.#history.current && this.#spec.recording !== undefined) {
      const wanted = this.#wantedRecording();
      if (wanted !== undefined && wanted !== this.#spec.drawn) void this.#loadPictures();
    }
    this.#update();
  }

  // ------------------------------------------------------------------ links, copies, files

  #applyLink(): void {
    // In a chapter, examples stand behind doors until the reader comes near.
    const alone = document.querySelectorAll('run-example, example-door').length === 1;
    const twin = document.querySelector(`run-example[data-example="${this.#spec.id}"]`);
    const link = readLink(this.#spec, location.search, alone);
    if (!link.applies || (twin !== this && new URLSearchParams(location.search).has('example')))
      return;
    this.#form.write(link);
    this.#linkNotes = link.sentences;
    if (this.#wantedRecording() !== this.#spec.drawn) this.#changed();
  }

  async #copyLink(): Promise<void> {
    const url = new URL(this.#spec.page, location.href);
    url.search = linkQuery(this.#spec.id, this.#form.read());
    try {
      await navigator.clipboard.writeText(url.href);
      this.#pageNotes = [zh.linkCopied];
    } catch {
      this.#pageNotes = [zh.linkShown(url.href)];
    }
    this.#say(this.#pageNotes[0] ?? '');
    this.#update();
  }

  async #copyTable(): Promise<void> {
    await this.#loadPictures();
    const key = this.#wantedRecording() ?? this.#spec.drawn ?? '';
    const run = this.#history.current ?? this.#recorded?.[key];
    if (!run) return;
    try {
      await navigator.clipboard.writeText(runTable(this.#spec.metrics, run));
      this.#pageNotes = [zh.tableCopied];
    } catch {
      this.#pageNotes = [zh.tableNotCopied];
    }
    this.#say(this.#pageNotes[0] ?? '');
    this.#update();
  }

  #download(): void {
    const run = this.#history.current;
    if (!run) return;
    const page = new URL(this.#spec.page, location.href).href;
    giveFile(`${this.#spec.id}-${run.number}.json`, runData(this.#spec.id, page, run));
  }

  /** The last checkpoint as a file. */
  async #saveModel(): Promise<void> {
    const { id, version } = this.#spec;
    const checkpoint = this.#worker?.checkpoint ?? (await loadOffer(id));
    if (checkpoint?.version !== version) return this.#tell(zh.file.none);
    const { writeCheckpoint } = await import('./run-example/checkpoint-file.ts');
    giveFile(`${id}-step-${checkpoint.step}.model.json`, writeCheckpoint(checkpoint));
  }

  /** Offers to go on from a file that the reader picks; one that cannot be used is told why. */
  async #openModel(): Promise<void> {
    const picker = document.createElement('input');
    picker.type = 'file';
    picker.accept = 'application/json,.json';
    picker.click();
    await new Promise((resolve) => picker.addEventListener('change', resolve, { once: true }));
    const { FileError, readCheckpoint } = await import('./run-example/checkpoint-file.ts');
    const text = await picker.files?.[0]?.text();
    if (text === undefined || isBusy(this.#session)) return;
    try {
      this.#goOnFrom(readCheckpoint(text, this.#spec.id, this.#spec.version));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#tell(error.message);
    }
  }

  /** A sentence under the controls, and for those who listen. */
  #tell(sentence: string): void {
    this.#pageNotes = [sentence];
    this.#say(sentence);
    this.#update();
  }

  // ------------------------------------------------------------------ what the reader sees

  #dispatch(action: Action): void {
    this.#session = advance(this.#session, action);
    this.#update();
  }

  #part(name: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(`[data-part="${name}"]`);
  }

  #button(action: string): HTMLButtonElement {
    return this.querySelector<HTMLButtonElement>(`.controls [data-action="${action}"]`)!;
  }

  #say(sentence: string): void {
    this.#part('live')!.textContent = sentence;
  }

  #update(): void {
    const session = this.#session;
    for (const [name, value] of Object.entries(mirror(session, Object.keys(this.#spec.metrics)))) {
      if (value === undefined) this.removeAttribute(name);
      else if (this.getAttribute(name) !== value) this.setAttribute(name, value);
    }
    this.#updateButtons();
    this.#updateStatus();
    this.#updateNotices();
    this.#updateFailure();
    drawOffer(this.#part('continue')!, this.#offer);
    if (!isBusy(session)) this.#showSpeeds();
    this.#requestFrame();
  }

  /** The speeds measured here for the sizes in the controls, beside the choice of a backend. */
  #showSpeeds(): void {
    const { id, params: specs } = this.#spec;
    const measured = this.#measurements.of(id, sizeKey(specs, this.#form.read().params));
    const speeds = BACKENDS.flatMap((backend) => {
      const rate = measured[backend]?.stepsPerSecond;
      return rate === undefined ? [] : [[backend, rate] as const];
    });
    const note = this.#part('measured')!;
    note.hidden = speeds.length === 0;
    setText(note.querySelector('span'), speeds.length === 0 ? '' : zh.measuredHere(speeds));
  }

  #updateButtons(): void {
    const focused = document.activeElement;
    const enabled = enabledButtons(this.#session);
    const toggle = this.querySelector<HTMLButtonElement>(
      '[data-action=pause], [data-action=resume]',
    )!;
    const action: ButtonName = this.#session.state === 'paused' ? 'resume' : 'pause';
    if (toggle.dataset['action'] !== action) {
      toggle.dataset['action'] = action;
      toggle.textContent = zh[action];
    }
    toggle.disabled = !enabled[action];
    for (const name of ['run', 'step', 'stop', 'reset'] as const) {
      this.#button(name).disabled = !enabled[name] || this.#racing;
    }
    this.#button('race').disabled = isBusy(this.#session) || this.#racing;
    setText(this.#part('run-label'), this.#session.run > 0 ? zh.runAgain : zh.run);
    // A disabled button lets go of the keyboard: the one that follows in sense takes it.
    if (focused instanceof HTMLButtonElement && focused.disabled && this.contains(focused)) {
      (isBusy(this.#session) ? toggle : this.#button('run')).focus();
    }
  }

  #updateStatus(): void {
    const session = this.#session;
    const bar = this.querySelector('progress')!;
    bar.value = session.steps > 0 ? Math.min(1, session.step / session.steps) : 0;
    setText(this.#part('phase'), this.#phaseWords());
    const left = timeLeft(session);
    setText(this.#part('left'), left === undefined ? '' : zh.timeLeft(left));
    const rated = session.stepsPerSecond > 0 && (isBusy(session) || session.state === 'ended');
    setText(this.#part('rate'), rated ? zh.rate(session.stepsPerSecond) : '');
    const backend =
      session.backend === undefined
        ? ''
        : [
            zh.backendLabels[session.backend],
            ...(session.adapter === '' ? [] : [session.adapter]),
            ...(session.software ? [zh.software] : []),
          ].join(' · ');
    setText(this.#part('backend'), backend);
    const settings = this.#settings;
    const now = this.#form.read();
    const differs =
      settings !== undefined &&
      session.state !== 'idle' &&
      !(
        sameParams(settings.params, now.params) &&
        settings.seed === now.seed &&
        settings.backend === now.backend
      );
    this.#part('next-run')!.hidden = !differs;
  }

  #phaseWords(): string {
    const { state, phase, bytes, step, steps, ms, reason } = this.#session;
    switch (state) {
      case 'idle':
        return zh.phaseIdle;
      case 'starting':
        if (phase === 'download' && bytes !== undefined) return zh.phaseDownload(bytes);
        return zh.phases[phase ?? 'backend'];
      case 'running':
        return zh.phaseTraining(step, steps);
      case 'paused':
        return zh.phasePaused(step, steps);
      case 'ended':
        return reason === 'stopped' ? zh.phaseStopped(step) : zh.phaseEnded(step, ms);
      case 'failed':
        return zh.phaseFailed;
    }
  }

  #updateNotices(): void {
    const { notices, backend, lost, fromStep, refused } = this.#session;
    const advice = webgpuAdvice(navigator.userAgent, isSecureContext);
    const sentences = [...this.#linkNotes, ...this.#pageNotes];
    for (const notice of notices) {
      if (notice.problem === 'excluded' && this.#settings?.backend === 'auto') continue;
      if (notice.backend === lost) continue;
      const label = zh.backendLabels[notice.backend];
      sentences.push(zh.problems[notice.problem](label, notice.detail, advice));
    }
    const fellBack = sentences.length > this.#linkNotes.length + this.#pageNotes.length;
    if (lost !== undefined) {
      sentences.push(zh.problems['device-lost'](zh.backendLabels[lost], '', advice));
      if (backend !== undefined) sentences.push(zh.restarted(backend, fromStep));
    } else if (fellBack && backend !== undefined) {
      sentences.push(zh.usingInstead(backend));
    }
    if (refused !== undefined) sentences.push(zh.notKept[refused]);
    const box = this.#part('notices')!;
    box.hidden = sentences.length === 0;
    const text = sentences.join('\n');
    if (box.dataset['text'] === text) return;
    box.dataset['text'] = text;
    box.replaceChildren(...sentences.map((sentence) => element('p', sentence)));
  }

  #failureText(): { what: string; todo: string } {
    const { error, backend } = this.#session;
    if (!error) return { what: '', todo: '' };
    const wanted = this.#settings?.backend;
    return zh.errors[error.code]({
      message: error.code === 'diverged' ? '' : error.message,
      step: error.step,
      metric:
        error.metric === undefined ? undefined : metricWords(this.#spec.metrics, error.metric),
      rates: rateParams(this.#spec.params).map((name) => this.#spec.params[name]?.label ?? name),
      sizes: sizeLabels(this.#spec.params),
      backend: backend ?? (wanted === 'auto' ? undefined : wanted),
    });
  }

  #updateFailure(): void {
    const box = this.#part('failure')!;
    const { error, run } = this.#session;
    const key = error ? `${run}` : '';
    if (box.dataset['run'] === key) return;
    box.dataset['run'] = key;
    box.hidden = error === undefined;
    if (!error) return box.replaceChildren();
    const { what, todo } = this.#failureText();
    const line = element('p', todo);
    line.prepend(element('strong', what));
    // The same settings would diverge again: the button offers milder ones.
    const lowered = error.code === 'diverged' ? this.#lowered() : undefined;
    const words = lowered ? zh.lowerAndRun(lowered.label, String(lowered.value)) : zh.retry;
    const retry = element('button', words);
    retry.type = 'button';
    retry.dataset['action'] = lowered ? 'lower' : 'retry';
    box.replaceChildren(line, retry);
  }

  #metricLine(): string {
    return zh.metricLine(metricValues(this.#spec.metrics, (name) => this.#session.latest[name]));
  }

  // ------------------------------------------------------------------ pictures

  /** Which recorded run belongs to the run on the chart, or to the controls before the first run. */
  #wantedRecording(): string | undefined {
    const params = this.#history?.current?.params ?? this.#form.read().params;
    return matchingPreset(this.#spec.params, this.#spec.presets, params);
  }

  async #loadPictures(): Promise<Pictures | undefined> {
    this.#pictures ??= (async () => {
      const [module, recorded] = await Promise.all([
        import('./run-example/pictures.ts'),
        this.#fetchRecorded(),
      ]);
      this.#recorded = recorded;
      return new module.Pictures(this, this.#spec, {
        redraw: () => this.#requestFrame(),
      });
    })();
    const pictures = await this.#pictures;
    this.#requestFrame();
    return pictures;
  }

  async #fetchRecorded(): Promise<RecordedRuns | undefined> {
    if (this.#spec.recording === undefined) return undefined;
    try {
      const response = await fetch(this.#spec.recording);
      return response.ok ? ((await response.json()) as RecordedRuns) : undefined;
    } catch {
      return undefined; // offline: the drawn run stays as it is
    }
  }

  /** The code is fetched when its fold opens: most readers have just seen it in pieces. */
  async #showSource(): Promise<void> {
    const pre = this.querySelector<HTMLElement>('[data-source]');
    const address = pre?.dataset['source'];
    if (!pre || address === undefined) return;
    const response = await fetch(address).catch(() => undefined);
    if (response?.ok !== true) return; // the link beside it leads to the same text
    pre.querySelector('code')!.textContent = await response.text();
    pre.hidden = false;
  }

  #requestFrame(): void {
    if (this.#frame !== 0 || !this.#pictures) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      // A costly picture is drawn less often, so that the page stays quick to touch.
      const wait = Math.max(frameMs(), this.#frameCost * 6);
      const fresh = this.#drawn && isBusy(this.#session);
      if (fresh && now - this.#lastFrame < wait) return this.#requestFrame();
      if (this.#drawn) {
        this.#lastFrame = now;
        this.#frameCost = 0;
      }
      void this.#draw();
    });
  }

  /** Draws what fits into a frame, and asks for the next one until all is drawn. */
  async #draw(): Promise<void> {
    const pictures = await this.#pictures;
    if (!pictures) return;
    const began = performance.now();
    const key = this.#wantedRecording();
    const recorded: RecordedRun | undefined = key === undefined ? undefined : this.#recorded?.[key];
    this.#drawn = pictures.draw({
      current: this.#history.current,
      previous: this.#history.previous,
      recorded,
      fallback: this.#spec.drawn === undefined ? undefined : this.#recorded?.[this.#spec.drawn],
      recordedKey: key,
      views: this.#views,
      busy: isBusy(this.#session),
    });
    this.#frameCost += performance.now() - began;
    if (!this.#drawn) this.#requestFrame();
  }

  async #offerFiles(): Promise<void> {
    const { mountBrought } = await import('./run-example/brought.ts');
    mountBrought(this.#part('brought-body')!);
  }

  async #offerProbe(): Promise<void> {
    const { input } = this.#spec;
    const section = this.#part('probe');
    if (!input || !section) return;
    section.hidden = false;
    this.#probeReset();
    if (this.#probeMounted) return;
    this.#probeMounted = true;
    const { mountProbe } = await import('./run-example/probe.ts');
    this.#probeReset = mountProbe(this.#part('probe-body')!, input, async (value) => {
      if (!this.#worker) throw new Error(zh.probeGone);
      return this.#worker.probe(value);
    });
  }
}

function giveFile(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function setText(node: HTMLElement | null, text: string): void {
  if (node && node.textContent !== text) node.textContent = text;
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}

customElements.define('run-example', RunExampleElement);
