/** Rows of digits, one of them starred, and three questions about a row. Knows no tensor library. */
import type { TokensView } from '../contract/view.ts';
import type { SeededRandom } from './random.ts';

/** Digits 0 … 7; a token is a digit, or 8 + digit when starred. */
export const DIGITS = 8;
/** Numbers that describe a token to a network: eight for the digit, one of them 1, and one for the star. */
export const FEATURES = DIGITS + 1;

/** What is asked about a row. */
export const QUESTIONS = {
  starred: '带星号的是几',
  first: '第一个是几',
  most: '哪个最多',
} as const;
export type Question = keyof typeof QUESTIONS;

/** The token as a reader writes it: `5`, or `*5`. */
export const tokenText = (token: number): string =>
  token < DIGITS ? String(token) : `*${token - DIGITS}`;

/** Rows as features, token after token: `[rows · length][9]`. */
export const describeTokens = (rows: readonly (readonly number[])[]): number[][] =>
  rows
    .flat()
    .map((token) => [
      ...Array.from({ length: DIGITS }, (_, digit) => Number(token % DIGITS === digit)),
      Number(token >= DIGITS),
    ]);

function answerOf(row: readonly number[], question: Question): number {
  if (question === 'starred') return (row.find((token) => token >= DIGITS) ?? 0) - DIGITS;
  if (question === 'first') return (row[0] ?? 0) % DIGITS;
  const counts = Array.from(
    { length: DIGITS },
    (_, digit) => row.filter((token) => token % DIGITS === digit).length,
  );
  return counts.indexOf(Math.max(...counts));
}

/** `count` rows of `length` tokens, one starred in each, with the answers 0 … 7. */
export function drawRows(
  random: SeededRandom,
  count: number,
  length: number,
  question: Question,
): { rows: number[][]; answers: number[] } {
  const rows = Array.from({ length: count }, () => {
    const row = Array.from({ length }, () => random.integer(DIGITS));
    const star = random.integer(length);
    row[star] = (row[star] ?? 0) + DIGITS;
    return row;
  });
  return { rows, answers: rows.map((row) => answerOf(row, question)) };
}

/**
 * What a reader typed: digits 0 … 7 with spaces between, `*` before a starred one.
 * @returns undefined when something else is in it, or nothing.
 */
export function readRow(text: string): number[] | undefined {
  const words = text.trim().split(/[\s,，、]+/u);
  const tokens = words.map((word) => /^(\*?)([0-7])$/.exec(word));
  if (tokens.some((token) => token === null)) return undefined;
  return tokens.map((token) => Number(token?.[2]) + (token?.[1] ? DIGITS : 0));
}

/** A row with the weight of every token as its tint; the largest is full. */
export function weightsView(
  title: string,
  row: readonly number[],
  weights: ArrayLike<number>,
): TokensView {
  const largest = Math.max(...Array.from(weights));
  return {
    kind: 'tokens',
    title,
    legend: '颜色越深，权重越大；小字是权重，各权重加起来是 1',
    tokens: row.map((token, i) => ({
      text: tokenText(token),
      value: (weights[i] ?? 0) / largest,
      note: (weights[i] ?? 0).toFixed(2),
    })),
  };
}
