/** Two tasks from the same digits: one with many labels, one with few. Knows no tensor library. */
import type { TableView } from '../contract/view.ts';
import { type DigitSet, pickDigits } from './digits.ts';
import { tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/** How the second task is learned, in the order of the stack. */
export const ROUTES = ['从头学', '冻住特征', '接着微调'] as const;
/** Training images for the first task; the few of the second come from the rest. */
export const SOURCE = 1000;

/** A digit's class in a task; undefined when the task does not have that digit. */
type Task = (digit: number) => number | undefined;
export interface TaskPair {
  readonly source: Task;
  /** Classes of the first task. */
  readonly classes: number;
  readonly target: Task;
  /** Names of the classes of the second task. */
  readonly names: readonly string[];
}

export const TASKS = {
  parity: {
    source: (digit) => digit,
    classes: 10,
    target: (digit) => digit % 2,
    names: ['双', '单'],
  },
  others: {
    source: (digit) => (digit < 5 ? digit : undefined),
    classes: 5,
    target: (digit) => (digit < 5 ? undefined : digit - 5),
    names: ['5', '6', '7', '8', '9'],
  },
} as const satisfies Record<string, TaskPair>;

/** The digits that a task has, with their classes in it as labels. */
export function taskDigits(digits: DigitSet, task: Task): DigitSet {
  const rows = Array.from({ length: digits.count }, (_, row) => row);
  const has = rows.filter((row) => task(digits.labels[row] ?? NaN) !== undefined);
  const picked = pickDigits(digits, has);
  return { ...picked, labels: picked.labels.map((digit) => task(digit) ?? NaN) };
}

/**
 * The first task's training images, and `draws` times `perClass` images of each class of the second, drawn anew each
 * time from images that the first task has not seen.
 */
export function drawTasks(
  train: DigitSet,
  { source, target, names }: TaskPair,
  perClass: number,
  draws: number,
  random: SeededRandom,
): { source: DigitSet; few: DigitSet[] } {
  const order = random.permutation(train.count);
  const rest = taskDigits(pickDigits(train, order.slice(SOURCE)), target);
  const few = Array.from({ length: draws }, () => {
    const shuffled = random.permutation(rest.count);
    const rows = names.flatMap((_, k) =>
      shuffled.filter((row) => rest.labels[row] === k).slice(0, perClass),
    );
    return pickDigits(rest, rows);
  });
  return { source: taskDigits(pickDigits(train, order.slice(0, SOURCE)), source), few };
}

/** Accuracies of the three ways with the weights that each learned and the labels it used. */
export function routesView(
  scores: readonly number[],
  labels: number,
  weights: readonly [first: number, second: number],
): TableView {
  const [first, second] = weights;
  const rows = ROUTES.map((name, k) => [
    name,
    k ? SOURCE_NOTE : '不要',
    labels,
    k === 1 ? second : first + second,
    (scores[k] ?? NaN).toFixed(3),
  ]);
  return tableView(
    '三条路（五次抽样的平均）',
    ['', '预训练', '目标任务的标签', '要学的权重', '准确率'],
    rows,
  );
}

const SOURCE_NOTE = `要，${SOURCE} 张里的`;
