/** Curves for small networks to learn, and pictures of what they made of them. Knows no model. */
import type { PointsView } from '../contract/view.ts';
import { pointsView } from './pictures.ts';

/** The window in which they are learned and drawn. */
export const PLANE = [
  { label: 'x', min: -1, max: 1 },
  { label: 'y', min: -1, max: 1.5 },
] as const;

/** A line that leaves 0 … 1, a hill that is the same on both sides of 0, and a wave around ½; on −1 … 1. */
export const TARGETS = {
  line: (x: number): number => 0.3 + x,
  bump: (x: number): number => 0.1 + 0.8 * Math.exp(-8 * x * x),
  wave: (x: number): number => 0.5 + 0.4 * Math.sin(Math.PI * x),
} as const;

/** 41 places from −1 to 1, where fitted curves are drawn. */
export const GRID: readonly number[] = Array.from({ length: 41 }, (_, i) => i / 20 - 1);

/** Points, and over them the curves of those names; `curves[i]` has a value for every place of `GRID`. */
export const fitsView = (
  { xs, ys }: { readonly xs: readonly number[]; readonly ys: readonly number[] },
  names: readonly string[],
  curves: readonly ArrayLike<number>[],
): PointsView =>
  pointsView(
    '点和学到的曲线',
    PLANE,
    [{ label: '点', group: 0, xs, ys }],
    names.map((label, i) => ({ label, xs: GRID, ys: Array.from(curves[i] ?? []) })),
  );
