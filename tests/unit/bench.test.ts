/** The bench without a browser: workloads that do the same arithmetic everywhere, results that are what they say. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import {
  BENCH_WORKLOADS,
  isMeasured,
  readBenchResults,
  type BenchResults,
} from '../../src/contract/bench.ts';
import {
  drawRatios,
  drawSpeeds,
  pythonTable,
  speedTable,
} from '../../src/components/speed/speed-pictures.ts';
import { registerCpuKernels } from '../../src/engine/kernels/cpu/index.ts';
import { installFused } from '../../src/engine/kernels/fused/install.ts';
import { lstm } from '../../src/engine/kernels/fused/recurrent.ts';
import { behindWords, faultWords, ratioWords, speedText } from '../../src/i18n/speed.ts';
import { compareLosses, quartiles } from '../bench/numbers.ts';
import { nodeHost, readReference, REFERENCE_STEPS } from '../bench/reference.ts';
import { WORKLOADS } from '../bench/workloads/all.ts';
import type { Tf } from '../bench/workloads/workload.ts';

async function losses(
  library: Tf,
  id: (typeof BENCH_WORKLOADS)[number],
  steps: number,
  batch?: number,
): Promise<number[]> {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const session = WORKLOADS[id].train(library, await WORKLOADS[id].inputs(nodeHost, batch));
  const found: number[] = [];
  for (let step = 0; step < steps; step++) {
    session.step();
    found.push(await session.loss());
  }
  session.free();
  assert.equal(tf.memory().numTensors, before, `${id} leaves no tensor behind`);
  return found;
}

// The convolutional network takes plain JavaScript ten seconds a step: it is compared on wasm, in the browser.
for (const id of BENCH_WORKLOADS.filter((workload) => workload !== 'cnn')) {
  test(`${id}: the same seed gives the same weights, data and losses twice`, async () => {
    const [first, second] = [await losses(tf, id, 2, 2), await losses(tf, id, 2, 2)];
    assert.deepEqual(first, second);
    assert.ok(first.every(Number.isFinite));
    assert.notEqual(first[0], first[1]);
  });
}

test('the stored reference has the losses that stock TensorFlow.js gives now', async () => {
  const reference = readReference();
  for (const id of BENCH_WORKLOADS) {
    assert.equal(reference[id].length, REFERENCE_STEPS, id);
    assert.ok(reference[id].every(Number.isFinite), id);
  }
  for (const [id, steps] of [
    ['linear', 50],
    ['mlp', 5],
    ['transformer', 1],
  ] as const) {
    const { difference } = compareLosses(await losses(tf, id, steps), reference[id], 1e-6);
    assert.ok(difference < 1e-6, `${id}: ${difference}`);
  }
});

test('ours, fused, takes the same steps as stock on the cpu backend', async () => {
  const sizes = {
    linear: [5, 1],
    mlp: [5, 8],
    cnn: [3, 1],
    lstm: [3, 2],
    transformer: [3, 1],
  } as const;
  const stock: Partial<Record<string, number[]>> = {};
  for (const id of BENCH_WORKLOADS) stock[id] = await losses(tf, id, sizes[id][0], sizes[id][1]);
  installFused();
  registerCpuKernels();
  const ours: Tf = { ...tf, train: tf.train, layers: { ...tf.layers, lstm } };
  for (const id of BENCH_WORKLOADS) {
    const { steps, difference } = compareLosses(
      await losses(ours, id, sizes[id][0], sizes[id][1]),
      stock[id] ?? [],
      1e-5,
    );
    assert.equal(steps, sizes[id][0]);
    assert.ok(difference < 1e-5, `${id}: ${difference}`);
  }
});

test('quartiles of known lists', () => {
  assert.deepEqual(quartiles([4, 1, 3, 2, 5]), { low: 2, median: 3, high: 4 });
  assert.deepEqual(quartiles([1, 2]), { low: 1.25, median: 1.5, high: 1.75 });
  assert.deepEqual(quartiles([7]), { low: 7, median: 7, high: 7 });
  assert.throws(() => quartiles([]), RangeError);
});

test('losses are compared step by step, and a NaN is a difference', () => {
  assert.deepEqual(compareLosses([2, 1.1], [2, 1, 0.5], 1e-4), {
    steps: 2,
    difference: Math.abs(1.1 - 1),
    tolerance: 1e-4,
  });
  assert.ok(compareLosses([NaN], [1], 1e-4).difference > 1);
});

const spread = { low: 0.9, median: 1, high: 1.1 };
const check = { steps: 50, difference: 1e-6, tolerance: 1e-4 };
const place = { workload: 'mlp', backend: 'wasm' };
const numbers = {
  rounds: 5,
  steps: 10,
  secondsPerStep: spread,
  perSecond: 1,
  firstStep: 1,
  loss: 1,
};
/** A small file with everything in it that a file may have. */
const sample = {
  version: 1,
  date: '2026-11-22T20:35Z',
  machine: { processor: 'P', cores: 2, memoryGb: 8, system: 'linux' },
  browser: 'Chromium 1',
  isolated: true,
  adapters: { webgpu: { name: 'A', software: true } },
  libraries: { '@tensorflow/tfjs': '4.22.0' },
  units: Object.fromEntries(BENCH_WORKLOADS.map((id) => [id, { unit: 'step', perStep: 1 }])),
  cells: [
    { ...place, library: 'ours', ...numbers, check, threads: 2 },
    { ...place, library: 'stock', ...numbers, check, ratio: spread },
    { ...place, library: 'jax-js', error: 'it says no' },
  ],
  python: {
    date: '2026-11-22T20:45Z',
    versions: { keras: '3' },
    cells: [
      {
        workload: 'mlp',
        threads: 2,
        rounds: 5,
        steps: 10,
        secondsPerStep: spread,
        perSecond: 1,
        loss: 1,
        check,
        ours: { perSecond: 2, threads: 2 },
        ratio: spread,
      },
    ],
  },
};

/** The sample with the value at a path replaced; `undefined` takes it away. */
function broken(path: string, value: unknown): string {
  const copy = JSON.parse(JSON.stringify(sample)) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at = copy;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return JSON.stringify(copy);
}

test('a whole results file is read as it is', () => {
  assert.deepEqual(readBenchResults(JSON.stringify(sample), 'x.json'), sample);
});

for (const [path, value, message] of [
  ['version', 2, /^x\.json: version: expected 1, found 2/],
  ['date', 'yesterday', /date: expected a date/],
  ['machine.cores', 0, /machine\.cores: expected a count, found 0/],
  ['machine', undefined, /machine: expected an object, found nothing/],
  ['isolated', 'yes', /isolated: expected true or false, found "yes"/],
  ['adapters.gpu', { name: 'A', software: true }, /adapters\.gpu: unknown field; known: webgpu/],
  ['adapters.webgpu.software', undefined, /adapters\.webgpu\.software: expected true or false/],
  ['libraries', ['4.22.0'], /libraries: expected an object/],
  ['units.lstm', undefined, /units\.lstm: expected an object, found nothing/],
  ['cells', {}, /cells: expected a list/],
  ['cells.0.workload', 'gan', /cells\[0\]\.workload: expected linear \| mlp/],
  ['cells.0.perSecond', 'fast', /cells\[0\]\.perSecond: expected a number, found "fast"/],
  ['cells.0.perSecond', -1, /cells\[0\]\.perSecond: expected a number above 0/],
  ['cells.0.secondsPerStep.low', 2, /cells\[0\]\.secondsPerStep: expected low ≤ median ≤ high/],
  ['cells.0.check', undefined, /cells\[0\]\.check: expected an object, found nothing/],
  ['cells.0.guess', 1, /cells\[0\]\.guess: unknown field/],
  ['cells.1.library', 'ours', /cells: mlp wasm ours is there twice/],
  ['cells.2.error', '', /cells\[2\]\.error: expected a text/],
  ['python.cells.0.ours', undefined, /python\.cells\[0\]\.ours: expected an object/],
] as const) {
  test(`a results file with ${path} = ${JSON.stringify(value) ?? 'nothing'} is refused by name`, () => {
    assert.throws(() => readBenchResults(broken(path, value), 'x.json'), { message });
  });
}

test('a results file that is not JSON is refused by name', () => {
  assert.throws(() => readBenchResults('{', 'x.json'), /^Error: x\.json: /);
});

/** The sample with other numbers for stock: how many times as fast ours is, in each round. */
function withStock(ratio: number, error?: string): BenchResults {
  const cells = sample.cells.map((cell) => {
    if (cell.library !== 'stock') return cell;
    const { workload, backend, library } = cell;
    if (error !== undefined) return { workload, backend, library, error };
    const three = { low: ratio, median: ratio, high: ratio };
    return { ...cell, perSecond: 1 / ratio, secondsPerStep: three, ratio: three };
  });
  return readBenchResults(JSON.stringify({ ...sample, cells }), 'x.json');
}
/** Left edge and width of each bar. */
const bars = (svg: string): { x: number; width: number }[] =>
  [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(([, x, width]) => ({
    x: Number(x),
    width: Number(width),
  }));

test('a bar of a ratio begins at 1 and goes right where ours is ahead, left where it is behind', () => {
  const one = (svg: string): number => Number(/view-axis" x1="([\d.]+)"/.exec(svg)?.[1]);
  for (const width of [340, 640]) {
    const [ahead, behind] = [drawRatios(withStock(4), width), drawRatios(withStock(0.25), width)];
    const [right, left] = [bars(ahead)[0], bars(behind)[0]];
    assert.ok(right && left);
    assert.ok(Math.abs(right.x - one(ahead)) < 0.2 && right.width > 20);
    assert.ok(Math.abs(left.x + left.width - one(behind)) < 0.2 && left.width > 20);
    assert.ok(right.x + right.width < width);
  }
});

test('a faster library has a longer bar, and one that failed has its words instead', () => {
  const [ours, stock] = bars(drawSpeeds(withStock(4), 'mlp', 340));
  assert.ok(ours && stock && ours.width > stock.width && ours.width < 340);
  const failed = drawSpeeds(withStock(1, 'a <b> that fails'), 'mlp', 640);
  assert.equal(bars(failed).length, 1);
  assert.match(failed, /没有训练成：a &lt;b&gt; that fails/);
  assert.equal(
    drawSpeeds(withStock(1), 'cnn', 640),
    '',
    'nothing to draw where nothing was measured',
  );
});

test('pictures and tables carry the numbers of the file', () => {
  const results = withStock(4);
  assert.match(drawSpeeds(results, 'mlp', 640), /本书是它的 4 倍/);
  assert.doesNotMatch(drawSpeeds(results, 'mlp', 640) + drawRatios(results, 640), /NaN|undefined/);
  const { rows, columns } = speedTable(results, 'mlp');
  assert.equal(rows.length, 3);
  assert.ok(rows.every((row) => row.length === columns.length));
  assert.equal(rows[1]?.[2], '0.25');
  assert.deepEqual(pythonTable(results)?.rows[0]?.slice(1, 4), [2, '1 步/秒', '2 步/秒']);
});

test('what is slower than whom is said, the worst first', () => {
  assert.deepEqual(behindWords(withStock(4)), []);
  assert.deepEqual(behindWords(withStock(0.25)), [
    '全连接网络，WASM：原版 TensorFlow.js 每秒的量是本书的 4 倍',
  ]);
  assert.deepEqual(faultWords(withStock(4)), []);
  assert.equal(ratioWords(0.5), '它是本书的 2 倍');
  assert.equal(ratioWords(1.01), '与本书持平');
  assert.equal(speedText(12345.6), '12,346');
  assert.equal(speedText(0.12345), '0.123');
});

const folder = new URL('../bench/results/', import.meta.url);
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  test(`${name} is what the bench writes, and its numbers fit together`, () => {
    const results: BenchResults = readBenchResults(
      readFileSync(new URL(name, folder), 'utf8'),
      name,
    );
    assert.ok(name.startsWith(results.date.slice(0, 10)), 'the file is named by its date');
    for (const cell of results.cells) {
      if (!isMeasured(cell)) continue;
      const { perStep } = results.units[cell.workload];
      const rate = perStep / cell.secondsPerStep.median;
      assert.ok(Math.abs(cell.perSecond / rate - 1) < 1e-9);
      assert.equal(cell.ratio === undefined, cell.library === 'ours' || !oursThere(results, cell));
    }
  });
}

/** Whether ours was measured on the same workload and backend. */
function oursThere(
  { cells }: BenchResults,
  { workload, backend }: { workload: string; backend: string },
): boolean {
  return cells.some(
    (cell) =>
      isMeasured(cell) &&
      cell.library === 'ours' &&
      cell.workload === workload &&
      cell.backend === backend,
  );
}
