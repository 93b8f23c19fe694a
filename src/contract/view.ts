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
  /** `paper`: 0 is white and 1 black in the dark theme too, where ink otherwise is light; for what is about black and white. */
  readonly tones?: 'paper';
  /** `colour`: each pixel is red, green and blue in turn, 0 … 1, the same in both themes; `3 · width · height` values. */
  readonly channels?: 'colour';
  /** Grey values 0 (paper) … 1 (ink), row by row from the top, `width · height` each; at most 40 images. */
  readonly images: readonly {
    readonly pixels: readonly number[];
    readonly caption: string;
    /** Strength 0…1 of a coloured tint over each pixel, `width · height`: where a model looks, what it marks. */
    readonly tint?: readonly number[];
  }[];
}

/** A rectangle on an image, in pixels from its top left corner; may be fractional. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Colour and line style, 0…5: by custom 0 is the true box, 1 the predicted one. */
  readonly group: number;
}

/** Images with rectangles on them: what a detector found and what it should have found. */
export interface BoxesView {
  readonly kind: 'boxes';
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** What the boxes of group 0, 1, … are. */
  readonly groups: readonly string[];
  /** Grey values as in `ImagesView`; at most 40 images. */
  readonly images: readonly {
    readonly pixels: readonly number[];
    readonly caption: string;
    readonly boxes: readonly Box[];
  }[];
}

/** Nodes and the edges between them. */
export interface GraphView {
  readonly kind: 'graph';
  readonly title: string;
  /** What the node colours 0, 1, … mean. */
  readonly groups: readonly string[];
  readonly nodes: readonly {
    /** Place, in any unit; the picture fits itself to the nodes. */
    readonly x: number;
    readonly y: number;
    /** Colour and shape, 0…5. */
    readonly group: number;
    readonly label?: string;
    /** Drawn with a heavy ring: a wrong answer, a node whose label was given. The title says which. */
    readonly ring?: true;
  }[];
  /** Pairs of node numbers. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/** Strength of each frequency over time. */
export interface SpectrogramView {
  readonly kind: 'spectrogram';
  readonly title: string;
  /** Seconds, from left to right. */
  readonly seconds: number;
  /** Hertz of the last number of a frame; the first is 0 hertz, the others evenly between. */
  readonly hertz: number;
  /** `[frame][frequency]` from low to high; drawn on a decibel scale down to −60 of the strongest. */
  readonly frames: readonly (readonly number[])[];
}

/** Tokens one after another, each with a tint for a number that belongs to it. */
export interface TokensView {
  readonly kind: 'tokens';
  readonly title: string;
  /** What the tint means: `越深越肯定`. */
  readonly legend: string;
  readonly tokens: readonly {
    readonly text: string;
    /** −1…1: the sign gives the colour, the size the strength; absent: no tint. */
    readonly value?: number;
    /** Shown under the token, short: a probability, a rank. */
    readonly note?: string;
  }[];
}

/** A grid of numbers that stands at the same place in every frame of a `FramesView`. */
export interface FrameGrid {
  readonly label: string;
  /** What stands between it and the grid before: `∗`, `=`, `→`. */
  readonly before?: string;
  /** `values[row][column]` before the first frame; `null` is a cell still empty. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Names of the rows, left of them. */
  readonly rows?: readonly string[];
  /** How many rows and columns at each edge are not part of the data (padding): drawn pale. */
  readonly outside?: {
    readonly top: number;
    readonly bottom: number;
    readonly left: number;
    readonly right: number;
  };
}

/** One cell of one grid. */
export interface FrameCell {
  readonly grid: number;
  readonly row: number;
  readonly column: number;
}

/** A sequence of pictures that the reader steps through: grids of numbers, with the cells each frame is about. */
export interface FramesView {
  readonly kind: 'frames';
  readonly title: string;
  /** Beside each other from left to right, in as many lines as the page needs. */
  readonly grids: readonly FrameGrid[];
  /** At least one. */
  readonly frames: readonly {
    /** What happens in this frame, with its numbers. */
    readonly caption: string;
    /** Cells marked in this frame only; `group` 0…5 is the colour. */
    readonly marks?: readonly (FrameCell & { readonly group: number })[];
    /** Numbers that appear with this frame and stay. */
    readonly writes?: readonly (FrameCell & { readonly value: number })[];
  }[];
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
  | CurveView
  | PointsView
  | HeatmapView
  | MatrixView
  | ImagesView
  | BoxesView
  | GraphView
  | SpectrogramView
  | TokensView
  | FramesView
  | TableView
  | TextView;
