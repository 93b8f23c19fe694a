/** Draws the images of a membership attack, and shows whom the attacker accuses. Knows no model. */
import type { TableView, View } from '../contract/view.ts';
import { CLASSES, digitPixels, pickDigits, type DigitSet } from './digits.ts';
import { imagesView, tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';
import { auc, rocView } from './roc.ts';

/** `count` different digits with the labels given to the trainer; each is wrong with probability `wrong`. */
export function drawCandidates(
  train: DigitSet,
  count: number,
  wrong: number,
  random: SeededRandom,
): { all: DigitSet; given: Int32Array } {
  const all = pickDigits(train, random.permutation(train.count).slice(0, count));
  const given = all.labels.map((label) => {
    const [mistaken, other] = [random.uniform() < wrong, random.integer(CLASSES - 1)];
    return mistaken ? (label + 1 + other) % CLASSES : label;
  });
  return { all, given };
}

/** How well a small loss betrays the first `members` images: the area under the attacker's ROC curve. */
export function attackAuc(losses: ArrayLike<number>, members: number): number {
  const scores = Array.from(losses, (loss) => -loss);
  return auc(scores.slice(0, members), scores.slice(members));
}

/** The attacker's ROC curve, and the ten pictures of the smallest loss with what he does not know about them. */
export function attackViews(
  { images }: DigitSet,
  given: Int32Array,
  losses: ArrayLike<number>,
  members: number,
): View[] {
  const scores = Array.from(losses, (loss) => -loss);
  const score = (row: number): number => scores[row] ?? NaN;
  const surest = Array.from(scores.keys()).sort((a, b) => score(b) - score(a));
  const shown = surest.slice(0, 10).map((row) => ({
    pixels: digitPixels({ images }, row),
    caption: `标成 ${given[row]}，${row < members ? '训练过' : '没训练过'}`,
  }));
  const curve = ['按损失猜', scores.slice(0, members), scores.slice(members)] as const;
  return [
    rocView('攻击的 ROC', ['冤枉的比例', '指认对的比例'], [curve]),
    imagesView('损失最小的十张：攻击者最先指认', 8, shown),
  ];
}

/** How many are accused rightly and wrongly when every loss below a limit is. */
export function verdictView(all: ArrayLike<number>, members: number, limit: number): TableView {
  const losses = Array.from(all);
  const below = (part: readonly number[]): number => part.filter((loss) => loss < limit).length;
  const [hit, wronged] = [below(losses.slice(0, members)), below(losses.slice(members))];
  const share = hit + wronged > 0 ? (hit / (hit + wronged)).toFixed(3) : '没有指认';
  return tableView(
    '指认的结果',
    ['', '数'],
    [
      ['指认对的（训练过）', hit],
      ['冤枉的（没训练过）', wronged],
      ['指认里有几成是对的（瞎猜 0.5）', share],
    ],
  );
}
