/** What a caller may ask of a drawing, and the checks that all drawings share. Draws nothing. */
import type { Grid, Series } from '../../contract/view.ts';

export interface DrawOptions {
  /** Width in pixels of the place where it will stand; below 440 the layout is the phone's. Default 560. */
  readonly width?: number;
  /** Whether the view's title stands above the picture. Default true. */
  readonly caption?: boolean;
  /** Curves only: lines of earlier runs, drawn pale behind; matched to the view's series by label. */
  readonly previous?: readonly Series[];
  /** Curves only: the recorded run, drawn dotted behind, named `label` in the legend. */
  readonly recorded?: { readonly label: string; readonly series: readonly Series[] };
  /** Curves only: overrides the scale of the y axis (the reader's switch). */
  readonly yScale?: 'linear' | 'log';
  /** Curves only: overrides the scale of the x axis. */
  readonly xScale?: 'linear' | 'log';
  /**
   * Curves only: `row` keeps the names in a row above, so a growing chart does not move; `auto` writes
   * them at the line ends where there is room. Default `auto`.
   */
  readonly legend?: 'auto' | 'row';
}

/** Width in pixels that a picture is laid out for. */
export function layoutWidth(options: DrawOptions): number {
  return Math.round(Math.max(240, Math.min(1200, options.width ?? 560)));
}

/** @throws Error naming the view and the lengths when a series has unequal lists. */
export function checkSeries(title: string, series: readonly Series[]): void {
  for (const { label, xs, ys } of series)
    if (xs.length !== ys.length)
      throw new Error(
        `view "${title}": series "${label}" has ${String(xs.length)} xs and ${String(ys.length)} ys`,
      );
}

/** @throws Error naming the view and the lengths when a grid has too few or too many values. */
export function checkGrid(title: string, grid: Grid): void {
  if (grid.values.length !== grid.columns * grid.rows || grid.columns < 1 || grid.rows < 1)
    throw new Error(
      `view "${title}": the grid of ${String(grid.columns)} columns and ${String(grid.rows)} rows ` +
        `has ${String(grid.values.length)} values`,
    );
}
