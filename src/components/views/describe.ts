/** Says in one Chinese sentence what a picture shows, with its key numbers. Draws nothing. */
import type {
  BoxesView,
  CurveView,
  FramesView,
  GraphView,
  HeatmapView,
  ImagesView,
  MatrixView,
  PointsView,
  Series,
  SpectrogramView,
  TokensView,
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
  const kind = view.channels === 'colour' ? '彩色图' : '灰度图';
  return `${String(view.images.length)} 张 ${String(view.width)}×${String(view.height)} 的${kind}：${captions.join('、')}${more}`;
}

function describeBoxes(view: BoxesView): string {
  if (view.images.length === 0) return '还没有图像';
  const counts = view.groups.map((name, group) => {
    const boxes = view.images.flatMap((image) => image.boxes.filter((box) => box.group === group));
    return `${name} ${String(boxes.length)} 个`;
  });
  return `${String(view.images.length)} 张图上的框：${counts.join('，')}`;
}

function describeGraph(view: GraphView): string {
  const counts = view.groups.map(
    (name, group) =>
      `${name} ${String(view.nodes.filter((node) => node.group === group).length)} 个`,
  );
  const rings = view.nodes.filter((node) => node.ring === true).length;
  const ringed = rings > 0 ? `，画圈的 ${String(rings)} 个` : '';
  return `${String(view.nodes.length)} 个节点，${String(view.edges.length)} 条边；${counts.join('，')}${ringed}`;
}

/** Hertz of the row with the greatest sum over all frames. */
function strongestRow(view: SpectrogramView): number {
  const rows = view.frames[0]?.length ?? 0;
  const sums = Array.from({ length: rows }, (_, row) =>
    view.frames.reduce((sum, frame) => sum + (frame[row] ?? 0), 0),
  );
  return (sums.indexOf(Math.max(...sums)) / Math.max(1, rows - 1)) * view.hertz;
}

function describeSpectrogram(view: SpectrogramView): string {
  if ((view.frames[0]?.length ?? 0) === 0) return '还没有声音';
  return (
    `横轴 ${formatNumber(view.seconds)} 秒，纵轴 0 到 ${formatNumber(view.hertz)} 赫兹；` +
    `最强的频率在 ${formatNumber(strongestRow(view), 3)} 赫兹附近`
  );
}

function describeTokens(view: TokensView): string {
  const words = view.tokens.map(({ text, note }) =>
    note === undefined ? text : `${text} ${note}`,
  );
  const shown = words.slice(0, 40).join('、');
  return `${String(view.tokens.length)} 个词元：${shown}${words.length > 40 ? '等' : ''}`;
}

function describeFrames(view: FramesView): string {
  const [first, last] = [view.frames[0]?.caption ?? '', view.frames.at(-1)?.caption ?? ''];
  return view.frames.length < 2
    ? first
    : `共 ${String(view.frames.length)} 步，第一步：${first}；最后一步：${last}`;
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
      case 'boxes':
        return describeBoxes(view);
      case 'graph':
        return describeGraph(view);
      case 'spectrogram':
        return describeSpectrogram(view);
      case 'tokens':
        return describeTokens(view);
      case 'frames':
        return describeFrames(view);
      case 'table':
        return `${String(view.rows.length)} 行 ${String(view.columns.length)} 列的表`;
      case 'text':
        return view.text;
    }
  })();
  return view.title === '' ? what : `${view.title}。${what}`;
}
