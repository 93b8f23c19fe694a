/** Pieces that the forms of “use what you trained” are made of. Knows no kind of input and no model. */
import { zh } from '../../i18n/zh.ts';

/** Bytes above which a reader's file is refused unread. */
const LARGEST_FILE = 30e6;

/** What the arrow keys do to a cursor: columns to the right, rows down. */
export const MOVES: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** An element with a class and, perhaps, words. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  words = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

/** Words that change while the reader works, read out as they do. */
export function announcement(className = 'field-note'): HTMLSpanElement {
  const told = element('span', className);
  told.setAttribute('aria-live', 'polite');
  return told;
}

/** A quiet button that submits nothing. */
export function quietButton(words: string): HTMLButtonElement {
  const button = element('button', 'quiet', words);
  button.type = 'button';
  return button;
}

/** A labelled input for one file. */
export function fileInput(
  words: string,
  accept: 'image/*' | 'audio/*',
): { readonly label: HTMLLabelElement; readonly input: HTMLInputElement } {
  const label = element('label', 'label', words);
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  label.append(input);
  return { label, input };
}

/** Why a file is not opened, if it is too large. */
export const tooLarge = (file: File): string | undefined =>
  file.size > LARGEST_FILE ? zh.fileLarge(file.name, LARGEST_FILE / 1e6) : undefined;

/** Tells whether a drawn field has the keyboard's attention, whenever that changes. */
export function watchFocus(field: Element, tell: (focused: boolean) => void): void {
  field.addEventListener('focus', () => tell(field.matches(':focus-visible')));
  field.addEventListener('blur', () => tell(false));
}
