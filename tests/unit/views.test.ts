/** Holds the pictures to their data, without a browser: what is drawn, what is said, what is refused. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import {
  fitDomain,
  formatNumber,
  linearTicks,
  logTicks,
  makeScale,
} from '../../src/components/views/axes.ts';
import { thinIndices } from '../../src/components/views/curve.ts';
import {
  curveLayout,
  describeView,
  drawResponsive,
  drawView,
  readCurve,
  tableTwin,
} from '../../src/components/views/draw.ts';
import { contourPath } from '../../src/components/views/grid.ts';
import { cutText, textWidth, wrapText } from '../../src/components/views/markup.ts';
import { STRONGEST_TINT } from '../../src/components/views/matrix.ts';
import { loudness } from '../../src/components/views/spectrogram.ts';
import { pngUri, type Colour } from '../../src/components/views/raster.ts';
import type {
  BoxesView,
  CurveView,
  FramesView,
  GraphView,
  HeatmapView,
  ImagesView,
  MatrixView,
  PointsView,
  SpectrogramView,
  TableView,
  TextView,
  TokensView,
  View,
} from '../../src/contract/view.ts';

const steps = Array.from({ length: 150 }, (_, n) => n + 1);
const curve: CurveView = {
  kind: 'curve',
  title: '损失',
  x: { label: '步' },
  y: { label: '交叉熵' },
  series: [
    { label: '训练', xs: steps, ys: steps.map((n) => 4.5 / n) },
    { label: '验证', xs: steps, ys: steps.map((n) => 4.5 / n + 0.5) },
  ],
};
const points: PointsView = {
  kind: 'points',
  title: '两类点',
  x: { label: 'x₁' },
  y: { label: 'x₂' },
  points: [
    { label: '甲', group: 0, xs: [0, 1, 2], ys: [0, 1, 0] },
    { label: '乙', group: 3, xs: [3, 4], ys: [2, 3] },
  ],
  lines: [{ label: '学到的线', xs: [0, 4], ys: [0, 3] }],
  surface: { columns: 3, rows: 2, x: [0, 4], y: [0, 3], values: [0, 0.5, 1, 0, 0.5, 1] },
};
const bowl = Array.from({ length: 441 }, (_, n) => {
  const [x, y] = [(n % 21) / 10 - 1, Math.floor(n / 21) / 10 - 1];
  return x * x + y * y;
});
const heatmap: HeatmapView = {
  kind: 'heatmap',
  title: '碗',
  x: { label: 'x' },
  y: { label: 'y' },
  scale: 'log',
  contours: true,
  grid: { columns: 21, rows: 21, x: [-1, 1], y: [-1, 1], values: bowl },
  paths: [{ label: '动量', xs: [-0.8, -0.4, 0], ys: [0.8, 0.1, 0] }],
};
const matrix: MatrixView = {
  kind: 'matrix',
  title: '混淆矩阵',
  rowTitle: '真实',
  columnTitle: '预测',
  rows: ['猫', '狗'],
  columns: ['猫', '狗'],
  values: [
    [38, 2],
    [0, 41],
  ],
};
const images: ImagesView = {
  kind: 'images',
  title: '数字',
  width: 3,
  height: 2,
  images: [{ pixels: [0, 0.5, 1, 1, 0.5, 0], caption: '真 3 判 8' }],
};
const table: TableView = {
  kind: 'table',
  title: '结果',
  columns: ['模型', '准确率'],
  rows: [
    ['线性', 0.912345],
    ['两层', 0.96],
  ],
};
const text: TextView = { kind: 'text', title: '句子', text: '第一行\n第二行' };
const boxes: BoxesView = {
  kind: 'boxes',
  title: '找到的形状',
  width: 4,
  height: 4,
  groups: ['真的框', '判的框'],
  images: [
    {
      pixels: Array.from({ length: 16 }, (_, n) => n / 15),
      caption: '第一张',
      boxes: [
        { x: 1, y: 0, width: 2, height: 4, group: 0 },
        { x: 0.5, y: 0.5, width: 2, height: 3, group: 1 },
      ],
    },
  ],
};
const graph: GraphView = {
  kind: 'graph',
  title: '两个圈子',
  groups: ['甲', '乙'],
  nodes: [
    { x: 0, y: 0, group: 0, label: '一' },
    { x: 2, y: 0, group: 0, label: '二' },
    { x: 2, y: 1, group: 1, label: '三', ring: true },
  ],
  edges: [
    [0, 1],
    [1, 2],
  ],
};
const spectrogram: SpectrogramView = {
  kind: 'spectrogram',
  title: '一声口哨',
  seconds: 0.6,
  hertz: 400,
  frames: [
    [0, 0.001, 1, 0],
    [0, 0, 1, 0.1],
    [0, 0, 0.5, 0],
  ],
};
const tokens: TokensView = {
  kind: 'tokens',
  title: '每个字的作用',
  legend: '越深作用越大',
  tokens: [{ text: '不', value: -1, note: '−2.1' }, { text: '好', value: 0.5 }, { text: ' ' }],
};
const frames: FramesView = {
  kind: 'frames',
  title: '窗口',
  grids: [
    { label: '输入', values: [[1, 2]], rows: ['甲'] },
    { label: '输出', before: '=', values: [[null]] },
  ],
  frames: [
    { caption: '看第一个', marks: [{ grid: 0, row: 0, column: 0, group: 0 }] },
    { caption: '写下来', writes: [{ grid: 1, row: 0, column: 0, value: 3 }] },
  ],
};
const everyView: readonly View[] = [
  ...[curve, points, heatmap, matrix, images],
  ...[boxes, graph, spectrogram, tokens, frames, table, text],
];

/** No number in the markup is broken, and every element that opens also closes. */
function assertSound(html: string): void {
  assert.doesNotMatch(html, /NaN|Infinity|undefined|\[object/);
  const open: string[] = [];
  for (const [, slash, name = '', closed] of html.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (slash === '/') assert.equal(open.pop(), name);
    else if (closed !== '/') open.push(name);
  }
  assert.deepEqual(open, []);
}

const pictured = (html: string): string => html.replace(/aria-label="[^"]*"/g, '');
const labelOf = (html: string): string => /aria-label="([^"]*)"/.exec(html)?.[1] ?? '';
const curveOf = (ys: readonly number[], more: Partial<CurveView> = {}): CurveView => ({
  ...curve,
  series: [{ label: '训练', xs: ys.map((_, n) => n + 1), ys }],
  ...more,
});

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly (readonly number[])[];
}

/** Reads a palette PNG back with Node's own inflate; every checksum of the file is recomputed by it or here. */
function decodePng(uri: string): Decoded {
  const bytes = Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64');
  assert.equal(bytes.subarray(0, 8).toString('hex'), '89504e470d0a1a0a');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    let crc = 0xffffffff;
    for (const byte of body) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    assert.equal(bytes.readUInt32BE(at + 8 + length), ~crc >>> 0, 'chunk checksum');
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
    at += 12 + length;
  }
  const part = (name: string): Buffer => {
    const found = chunks.get(name);
    assert.ok(found, `chunk ${name}`);
    return found;
  };
  const [width, height] = [part('IHDR').readUInt32BE(0), part('IHDR').readUInt32BE(4)];
  const raw = inflateSync(part('IDAT')); // checks Adler-32
  const colour = part('IHDR')[9] === 2; // else a palette
  const [palette, alpha] = colour ? [raw, raw] : [part('PLTE'), part('tRNS')];
  const line = (colour ? 3 : 1) * width + 1;
  const pixels: number[][] = [];
  for (let row = 0; row < height; row++) {
    assert.equal(raw[row * line], 0, 'filter byte');
    for (let column = 0; column < width; column++) {
      if (colour) {
        const at = row * line + 1 + 3 * column;
        pixels.push([...raw.subarray(at, at + 3), 255]);
        continue;
      }
      const index = raw[row * (width + 1) + 1 + column] ?? 0;
      pixels.push([...palette.subarray(index * 3, index * 3 + 3), alpha[index] ?? 255]);
    }
  }
  assert.ok(chunks.has('IEND'));
  return { width, height, pixels };
}

const firstPng = (html: string): Decoded =>
  decodePng(/href="(data:image\/png;base64,[^"]+)"/.exec(html)?.[1] ?? '');

describe('every picture', () => {
  for (const view of everyView) {
    test(`${view.kind}: is sound markup at 560 and at 340 pixels`, () => {
      for (const width of [560, 340]) assertSound(drawView(view, { width }));
      assertSound(drawResponsive(view));
      assertSound(tableTwin(view));
    });
    test(`${view.kind}: its labels cannot become markup`, () => {
      const evil = '<script>alert("x")</script>&\'';
      const poisoned = JSON.parse(
        JSON.stringify(view, (key, value: unknown) =>
          key !== 'kind' && key !== 'scale' && typeof value === 'string' ? evil : value,
        ),
      ) as View;
      for (const html of [
        drawView(poisoned, { width: 1000, recorded: { label: evil, series: [] } }),
        drawResponsive(poisoned),
        tableTwin(poisoned),
      ]) {
        assert.doesNotMatch(html, /<script/);
        assertSound(html);
        assert.match(html, /&lt;script/);
      }
    });
  }
  test('SVG pictures are one image with a spoken sentence that opens with the title', () => {
    const drawn = [curve, points, heatmap, matrix, images, boxes, graph, spectrogram, frames];
    for (const view of drawn) {
      const html = drawView(view);
      assert.equal(html.match(/role="img"/g)?.length, 1);
      assert.ok(labelOf(html).startsWith(view.title), labelOf(html));
    }
  });
  test('the title stands above the picture, and can be left out', () => {
    assert.match(drawView(curve), /<figcaption[^>]*>损失<\/figcaption>/);
    assert.doesNotMatch(drawView(curve, { caption: false }), /figcaption/);
  });
});

describe('curve', () => {
  test('says where each line begins and ends and how many steps there are', () => {
    assert.equal(
      describeView(curve),
      '损失。训练：从 4.5 降到 0.03，共 150 步；验证：从 5 降到 0.53，共 150 步',
    );
  });
  test('names lines at their ends where there is room, and in a row where there is none', () => {
    const wide = drawView(curve, { width: 560 });
    const phone = drawView(curve, { width: 340 });
    assert.match(wide, /view-strong[^>]*>训练/);
    assert.doesNotMatch(phone, /view-strong/);
    assert.match(phone, />训练</);
    assert.doesNotMatch(drawView(curve, { width: 560, legend: 'row' }), /view-strong/);
  });
  test('lines differ in dash as well as in colour', () => {
    const strokes = [...drawView(curve).matchAll(/class="view-line" stroke="([^"]+)"([^>]*) d=/g)];
    assert.deepEqual(
      strokes.map((m) => m[1]),
      ['var(--chart-1)', 'var(--chart-2)'],
    );
    assert.notEqual(strokes[0]?.[2], strokes[1]?.[2]);
  });
  test('earlier and recorded runs lie behind in the colour of the same name', () => {
    const html = drawView(curve, {
      previous: [{ label: '验证', xs: [1, 2], ys: [3, 2] }],
      recorded: { label: '录制的运行', series: [{ label: '训练', xs: [1, 150], ys: [4, 0.1] }] },
    });
    assert.match(html, /view-previous" stroke="var\(--chart-2\)"/);
    assert.match(html, /view-recorded" stroke="var\(--chart-1\)"/);
    assert.match(html, /之前的运行/);
    assert.match(html, /录制的运行/);
    assert.ok(html.lastIndexOf('view-previous"') < html.lastIndexOf('class="view-line"'));
  });
  test('an earlier run that exploded does not flatten the present one', () => {
    const layout = curveLayout(curve, { previous: [{ label: '训练', xs: [1, 2], ys: [1, 1e30] }] });
    assert.ok(layout.y.domain[1] < 15, String(layout.y.domain[1]));
  });
  test('a value that is not finite breaks the line and is mentioned', () => {
    const html = drawView(curveOf([3, 2, NaN, 1, 0.5, Infinity, 0.2]));
    assertSound(html);
    const line = [...html.matchAll(/class="view-line"[^>]* d="([^"]+)"/g)].at(-1)?.[1] ?? '';
    assert.equal(line.match(/M/g)?.length, 2);
    assert.equal(html.match(/<circle/g)?.length, 1, 'the lone last point is a dot');
    assert.match(labelOf(html), /2 个值不是有限的数/);
  });
  test('zero and negative values on a log axis are skipped and mentioned', () => {
    const view = curveOf([1, 0.1, 0, -3, 0.01], { y: { label: '损失', scale: 'log' } });
    const html = drawView(view);
    assertSound(html);
    assert.match(pictured(html), /2 个不大于 0 的值在对数轴上画不出/);
    assert.ok(curveLayout(view).y.domain[0] > 0);
  });
  test('the reader may switch the y axis to a log scale', () => {
    assert.equal(curveLayout(curve).y.kind, 'linear');
    const layout = curveLayout(curve, { yScale: 'log' });
    assert.equal(layout.y.kind, 'log');
    assert.ok(Math.abs(layout.y.invert(layout.y.at(0.3)) - 0.3) < 1e-12);
  });
  test('a fixed axis stays 0 to 1', () => {
    const view = curveOf([0.4, 0.5], { y: { label: '准确率', min: 0, max: 1 } });
    assert.deepEqual(curveLayout(view).y.domain, [0, 1]);
  });
  for (const [name, ys] of [
    ['no point', []],
    ['a single point', [0.7]],
    ['equal values', [2, 2, 2]],
    ['only zeros', [0, 0]],
    ['equal negative values', [-3, -3]],
    ['only NaN', [NaN, NaN]],
    ['very large values', [1e12, 5e12, -1e12]],
    ['the largest numbers', [1e308, -1e308, 1]],
    ['very small values', [1.2e-12, 3e-12]],
    ['values that differ in the last digits', [1e10, 1e10 + 1e-6]],
  ] as const)
    test(`${name}: draws without a broken number on both scales`, () => {
      for (const scale of ['linear', 'log'] as const) {
        const view = curveOf(ys, { y: { label: '损失', scale } });
        const html = pictured(drawView(view));
        assertSound(html);
        const { domain, ticks } = curveLayout(view).y;
        assert.ok(domain[0] < domain[1]);
        assert.ok(ticks.length <= 12, String(ticks.length));
      }
    });
  test('a chart without lines says that there are no data', () => {
    const html = drawView({ ...curve, series: [] });
    assert.match(pictured(html), /还没有数据/);
    assert.match(labelOf(html), /还没有数据/);
  });
  test('unequal lists are refused with the title and both lengths', () => {
    const view = { ...curve, series: [{ label: '训练', xs: [1, 2, 3], ys: [1, 2] }] };
    assert.throws(() => drawView(view), /view "损失": series "训练" has 3 xs and 2 ys/);
    assert.throws(() => tableTwin(view), /3 xs and 2 ys/);
    assert.throws(() => curveLayout(view), /3 xs and 2 ys/);
  });
  test('long series are thinned to 600 points that keep ends, peaks and gaps', () => {
    const ys = Array.from({ length: 20000 }, (_, n) => Math.sin(n / 900));
    ys[7777] = 40;
    ys[12345] = -40;
    ys[15000] = NaN;
    const kept = thinIndices(ys);
    assert.ok(kept.length <= 600, String(kept.length));
    for (const index of [0, 7777, 12345, 15000, 19999]) assert.ok(kept.includes(index));
    assert.deepEqual(
      [...kept].sort((a, b) => a - b),
      kept,
    );
    assert.equal(thinIndices([1, 2, 3]).length, 3);
  });
  test('a pointer reads the nearest step and the values of all lines there', () => {
    const layout = curveLayout(curve);
    const reading = readCurve(curve, layout, layout.x.at(100) + 0.4);
    assert.equal(reading?.x, 100);
    assert.deepEqual(
      reading?.values.map(({ label, value }) => [label, value]),
      [
        ['训练', 0.045],
        ['验证', 0.545],
      ],
    );
    assert.ok(Math.abs((reading?.values[0]?.y ?? 0) - layout.y.at(0.045)) < 1e-9);
    assert.equal(readCurve({ ...curve, series: [] }, layout, 10), undefined);
  });
});

describe('axes', () => {
  test('ticks are round, inside the domain and few', () => {
    assert.deepEqual(
      linearTicks([0, 1], 5).map((tick) => tick.label),
      ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0'],
    );
    for (const domain of [
      [-3.7, 12.4],
      [0.001, 0.0042],
      [1e7, 3.3e7],
      [-1e-9, 1e-9],
    ] as const) {
      const ticks = linearTicks(domain, 5);
      assert.ok(
        ticks.length >= 3 && ticks.length <= 9,
        `${String(domain)}: ${String(ticks.length)}`,
      );
      for (const { value } of ticks) assert.ok(value >= domain[0] && value <= domain[1]);
      assert.equal(new Set(ticks.map((tick) => tick.label)).size, ticks.length);
    }
  });
  test('ticks of steps stay whole numbers', () => {
    assert.deepEqual(
      linearTicks([1, 3], 7, true).map((tick) => tick.value),
      [1, 2, 3],
    );
  });
  test('log ticks are powers of ten, finer when there are few', () => {
    assert.deepEqual(
      logTicks([1e-4, 10], 6).map((tick) => tick.label),
      ['1e-4', '0.001', '0.01', '0.1', '1', '10'],
    );
    assert.deepEqual(
      logTicks([0.9, 11], 4).map((tick) => tick.value),
      [1, 2, 5, 10],
    );
    assert.ok(logTicks([1e-12, 1e12], 5).length <= 6);
    assert.ok(logTicks([0.31, 0.36], 4).length >= 2);
  });
  test('numbers are printed short, scientific only when very large or small', () => {
    assert.deepEqual(
      [0, 0.12345678, 1234.5678, 12345, 1.2e-5, 3.4e7, -0.5, NaN, -Infinity].map((v) =>
        formatNumber(v),
      ),
      ['0', '0.1235', '1235', '12345', '1.2e-5', '3.4e7', '-0.5', 'NaN', '-∞'],
    );
  });
  test('a domain asked for is kept, and data near zero start at zero', () => {
    assert.deepEqual(fitDomain({ label: '', min: -2, max: 3 }, [0, 100]), [-2, 3]);
    assert.equal(fitDomain({ label: '' }, [0.2, 4], { zero: true })[0], 0);
    const [low, high] = fitDomain({ label: '', scale: 'log', min: 0 }, [0.5, 2]);
    assert.ok(low > 0 && low <= 0.5 && high >= 2);
  });
  test('a scale and its inverse agree', () => {
    const scale = makeScale('log', [0.01, 100], [300, 20], []);
    assert.ok(Math.abs(scale.at(1) - 160) < 1e-9);
    assert.ok(Math.abs(scale.invert(160) - 1) < 1e-9);
    assert.ok(Number.isNaN(scale.at(0)));
  });
});

describe('points', () => {
  test('each group has its own colour and shape', () => {
    const html = drawView({ ...points, surface: undefined } as unknown as PointsView);
    assert.match(html, /class="view-mark" fill="var\(--chart-1\)"/);
    assert.match(html, /class="view-stroke" stroke="var\(--chart-4\)"/);
  });
  test('a fitted line takes a colour that no group has', () => {
    assert.match(drawView(points), /class="view-line" stroke="var\(--chart-2\)"/);
  });
  test('the surface is one image: first group at the left, clear in the middle, second at the right', () => {
    const { width, height, pixels } = firstPng(drawView(points));
    assert.deepEqual([width, height], [3, 2]);
    const [left, middle, right] = pixels;
    assert.ok((left?.[2] ?? 0) > (left?.[0] ?? 255), 'blue for group 0');
    assert.equal(middle?.[3], 0);
    assert.ok((right?.[0] ?? 0) > (right?.[2] ?? 255), 'orange for group 1');
    assert.ok((left?.[3] ?? 0) > 100 && (right?.[3] ?? 0) > 100);
  });
  test('the line of probability one half is drawn where it is', () => {
    const grid = { columns: 3, rows: 3, x: [0, 2] as const, y: [0, 2] as const };
    const x = makeScale('linear', [0, 2], [0, 200], []);
    const y = makeScale('linear', [0, 2], [200, 0], []);
    const values = [0, 0.25, 1, 0, 0.25, 1, 0, 0.25, 1];
    const path = contourPath({ ...grid, values }, values, 0.5, x, y);
    const xs = [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((m) => Number(m[1]));
    assert.ok(xs.length >= 3);
    for (const at of xs) assert.ok(Math.abs(at - 133.3) < 0.06, String(at)); // 1 + (0.5 − 0.25) / 0.75
  });
  test('a wild line does not push the points together', () => {
    const wild = { ...points, lines: [{ label: '线', xs: [0, 4], ys: [-1e9, 1e9] }] };
    const tall = /view-muted[^>]*>([\d.e−]+)</g;
    const numbers = [...drawView({ ...wild, title: '' }).matchAll(tall)].map((m) =>
      Number((m[1] ?? '').replace('−', '-')),
    );
    assert.ok(Math.max(...numbers) < 10, String(numbers));
  });
  test('no points, NaN points and a surface of the wrong size are handled', () => {
    const none: PointsView = { kind: 'points', title: '空', x: points.x, y: points.y, points: [] };
    assert.match(drawView(none), /还没有数据/);
    const holes = { ...none, points: [{ label: '甲', group: 0, xs: [NaN, 1], ys: [1, Infinity] }] };
    assertSound(drawView(holes));
    const short = { columns: 3, rows: 2, x: [0, 1] as const, y: [0, 1] as const, values: [1, 2] };
    assert.throws(
      () => drawView({ ...points, surface: short }),
      /view "两类点": the grid of 3 columns and 2 rows has 2 values/,
    );
  });
});

describe('heatmap', () => {
  test('the raster has the grid upside down, clearest at the least value', () => {
    const rows = { ...heatmap, contours: false, paths: [], scale: 'linear' as const };
    const grid = {
      columns: 2,
      rows: 2,
      x: [0, 1] as const,
      y: [0, 1] as const,
      values: [0, 1, 2, 3],
    };
    const { pixels } = firstPng(drawView({ ...rows, grid }));
    const alpha = pixels.map((p) => p[3] ?? 0);
    assert.equal(alpha[2], 0, 'the value 0 is lowest left');
    assert.ok((alpha[3] ?? 0) < (alpha[0] ?? 0) && (alpha[0] ?? 0) < (alpha[1] ?? 0));
  });
  test('values on both sides of zero get two colours', () => {
    const grid = { columns: 2, rows: 1, x: [0, 1] as const, y: [0, 1] as const, values: [-1, 1] };
    const { pixels } = firstPng(
      drawView({ kind: 'heatmap', title: '', x: { label: '' }, y: { label: '' }, grid }),
    );
    assert.notDeepEqual(pixels[0]?.slice(0, 3), pixels[1]?.slice(0, 3));
  });
  test('the log scale spreads small values', () => {
    const grid = {
      columns: 3,
      rows: 1,
      x: [0, 1] as const,
      y: [0, 1] as const,
      values: [0, 1, 100],
    };
    const alphaOf = (scale: 'linear' | 'log'): number =>
      firstPng(
        drawView({ kind: 'heatmap', title: '', x: { label: '' }, y: { label: '' }, grid, scale }),
      ).pixels[1]?.[3] ?? 0;
    assert.ok(alphaOf('log') > 10 * alphaOf('linear'));
  });
  test('paths have a start, an end and a name, and level lines are drawn', () => {
    const html = drawView(heatmap);
    assert.match(html, /class="view-start"/);
    assert.match(html, /class="view-mark" fill="var\(--chart-1\)"/);
    assert.match(html, />动量</);
    assert.match(html, /class="view-level" d="M/);
    assert.match(labelOf(html), /动量走 2 步，停在 \(0, 0\)/);
  });
  test('a flat grid, a grid with holes and a path that ran away draw without a broken number', () => {
    const flat = { ...heatmap.grid, values: bowl.map(() => 5) };
    const holes = { ...heatmap.grid, values: bowl.map((v, n) => (n % 7 === 0 ? NaN : v)) };
    const away = [{ label: '发散', xs: [0, 1e200, NaN], ys: [0, -1e200, NaN] }];
    for (const grid of [flat, holes])
      assertSound(pictured(drawView({ ...heatmap, grid, paths: away })));
  });
  test('a grid of the wrong size is refused', () => {
    assert.throws(
      () => drawView({ ...heatmap, grid: { ...heatmap.grid, values: [1] } }),
      /view "碗": the grid of 21 columns and 21 rows has 1 values/,
    );
  });
});

describe('matrix', () => {
  test('each cell shows its number, tinted by its size', () => {
    const html = drawView(matrix);
    const tints = [...html.matchAll(/fill-opacity="([\d.]+)"/g)].map((m) => Number(m[1]));
    assert.equal(tints.length, 3, 'a zero has no tint');
    assert.equal(Math.max(...tints), STRONGEST_TINT);
    for (const number of ['38', '2', '0', '41']) assert.match(html, new RegExp(`>${number}<`));
  });
  test('negative values have the other tint', () => {
    const html = drawView({
      ...matrix,
      values: [
        [1, -0.5],
        [NaN, 0.25],
      ],
    });
    assert.equal(html.match(/view-tint-negative/g)?.length, 1);
    assert.match(html, />−0\.50</);
  });
  test('a large matrix leaves its numbers to the table', () => {
    const names = Array.from({ length: 40 }, (_, n) => `词${String(n)}`);
    const large = {
      ...matrix,
      rows: names,
      columns: names,
      values: names.map(() => names.map(() => 0.25)),
    };
    const html = drawView(large, { width: 340 });
    assertSound(html);
    assert.doesNotMatch(html, />0\.25</);
    assert.equal(tableTwin(large).match(/0\.25/g)?.length, 1600);
  });
  test('an empty matrix says so, and unequal sizes are refused', () => {
    assert.match(drawView({ ...matrix, rows: [], values: [] }), /还没有数据/);
    assert.throws(
      () =>
        drawView({
          ...matrix,
          values: [
            [1, 2, 3],
            [1, 2],
          ],
        }),
      /view "混淆矩阵": 2 column names for a row of 3/,
    );
    assert.throws(() => drawView({ ...matrix, values: [[1, 2]] }), /2 row names for 1 rows/);
  });
});

describe('images', () => {
  test('the picture is the pixels: paper is clear, ink is opaque', () => {
    const { width, height, pixels } = firstPng(drawView(images));
    assert.deepEqual([width, height], [3, 2]);
    const alpha = pixels.map((p) => p[3] ?? -1);
    assert.deepEqual([alpha[0], alpha[2], alpha[3], alpha[5]], [0, 255, 255, 0]);
    assert.ok(Math.abs((alpha[1] ?? 0) - 128) <= 4);
  });
  test('the caption is written below, and values outside 0…1 or not finite are held', () => {
    const odd = { ...images, images: [{ pixels: [-1, 2, NaN, Infinity, 0, 1], caption: '怪图' }] };
    const html = drawView(odd);
    assertSound(html);
    assert.match(html, />怪图</);
    assert.deepEqual(
      firstPng(html).pixels.map((p) => p[3]),
      [0, 255, 0, 0, 0, 255],
    );
  });
  test('a wrong number of pixels is refused, and no images is a sentence', () => {
    assert.throws(
      () => drawView({ ...images, images: [{ pixels: [1], caption: '' }] }),
      /view "数字": image 0 has 1 pixels, not 3 x 2/,
    );
    assert.match(drawView({ ...images, images: [] }), /还没有图像/);
  });
});

test('images about black and white are opaque, white to black, and not turned round in the dark', () => {
  const html = drawView({ ...images, tones: 'paper' });
  assert.doesNotMatch(html, /view-pixels/);
  const { pixels } = firstPng(html);
  assert.deepEqual(pixels[0], [255, 255, 255, 255]);
  assert.deepEqual(pixels[2], [0, 0, 0, 255]);
});

describe('images in colour', () => {
  const colour: ImagesView = {
    kind: 'images',
    title: '颜色',
    width: 2,
    height: 1,
    channels: 'colour',
    images: [{ pixels: [1, 0, 0.5, 0, 2, -1], caption: '两个像素' }],
  };
  test('each pixel has its red, green and blue, held to 0…1, and the dark theme leaves them', () => {
    const html = drawView(colour);
    assertSound(html);
    assert.doesNotMatch(html, /view-pixels/);
    assert.deepEqual(firstPng(html).pixels, [
      [255, 0, 128, 255],
      [0, 255, 0, 255],
    ]);
    assert.match(labelOf(html), /1 张 2×1 的彩色图/);
  });
  test('grey pixels in a view of colour are refused', () => {
    assert.throws(
      () => drawView({ ...colour, images: [{ pixels: [1, 0], caption: '' }] }),
      /view "颜色": image 0 has 2 pixels, not 3 x 2 x 1/,
    );
  });
});

describe('images with a tint', () => {
  const tinted: ImagesView = {
    ...images,
    images: [{ pixels: [0, 0, 0, 0, 0, 0], caption: '标出的', tint: [0, 0, 1, 0.5, 0, 0] }],
  };
  test('the tint is a second picture over the first, as strong as its values', () => {
    const pictures = [...drawView(tinted).matchAll(/href="(data:image\/png;base64,[^"]+)"/g)];
    assert.equal(pictures.length, 2);
    const { pixels } = decodePng(pictures[1]?.[1] ?? '');
    const alpha = pixels.map((p) => p[3] ?? -1);
    assert.ok(Math.abs((alpha[2] ?? 0) - 0.78 * 255) <= 1, String(alpha[2]));
    assert.ok(Math.abs((alpha[3] ?? 0) / (alpha[2] ?? 1) - 0.5) < 0.02);
    assert.deepEqual([alpha[0], alpha[1], alpha[4], alpha[5]], [0, 0, 0, 0]);
  });
  test('a tint of the wrong length is refused', () => {
    const image = { pixels: [0, 0, 0, 0, 0, 0], caption: '', tint: [1] };
    assert.throws(
      () => drawView({ ...images, images: [image] }),
      /view "数字": image 0 has 1 tints, not 3 x 2/,
    );
  });
});

describe('boxes', () => {
  const numbers = (markup: string): number[] =>
    [...markup.matchAll(/ (?:x|y|width|height)="([-\d.]+)"/g)].map((m) => Number(m[1]));
  test('a box stands on its image in the image’s own proportions', () => {
    const html = drawView(boxes);
    const [image] = html.match(/<image [^>]*>/) ?? [''];
    const [x = 0, y = 0, width = 0, height = 0] = numbers(image);
    const [box] = html.match(/<rect class="view-box" [^>]*>/) ?? [''];
    const wanted = [x + width / 4, y, width / 2, height];
    numbers(box).forEach((value, n) => assert.ok(Math.abs(value - (wanted[n] ?? NaN)) < 0.2, box));
  });
  test('groups differ in colour and dash, and are named above the images', () => {
    const html = drawView(boxes);
    assert.match(html, />真的框</);
    assert.match(html, />判的框</);
    const drawn = [...html.matchAll(/class="view-box"[^>]*stroke="([^"]+)"([^>]*)\/>/g)];
    assert.equal(drawn.length, 2);
    assert.notEqual(drawn[0]?.[1], drawn[1]?.[1]);
    assert.notEqual(drawn[0]?.[2], drawn[1]?.[2]);
  });
  test('a box that is not finite is left out, and the sentence counts the boxes', () => {
    const [image] = boxes.images;
    const broken = { x: NaN, y: 0, width: 1, height: 1, group: 1 };
    const html = drawView({ ...boxes, images: [{ ...image!, boxes: [broken] }] });
    assertSound(html);
    assert.doesNotMatch(html, /class="view-box"/);
    assert.match(describeView(boxes), /1 张图上的框：真的框 1 个，判的框 1 个/);
  });
});

describe('graph', () => {
  const centres = (html: string): number[][] =>
    [...html.matchAll(/class="view-mark"[^>]* d="M([-\d.]+) ([-\d.]+)/g)].map((m) => [
      Number(m[1]),
      Number(m[2]),
    ]);
  test('one unit is as long across as down, and larger y is higher', () => {
    const flat: GraphView = { ...graph, nodes: graph.nodes.map((n) => ({ ...n, group: 0 })) };
    // the last three marks are nodes; the ones before belong to the legend
    const [a, b, c] = centres(drawView(flat)).slice(-3);
    const across = (b?.[0] ?? 0) - (a?.[0] ?? 0);
    const up = (b?.[1] ?? 0) - (c?.[1] ?? 0);
    assert.ok(across > 100 && Math.abs(across - 2 * up) < 0.5, `${across} across, ${up} up`);
  });
  test('edges end at their nodes, rings and names are drawn', () => {
    const html = drawView(graph);
    const [, edge = ''] = /class="view-edge" d="([^"]+)"/.exec(html) ?? [];
    assert.equal(edge.match(/M/g)?.length, 2);
    assert.equal(html.match(/view-ring/g)?.length, 1);
    for (const name of ['一', '二', '三', '甲', '乙']) assert.match(html, new RegExp(`>${name}<`));
    assert.match(describeView(graph), /3 个节点，2 条边；甲 2 个，乙 1 个，画圈的 1 个/);
  });
  test('an edge to a node that is not there is refused, and one node or none is drawn', () => {
    assert.throws(
      () => drawView({ ...graph, edges: [[0, 3]] }),
      /view "两个圈子": an edge ends at node 3 of 3/,
    );
    assertSound(drawView({ ...graph, nodes: [{ x: 5, y: 5, group: 0 }], edges: [] }));
    assert.match(drawView({ ...graph, nodes: [], edges: [] }), /还没有节点/);
  });
});

describe('spectrogram', () => {
  test('shades follow decibels: the strongest is full, a thousandth of it is paper', () => {
    assert.equal(loudness(5, 5), 1);
    assert.ok(Math.abs(loudness(0.5, 5) - (1 - 20 / 60)) < 1e-12);
    assert.equal(loudness(0.005, 5) < 1e-12, true);
    assert.deepEqual(
      [loudness(0, 5), loudness(-1, 5), loudness(NaN, 5), loudness(1, 0)],
      [0, 0, 0, 0],
    );
  });
  test('time runs to the right and frequency upwards', () => {
    const { width, height, pixels } = firstPng(drawView(spectrogram));
    assert.deepEqual([width, height], [3, 4]);
    const alpha = (row: number, column: number): number => pixels[row * width + column]?.[3] ?? -1;
    // frequency 2 of 0…3 is the second row from the top
    assert.ok(alpha(1, 0) === alpha(1, 1) && alpha(1, 1) > alpha(1, 2) && alpha(1, 2) > 0);
    assert.ok(alpha(0, 1) > 0 && alpha(0, 0) === 0 && alpha(3, 0) === 0);
  });
  test('the sentence names the strongest frequency; uneven frames are refused', () => {
    assert.match(describeView(spectrogram), /0 到 400 赫兹；最强的频率在 267 赫兹附近/);
    assert.throws(
      () => drawView({ ...spectrogram, frames: [[1, 2], [1]] }),
      /view "一声口哨": frame 1 has 1 frequencies, not 2/,
    );
    assert.match(drawView({ ...spectrogram, frames: [] }), /还没有声音/);
  });
});

describe('tokens', () => {
  test('the tint is as strong as the number, in the colour of its sign; no number, no tint', () => {
    const spans = [...drawView(tokens).matchAll(/<span class="view-token"([^>]*)>/g)].map(
      (m) => m[1],
    );
    assert.match(spans[0] ?? '', /chart-tint-negative\); --size: 62\.0%/);
    assert.match(spans[1] ?? '', /chart-tint\); --size: 31\.0%/);
    assert.equal(spans[2], '');
  });
  test('a space is shown as a sign, notes and the legend are written', () => {
    const html = drawView(tokens);
    assert.match(html, />␣</);
    assert.match(html, /<small>−2\.1<\/small>/);
    assert.match(html, /越深作用越大/);
  });
  test('numbers beyond 1 or not finite are held', () => {
    const odd = [
      { text: '甲', value: 7 },
      { text: '乙', value: NaN },
    ];
    const html = drawView({ ...tokens, tokens: odd });
    assertSound(html);
    assert.match(html, /--size: 62\.0%/);
    assert.equal(html.match(/--size/g)?.length, 1);
    assert.match(drawView({ ...tokens, tokens: [] }), /还没有词元/);
  });
});

describe('png', () => {
  test('a picture of more than one stored block comes back pixel by pixel', () => {
    const palette: Colour[] = Array.from({ length: 256 }, (_, n) => [
      n,
      255 - n,
      n ^ 85,
      (n * 7) % 256,
    ]);
    const [width, height] = [300, 260];
    const indices = Array.from({ length: width * height }, (_, n) => (n * 31 + (n >> 8)) % 256);
    const decoded = decodePng(pngUri(width, height, indices, palette));
    assert.deepEqual([decoded.width, decoded.height], [width, height]);
    assert.deepEqual(
      decoded.pixels,
      indices.map((index) => palette[index]),
    );
  });
  test('sizes that do not match are refused', () => {
    assert.throws(() => pngUri(2, 2, [0], [[0, 0, 0, 0]]), /2 x 2 pixels wanted, got 1/);
    assert.throws(() => pngUri(1, 1, [0], []), /1 to 256 colours wanted, got 0/);
  });
});

describe('table and text', () => {
  test('numbers stand at the right with four digits, words at the left', () => {
    const html = drawView(table);
    assert.match(html, /<td class="view-number">0\.9123<\/td>/);
    assert.match(html, /<td>线性<\/td>/);
    assert.match(html, /<th scope="col" class="view-number">准确率/);
  });
  test('a row with too many cells is refused', () => {
    assert.throws(
      () => drawView({ ...table, rows: [['线性', 1, 2]] }),
      /view "结果": row 0 has 3 cells for 2 columns/,
    );
  });
  test('words keep their line breaks', () => {
    assert.match(drawView(text), /第一行\n第二行/);
  });
});

describe('the table twin', () => {
  test('of a curve has at most 50 rows, the first and the last among them, and says so', () => {
    const html = tableTwin(curve);
    assert.equal(html.match(/<tr>/g)?.length, 51);
    assert.match(html, /共 150 个点，均匀取出 50 个点/);
    assert.match(html, /<td>1<\/td><td class="view-number">4\.5<\/td>/);
    assert.match(html, /<td>150<\/td><td class="view-number">0\.03<\/td>/);
  });
  test('of a curve leaves a cell empty where a series has no value', () => {
    const html = tableTwin({
      ...curve,
      series: [
        { label: '训练', xs: [1, 2], ys: [3, 2] },
        { label: '验证', xs: [2], ys: [2.5] },
      ],
    });
    assert.match(html, /<td>1<\/td><td class="view-number">3<\/td><td class="view-number"><\/td>/);
  });
  test('of a heat map has the highest y first and the ends of the paths', () => {
    const html = tableTwin(heatmap);
    assert.match(html, /<tbody><tr><td>1<\/td><td class="view-number">2<\/td>/);
    assert.match(html, /动量/);
  });
});

describe('text measuring', () => {
  test('Chinese characters count as wide, cutting and wrapping stay inside', () => {
    assert.equal(textWidth('中文', 12), 24);
    assert.ok(textWidth(cutText('一个很长很长的名字', 12, 60), 12) <= 60);
    assert.deepEqual(wrapText('标成 3，其实是 8', 12, 60, 2).length, 2);
    for (const line of wrapText('word by word it goes on and on', 12, 80, 3))
      assert.ok(textWidth(line, 12) <= 80, line);
  });
});

describe('colours', () => {
  const css = readFileSync(
    new URL('../../src/components/views/views.css', import.meta.url),
    'utf8',
  );
  const theme = (selector: string): Map<string, string> => {
    const start = css.indexOf(`${selector} {`);
    const block = css.slice(start, css.indexOf('}', start));
    return new Map(
      [...block.matchAll(/--chart-([a-z0-9-]+): (#[0-9a-f]{6})/g)].map((m) => [
        m[1] ?? '',
        m[2] ?? '',
      ]),
    );
  };
  type Rgb = readonly [number, number, number];
  const rgb = (hex: string): Rgb => [
    parseInt(hex.slice(1, 3), 16),
    parseInt(hex.slice(3, 5), 16),
    parseInt(hex.slice(5, 7), 16),
  ];
  const luminance = (colour: Rgb): number => {
    const [r, g, b] = colour.map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
  };
  const contrast = (a: Rgb, b: Rgb): number => {
    const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (high + 0.05) / (low + 0.05);
  };
  const blend = (top: Rgb, bottom: Rgb, alpha: number): Rgb => [
    top[0] * alpha + bottom[0] * (1 - alpha),
    top[1] * alpha + bottom[1] * (1 - alpha),
    top[2] * alpha + bottom[2] * (1 - alpha),
  ];
  for (const selector of [':root', ":root[data-theme='dark']"]) {
    test(`${selector}: lines and text stand out 4.5 : 1, also numbers on the strongest tint`, () => {
      const colours = theme(selector);
      const of = (name: string): Rgb => {
        const hex = colours.get(name);
        assert.ok(hex !== undefined, name);
        return rgb(hex);
      };
      const paper = of('paper');
      for (let n = 1; n <= 6; n++) {
        const ratio = contrast(of(String(n)), paper);
        assert.ok(ratio >= 4.5, `chart-${String(n)}: ${ratio.toFixed(2)}, it also colours names`);
      }
      assert.ok(contrast(of('text'), paper) >= 7);
      assert.ok(contrast(of('muted'), paper) >= 4.5);
      for (const tint of ['tint', 'tint-negative']) {
        const ratio = contrast(of('text'), blend(of(tint), paper, STRONGEST_TINT));
        assert.ok(ratio >= 4.5, `${tint}: ${ratio.toFixed(2)}`);
      }
    });
  }
});
