/** Generates daily price moves with a known amount of pattern in them. Knows no model. */
import type { CurveView, Series } from '../contract/view.ts';
import type { SeededRandom } from './random.ts';

/** Days a model looks back. */
export const LOOKBACK = 20;

/** Days to predict: the moves before each, and the move itself. */
export interface Days {
  readonly count: number;
  /** `[count, 20]`, the latest move last. */
  readonly before: Float32Array;
  /** `[count]`, in standard deviations of the noise. */
  readonly moves: Float32Array;
}

/**
 * A walk of `count` days to predict: each move is `signal` times the one before plus standard normal noise. With `leak`,
 * the moves looked back at are the means of three neighbouring days, so that the last one holds a third of the answer.
 */
export function walkDays(count: number, signal: number, leak: boolean, random: SeededRandom): Days {
  const all = new Float32Array(count + LOOKBACK);
  for (let t = 0; t < all.length; t++) all[t] = signal * (all[t - 1] ?? 0) + random.normal();
  const at = (t: number): number => all[t] ?? 0;
  const seen = (t: number): number => (leak ? (at(t - 1) + at(t) + at(t + 1)) / 3 : at(t));
  const before = new Float32Array(count * LOOKBACK);
  for (let day = 0; day < count; day++) {
    for (let i = 0; i < LOOKBACK; i++) before[day * LOOKBACK + i] = seen(day + i);
  }
  return { count, before, moves: all.slice(LOOKBACK) };
}

/** How often the best possible guess is right: the sign of `signal` times the last move. 1/2 + asin|signal|/π. */
export const bestAccuracy = (signal: number): number => 0.5 + Math.asin(Math.abs(signal)) / Math.PI;

/**
 * What following the guesses earns, day after day: the move where the guess is up, minus the move where it is down, and
 * `fee` for each change of sides. In standard deviations of the noise.
 */
export function earnings(
  moves: ArrayLike<number>,
  guesses: ArrayLike<number>,
  fee: number,
): number[] {
  let sum = 0;
  return Array.from(moves, (move, day) => {
    const side = (i: number): number => ((guesses[i] ?? 0) > 0 ? 1 : -1);
    sum += side(day) * move - (day > 0 && side(day) !== side(day - 1) ? 2 * fee : 0);
    return sum;
  });
}

/** The moves of a text of 涨 and 跌, each as large as an average one; `undefined` when it holds anything else. */
export function readMoves(text: string): number[] | undefined {
  const average = Math.sqrt(2 / Math.PI); // of the size of a standard normal draw
  const moves = Array.from(text.replace(/\s/g, ''), (c) => average * ('跌 涨'.indexOf(c) - 1));
  return moves.every((move) => Math.abs(move) === average) ? moves : undefined;
}

/** Earnings over days, at most 100 points of each. */
export function earningsView(earned: Readonly<Record<string, readonly number[]>>): CurveView {
  const series = Object.entries(earned).map(([label, values]): Series => {
    const stride = Math.ceil(values.length / 100);
    const days = Array.from(values.keys()).filter((day) => day % stride === 0);
    return { label, xs: days, ys: days.map((day) => values[day] ?? NaN) };
  });
  const [x, y] = [{ label: '天' }, { label: '累计盈亏（日波动的倍数）' }];
  return { kind: 'curve', title: '照它的判断天天买卖', x, y, series };
}
