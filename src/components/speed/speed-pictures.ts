/** Draws measured speeds: one picture for a workload, one of the ratios, and their tables. Reads no file. */
import {
  BENCH_BACKENDS,
  BENCH_LIBRARIES,
  BENCH_WORKLOADS,
  isMeasured,
  sameLosses,
  type BenchCell,
  type BenchLibrary,
  type BenchResults,
  type BenchWorkload,
  type MeasuredCell,
} from '../../contract/bench.ts';
import type { TableView } from '../../contract/view.ts';
import {
  backendTitle,
  failureWords,
  LIBRARY_WORDS,
  ratioText,
  ratioWords,
  speedText,
  WORKLOAD_WORDS,
} from '../../i18n/speed.ts';
import { logTicks, makeScale, type Scale } from '../views/axes.ts';
import { cutText, pixel, svgPicture, svgText, textWidth } from '../views/markup.ts';
import { inkOf } from '../views/marks.ts';

const TEXT = 12;
const ROW = 34;
const HEAD = 30;
/** Half of the widest label under the axis. */
const RIGHT = 24;

const ink = (library: BenchLibrary): string => inkOf(BENCH_LIBRARIES.indexOf(library));

/** The cells of a workload, by backend, in the order of the libraries. */
function groupsOf({ cells }: BenchResults, workload: BenchWorkload) {
  const own = cells.filter((cell) => cell.workload === workload);
  return BENCH_BACKENDS.map((backend) => ({
    backend,
    cells: BENCH_LIBRARIES.flatMap((library) =>
      own.filter((cell) => cell.backend === backend && cell.library === library),
    ),
  })).filter(({ cells: found }) => found.length > 0);
}

/** A logarithmic scale around positive values, with a fifth of a decade of air. */
function logScale(values: readonly number[], [left, right]: readonly [number, number]): Scale {
  const domain = [Math.min(...values) / 1.6, Math.max(...values) * 1.6] as const;
  return makeScale('log', domain, [left, right], logTicks(domain, 5));
}

function grid(scale: Scale, top: number, bottom: number): string {
  return scale.ticks
    .map(({ value, label }) => {
      const x = pixel(scale.at(value));
      return (
        `<line class="view-grid" x1="${x}" x2="${x}" y1="${pixel(top)}" y2="${pixel(bottom)}"/>` +
        svgText(label, scale.at(value), bottom + 15, { anchor: 'middle', kind: 'muted' })
      );
    })
    .join('');
}

function words(cell: BenchCell, width: number): string {
  const name = LIBRARY_WORDS[cell.library];
  if (!isMeasured(cell)) {
    return cutText(`${name}　${failureWords(cell.error)}`, TEXT, width);
  }
  const { perSecond, ratio } = cell;
  const speed = `${name}　${speedText(perSecond)} ${WORKLOAD_WORDS[cell.workload].unit}`;
  const compared = ratio ? `　${ratioWords(ratio.median)}` : '';
  return cutText(`${speed}${compared}`, TEXT, width);
}

/** A bar from the left edge to the median, a thin line from quartile to quartile on its end. */
function bar(cell: MeasuredCell, scale: Scale, left: number, y: number, perStep: number): string {
  const x = scale.at(cell.perSecond);
  const [slow, fast] = [perStep / cell.secondsPerStep.high, perStep / cell.secondsPerStep.low];
  const colour = ink(cell.library);
  return (
    `<rect x="${pixel(left)}" y="${pixel(y)}" width="${pixel(Math.max(1, x - left))}" height="8" rx="1.5" style="fill:${colour}"/>` +
    `<line x1="${pixel(scale.at(slow))}" x2="${pixel(scale.at(fast))}" y1="${pixel(y + 4)}" y2="${pixel(y + 4)}" ` +
    `stroke="var(--chart-text)" stroke-width="1.5"/>`
  );
}

/**
 * Speeds of one workload on a logarithmic axis, a line of words and a bar for each library, by backend.
 * @param width of the picture in pixels.
 */
export function drawSpeeds(results: BenchResults, workload: BenchWorkload, width: number): string {
  const groups = groupsOf(results, workload);
  const measured = groups.flatMap(({ cells }) => cells.filter(isMeasured));
  const title = `${WORKLOAD_WORDS[workload].title}的训练速度`;
  if (measured.length === 0) return '';
  const { perStep } = results.units[workload];
  const speeds = measured.flatMap(({ secondsPerStep: { low, high } }) => [
    perStep / low,
    perStep / high,
  ]);
  const left = 1;
  const scale = logScale(speeds, [left, width - RIGHT]);
  let y = 0;
  let body = '';
  for (const { backend, cells } of groups) {
    y += HEAD;
    body += svgText(backendTitle(backend, results), left, y - 9, { kind: 'strong' }).replace(
      '<text ',
      '<text style="fill:var(--chart-text)" ',
    );
    for (const cell of cells) {
      body += svgText(words(cell, width - left), left, y + 12, {
        ...(isMeasured(cell) ? {} : { kind: 'muted' as const }),
      });
      if (isMeasured(cell)) body += bar(cell, scale, left, y + 18, perStep);
      y += isMeasured(cell) ? ROW : ROW - 14;
    }
  }
  const unit = WORKLOAD_WORDS[workload].unit;
  const axis = svgText(`${unit}，对数刻度，越长越快`, left, y + 32, { kind: 'muted' });
  const described = `${title}：${measured
    .map(
      (cell) =>
        `${backendTitle(cell.backend, results)} ${LIBRARY_WORDS[cell.library]} ${speedText(cell.perSecond)} ${unit}`,
    )
    .join('；')}`;
  return svgPicture(width, y + 38, described, grid(scale, 6, y) + body + axis);
}

/**
 * How many times as fast ours is, for each library, workload and backend: to the right of the line at 1 ours is ahead.
 */
export function drawRatios(results: BenchResults, width: number): string {
  const rows = BENCH_WORKLOADS.flatMap((workload) => {
    const cells = groupsOf(results, workload)
      .flatMap(({ cells: found }) => found)
      .filter((cell): cell is MeasuredCell => isMeasured(cell) && cell.ratio !== undefined);
    return cells.length === 0 ? [] : [{ workload, cells }];
  });
  const all = rows.flatMap(({ cells }) =>
    cells.flatMap(({ ratio }) => (ratio ? [ratio.low, ratio.high] : [])),
  );
  if (all.length === 0) return '';
  const name = ({ backend, library }: MeasuredCell): string =>
    `${LIBRARY_WORDS[library].replace('原版 TensorFlow.js', '原版')}，${backendTitle(backend, results).replace('纯 JavaScript', 'JS')}`;
  const longest = Math.max(
    ...rows.flatMap(({ cells }) => cells.map((cell) => textWidth(name(cell), TEXT))),
  );
  const left = Math.min(width * 0.46, longest + 8);
  const scale = logScale([...all, 1], [left, width - 46]);
  const one = scale.at(1);
  let y = 0;
  let body = '';
  for (const { workload, cells } of rows) {
    y += 26;
    body += svgText(WORKLOAD_WORDS[workload].title, 1, y - 6, { kind: 'strong' }).replace(
      '<text ',
      '<text style="fill:var(--chart-text)" ',
    );
    for (const cell of cells) {
      const { low, median, high } = cell.ratio as NonNullable<typeof cell.ratio>;
      const x = scale.at(median);
      body +=
        svgText(cutText(name(cell), TEXT, left - 6), 1, y + 11) +
        `<rect x="${pixel(Math.min(one, x))}" y="${pixel(y + 2)}" width="${pixel(Math.max(1, Math.abs(x - one)))}" height="10" rx="1.5" style="fill:${ink(cell.library)}"/>` +
        `<line x1="${pixel(scale.at(low))}" x2="${pixel(scale.at(high))}" y1="${pixel(y + 7)}" y2="${pixel(y + 7)}" stroke="var(--chart-text)" stroke-width="1.5"/>` +
        svgText(ratioText(median), Math.max(x, scale.at(high), one) + 5, y + 11);
      y += 18;
    }
  }
  const line = `<line class="view-axis" x1="${pixel(one)}" x2="${pixel(one)}" y1="4" y2="${pixel(y)}"/>`;
  const caption = svgText('本书是它的几倍，对数刻度；1 的右边本书快，左边本书慢', 1, y + 34, {
    kind: 'muted',
  });
  const described = `本书与别的库的速度之比：${rows
    .flatMap(({ workload, cells }) =>
      cells.map(
        (cell) =>
          `${WORKLOAD_WORDS[workload].title}，${name(cell)}，${ratioText(cell.ratio?.median ?? NaN)}`,
      ),
    )
    .join('；')}`;
  return svgPicture(width, y + 40, described, grid(scale, 4, y) + body + line + caption);
}

/** A picture in two widths, of which the style sheet shows the one that fits. */
export const inBothWidths = (draw: (width: number) => string): string =>
  `<div class="view-wide">${draw(640)}</div><div class="view-narrow">${draw(340)}</div>`;

const quartileText = (low: number, high: number): string =>
  low === high ? '—' : `${speedText(low)}–${speedText(high)}`;

/** Every number of a workload. */
export function speedTable(results: BenchResults, workload: BenchWorkload): TableView {
  const { title, unit } = WORKLOAD_WORDS[workload];
  const { perStep } = results.units[workload];
  const rows = groupsOf(results, workload).flatMap(({ backend, cells }) =>
    cells.map((cell) => {
      const start = [backendTitle(backend, results), LIBRARY_WORDS[cell.library]];
      if (!isMeasured(cell)) return [...start, failureWords(cell.error), '', '', '', '', '', ''];
      const { secondsPerStep, ratio, check, rounds, steps, threads, dispatches, firstStep } = cell;
      return [
        ...start,
        speedText(cell.perSecond),
        quartileText(perStep / secondsPerStep.high, perStep / secondsPerStep.low),
        ratio
          ? `${speedText(ratio.median)}（${speedText(ratio.low)}–${speedText(ratio.high)}）`
          : '',
        `${rounds} × ${steps}`,
        speedText(firstStep),
        `${check.difference.toExponential(0)}，${check.steps} 步${sameLosses(check) ? '' : '，超差'}`,
        [
          threads === undefined ? '' : `${threads} 线程`,
          dispatches === undefined ? '' : `${dispatches} 次派发，${cell.submits ?? 0} 次提交`,
        ]
          .filter((text) => text !== '')
          .join('，'),
      ];
    }),
  );
  return {
    kind: 'table',
    title: `${title}：全部数字`,
    columns: [
      '后端',
      '库',
      unit,
      '四分位',
      '本书是它的几倍',
      '轮 × 步',
      '第一步（秒）',
      '损失差',
      '线程与派发',
    ],
    rows,
  };
}

/** Keras against ours on wasm. */
export function pythonTable(results: BenchResults): TableView | undefined {
  const { python } = results;
  if (!python) return undefined;
  return {
    kind: 'table',
    title: 'Python 的 Keras 与本书的 WASM',
    columns: ['任务', 'Keras 线程', 'Keras', '本书', '本书线程', '本书是它的几倍', '损失差'],
    rows: python.cells.map((cell) => [
      WORKLOAD_WORDS[cell.workload].title,
      cell.threads,
      `${speedText(cell.perSecond)} ${WORKLOAD_WORDS[cell.workload].unit}`,
      `${speedText(cell.ours.perSecond)} ${WORKLOAD_WORDS[cell.workload].unit}`,
      cell.ours.threads,
      `${speedText(cell.ratio.median)}（${speedText(cell.ratio.low)}–${speedText(cell.ratio.high)}）`,
      `${cell.check.difference.toExponential(0)}，${cell.check.steps} 步${sameLosses(cell.check) ? '' : '，超差'}`,
    ]),
  };
}
