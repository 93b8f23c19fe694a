/** The recorded run of an example as one stand-alone SVG file: its charts and pictures side by side. For the build. */
import type { View } from '../../contract/view.ts';
import { catalogEntry } from '../../engine/catalog.ts';
import styles from '../views/views.css?raw';
import { describeView, drawView } from '../views/draw.ts';
import { chartGroups, chartView } from './history.ts';

export interface RecordedPicture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** What is in it, in words, for those who do not see it. */
  readonly words: string;
}

const COLUMN = 400;
const GAP = 28;
const TITLE = 26;
const MARGIN = 16;
/** More would be a wall: the live example shows all of them. */
const MOST = 4;

const escape = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** The drawing of a view without its HTML, and its size; `undefined` for views that are words or tables. */
function drawing(view: View): { svg: string; width: number; height: number } | undefined {
  const html = drawView(view, { width: COLUMN, caption: false });
  const svg = /<svg[\s\S]*<\/svg>/.exec(html)?.[0];
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg ?? '') ?? [];
  return svg === undefined ? undefined : { svg, width: Number(width), height: Number(height) };
}

/** @returns `undefined` when the example was never recorded, or shows only words. */
export function recordedPicture(id: string): RecordedPicture | undefined {
  const { example, recording } = catalogEntry(id);
  const run = recording?.runs['default'];
  if (!run) return undefined;
  const charts = chartGroups(example.metrics).map((group) =>
    chartView(group, example.metrics, run, false),
  );
  const drawn = [...charts, ...run.views]
    .flatMap((view) => {
      const picture = drawing(view);
      return picture ? [{ view, ...picture }] : [];
    })
    .slice(0, MOST);
  if (drawn.length === 0) return undefined;
  const heights = [0, 0];
  const placed = drawn.map(({ view, svg, width, height }) => {
    const column = (heights[0] ?? 0) <= (heights[1] ?? 0) ? 0 : 1;
    const x = MARGIN + column * (COLUMN + GAP);
    const y = MARGIN + (heights[column] ?? 0);
    heights[column] = (heights[column] ?? 0) + TITLE + height + GAP;
    const scaled = svg.replace(
      '<svg',
      `<svg x="${x}" y="${y + TITLE}" width="${width}" height="${height}"`,
    );
    return `<text x="${x}" y="${y + 14}" class="view-text view-strong" font-size="14">${escape(view.title)}</text>${scaled}`;
  });
  const width = 2 * MARGIN + (drawn.length > 1 ? 2 * COLUMN + GAP : COLUMN);
  const height = Math.ceil(MARGIN + Math.max(...heights) - GAP / 2);
  // A picture of its own keeps to light colours: it cannot know the page's theme.
  const paper = `<rect width="100%" height="100%" fill="var(--chart-paper)"/>`;
  const font = `text{font-family:system-ui,sans-serif}`;
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><style>${styles.replace(/\/\*[\s\S]*?\*\//g, '')}${font}</style>${paper}${placed.join('')}</svg>`,
    width,
    height,
    words: drawn.map(({ view }) => describeView(view)).join('；'),
  };
}
