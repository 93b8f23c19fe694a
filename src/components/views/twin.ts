/** Gives the numbers of a picture as an HTML table, for screen readers and for copying. Draws no picture. */
import type { CurveView, HeatmapView, PointsView, TableView, View } from '../../contract/view.ts';
import { checkGrid, checkSeries } from './options.ts';
import { drawTable } from './table.ts';
import { drawText } from './text.ts';

/** About this many rows of a long list are shown. */
const MOST_ROWS = 50;

/** At most `most` of `items`, evenly chosen, the first and the last among them. */
function evenly<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from(
    { length: most },
    (_, n) => items[Math.round((n * (items.length - 1)) / (most - 1))],
  ).filter((item) => item !== undefined);
}

function captionOf(title: string, shown: number, all: number, unit: string): string {
  return shown < all
    ? `${title}（共 ${String(all)} ${unit}，均匀取出 ${String(shown)} ${unit}）`
    : title;
}

function curveTable(view: CurveView): string {
  checkSeries(view.title, view.series);
  const maps = view.series.map((line) => new Map(line.xs.map((x, i) => [x, line.ys[i] ?? NaN])));
  const every = [...new Set(view.series.flatMap((line) => [...line.xs]))].sort((a, b) => a - b);
  // where the series are sampled at different places, prefer places that all of them have
  const common = every.filter((x) => maps.every((map) => map.has(x)));
  const chosen = evenly(common.length >= 10 ? common : every, MOST_ROWS);
  const table: TableView = {
    kind: 'table',
    title: view.title,
    columns: [view.x.label, ...view.series.map((line) => line.label)],
    rows: chosen.map((x) => [x, ...maps.map((map) => map.get(x) ?? '')]),
  };
  return drawTable(table, captionOf(view.title, chosen.length, every.length, '个点'));
}

function pointsTable(view: PointsView): string {
  checkSeries(view.title, [...view.points, ...(view.lines ?? [])]);
  const rows = [...view.points, ...(view.lines ?? [])].flatMap((series) =>
    series.xs.map((x, i) => [series.label, x, series.ys[i] ?? NaN] as const),
  );
  return rowsTable(view.title, ['名称', view.x.label, view.y.label], rows, '个点');
}

function heatmapTable(view: HeatmapView): string {
  checkGrid(view.title, view.grid);
  checkSeries(view.title, view.paths ?? []);
  const { columns, rows, x, y, values } = view.grid;
  const at = (side: readonly [number, number], count: number, n: number): number =>
    count < 2 ? (side[0] + side[1]) / 2 : side[0] + ((side[1] - side[0]) * n) / (count - 1);
  const across = evenly(
    Array.from({ length: columns }, (_, n) => n),
    7,
  );
  const down = evenly(
    Array.from({ length: rows }, (_, n) => rows - 1 - n),
    9,
  );
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  const grid = drawTable(
    {
      kind: 'table',
      title: view.title,
      columns: [
        `${view.y.label} ＼ ${view.x.label}`,
        ...across.map((column) => short(at(x, columns, column))),
      ],
      rows: down.map((row) => [
        at(y, rows, row),
        ...across.map((column) => values[row * columns + column] ?? NaN),
      ]),
    },
    captionOf(view.title, across.length * down.length, values.length, '个格点'),
  );
  if ((view.paths ?? []).length === 0) return grid;
  const title = `${view.title}：路径`;
  return (
    grid +
    drawTable(
      {
        kind: 'table',
        title,
        columns: ['名称', '步', view.x.label, view.y.label],
        rows: (view.paths ?? []).flatMap((path) =>
          evenly(
            path.xs.map((px, n) => [path.label, n, px, path.ys[n] ?? NaN] as const),
            8,
          ),
        ),
      },
      `${title}（每条最多取 8 步）`,
    )
  );
}

/** A table of at most about fifty of `rows`. */
function rowsTable(
  title: string,
  columns: readonly string[],
  rows: TableView['rows'],
  unit: string,
): string {
  const chosen = evenly(rows, MOST_ROWS);
  return drawTable(
    { kind: 'table', title, columns, rows: chosen },
    captionOf(title, chosen.length, rows.length, unit),
  );
}

/**
 * The data of any view as HTML text: a table, or the words of a text view.
 *
 * @throws Error when lengths do not match.
 */
export function tableTwin(view: View): string {
  switch (view.kind) {
    case 'curve':
      return curveTable(view);
    case 'points':
      return pointsTable(view);
    case 'heatmap':
      return heatmapTable(view);
    case 'matrix':
      return drawTable(
        {
          kind: 'table',
          title: view.title,
          columns: [`${view.rowTitle} ＼ ${view.columnTitle}`, ...view.columns],
          rows: view.rows.map((name, n) => [name, ...(view.values[n] ?? [])]),
        },
        view.title,
      );
    case 'images':
      return drawTable(
        {
          kind: 'table',
          title: view.title,
          columns: ['序号', '说明'],
          rows: view.images.map((image, n) => [n + 1, image.caption]),
        },
        view.title,
      );
    case 'boxes':
      return rowsTable(
        view.title,
        ['图', '说明', '框', '左', '上', '宽', '高'],
        view.images.flatMap(({ caption, boxes }, n) =>
          boxes.map(({ group, x, y, width, height }) => [
            ...[n + 1, caption, view.groups[group] ?? String(group)],
            ...[x, y, width, height].map((value) => Number(value.toPrecision(3))),
          ]),
        ),
        '个框',
      );
    case 'graph': {
      const nameOf = (n: number): string => view.nodes[n]?.label ?? String(n + 1);
      return rowsTable(
        view.title,
        ['节点', '类别', '画圈', '连着'],
        view.nodes.map(({ group, ring }, n) => [
          ...[nameOf(n), view.groups[group] ?? String(group), ring === true ? '是' : ''],
          view.edges
            .filter((edge) => edge.includes(n))
            .map(([from, to]) => nameOf(from === n ? to : from))
            .join('、'),
        ]),
        '个节点',
      );
    }
    case 'spectrogram': {
      const rows = view.frames[0]?.length ?? 0;
      return heatmapTable({
        kind: 'heatmap',
        title: view.title,
        x: { label: '秒' },
        y: { label: '赫兹' },
        grid: {
          columns: view.frames.length,
          rows,
          x: [0, view.seconds],
          y: [0, view.hertz],
          values: Array.from(
            { length: rows * view.frames.length },
            (_, at) =>
              view.frames[at % view.frames.length]?.[Math.floor(at / view.frames.length)] ?? 0,
          ),
        },
      });
    }
    case 'tokens':
      return rowsTable(
        view.title,
        ['词元', '数', '注'],
        view.tokens.map(({ text, value, note }) => [text, value ?? '', note ?? '']),
        '个词元',
      );
    case 'frames':
      return rowsTable(
        view.title,
        ['步', '说明'],
        view.frames.map(({ caption }, n) => [n + 1, caption]),
        '步',
      );
    case 'table':
      return drawTable(view, view.title);
    case 'text':
      return drawText(view);
  }
}
