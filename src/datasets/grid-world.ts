/** A board of 5 × 5 cells with pits: its rules, and pictures of what was learnt on it. Knows no learning rule. */
import type { HeatmapView, Series, TableView } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

export const SIDE = 5;
const BOARD = ['S.O..', '....O', 'O.O..', '...O.', '.O..G'].join('');

/** The cell where a game begins; cells are numbered row by row from the top left corner. */
export const START = BOARD.indexOf('S');
/** Up, right, down, left. */
export const ARROWS = ['↑', '→', '↓', '←'] as const;
const MOVES = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;
/** A game that is not over after so many moves is stopped. */
export const MOST_MOVES = 50;

export interface Outcome {
  readonly cell: number;
  readonly reward: number;
  readonly over: boolean;
}

/** A pit, the goal, or neither. */
export const kindOf = (cell: number): 'pit' | 'goal' | 'free' =>
  BOARD[cell] === 'O' ? 'pit' : BOARD[cell] === 'G' ? 'goal' : 'free';

/** Moves one cell; walls hold. The goal gives 1, a pit −1, any other move costs `price`. */
export function move(cell: number, action: number, price: number): Outcome {
  const [down, right] = MOVES[action] ?? [0, 0];
  const [row, column] = [Math.floor(cell / SIDE) + down, (cell % SIDE) + right];
  const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
  const next = inside ? row * SIDE + column : cell;
  const kind = kindOf(next);
  if (kind === 'free') return { cell: next, reward: -price, over: false };
  return { cell: next, reward: kind === 'goal' ? 1 : -1, over: true };
}

/** One game: its cells from the first to the last, and the sum of its rewards. */
export function play(
  start: number,
  choose: (cell: number) => number,
  price: number,
): { readonly cells: readonly number[]; readonly total: number; readonly won: boolean } {
  const cells = [start];
  let [cell, total] = [start, 0];
  while (cells.length <= MOST_MOVES && kindOf(cell) === 'free') {
    const outcome = move(cell, choose(cell), price);
    total += outcome.reward;
    cells.push((cell = outcome.cell));
  }
  return { cells, total, won: kindOf(cell) === 'goal' };
}

/** The mean sum of rewards, and the share of games won, of moving at random in `games` games. */
export function atRandom(
  random: SeededRandom,
  games: number,
  price: number,
): { readonly total: number; readonly wins: number } {
  const played = Array.from({ length: games }, () => play(START, () => random.integer(4), price));
  return {
    total: played.reduce((sum, { total }) => sum + total, 0) / games,
    wins: played.filter(({ won }) => won).length / games,
  };
}

/** A row of Q: what each of the four moves promises. */
export type Row = readonly number[];

/** The first of the moves that promise most. */
export const bestOf = (row: Row): number => row.indexOf(Math.max(...row));

/** The board with the best promise of each cell as its shade, and a game's cells as a path over it. */
export function valueView(Q: readonly Row[], cells: readonly number[]): HeatmapView {
  const value = (cell: number): number =>
    ({ pit: -1, goal: 1, free: short(Math.max(...(Q[cell] ?? [0]))) })[kindOf(cell)];
  const upwards = Array.from({ length: SIDE }, (_, y) => SIDE - 1 - y);
  const path: Series = {
    label: '照学到的走',
    xs: cells.map((cell) => (cell % SIDE) + 0.5),
    ys: cells.map((cell) => SIDE - 0.5 - Math.floor(cell / SIDE)),
  };
  return {
    kind: 'heatmap',
    title: '每一格值多少（左上出发，右下是终点）',
    x: { label: '列' },
    y: { label: '行，从下往上数' },
    grid: {
      ...{ columns: SIDE, rows: SIDE, x: [0, SIDE], y: [0, SIDE] },
      values: upwards.flatMap((row) =>
        Array.from({ length: SIDE }, (_, x) => value(row * SIDE + x)),
      ),
    },
    paths: [path],
  };
}

/** The best move of each cell; a cell whose four moves promise the same has a question mark. */
export function policyView(Q: readonly Row[]): TableView {
  const mark = (cell: number): string => {
    if (kindOf(cell) !== 'free') return kindOf(cell) === 'pit' ? '坑' : '终点';
    const row = Q[cell] ?? [];
    return row.every((promise) => promise === row[0]) ? '？' : (ARROWS[bestOf(row)] ?? '？');
  };
  const columns = Array.from({ length: SIDE }, (_, x) => `第 ${x + 1} 列`);
  const rows = columns.map((_, y) => columns.map((_, x) => mark(y * SIDE + x)));
  return tableView('在每一格往哪里走', columns, rows);
}
