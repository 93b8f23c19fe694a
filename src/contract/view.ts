/** What a run can show besides its metrics. Plain data; only `components/views` knows how to draw it. */

export interface Axis {
  readonly label: string;
  readonly min?: number;
  readonly max?: number;
  readonly scale?: 'linear' | 'log';
}

/** A named polyline; `xs` and `ys` have equal length; non-finite values break the line. */
export interface Series {
  readonly label: string;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** Points of one class or group, drawn in one colour and one shape. */
export interface PointSeries extends Series {
  /** Colour and shape index, 0…5; the same index means the same class across views. */
  readonly group: number;
}

/** A rectangle of values, row by row from the lowest y; `values.length = columns · rows`. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly x: readonly [min: number, max: number];
  readonly y: readonly [min: number, max: number];
  readonly values: readonly number[];
}

export interface CurveView {
  readonly kind: 'curve';
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

export interface PointsView {
  readonly kind: 'points';
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly points: readonly PointSeries[];
  /** Fitted lines over the points. */
  readonly lines?: readonly Series[];
  /** Probability (0…1) of group 1 against group 0, drawn as a tint behind the points. */
  readonly surface?: Grid;
}

export interface HeatmapView {
  readonly kind: 'heatmap';
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly grid: Grid;
  /** `log`: colours and contour levels follow log(1 + value − minimum). */
  readonly scale?: 'linear' | 'log';
  readonly contours?: boolean;
  readonly paths?: readonly Series[];
}

export interface MatrixView {
  readonly kind: 'matrix';
  readonly title: string;
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** `values[row][column]`. */
  readonly values: readonly (readonly number[])[];
}

export interface ImagesView {
  readonly kind: 'images';
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Grey values 0 (paper) … 1 (ink), row by row from the top, `width · height` each; at most 40 images. */
  readonly images: readonly { readonly pixels: readonly number[]; readonly caption: string }[];
}

export interface TableView {
  readonly kind: 'table';
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface TextView {
  readonly kind: 'text';
  readonly title: string;
  readonly text: string;
}

export type View =
  CurveView | PointsView | HeatmapView | MatrixView | ImagesView | TableView | TextView;
