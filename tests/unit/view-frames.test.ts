/** Holds the view of frames to its data: what is drawn, what is said, what is refused, what travels to the player. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeView, drawView, tableTwin } from '../../src/components/views/draw.ts';
import { drawFrame, packFrames, unpackFrames } from '../../src/components/views/frames.ts';
import type { FramesView } from '../../src/contract/view.ts';

const view: FramesView = {
  kind: 'frames',
  title: '窗口走两步',
  grids: [
    { label: '输入', values: [[1.25, 2, -3]], rows: ['第一行'] },
    {
      label: '核',
      before: '∗',
      values: [[10, 20]],
      outside: { top: 0, bottom: 0, left: 0, right: 1 },
    },
    { label: '输出', before: '=', values: [[null, null]] },
  ],
  frames: [
    {
      caption: '第一步 "得" 52.5',
      marks: [
        { grid: 0, row: 0, column: 0, group: 0 },
        { grid: 0, row: 0, column: 1, group: 0 },
      ],
      writes: [{ grid: 2, row: 0, column: 0, value: 52.5 }],
    },
    {
      caption: '第二步得 −40',
      marks: [{ grid: 2, row: 0, column: 1, group: 1 }],
      writes: [{ grid: 2, row: 0, column: 1, value: -40 }],
    },
  ],
};
const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1] ?? '');
const marked = (svg: string): number => svg.match(/class="view-marked"/g)?.length ?? 0;

describe('frames', () => {
  test('a number that a frame writes is there from that frame on, and not before', () => {
    const [first, second] = [drawFrame(view, 0), drawFrame(view, 1)];
    assert.ok(texts(first).includes('52.5') && !texts(first).includes('−40'));
    assert.ok(texts(second).includes('52.5') && texts(second).includes('−40'));
    assert.match(second, /<g class="view-fresh"><text[^>]*>−40/);
    assert.doesNotMatch(second, /<g class="view-fresh"><text[^>]*>52\.5/);
  });
  test('the marks are those of the frame alone', () => {
    assert.equal(marked(drawFrame(view, 0)), 2);
    assert.equal(marked(drawFrame(view, 1)), 1);
    assert.match(drawFrame(view, 1), /view-marked" fill="var\(--chart-2\)/);
  });
  test('nothing moves between frames: all have the same size and the same grid lines', () => {
    const lines = (svg: string): string[] =>
      [...svg.matchAll(/class="view-grid" d="([^"]*)"/g)].map((match) => match[1] ?? '');
    const box = (svg: string): string | undefined => /viewBox="([^"]*)"/.exec(svg)?.[1];
    assert.deepEqual(lines(drawFrame(view, 0)), lines(drawFrame(view, 1)));
    assert.equal(box(drawFrame(view, 0)), box(drawFrame(view, 1)));
  });
  test('signs and names are drawn, and cells outside the data are pale', () => {
    const svg = drawFrame(view, 0);
    for (const text of ['∗', '=', '第一行', '输入']) assert.ok(texts(svg).includes(text), text);
    assert.equal(svg.match(/class="view-outside"/g)?.length, 1);
  });
  test('on a narrow page the grids stand below each other, and none is wider than the page', () => {
    for (const width of [240, 340, 560, 900]) {
      const [, right, bottom] =
        /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawFrame(view, 0, { width })) ?? [];
      assert.ok(Number(right) <= width + 2, `${right} of ${width}`);
      if (width === 240) assert.ok(Number(bottom) > 100);
    }
    const wide: FramesView = {
      ...view,
      grids: [{ label: '宽', values: [Array.from({ length: 60 }, (_, n) => n)] }],
      frames: [{ caption: '只有一步' }],
    };
    const svg = drawFrame(wide, 0, { width: 340 });
    assert.deepEqual(texts(svg), ['宽'], 'numbers that do not fit are left out');
  });
  test('only the first frame is drawn; the others travel as numbers, and come back as they were', () => {
    const html = drawView(view);
    assert.equal(html.match(/<svg/g)?.length, 1);
    const packed = /data-frames="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '';
    assert.equal(packed, packFrames(view));
    const captions = view.frames.map(({ caption }) => caption);
    const back = unpackFrames(packed, captions);
    for (const at of [0, 1]) assert.equal(drawFrame(back, at), drawFrame(view, at));
  });
  test('without a script all captions stand in a list, and the twin has them as a table', () => {
    const html = drawView(view);
    assert.match(html, /<ol><li>第一步 &quot;得&quot; 52\.5<\/li><li>第二步得 −40<\/li><\/ol>/);
    assert.match(tableTwin(view), /<td[^>]*>第二步得 −40<\/td>/);
  });
  test('the sentence of a frame says which of how many it is; that of the view has the first and the last', () => {
    assert.match(drawFrame(view, 1), /aria-label="窗口走两步。第 2 步，共 2 步：第二步得 −40"/);
    assert.equal(
      describeView(view),
      '窗口走两步。共 2 步，第一步：第一步 "得" 52.5；最后一步：第二步得 −40',
    );
  });
  test('a single frame has no buttons', () => {
    assert.doesNotMatch(drawView({ ...view, frames: view.frames.slice(0, 1) }), /<button/);
  });
  test('no frames, uneven grids and cells that are not there are refused with the title', () => {
    const refused = (change: Partial<FramesView>, words: RegExp): void => {
      assert.throws(() => drawView({ ...view, ...change }), words);
    };
    refused({ frames: [] }, /窗口走两步.*no frames/);
    refused({ grids: [{ label: '斜', values: [[1], [1, 2]] }] }, /unequal/);
    refused({ grids: [{ label: '名', values: [[1]], rows: [] }] }, /0 names for 1 rows/);
    refused(
      { frames: [{ caption: '', marks: [{ grid: 0, row: 0, column: 3, group: 0 }] }] },
      /frame 0 names the cell 0, 0, 3/,
    );
  });
});
