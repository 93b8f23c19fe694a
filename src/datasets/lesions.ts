/** Draws noisy discs, and counts which of them a mask finds and what it marks for nothing. Knows no model. */
import type { CurveView, ImagesView } from '../contract/view.ts';
import { imagesView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/** Pixels along each side of a picture. */
export const SIDE = 24;
const PIXELS = SIDE * SIDE;
/** A disc is small up to this radius, in pixels. */
export const SMALL = 1.5;

export interface Lesion {
  readonly radius: number;
  /** Its pixels, counted over all pictures: `picture · 576 + row · 24 + column`. */
  readonly pixels: readonly number[];
}

export interface Scans {
  readonly count: number;
  /** `[count, 576]`, 0 … 1, row by row from the top. */
  readonly pixels: Float32Array;
  /** `[count, 576]`, 1 inside a lesion. */
  readonly truth: Float32Array;
  readonly lesions: readonly Lesion[];
}

/** Pictures of grey noise with one to three brighter discs of radius 1 … 5 that do not touch. */
export function drawScans(random: SeededRandom, count: number, noise: number): Scans {
  const pixels = new Float32Array(count * PIXELS);
  const truth = new Float32Array(count * PIXELS);
  const lesions: Lesion[] = [];
  for (let i = 0; i < count; i++) {
    const discs: { x: number; y: number; radius: number; light: number }[] = [];
    const wanted = 1 + random.integer(3);
    for (let attempt = 0; discs.length < wanted && attempt < 20; attempt++) {
      const radius = 1 + 4 * random.uniform() ** 2; // more small ones than large ones
      const place = (): number => radius + 0.5 + (SIDE - 2 * radius - 1) * random.uniform();
      const disc = { x: place(), y: place(), radius, light: 0.25 + 0.25 * random.uniform() };
      const apart = (d: typeof disc): boolean =>
        Math.hypot(d.x - disc.x, d.y - disc.y) > d.radius + radius + 2;
      if (discs.every(apart)) discs.push(disc);
    }
    const found: number[][] = discs.map(() => []);
    for (let j = 0; j < PIXELS; j++) {
      const [x, y] = [(j % SIDE) + 0.5, Math.floor(j / SIDE) + 0.5];
      const inside = discs.findIndex((d) => Math.hypot(d.x - x, d.y - y) < d.radius);
      const value = 0.3 + (discs[inside]?.light ?? 0) + noise * random.normal();
      pixels[i * PIXELS + j] = Math.min(1, Math.max(0, value));
      if (inside < 0) continue;
      truth[i * PIXELS + j] = 1;
      found[inside]?.push(i * PIXELS + j);
    }
    discs.forEach(({ radius }, k) => lesions.push({ radius, pixels: found[k] ?? [] }));
  }
  return { count, pixels, truth, lesions };
}

/** Connected patches (four neighbours) of marked pixels, each as a list of pixel numbers. */
export function patches(marked: (pixel: number) => boolean, count: number): number[][] {
  const seen = new Uint8Array(count * PIXELS);
  const all: number[][] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !marked(start)) continue;
    const patch = [start];
    seen[start] = 1;
    for (const pixel of patch) {
      const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE) % SIDE];
      const near = [x > 0 && pixel - 1, x < SIDE - 1 && pixel + 1];
      near.push(y > 0 && pixel - SIDE, y < SIDE - 1 && pixel + SIDE);
      for (const next of near) {
        if (next === false || seen[next] || !marked(next)) continue;
        seen[next] = 1;
        patch.push(next);
      }
    }
    all.push(patch);
  }
  return all;
}

export interface MaskScore {
  /** Intersection over union, over the pixels of all pictures. */
  readonly iou: number;
  /** Share of small and of large lesions with at least half of their pixels marked. */
  readonly smallFound: number;
  readonly largeFound: number;
  /** Patches that touch no lesion, for each picture. */
  readonly falseAlarms: number;
}

/** Scores the mask of all pixels whose value is at least `threshold`. */
export function scoreMask(scans: Scans, values: ArrayLike<number>, threshold: number): MaskScore {
  const marked = (pixel: number): boolean => values[pixel]! >= threshold;
  let [both, either] = [0, 0];
  scans.truth.forEach((lesion, pixel) => {
    both += lesion && marked(pixel) ? 1 : 0;
    either += lesion || marked(pixel) ? 1 : 0;
  });
  const share = (wanted: (lesion: Lesion) => boolean): number => {
    const asked = scans.lesions.filter(wanted);
    const found = asked.filter(({ pixels }) => 2 * pixels.filter(marked).length >= pixels.length);
    return found.length / Math.max(1, asked.length);
  };
  const empty = (patch: readonly number[]): boolean => patch.every((pixel) => !scans.truth[pixel]);
  return {
    iou: both / Math.max(1, either),
    smallFound: share(({ radius }) => radius <= SMALL),
    largeFound: share(({ radius }) => radius > SMALL),
    falseAlarms: patches(marked, scans.count).filter(empty).length / scans.count,
  };
}

/** The best IoU of marking every pixel brighter than some grey: what looking at single pixels can reach. */
export function pixelBaseline(scans: Scans): number {
  const greys = Array.from({ length: 19 }, (_, k) => 0.05 * (k + 1));
  return Math.max(...greys.map((grey) => scoreMask(scans, scans.pixels, grey).iou));
}

/** What happened on each of the first pictures: `找到 2/3，误报 1`. */
export function verdicts(
  scans: Scans,
  values: ArrayLike<number>,
  threshold: number,
  count: number,
): string[] {
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i * PIXELS, (i + 1) * PIXELS];
    const lesions = scans.lesions
      .filter(({ pixels }) => pixels[0]! >= from && pixels[0]! < to)
      .map(({ pixels, radius }) => ({ radius, pixels: pixels.map((pixel) => pixel - from) }));
    const truth = scans.truth.slice(from, to);
    const own = Array.from({ length: PIXELS }, (_, j) => values[from + j]!);
    const marked = (pixel: number): boolean => own[pixel]! >= threshold;
    const found = lesions.filter(
      ({ pixels }) => 2 * pixels.filter(marked).length >= pixels.length,
    ).length;
    const { falseAlarms } = scoreMask(
      { count: 1, pixels: scans.pixels.slice(from, to), truth, lesions },
      own,
      threshold,
    );
    return `找到 ${found}/${lesions.length}，误报 ${falseAlarms}`;
  });
}

/** Pictures with what the network marks as a tint. */
export function scanView(
  title: string,
  pictures: ArrayLike<number>,
  marks: ArrayLike<number>,
  captions: readonly string[],
): ImagesView {
  const row = (values: ArrayLike<number>, i: number): number[] =>
    Array.from({ length: PIXELS }, (_, j) => values[i * PIXELS + j]!);
  const images = captions.map((caption, i) => {
    return { pixels: row(pictures, i), tint: row(marks, i), caption };
  });
  return imagesView(title, SIDE, images);
}

/** What every threshold finds and what it costs; and found lesions by radius at one threshold. */
export function tradeViews(
  scans: Scans,
  values: ArrayLike<number>,
  threshold: number,
): [CurveView, CurveView] {
  const thresholds = Array.from({ length: 19 }, (_, k) => Number((0.05 * (k + 1)).toFixed(2)));
  const scores = thresholds.map((at) => scoreMask(scans, values, at));
  const line = (label: string, of: (score: MaskScore) => number) => {
    return { label, xs: thresholds, ys: scores.map(of) };
  };
  const radii = [1, 1.5, 2, 3, 4];
  const found = radii.map((from, k) => {
    const inside = ({ radius }: Lesion): boolean => radius >= from && radius < (radii[k + 1] ?? 9);
    const lesions = scans.lesions.filter(inside);
    const score = scoreMask({ ...scans, lesions }, values, threshold);
    const large = lesions.filter(({ radius }) => radius > SMALL).length;
    const total = score.smallFound * (lesions.length - large) + score.largeFound * large;
    return total / Math.max(1, lesions.length);
  });
  return [
    {
      kind: 'curve',
      title: '阈值换来什么',
      x: { label: '阈值' },
      y: { label: '比例；个数', min: 0 },
      series: [
        line('找到的小病灶', (score) => score.smallFound),
        line('找到的大病灶', (score) => score.largeFound),
        line('每张图的误报', (score) => score.falseAlarms),
      ],
    },
    {
      kind: 'curve',
      title: '先漏掉小的',
      x: { label: '半径从几像素起' },
      y: { label: '找到的比例', min: 0, max: 1 },
      series: [{ label: `阈值 ${threshold}`, xs: radii, ys: found }],
    },
  ];
}
