/** What a test of memory shows: how far back a reader reaches, and what it costs. Knows no tensor library. */
import type { CurveView, TableView, TokensView } from '../contract/view.ts';
import { short, tableView, tokensView } from './pictures.ts';
import { TOKENS } from './token-sequences.ts';

/** The size of the loss's gradient at each digit, from the first to the last; a vanished one breaks the line. */
export const reachView = (sizes: ArrayLike<number>): CurveView => ({
  kind: 'curve',
  title: '损失的梯度传到每个位置，还剩多大',
  x: { label: '第几个数字' },
  y: { label: '梯度的长度', scale: 'log' },
  series: [
    {
      label: '现在的网络',
      xs: Array.from(sizes, (_, place) => place + 1),
      ys: Array.from(sizes, (size) => (size > 0 ? short(size) : NaN)),
    },
  ],
});

/** What a reader is made of and takes. */
export const costView = (weights: number, inTurn: number): TableView =>
  tableView(
    '代价',
    ['项目', '数'],
    [
      ['可学的数', weights],
      ['一个等一个，要走几步', inTurn],
    ],
  );

/** Digits of a reader's row, or nothing if it is not 2 to `most` single digits. */
export function readDigits(text: string, most: number): number[] | undefined {
  const row = text
    .split(/[\s,，、]+/u)
    .filter((word) => word !== '')
    .map(Number);
  const fits = row.every((digit) => Number.isInteger(digit) && digit >= 0 && digit < TOKENS);
  return fits && row.length >= 2 && row.length <= most ? row : undefined;
}

/** A row with how much the answer would change with each digit, against the most. */
export function leaningView(
  title: string,
  row: readonly number[],
  sizes: ArrayLike<number>,
): TokensView {
  const most = Math.max(...Array.from(sizes), 1e-30);
  const share = (place: number) => (sizes[place] ?? 0) / most;
  const tokens = row.map((digit, place) => ({
    ...{ text: String(digit), value: share(place), note: share(place).toFixed(2) },
  }));
  return tokensView(title, '字下是梯度的长度，最大的算 1', tokens);
}
