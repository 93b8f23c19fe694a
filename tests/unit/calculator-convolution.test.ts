/** Holds convolution, pooling and the shapes of a network against TensorFlow.js, brute force and the audit's values. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { computeCalculator } from '../../src/calculators/compute.ts';
import convolution from '../../src/calculators/convolution.ts';
import networkShapes from '../../src/calculators/network-shapes.ts';
import pooling from '../../src/calculators/pooling.ts';
import type { AnyCalculator } from '../../src/contract/calculator.ts';
import type { FramesView } from '../../src/contract/view.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { near, results, work } from './calculator-host.ts';

before(async () => {
  await tf.setBackend('cpu');
});

type Inputs = Readonly<Record<string, unknown>>;

const framesOf = (calculator: AnyCalculator, inputs: Inputs): FramesView => {
  const [view] = work(calculator, inputs).views ?? [];
  assert.ok(view?.kind === 'frames');
  return view;
};

/** The output as the last frame shows it. */
function outputOf(calculator: AnyCalculator, inputs: Inputs = {}): number[][] {
  const view = framesOf(calculator, inputs);
  const output = (view.grids.at(-1)?.values ?? []).map((row) => row.map((value) => value ?? NaN));
  for (const { writes = [] } of view.frames)
    for (const { row, column, value } of writes) {
      const line = output[row];
      assert.ok(line);
      line[column] = value;
    }
  return output;
}

const problemOf = (calculator: AnyCalculator, inputs: Inputs) => {
  const computed = computeCalculator(calculator, inputs);
  return computed.ok ? undefined : computed.problems[0];
};

const random = seededRandom(6);
const matrixOf = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => Math.round(20 * random.uniform() - 10) / 4),
  );
const same = (actual: readonly (readonly number[])[], expected: readonly (readonly number[])[]) => {
  assert.deepEqual(
    actual.map((row) => row.length),
    expected.map((row) => row.length),
  );
  actual.flat().forEach((value, n) => near(value, expected.flat()[n] ?? NaN, 1e-5));
};

const DOCUMENT = {
  k: [
    [0, 1],
    [1, 0],
  ],
  x: [
    [1, 0],
    [0, 1],
  ],
};

test('the audited matrices come out: product, valid, same and full, both ways round', () => {
  const of = (way: string, padding: string) => outputOf(convolution, { way, padding });
  assert.deepEqual(of('product', 'valid'), [
    [3, 4],
    [11, 16],
  ]);
  assert.deepEqual(of('correlation', 'valid'), [[20]]);
  assert.deepEqual(of('correlation', 'same'), [
    [20, 8],
    [4, 0],
  ]);
  assert.deepEqual(of('correlation', 'full'), [
    [3, 8, 4],
    [10, 20, 8],
    [3, 4, 0],
  ]);
  assert.deepEqual(of('convolution', 'full'), [
    [0, 1, 2],
    [2, 10, 10],
    [6, 17, 12],
  ]);
  assert.deepEqual(of('convolution', 'valid'), [[10]]);
});

test('the document’s own matrices: the product is what it prints, the convolution is another matrix', () => {
  const of = (way: string, padding: string) => outputOf(convolution, { ...DOCUMENT, way, padding });
  assert.deepEqual(of('product', 'valid'), DOCUMENT.k);
  assert.deepEqual(of('convolution', 'full'), [
    [0, 1, 0],
    [1, 0, 1],
    [0, 1, 0],
  ]);
  assert.deepEqual(of('convolution', 'valid'), [[0]]);
  assert.deepEqual(
    of('correlation', 'full'),
    of('convolution', 'full'),
    'turning it changes nothing',
  );
  assert.deepEqual(of('correlation', 'same'), DOCUMENT.k, 'same padding happens to agree');
  const marked = (inputs: Inputs) => work(convolution, inputs).results['printedSum']?.mark;
  assert.equal(marked({ ...DOCUMENT }), 'wrong');
  assert.equal(marked({ ...DOCUMENT, padding: 'same' }), undefined);
  assert.equal(marked({}), undefined, 'other numbers were not printed');
});

test('sliding gives what tf.conv2d gives, for sizes, strides, padding and dilation', async () => {
  const cases = [
    { x: [5, 7], k: [3, 2], stride: 1, dilation: 1, padding: 'valid' },
    { x: [6, 6], k: [3, 3], stride: 2, dilation: 1, padding: 'valid' },
    { x: [6, 5], k: [3, 3], stride: 2, dilation: 1, padding: 'same' },
    { x: [7, 8], k: [2, 4], stride: 3, dilation: 1, padding: 'same' },
    { x: [8, 8], k: [3, 3], stride: 1, dilation: 2, padding: 'valid' },
    { x: [7, 9], k: [3, 2], stride: 1, dilation: 3, padding: 'same' },
    { x: [4, 4], k: [3, 3], stride: 1, dilation: 1, padding: 'number', pad: 2 },
    { x: [5, 4], k: [1, 1], stride: 2, dilation: 1, padding: 'same' },
  ] as const;
  for (const one of cases) {
    const x = matrixOf(one.x[0], one.x[1]);
    const k = matrixOf(one.k[0], one.k[1]);
    const { stride, dilation, padding } = one;
    const pad = 'pad' in one ? one.pad : 1;
    const expected = tf
      .conv2d(
        tf.tensor4d(x.flat(), [1, ...one.x, 1]),
        tf.tensor4d(k.flat(), [...one.k, 1, 1]),
        stride,
        padding === 'number' ? pad : padding,
        'NHWC',
        dilation,
      )
      .squeeze([0, 3]);
    const way = 'correlation';
    same(
      outputOf(convolution, { x, k, way, padding, pad, stride, dilation }),
      (await expected.array()) as number[][],
    );
    const turnedKernel = k.map((row) => row.toReversed()).toReversed();
    same(
      outputOf(convolution, {
        x,
        k: turnedKernel,
        way: 'convolution',
        padding,
        pad,
        stride,
        dilation,
      }),
      (await expected.array()) as number[][],
    );
  }
});

test('full convolution is the product of polynomials, and does not care which matrix is the kernel', () => {
  const [a, b] = [matrixOf(3, 4), matrixOf(2, 3)];
  const product = Array.from({ length: 4 }, () => Array.from({ length: 6 }, () => 0));
  a.forEach((row, i) =>
    row.forEach((u, j) =>
      b.forEach((other, p) =>
        other.forEach((v, q) => {
          const line = product[i + p];
          if (line) line[j + q] = (line[j + q] ?? 0) + u * v;
        }),
      ),
    ),
  );
  const way = 'convolution';
  same(outputOf(convolution, { x: a, k: b, way, padding: 'full' }), product);
  same(outputOf(convolution, { x: b, k: a, way, padding: 'full' }), product);
});

test('the matrix product gives what tf.matMul gives', async () => {
  const [k, x] = [matrixOf(3, 4), matrixOf(4, 2)];
  same(
    outputOf(convolution, { k, x, way: 'product' }),
    (await tf.tensor2d(k).matMul(tf.tensor2d(x)).array()) as number[][],
  );
});

test('each frame writes out its products and marks the cells they come from', () => {
  const view = framesOf(convolution, { way: 'correlation', padding: 'valid' });
  assert.equal(view.frames.length, 1);
  assert.equal(view.frames[0]?.caption, '第 1 行第 1 列：0×1 + 1×2 + 2×3 + 3×4 = 20');
  assert.equal(view.frames[0].marks?.filter(({ grid }) => grid === 0).length, 4);
  const spread = framesOf(convolution, { x: matrixOf(5, 5), padding: 'valid', dilation: 3 });
  assert.deepEqual(
    spread.frames[0]?.marks
      ?.filter(({ grid }) => grid === 0)
      .map(({ row, column }) => [row, column]),
    [
      [0, 0],
      [0, 3],
      [3, 0],
      [3, 3],
    ],
  );
  assert.equal(framesOf(convolution, { x: matrixOf(12, 12), padding: 'same' }).frames.length, 64);
});

test('a kernel that does not fit and a product whose lengths do not meet are explained at the kernel', () => {
  const large = problemOf(convolution, { k: matrixOf(3, 3), padding: 'valid' });
  assert.equal(large?.input, 'k');
  assert.match(large.message, /核有 3 行；输入连补的零只有 2 行/);
  const spread = problemOf(convolution, { padding: 'valid', dilation: 4 });
  assert.match(spread?.message ?? '', /隔开以后占 5 行/);
  const product = problemOf(convolution, { k: matrixOf(2, 3), way: 'product' });
  assert.match(product?.message ?? '', /核有 3 列，输入有 2 行/);
});

test('pooling gives the audited 4, 2.5 and, by the printed formula, 1.25', () => {
  for (const inputs of [
    {},
    {
      x: [
        [1, 2],
        [3, 4],
      ],
    },
  ]) {
    const of = results(pooling, inputs);
    assert.deepEqual([of('max'), of('average'), of('diagonal')], [4, 2.5, 1.25]);
  }
  assert.equal(work(pooling).results['diagonal']?.mark, 'wrong');
  assert.equal(work(pooling, { size: 1, stride: 1 }).results['diagonal']?.mark, undefined);
});

test('pooling gives what tf.maxPool and tf.avgPool give', async () => {
  for (const [rows, columns, size, stride, padding] of [
    [4, 4, 2, 2, 'valid'],
    [7, 5, 3, 2, 'valid'],
    [7, 5, 3, 2, 'same'],
    [6, 8, 2, 3, 'same'],
    [5, 5, 4, 1, 'same'],
  ] as const) {
    const x = matrixOf(rows, columns);
    const input = tf.tensor3d(x.flat(), [rows, columns, 1]);
    for (const [way, pool] of [
      ['max', tf.maxPool],
      ['average', tf.avgPool],
    ] as const) {
      const expected = pool(input, size, stride, padding).squeeze([2]);
      same(
        outputOf(pooling, { x, way, size, stride, padding }),
        (await expected.array()) as number[][],
      );
    }
  }
});

test('a pooling window larger than the input is explained', () => {
  const problem = problemOf(pooling, { size: 5 });
  assert.equal(problem?.input, 'size');
  assert.match(problem.message, /窗口 5×5，输入只有 4×4/);
});

const LISTING = [
  'conv3-32',
  'pool2',
  'conv3-64',
  'pool2',
  'conv3-64',
  'flatten',
  'dense64',
  'dense10',
];

/** The same network as tf.layers: its output shapes without the batch, and its weights. */
function reference(
  input: readonly [number, number, number],
  keys: readonly string[],
  padding: 'valid' | 'same',
): { shapes: string[]; weights: number[] } {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [...input] }));
  for (const key of keys) {
    const [, kind, a, b] = /^([a-z]+)(\d*)(?:-(\d+))?$/.exec(key) ?? [];
    const size = Number(a);
    if (kind === 'conv')
      model.add(tf.layers.conv2d({ kernelSize: size, filters: Number(b), padding }));
    else if (kind === 'pool') model.add(tf.layers.maxPooling2d({ poolSize: size }));
    else if (kind === 'global')
      model.add(tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }));
    else if (kind === 'flatten') model.add(tf.layers.flatten());
    else model.add(tf.layers.dense({ units: size }));
  }
  const layers = model.layers.slice(1);
  return {
    shapes: layers.map((layer) => (layer.outputShape as number[]).slice(1).join('×')),
    weights: layers.map((layer) => layer.countParams()),
  };
}

const chosen = (keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`layer${n + 1}`, keys[n] ?? 'none']));

test('the listing has 122,570 weights, and 2,825,930 without its pooling', () => {
  const of = results(networkShapes);
  assert.equal(of('total'), 122_570);
  assert.equal(of('convolution'), 56_320);
  assert.equal(of('firstDense'), 65_600);
  assert.equal(of('bare'), 2_825_930);
  assert.equal(of('bareConvolution'), 56_320);
  const without = results(networkShapes, chosen(LISTING.filter((key) => key !== 'pool2')));
  assert.equal(without('total'), 2_825_930);
  assert.equal(without('firstDense'), 2_768_960);
});

test('shapes and weights of every layer are those of tf.layers', () => {
  const cases = [
    [[32, 32, 3], LISTING, 'valid'],
    [[32, 32, 3], LISTING, 'same'],
    [
      [32, 32, 1],
      ['conv5-6', 'pool2', 'conv5-16', 'pool2', 'flatten', 'dense120', 'dense84', 'dense10'],
      'valid',
    ],
    [[17, 23, 2], ['conv1-32', 'pool3', 'conv5-32', 'global', 'dense512'], 'same'],
  ] as const;
  for (const [input, keys, padding] of cases) {
    const [height, width, channels] = input;
    const worked = work(networkShapes, { height, width, channels, padding, ...chosen(keys) });
    const [table] = worked.views ?? [];
    assert.ok(table?.kind === 'table');
    const expected = reference(input, keys, padding);
    assert.deepEqual(
      table.rows.slice(1).map((row) => row[1]),
      expected.shapes,
    );
    assert.deepEqual(
      table.rows.slice(1).map((row) => Number(String(row[2]).replaceAll(',', ''))),
      expected.weights,
    );
    assert.equal(
      worked.results['total']?.value,
      expected.weights.reduce((a, b) => a + b, 0),
    );
  }
});

test('a layer that cannot take what comes is explained at its own place', () => {
  const refused = (keys: readonly string[], more: Inputs = {}) =>
    problemOf(networkShapes, { ...chosen(keys), ...more });
  const dense = refused(['conv3-32', 'dense10']);
  assert.equal(dense?.input, 'layer2');
  assert.match(dense.message, /30×30×32 的图，全连接层要一列数/);
  const flat = refused(['flatten', 'conv3-32']);
  assert.equal(flat?.input, 'layer2');
  assert.match(flat.message, /一列 3072 个数/);
  const small = refused(['pool3', 'pool3', 'pool3', 'pool3']);
  assert.equal(small?.input, 'layer4');
  assert.match(small.message, /只有 1×1，3×3 的窗口放不下/);
  assert.equal(refused([])?.input, 'layer1');
});
