/** Says in one Chinese sentence what a picture shows, with its key numbers. Draws nothing. */
import type {
  CurveView,
  HeatmapView,
  ImagesView,
  MatrixView,
  PointsView,
  Series,
  View,
} from '../../contract/view.ts';
import { drawable, extent, formatNumber } from './axes.ts';

function describeLine(line: Series, xLabel: string): string {
  const shown = line.ys.map((_, i) => i).filter((i) => drawable(line.ys[i] ?? NaN, 'linear'));
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined) return `${line.label}：还没有数据`;
  const [from, to] = [line.ys[first] ?? NaN, line.ys[last] ?? NaN];
  const x = line.xs[last] ?? NaN;
  const until = xLabel.includes('步')
    ? `共 ${formatNumber(x)} 步`
    : `${xLabel}从 ${formatNumber(line.xs[first] ?? NaN)} 到 ${formatNumber(x)}`;
  if (first === last) return `${line.label}：${formatNumber(to)}，只有一个点`;
  const verb = to < from ? '降到' : to > from ? '升到' : '回到';
  return `${line.label}：从 ${formatNumber(from)} ${verb} ${formatNumber(to)}，${until}`;
}

function describeCurve(view: CurveView): string {
  return view.series.length === 0
    ? '还没有数据'
    : view.series.map((line) => describeLine(line, view.x.label)).join('；');
}

function describePoints(view: PointsView): string {
  const parts = view.points.map((p) => `${p.label} ${String(p.xs.length)} 个点`);
  for (const line of view.lines ?? []) parts.push(`线“${line.label}”`);
  if (view.surface !== undefined) parts.push('底色是模型判断的概率，线是概率 0.5 的分界');
  return parts.length === 0
    ? '还没有数据'
    : `横轴${view.x.label}，纵轴${view.y.label}；${parts.join('，')}`;
}

function describeHeatmap(view: HeatmapView): string {
  const found = extent([view.grid.values]);
  const parts = [
    `横轴${view.x.label}，纵轴${view.y.label}`,
    found === undefined
      ? '没有能画的值'
      : `值从 ${formatNumber(found[0])} 到 ${formatNumber(found[1])}`,
  ];
  for (const path of view.paths ?? []) {
    const [x, y] = [path.xs.at(-1), path.ys.at(-1)];
    if (x !== undefined && y !== undefined)
      parts.push(
        `${path.label}走 ${String(path.xs.length - 1)} 步，停在 (${formatNumber(x, 3)}, ${formatNumber(y, 3)})`,
      );
  }
  return parts.join('；');
}

function describeMatrix(view: MatrixView): string {
  const found = extent(view.values);
  const size = `${String(view.rows.length)} 行（${view.rowTitle}）${String(view.columns.length)} 列（${view.columnTitle}）`;
  return found === undefined
    ? `${size}，还没有数据`
    : `${size}，值从 ${formatNumber(found[0])} 到 ${formatNumber(found[1])}`;
}

function describeImages(view: ImagesView): string {
  if (view.images.length === 0) return '还没有图像';
  const captions = view.images.slice(0, 12).map((image) => image.caption);
  const more = view.images.length > captions.length ? '等' : '';
  return `${String(view.images.length)} 张 ${String(view.width)}×${String(view.height)} 的灰度图：${captions.join('、')}${more}`;
}

/** One sentence in Chinese: the title, what is drawn, and its key numbers. */
export function describeView(view: View): string {
  const what = ((): string => {
    switch (view.kind) {
      case 'curve':
        return describeCurve(view);
      case 'points':
        return describePoints(view);
      case 'heatmap':
        return describeHeatmap(view);
      case 'matrix':
        return describeMatrix(view);
      case 'images':
        return describeImages(view);
      case 'table':
        return `${String(view.rows.length)} 行 ${String(view.columns.length)} 列的表`;
      case 'text':
        return view.text;
    }
  })();
  return view.title === '' ? what : `${view.title}。${what}`;
}
