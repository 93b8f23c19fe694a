/** Scores how well a number tells two groups apart, and draws its ROC curve. Knows no model. */
import type { CurveView } from '../contract/view.ts';

/**
 * Area under the ROC curve: the chance that a score of the first group is higher than one of the second, ties counting half
 * (the Mann–Whitney statistic, from ranks).
 */
export function auc(positives: readonly number[], negatives: readonly number[]): number {
  const all = [
    ...positives.map((score) => ({ score, positive: 1 })),
    ...negatives.map((score) => ({ score, positive: 0 })),
  ].sort((a, b) => a.score - b.score);
  let ranks = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.score === all[from]?.score) to++;
    const mean = (from + 1 + to) / 2; // equal scores share their mean rank
    for (const { positive } of all.slice(from, to)) ranks += mean * positive;
    from = to;
  }
  const m = positives.length;
  return (ranks - (m * (m + 1)) / 2) / (m * negatives.length);
}

/** The ROC curve of scores, from (0, 0) to (1, 1), one point for every threshold. */
export function rocPoints(
  positives: readonly number[],
  negatives: readonly number[],
): { xs: number[]; ys: number[] } {
  const thresholds = [...new Set([...positives, ...negatives])].sort((a, b) => b - a);
  const share = (scores: readonly number[], least: number): number =>
    scores.filter((score) => score >= least).length / scores.length;
  return {
    xs: [0, ...thresholds.map((least) => share(negatives, least))],
    ys: [0, ...thresholds.map((least) => share(positives, least))],
  };
}

/** ROC curves, each `[label, positives' scores, negatives' scores]`, over the diagonal of guessing. */
export function rocView(
  title: string,
  [x, y]: readonly [string, string],
  curves: readonly (readonly [string, readonly number[], readonly number[]])[],
): CurveView {
  const drawn = curves.map(([label, positives, negatives]) => {
    const { xs, ys } = rocPoints(positives, negatives);
    const keep = (_: number, i: number): boolean =>
      i === xs.length - 1 || i % Math.ceil(xs.length / 60) === 0;
    return { label, xs: xs.filter(keep), ys: ys.filter(keep) };
  });
  return {
    kind: 'curve',
    title,
    x: { label: x, min: 0, max: 1 },
    y: { label: y, min: 0, max: 1 },
    series: [...drawn, { label: '瞎猜', xs: [0, 1], ys: [0, 1] }],
  };
}
