/** Lets several networks read a digit that a reader draws. Knows no tensor library and no model. */
import { InputError, type InputSpec, type ProbeInput } from '../contract/example.ts';
import type { TableView } from '../contract/view.ts';
import { CLASSES } from './digits.ts';
import { fitDrawing } from './drawn-digit.ts';
import { tableView } from './pictures.ts';

const SIDE = 24;
/** Names of the ten classes. */
export const DIGITS = Array.from({ length: CLASSES }, (_, digit) => String(digit));

/** A board to draw a digit on. */
export const DIGIT_INPUT: InputSpec = {
  kind: 'drawing',
  label: '写一个数字',
  width: SIDE,
  height: SIDE,
};

/** The reader's digit, 8 × 8. @throws InputError when nothing is drawn, or the input is of another kind. */
export function drawnDigit(input: ProbeInput): Float32Array {
  const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
  if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
  return image;
}

/**
 * Probabilities of the classes, one column for each network.
 * @param p `[networks, classes]`, row by row; `networks` are their names.
 * @param classes names of the classes.
 */
export const oddsView = (
  title: string,
  networks: readonly string[],
  classes: readonly string[],
  p: ArrayLike<number>,
): TableView =>
  tableView(
    title,
    ['', ...networks],
    classes.map((name, at) => [
      name,
      ...networks.map((_, k) => Number(p[k * classes.length + at]).toFixed(3)),
    ]),
  );
