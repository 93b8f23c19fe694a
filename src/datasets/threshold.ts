/** What moving a threshold does to a detector: four counts, the measures made of them, and their cost. Knows no model. */
import type { CurveView, MatrixView, TableView, View } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';
import { auc } from './roc.ts';

/** Probabilities that a model gave to those who are positive, and to those who are not. */
export interface Scored {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** Probabilities parted by their labels; 1 is positive. */
export function partScores(scores: ArrayLike<number>, labels: ArrayLike<number>): Scored {
  const of = (label: number): number[] => Array.from(scores).filter((_, i) => labels[i] === label);
  return { positives: of(1), negatives: of(0) };
}

export interface Counts {
  readonly caught: number;
  readonly missed: number;
  readonly wronged: number;
  readonly cleared: number;
}

/** How many are caught and wronged when every score of at least `threshold` raises the alarm. */
export function countsAt({ positives, negatives }: Scored, threshold: number): Counts {
  const over = (scores: readonly number[]): number =>
    scores.filter((score) => score >= threshold).length;
  const [caught, wronged] = [over(positives), over(negatives)];
  const [missed, cleared] = [positives.length - caught, negatives.length - wronged];
  return { caught, missed, wronged, cleared };
}

/** Accuracy, precision, recall and F1; precision is NaN without any alarm, recall without any positive. */
export function measuresOf({ caught, missed, wronged, cleared }: Counts) {
  return {
    accuracy: (caught + cleared) / (caught + missed + wronged + cleared),
    precision: caught / (caught + wronged),
    recall: caught / (caught + missed),
    f1: (2 * caught) / (2 * caught + missed + wronged),
  };
}

/** The measures at a threshold and the area under the ROC curve; precision without any alarm counts as 0. */
export function measuresAt(scored: Scored, threshold: number) {
  const measures = measuresOf(countsAt(scored, threshold));
  const precision = Number.isNaN(measures.precision) ? 0 : measures.precision;
  return { ...measures, precision, area: auc(scored.positives, scored.negatives) };
}

/** Measures before anything is measured. */
export const NOTHING = { accuracy: 0, precision: 0, recall: 0, f1: 0, area: 0 };

/** What one miss and one false alarm cost, in the same unit. */
export interface Costs {
  readonly miss: number;
  readonly alarm: number;
}

export const costOf = ({ missed, wronged }: Counts, { miss, alarm }: Costs): number =>
  missed * miss + wronged * alarm;

/** The cheapest threshold among the scores, 0 (all alarmed) and just over 1 (none); the highest of equals. */
export function cheapest(
  scored: Scored,
  costs: Costs,
): { readonly threshold: number; readonly cost: number } {
  const tried = [...new Set([0, ...scored.positives, ...scored.negatives, 1.001])];
  return tried
    .map((threshold) => ({ threshold, cost: costOf(countsAt(scored, threshold), costs) }))
    .reduce((best, each) =>
      each.cost < best.cost || (each.cost === best.cost && each.threshold > best.threshold)
        ? each
        : best,
    );
}

/** What the two groups and the two answers are called. */
export interface ThresholdWords {
  readonly positive: string;
  readonly negative: string;
  readonly alarm: string;
  readonly pass: string;
  /** The unit of the costs. */
  readonly unit: string;
}

const percent = (share: number): string => (Number.isNaN(share) ? '没有可算的' : share.toFixed(4));

/** The confusion matrix, the measures and the cost at a threshold, and the cost over all thresholds. */
export function thresholdViews(
  scored: Scored,
  threshold: number,
  costs: Costs,
  words: ThresholdWords,
): readonly View[] {
  const counts = countsAt(scored, threshold);
  const { accuracy, precision, recall, f1 } = measuresOf(counts);
  const best = cheapest(scored, costs);
  const matrix: MatrixView = {
    kind: 'matrix',
    title: `阈值 ${short(threshold)}`,
    rowTitle: '其实',
    columnTitle: '判成',
    rows: [words.positive, words.negative],
    columns: [words.alarm, words.pass],
    values: [
      [counts.caught, counts.missed],
      [counts.wronged, counts.cleared],
    ],
  };
  const cost = costOf(counts, costs);
  const table: TableView = tableView(
    '这个阈值的成绩',
    ['指标', '数值'],
    [
      ['准确率', percent(accuracy)],
      ['精确率', percent(precision)],
      ['召回率', percent(recall)],
      ['F1', percent(f1)],
      ['AUC（和阈值无关）', auc(scored.positives, scored.negatives).toFixed(4)],
      ['这样做的代价', `${short(cost, 6)} ${words.unit}`],
      ['最省的阈值', best.threshold > 1 ? `不报警` : short(best.threshold)],
      ['最省要付', `${short(best.cost, 6)} ${words.unit}`],
    ],
  );
  const steps = Array.from({ length: 101 }, (_, i) => i / 100);
  const curve: CurveView = {
    kind: 'curve',
    title: '代价随阈值变化',
    x: { label: '阈值', min: 0, max: 1 },
    y: { label: `代价（${words.unit}）`, min: 0 },
    series: [
      { label: '代价', xs: steps, ys: steps.map((at) => costOf(countsAt(scored, at), costs)) },
      { label: '现在的阈值', xs: [threshold, threshold], ys: [0, cost] },
    ],
  };
  return [matrix, table, curve];
}
