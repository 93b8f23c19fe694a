/** The numbers 0 … 99 and their Chinese names, and ways to hold some of them out. Knows no tensor library. */
import type { TableView } from '../contract/view.ts';
import { tableView } from './pictures.ts';
import { seededRandom } from './random.ts';

export const NUMBERS = 100;
/** Places of a name; shorter ones are filled up with blanks. */
export const PLACES = 3;
/** What may stand at a place. */
export const SIGNS = [
  '零',
  '一',
  '二',
  '三',
  '四',
  '五',
  '六',
  '七',
  '八',
  '九',
  '十',
  '·',
] as const;
const [TEN, BLANK] = [10, 11];

/** Number of the sign at each place: 57 → 五十七, 12 → 十二·, 40 → 四十·, 0 → 零··. */
export function numeralSigns(number: number): number[] {
  const [tens, ones] = [Math.floor(number / 10), number % 10];
  const signs = [
    ...(tens > 1 ? [tens] : []),
    ...(tens > 0 ? [TEN] : []),
    ...(ones > 0 || tens === 0 ? [ones] : []),
  ];
  return [...signs, BLANK, BLANK].slice(0, PLACES);
}

/** The name that signs spell, without the blanks at its end; one before a sign shows as ·. */
export const spellNumeral = (signs: readonly number[]): string =>
  signs
    .map((sign) => SIGNS[sign])
    .join('')
    .replace(/·+$/, '');

/** What the network is given of a number. */
export type NumeralInput = 'digits' | 'size' | 'whole';

/**
 * A number as the network's input: `digits`, two digits one-hot (20); `size`, the number over 100 (1); `whole`, one
 * place for each number (100).
 */
export function numeralInput(number: number, kind: NumeralInput): number[] {
  const oneHot = (at: number, size: number) =>
    Array.from({ length: size }, (_, i) => Number(i === at));
  switch (kind) {
    case 'digits':
      return [...oneHot(Math.floor(number / 10), 10), ...oneHot(number % 10, 10)];
    case 'size':
      return [number / NUMBERS];
    case 'whole':
      return oneHot(number, NUMBERS);
  }
}

/**
 * Numbers to learn from and numbers to be asked.
 * @param held `random`: all but `count` drawn ones are asked; `sevens`: 70 … 79 are asked; `teens`: 11 … 19 are asked
 */
export function splitNumerals(seed: number, held: 'random' | 'sevens' | 'teens', count: number) {
  const order = seededRandom(seed).permutation(NUMBERS);
  const rank = (number: number) => order.indexOf(number);
  const asked = (number: number) => {
    if (held === 'random') return rank(number) >= count;
    return held === 'sevens' ? Math.floor(number / 10) === 7 : number > 10 && number < 20;
  };
  const all = Array.from({ length: NUMBERS }, (_, number) => number);
  return { train: all.filter((number) => !asked(number)), test: all.filter(asked) };
}

/** What was said of the numbers asked, beside what is right. */
export function askedView(
  asked: readonly number[],
  said: readonly (readonly number[])[],
): TableView {
  const rows = asked.map((number, i) => {
    const [wanted, given] = [numeralSigns(number), said[i]!].map(spellNumeral) as [string, string];
    return [number, wanted, given, given === wanted ? '对' : '错'];
  });
  return tableView('没见过的数', ['数', '应当是', '它写的', ''], rows);
}
