/** Makes views that several examples show, so that their own text is about training. Knows no model. */
import type {
  CurveView,
  HeatmapView,
  ImagesView,
  MatrixView,
  PointsView,
  TableView,
  TokensView,
} from '../contract/view.ts';
import { CLASSES } from './digits.ts';
import type { Window } from './moons.ts';

/** A value to `digits` significant digits. */
export const short = (value: number, digits = 3): number => Number(value.toPrecision(digits));

export const tableView = (
  title: string,
  columns: TableView['columns'],
  rows: TableView['rows'],
): TableView => ({ kind: 'table', title, columns, rows });

/** Tokens one after another, tinted as `legend` says. */
export const tokensView = (
  title: string,
  legend: string,
  tokens: TokensView['tokens'],
): TokensView => ({ kind: 'tokens', title, legend, tokens });

/** Square pictures of `side × side` pixels; only the first 20 are shown. */
export const imagesView = (
  title: string,
  side: number,
  images: ImagesView['images'],
): ImagesView => ({
  kind: 'images',
  title,
  width: side,
  height: side,
  images: images.slice(0, 20),
});

/** How often each class (row) was taken for each (column); the classes are called `names`. */
export function confusionView(
  title: string,
  labels: ArrayLike<number>,
  guesses: ArrayLike<number>,
  names: readonly string[] = Array.from({ length: CLASSES }, (_, digit) => String(digit)),
): MatrixView {
  const counts = names.map(() => names.map(() => 0));
  for (let i = 0; i < labels.length; i++) {
    const row = counts[labels[i] as number];
    const guess = guesses[i] as number;
    if (row) row[guess] = (row[guess] ?? 0) + 1;
  }
  const titles = { rowTitle: '真的是', columnTitle: '判成', rows: names, columns: names };
  return { kind: 'matrix', title, ...titles, values: counts };
}

/** Points, and lines over them, between axes with these labels. */
export const pointsView = (
  title: string,
  [x, y]: readonly [x: PointsView['x'], y: PointsView['y']],
  points: PointsView['points'],
  lines: NonNullable<PointsView['lines']> = [],
): PointsView => ({ kind: 'points', title, x, y, points, lines });

/** Rows of `width` values as curves over `from`, `from + 1`, …, one row for each label. */
export const curvesView = (
  title: string,
  x: string,
  labels: readonly string[],
  values: ArrayLike<number>,
  [from, width]: readonly [from: number, width: number],
): CurveView => ({
  kind: 'curve',
  title,
  x: { label: x },
  y: { label: '大小' },
  series: labels.map((label, k) => ({
    label,
    xs: Array.from({ length: width }, (_, i) => from + i),
    ys: Array.from({ length: width }, (_, i) => values[k * width + i] as number),
  })),
});

/**
 * Paths over the contours of a surface.
 * @param ground the surface's height in the middle of every cell, as `cellCentres` orders them.
 * @param trail the positions after each step, `[x₁, y₁, x₂, y₂, …]` for the paths in the order of `labels`; of more
 * than 50 steps, evenly spread ones are drawn, first and last among them.
 */
export function trailsView(
  title: string,
  window: Window,
  ground: Iterable<number>,
  labels: readonly string[],
  trail: readonly ArrayLike<number>[],
): HeatmapView {
  const last = trail.length - 1;
  const stride = Math.ceil(last / 50);
  const shown = trail.filter((_, i) => i === 0 || (last - i) % stride === 0);
  const column = (j: number): number[] => shown.map((place) => short(place[j] as number));
  return {
    kind: 'heatmap',
    title,
    x: { label: 'x' },
    y: { label: 'y' },
    scale: 'log',
    contours: true,
    grid: { ...window, values: Array.from(ground, (height) => short(height)) },
    paths: labels.map((label, k) => ({ label, xs: column(2 * k), ys: column(2 * k + 1) })),
  };
}
