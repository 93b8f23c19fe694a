/** The controls of one live example: reads and writes them, fits what is typed, says so at the field. */
import {
  defaultParams,
  fitParams,
  type NumberParam,
  type ParamSpec,
  type ParamValue,
} from '../../contract/params.ts';
import { zh } from '../../i18n/zh.ts';
import { isBackendChoice, MAX_SEED, parseSeed, type Settings } from './link.ts';
import {
  matchingPreset,
  presetParams,
  DEFAULT_RUN,
  sliderPosition,
  sliderValue,
  valueWords,
  type LiveSpec,
  type Params,
} from './spec.ts';

interface Control {
  read(): ParamValue;
  write(value: ParamValue): void;
}

export class SettingsForm {
  readonly #form: HTMLFormElement;
  readonly #spec: LiveSpec;
  readonly #controls: Readonly<Record<string, Control>>;
  readonly #seedField: HTMLInputElement;
  readonly #backendField: HTMLSelectElement;
  readonly #changed: () => void;
  #seed: number;

  /** @param changed called after every change the reader makes. */
  constructor(form: HTMLFormElement, spec: LiveSpec, changed: () => void) {
    this.#form = form;
    this.#spec = spec;
    this.#changed = changed;
    this.#seed = spec.seed;
    this.#seedField = form.querySelector<HTMLInputElement>('[data-role=seed]')!;
    this.#backendField = form.querySelector<HTMLSelectElement>('[data-role=backend]')!;
    this.#controls = Object.fromEntries(
      Object.entries(spec.params).map(([name, param]) => [name, this.#control(name, param)]),
    );
    this.#seedField.addEventListener('change', () => {
      const parsed = parseSeed(this.#seedField.value);
      this.#note(
        this.#seedField,
        parsed === undefined ? zh.badSeed(this.#seedField.value, this.#seed) : '',
      );
      this.#writeSeed(parsed ?? this.#seed);
      changed();
    });
    this.#backendField.addEventListener('change', changed);
    for (const button of form.querySelectorAll<HTMLButtonElement>('[data-preset]')) {
      button.addEventListener('click', () => {
        const name = button.dataset['preset'] ?? DEFAULT_RUN;
        this.write({
          ...this.read(),
          params: presetParams(spec.params, spec.presets[name]?.params ?? {}),
        });
        changed();
      });
    }
  }

  /** A seed drawn by chance, for “another seed”. */
  newSeed(): void {
    this.#writeSeed(Math.floor(Math.random() * (MAX_SEED + 1)) % 100_000);
    this.#note(this.#seedField, '');
    this.#changed();
  }

  read(): Settings {
    const backend = this.#backendField.value;
    return {
      params: Object.fromEntries(
        Object.entries(this.#controls).map(([name, control]) => [name, control.read()]),
      ),
      seed: this.#seed,
      backend: isBackendChoice(backend) ? backend : 'auto',
    };
  }

  write(settings: Settings): void {
    for (const [name, control] of Object.entries(this.#controls)) {
      control.write(settings.params[name] ?? this.#spec.params[name]!.default);
    }
    for (const note of this.#form.querySelectorAll('[data-param] .field-note'))
      note.textContent = '';
    this.#writeSeed(settings.seed);
    this.#backendField.value = settings.backend;
    this.markPreset();
  }

  /** Presses the preset button whose values the controls show. */
  markPreset(): void {
    const matching = matchingPreset(this.#spec.params, this.#spec.presets, this.read().params);
    for (const button of this.#form.querySelectorAll<HTMLButtonElement>('[data-preset]')) {
      button.setAttribute('aria-pressed', String(button.dataset['preset'] === matching));
    }
  }

  #writeSeed(seed: number): void {
    this.#seed = seed;
    this.#seedField.value = String(seed);
  }

  #note(field: HTMLElement, sentence: string): void {
    const note = field.closest('.param')?.querySelector('.field-note');
    if (note) note.textContent = sentence;
  }

  #control(name: string, param: ParamSpec): Control {
    const box = this.#form.querySelector<HTMLElement>(`[data-param="${name}"]`)!;
    switch (param.kind) {
      case 'number':
        return this.#numberControl(name, param, box);
      case 'choice': {
        const select = box.querySelector('select');
        const radios = [...box.querySelectorAll<HTMLInputElement>('input[type=radio]')];
        box.addEventListener('change', this.#changed);
        return {
          read: () =>
            select?.value ?? radios.find((radio) => radio.checked)?.value ?? param.default,
          write: (value) => {
            if (select) select.value = String(value);
            for (const radio of radios) radio.checked = radio.value === value;
          },
        };
      }
      case 'toggle': {
        const input = box.querySelector('input')!;
        input.addEventListener('change', this.#changed);
        return {
          read: () => input.checked,
          write: (value) => void (input.checked = value === true),
        };
      }
    }
  }

  #numberControl(name: string, param: NumberParam, box: HTMLElement): Control {
    const range = box.querySelector<HTMLInputElement>('[data-role=range]')!;
    const field = box.querySelector<HTMLInputElement>('[data-role=number]')!;
    const log = param.scale === 'log';
    let current: number = param.default;
    const write = (value: ParamValue): void => {
      current = Number(value);
      field.value = String(Number(current.toPrecision(12)));
      range.value = String(log ? sliderPosition(param, current) : current);
      range.setAttribute('aria-valuetext', valueWords(this.#spec.params, name, current));
    };
    write(Number(field.value));
    range.addEventListener('input', () => {
      write(log ? sliderValue(param, Number(range.value)) : Number(range.value));
      this.#note(field, '');
      this.#changed();
    });
    // A number that fits counts while it is being typed; only leaving the field mends one that does not.
    field.addEventListener('input', () => {
      const { values, changes } = fitParams({ [name]: param }, { [name]: field.value });
      if (changes.length > 0) return;
      current = Number((values as Params)[name]);
      range.value = String(log ? sliderPosition(param, current) : current);
      this.#note(field, '');
      this.#changed();
    });
    field.addEventListener('change', () => {
      const { values, changes } = fitParams({ [name]: param }, { [name]: field.value });
      const change = changes[0];
      const to = Number((values as Params)[name]);
      this.#note(
        field,
        change === undefined
          ? ''
          : zh.fitted(
              param.label,
              change.from === '' ? '空的' : change.from,
              String(to),
              change.allowed,
            ),
      );
      write(to);
      this.#changed();
    });
    return { read: () => current, write };
  }
}

/** The default of every parameter of a spec, as plain values. */
export function defaultsOf(spec: LiveSpec): Params {
  return defaultParams(spec.params);
}
