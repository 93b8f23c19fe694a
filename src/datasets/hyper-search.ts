/** Settings to try in a search for hyper-parameters, which of them wins, and pictures of the search. Knows no model. */
import type { View } from '../contract/view.ts';
import { pointsView, short, tableView } from './pictures.ts';
import { seededRandom } from './random.ts';

/** One setting of a network with one hidden layer. */
export interface Trial {
  readonly rate: number;
  /** Hidden units. */
  readonly width: number;
  /** Pictures in one update. */
  readonly batch: number;
}

const RATES = [0.01, 10] as const;
const WIDTHS = [2, 64] as const;
const BATCHES = [16, 32, 64, 128] as const;

/** The value at `share` (0 … 1) of the way from the least to the most, by factors. */
const between = ([least, most]: readonly [number, number], share: number): number =>
  least * (most / least) ** share;

/**
 * `count` settings to try, in the order of trying: drawn at random, rate and width evenly by factors; or the points of a
 * grid of 2 widths and 2 batches with `count / 4` rates, shuffled.
 * @param count a multiple of 4, at least 4.
 */
export function drawTrials(way: 'random' | 'grid', count: number, seed: number): Trial[] {
  const random = seededRandom(seed);
  if (way === 'random') {
    return Array.from({ length: count }, () => ({
      rate: between(RATES, random.uniform()),
      width: Math.round(between(WIDTHS, random.uniform())),
      batch: BATCHES[random.integer(BATCHES.length)]!,
    }));
  }
  const rates = count / 4;
  // the middle of each of `rates` equal parts, as random draws lie on average
  const grid = Array.from({ length: rates }, (_, i) => between(RATES, (i + 0.5) / rates)).flatMap(
    (rate) => [5, 27].flatMap((width) => [16, 64].map((batch) => ({ rate, width, batch }))),
  );
  return random.shuffle(grid);
}

/** Updates that a trial takes with `count` pictures seen `epochs` times. */
export const updatesOf = ({ batch }: Trial, count: number, epochs: number): number =>
  epochs * Math.ceil(count / batch);

/** Accuracies of the trials that ended, in the order of trying. */
export interface Scores {
  /** On the pictures that the choice is made with. */
  readonly judged: readonly number[];
  readonly test: readonly number[];
}

/** Number of the trial with the highest judged accuracy, the first of equals; −1 before the first trial ended. */
export const chosenTrial = ({ judged }: Scores): number =>
  judged.length === 0 ? -1 : judged.indexOf(Math.max(...judged));

/** What the choice is worth; zeros before the first trial ended. */
export function worthOf(scores: Scores) {
  const chosen = chosenTrial(scores);
  return {
    judgedAccuracy: scores.judged[chosen] ?? 0,
    testAccuracy: scores.test[chosen] ?? 0,
    bestTestAccuracy: Math.max(0, ...scores.test),
  };
}

/** The chosen trial, and of those that ended the best and the worst on the test pictures; before that, the first. */
export function asked(scores: Scores): { name: string; k: number }[] {
  const { test } = scores;
  return [
    { name: '挑中的', k: Math.max(0, chosenTrial(scores)) },
    { name: '事后最好的', k: Math.max(0, test.indexOf(Math.max(...test))) },
    { name: '最差的', k: Math.max(0, test.indexOf(Math.min(...test))) },
  ];
}

/** Where the search has been, how its favourites did on unseen pictures, and the same numbers. */
export function searchViews(trials: readonly Trial[], scores: Scores): View[] {
  const { judged, test } = scores;
  const order = [...judged.keys()].sort((a, b) => judged[b]! - judged[a]! || a - b);
  const best = new Set(order.slice(0, 5));
  const groupOf = (i: number): number => (best.has(i) ? 0 : judged[i]! < 0.5 ? 2 : 1);
  const groups = ['前五名', '其余', '认对不到一半'].map((label, group) => {
    const own = order.filter((i) => groupOf(i) === group);
    return { label, group, own };
  });
  const plotted = (x: (i: number) => number, y: (i: number) => number) =>
    groups.map(({ label, group, own }) => ({ label, group, xs: own.map(x), ys: own.map(y) }));
  const fraction = { min: 0, max: 1 };
  const rate = { label: '学习率', min: RATES[0], max: RATES[1], scale: 'log' } as const;
  const tried = `试过的 ${judged.length} 组`;
  return [
    pointsView(
      `${tried}：学习率和宽度`,
      [rate, { label: '隐藏单元', min: WIDTHS[0], max: WIDTHS[1], scale: 'log' }],
      plotted(
        (i) => trials[i]!.rate,
        (i) => trials[i]!.width,
      ),
    ),
    pointsView(
      `${tried}：只看学习率`,
      [rate, { label: '挑它用的图上认对', ...fraction }],
      plotted(
        (i) => trials[i]!.rate,
        (i) => judged[i]!,
      ),
    ),
    pointsView(
      '挑的时候和考的时候',
      [
        { label: '挑它用的图上认对', ...fraction },
        { label: '测试集上认对', ...fraction },
      ],
      plotted(
        (i) => judged[i]!,
        (i) => test[i]!,
      ),
      [{ label: '一样好', xs: [0, 1], ys: [0, 1] }],
    ),
    tableView(
      '前五名',
      ['学习率', '隐藏单元', '批量', '挑它用的图', '测试集'],
      order
        .slice(0, 5)
        .map((i) => [
          short(trials[i]!.rate, 2),
          trials[i]!.width,
          trials[i]!.batch,
          short(judged[i]!),
          short(test[i]!),
        ]),
    ),
  ];
}
