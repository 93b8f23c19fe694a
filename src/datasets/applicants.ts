/** Draws applicants of two groups, and sets and scores approval thresholds for each. Knows no model. */
import type { PointsView, TableView } from '../contract/view.ts';
import { tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';
import { rocPoints } from './roc.ts';

export const GROUPS = ['甲', '乙'] as const;
/** Numbers known of each applicant: two test results, a postcode that tells the group nine times in ten, the group. */
export const FEATURES = 4;
/** Of 10 applicants, this many are of the second group. */
const MINORITY = 3;

export interface Applicants {
  readonly count: number;
  /** `[count, 4]`. */
  readonly x: Float32Array;
  /** 0 or 1 for each applicant. */
  readonly group: readonly number[];
  /** Whether the applicant would pay the loan back, 1 or 0. */
  readonly able: readonly number[];
}

/**
 * @param base share of able applicants, for each group.
 * @param noise how far a test result strays from what the applicant is (±1), for each group.
 */
export function drawApplicants(
  random: SeededRandom,
  count: number,
  base: readonly [number, number],
  noise: readonly [number, number],
): Applicants {
  const x = new Float32Array(count * FEATURES);
  const group: number[] = [];
  const able: number[] = [];
  for (let i = 0; i < count; i++) {
    const g = random.integer(10) < MINORITY ? 1 : 0;
    const y = random.uniform() < base[g] ? 1 : 0;
    const result = (): number => 2 * y - 1 + noise[g] * random.normal();
    const side = 2 * g - 1;
    x.set([result(), result(), random.uniform() < 0.9 ? side : -side, side], i * FEATURES);
    group.push(g);
    able.push(y);
  }
  return { count, x, group, able };
}

/** What happens to one group under its threshold; all are shares, 0 … 1. */
export interface Outcome {
  readonly approved: number;
  readonly accuracy: number;
  /** Of those who would pay back, the share approved. */
  readonly truePositive: number;
  /** Of those who would not, the share approved. */
  readonly falsePositive: number;
}

const share = (values: readonly number[], test: (value: number) => boolean): number =>
  values.filter(test).length / Math.max(1, values.length);

/** Scores of a group's able (or other) applicants. */
const scoresOf = (people: Applicants, p: ArrayLike<number>, g?: number, y?: number): number[] =>
  people.group.flatMap((group, i) =>
    (g === undefined || g === group) && (y === undefined || y === people.able[i]) ? [p[i]!] : [],
  );

/** The outcome of everybody (`g` left out: each with the own group's threshold) or of one group. */
export function outcome(
  people: Applicants,
  p: ArrayLike<number>,
  thresholds: readonly number[],
  g?: number,
): Outcome {
  const chosen = people.group
    .map((_, i) => i)
    .filter((i) => g === undefined || people.group[i] === g);
  const yes = (i: number): boolean => p[i]! >= thresholds[people.group[i]!]!;
  const able = chosen.filter((i) => people.able[i] === 1);
  const others = chosen.filter((i) => people.able[i] === 0);
  return {
    approved: share(chosen, yes),
    accuracy: share(chosen, (i) => yes(i) === (people.able[i] === 1)),
    truePositive: share(able, yes),
    falsePositive: share(others, yes),
  };
}

/** The threshold that lets this share of the scores through. */
function quantile(scores: readonly number[], through: number): number {
  const sorted = [...scores].sort((a, b) => b - a);
  return (
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(through * sorted.length) - 1))] ?? 1
  );
}

export const RULES = {
  one: '同一条线 0.5',
  rate: '批准率相同',
  opportunity: '合格的人机会相同',
  alarm: '不合格的人误批相同',
} as const;
export type Rule = keyof typeof RULES;

/**
 * A threshold for each group that meets the rule on these people, at the level the single threshold 0.5 gives all of them
 * together: so the rules differ in whom they treat alike, not in how generous they are.
 */
export function thresholdsFor(rule: Rule, people: Applicants, p: ArrayLike<number>): number[] {
  if (rule === 'one') return [0.5, 0.5];
  const y = { rate: undefined, opportunity: 1, alarm: 0 }[rule];
  const level = share(scoresOf(people, p, undefined, y), (score) => score >= 0.5);
  return [0, 1].map((g) => quantile(scoresOf(people, p, g, y), level));
}

/** What each rule costs and whom: thresholds from one set of people, outcomes on another. */
export function rulesTable(
  held: Applicants,
  pHeld: ArrayLike<number>,
  test: Applicants,
  pTest: ArrayLike<number>,
): TableView {
  const rows = (Object.keys(RULES) as Rule[]).map((rule) => {
    const lines = thresholdsFor(rule, held, pHeld);
    const [all, a, b] = [undefined, 0, 1].map((g) => outcome(test, pTest, lines, g));
    const pair = (of: (o: Outcome) => number): string =>
      [a!, b!].map((o) => of(o).toFixed(2)).join(' / ');
    return [
      RULES[rule],
      lines.map((line) => line.toFixed(2)).join(' / '),
      all!.accuracy.toFixed(3),
      pair((o) => o.accuracy),
      pair((o) => o.approved),
      pair((o) => o.truePositive),
      pair((o) => o.falsePositive),
    ];
  });
  const columns = [
    '规则',
    '两组的线',
    '准确率',
    '各组准确率',
    '批准率',
    '合格的获批',
    '不合格的获批',
  ];
  return tableView('每条规则拉平一列，别的列就歪（甲 / 乙）', columns, rows);
}

/** Both groups' ROC curves with the points where their thresholds put them. */
export function groupsView(
  people: Applicants,
  p: ArrayLike<number>,
  thresholds: readonly number[],
): PointsView {
  const curves = GROUPS.map((label, g) => {
    const { xs, ys } = rocPoints(scoresOf(people, p, g, 1), scoresOf(people, p, g, 0));
    const keep = (_: number, i: number): boolean => i % Math.ceil(xs.length / 50) === 0;
    return { label, xs: xs.filter(keep), ys: ys.filter(keep) };
  });
  const points = GROUPS.map((label, group) => {
    const at = outcome(people, p, thresholds, group);
    return { label: `${label}组现在的位置`, group, xs: [at.falsePositive], ys: [at.truePositive] };
  });
  return {
    kind: 'points',
    title: '每组能走的曲线，和现在站的地方',
    x: { label: '不合格的获批', min: 0, max: 1 },
    y: { label: '合格的获批', min: 0, max: 1 },
    points,
    lines: curves,
  };
}
