/** “Use what you trained”: a form for the input, and the answer as views. Knows no worker. */
import type { InputSpec, ProbeInput } from '../../contract/example.ts';
import type { View } from '../../contract/view.ts';
import { zh } from '../../i18n/zh.ts';
import { drawView } from '../views/draw.ts';
import { putViews } from '../views/liven.ts';
import { drawingField } from './probe-drawing.ts';
import { imageField } from './probe-image.ts';
import { pointsField } from './probe-points.ts';
import { soundField } from './probe-sound.ts';

type Ask = (input: ProbeInput) => Promise<readonly View[]>;

/** A field that gives an input, or says why it cannot. */
export interface Field {
  readonly node: HTMLElement;
  read(): ProbeInput | { readonly problem: string };
}

let serial = 0;

/**
 * Builds the form in `place`.
 * @param ask gives the model's answer; rejects with a sentence for the reader.
 * @returns call it when the model has changed: the old answer is marked as such.
 */
export function mountProbe(place: HTMLElement, spec: InputSpec, ask: Ask): () => void {
  const form = document.createElement('form');
  form.noValidate = true;
  form.autocomplete = 'off';
  const field = makeField(spec);
  const button = document.createElement('button');
  button.type = 'submit';
  button.textContent = zh.probeRun;
  const problem = document.createElement('p');
  problem.className = 'problem';
  problem.id = `probe-problem-${++serial}`;
  problem.setAttribute('role', 'alert');
  problem.hidden = true;
  const answer = document.createElement('div');
  answer.className = 'probe-views';
  answer.setAttribute('aria-live', 'polite');
  form.append(field.node, problem, button, answer);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  place.replaceChildren(form);

  const say = (sentence: string): void => {
    problem.textContent = sentence;
    problem.hidden = sentence === '';
    for (const input of field.node.querySelectorAll('input, textarea, canvas, svg')) {
      if (sentence === '') {
        input.removeAttribute('aria-invalid');
        input.removeAttribute('aria-describedby');
      } else {
        if (input.matches('input, textarea')) input.setAttribute('aria-invalid', 'true');
        input.setAttribute('aria-describedby', problem.id);
      }
    }
  };

  async function submit(): Promise<void> {
    const input = field.read();
    if ('problem' in input) return say(input.problem);
    say('');
    button.disabled = true;
    button.textContent = zh.probeBusy;
    try {
      const views = await ask(input);
      const width = views.length > 1 ? Math.min(400, answer.clientWidth) : answer.clientWidth;
      putViews(answer, views.map((view) => drawView(view, { width })).join(''));
    } catch (error) {
      const gone = error instanceof Error && /terminated/u.test(error.message);
      say(gone || !(error instanceof Error) || error.message === '' ? zh.probeGone : error.message);
    } finally {
      button.disabled = false;
      button.textContent = zh.probeRun;
    }
  }

  return () => {
    if (answer.childElementCount === 0) return;
    const stale = document.createElement('p');
    stale.textContent = zh.probeStale;
    answer.replaceChildren(stale);
  };
}

function makeField(spec: InputSpec): Field {
  switch (spec.kind) {
    case 'numbers':
      return numbersField(spec);
    case 'text':
      return textField(spec);
    case 'drawing':
      return drawingField(spec);
    case 'image':
      return imageField(spec);
    case 'sound':
      return soundField(spec);
    case 'points':
      return pointsField(spec);
  }
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  const label = document.createElement('label');
  label.className = 'param';
  const words = document.createElement('span');
  words.className = 'label';
  words.textContent = text;
  label.append(words, control);
  return label;
}

function numbersField(spec: Extract<InputSpec, { kind: 'numbers' }>): Field {
  const node = document.createElement('fieldset');
  const legend = document.createElement('legend');
  legend.className = 'label';
  legend.textContent = spec.label;
  const grid = document.createElement('div');
  grid.className = 'probe-fields';
  const inputs = Object.entries(spec.fields).map(([name, field]) => {
    const input = document.createElement('input');
    input.type = 'number';
    input.min = String(field.min);
    input.max = String(field.max);
    input.step = String(field.step);
    input.value = String(field.default);
    grid.append(labelled(field.label, input));
    return { name, field, input };
  });
  node.append(legend, grid);
  return {
    node,
    read: () => {
      const values: Record<string, number> = {};
      for (const { name, field, input } of inputs) {
        const value = input.value.trim() === '' ? NaN : Number(input.value);
        if (!(value >= field.min && value <= field.max)) {
          input.focus();
          return { problem: `${field.label}：${zh.probeNumber(field.min, field.max)}` };
        }
        values[name] = value;
      }
      return { kind: 'numbers', values };
    },
  };
}

function textField(spec: Extract<InputSpec, { kind: 'text' }>): Field {
  const area = document.createElement('textarea');
  area.value = spec.default;
  area.rows = 2;
  const node = labelled(spec.label, area);
  node.style.width = '100%';
  return {
    node,
    read: () => {
      const text = area.value.trim();
      if (text === '') return { problem: zh.probeEmpty };
      if ([...text].length > spec.maxLength) return { problem: zh.probeLength(spec.maxLength) };
      return { kind: 'text', text };
    },
  };
}
