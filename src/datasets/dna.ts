/** Generates DNA sequences, half of them with a hidden word, and shows what a filter looks for. Knows no model. */
import type { MatrixView, TokensView } from '../contract/view.ts';
import { short } from './pictures.ts';
import type { SeededRandom } from './random.ts';

export const LETTERS = 'ACGT';
/** Letters of one sequence. */
export const LENGTH = 40;

/** Sequences as letter numbers 0 … 3, with 1 where the word is hidden. */
export interface Sequences {
  readonly count: number;
  /** `[count][40]`. */
  readonly letters: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

export interface Hiding {
  readonly word: string;
  /** Chance that a letter of the hidden word is replaced by a random one. */
  readonly mutation: number;
  /** Always at the same place, in the middle. */
  readonly fixed: boolean;
}

/**
 * Draws `count` sequences of random letters. Every other one gets the word (some letters replaced) at a random place; the
 * rest get the same letters in another order, so that counting letters does not help, and never hold the
 * word by chance.
 */
export function makeSequences(count: number, hiding: Hiding, random: SeededRandom): Sequences {
  const word = Array.from(hiding.word, (letter) => LETTERS.indexOf(letter));
  const other = (): number[] => {
    for (;;) {
      const order = random.shuffle(word);
      if (order.some((letter, i) => letter !== word[i])) return order;
    }
  };
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const draw = (label: number): number[] => {
    const sequence = Array.from({ length: LENGTH }, () => random.integer(LETTERS.length));
    const anywhere = random.integer(LENGTH - word.length + 1);
    const from = hiding.fixed ? Math.floor((LENGTH - word.length) / 2) : anywhere;
    const hidden = label ? word : other();
    hidden.forEach((letter, i) => {
      const [kept, instead] = [random.uniform() >= hiding.mutation, random.integer(LETTERS.length)];
      sequence[from + i] = kept ? letter : instead;
    });
    return label || !sequence.join('').includes(word.join('')) ? sequence : draw(label);
  };
  const letters = labels.map(draw);
  return { count, letters, labels };
}

/** One-hot codes, `length · 4` numbers a sequence; letters beyond the end of a shorter one are all zero. */
export function encode(letters: readonly (readonly number[])[], length = LENGTH): Float32Array {
  const codes = new Float32Array(letters.length * length * LETTERS.length);
  letters.forEach((sequence, row) => {
    sequence.slice(0, length).forEach((letter, i) => {
      codes[(row * length + i) * LETTERS.length + letter] = 1;
    });
  });
  return codes;
}

/** Letter numbers of a text in any case, spaces ignored; `undefined` when it holds anything but A, C, G, T. */
export function readLetters(text: string): number[] | undefined {
  const letters = Array.from(text.toUpperCase().replace(/\s/g, ''), (c) => LETTERS.indexOf(c));
  return letters.includes(-1) ? undefined : letters;
}

/**
 * What the filter with the largest effect wants: at each place the letters' weights less their mean, times the effect, and
 * the word of the largest.
 * @param filters `[width, 4, filters]`. @param effects `[filters]`.
 */
export function filterView(filters: ArrayLike<number>, effects: ArrayLike<number>): MatrixView {
  const sizes = Array.from(effects, Math.abs);
  const best = sizes.indexOf(Math.max(...sizes));
  const all = Array.from(filters);
  const weights = all.filter((_, i) => i % sizes.length === best);
  const width = weights.length / LETTERS.length;
  const places = Array.from({ length: width }, (_, at) => {
    const own = Array.from(LETTERS, (_, letter) => weights[at * LETTERS.length + letter] ?? 0);
    const mean = own.reduce((a, b) => a + b) / own.length;
    return own.map((weight) => (weight - mean) * (effects[best] ?? 0));
  });
  const columns = places.map((_, at) => String(at + 1));
  const rows = Array.from(LETTERS);
  const values = rows.map((_, letter) => places.map((place) => short(place[letter] ?? 0, 2)));
  const word = places.map((place) => LETTERS[place.indexOf(Math.max(...place))]).join('');
  const titles = { rowTitle: '字母', columnTitle: '位置' };
  return {
    kind: 'matrix',
    title: `起作用最大的卷积核读作 ${word}`,
    ...titles,
    rows,
    columns,
    values,
  };
}

/** A sequence whose letters are tinted by the strongest window that covers them; the best window's start is noted. */
export function firingView(
  title: string,
  letters: readonly number[],
  scores: readonly number[],
  width: number,
): TokensView {
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const best = scores.indexOf(high);
  const tokens = letters.map((letter, i) => {
    const over = scores.slice(Math.max(0, i - width + 1), i + 1);
    const value = high > low ? (Math.max(...over) - low) / (high - low) : 0;
    const text = LETTERS[letter] ?? '?';
    return i === best ? { text, value, note: '起' } : { text, value };
  });
  return { kind: 'tokens', title, legend: '颜色越深，盖住它的窗口得分越高', tokens };
}
