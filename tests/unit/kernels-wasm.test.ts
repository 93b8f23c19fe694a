import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { seededRandom } from '../../src/datasets/random.ts';
import { startWasm } from './wasm-backend.ts';

await startWasm();

type Make = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
/** What the backend keeps to itself of Emscripten's module. */
interface Heap {
  readonly HEAPU8: Uint8Array;
  _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
}

const random = seededRandom(3);
/** A whole number from `from` to `to`. */
const some = (from: number, to: number): number => from + random.integer(to - from + 1);
const oneOf = <T>(...options: readonly T[]): T => options[some(0, options.length - 1)]!;

interface Values {
  readonly shape: number[];
  readonly values: Float32Array;
}
const normals = (...shape: number[]): Values => ({
  shape,
  values: random.normals(tf.util.sizeFromShape(shape)),
});

/** What `make` gives on a backend. No tensor and no heap data of it may remain. */
async function on(backend: string, inputs: readonly Values[], make: Make): Promise<Values[]> {
  await tf.setBackend(backend);
  const before = [tf.memory().numTensors, tf.backend().numDataIds()];
  const out = tf.tidy(() =>
    [make(...inputs.map(({ values, shape }) => tf.tensor(values.slice(), shape)))].flat(),
  );
  const result: Values[] = [];
  for (const tensor of out) {
    result.push({ shape: tensor.shape, values: (await tensor.data()) as Float32Array });
  }
  tf.dispose(out);
  if (backend === 'wasm') {
    assert.deepEqual([tf.memory().numTensors, tf.backend().numDataIds()], before, 'leak');
  }
  return result;
}

/** Fails where wasm differs from cpu by more than float32 rounding of sums of this size. */
async function same(what: string, inputs: readonly Values[], make: Make): Promise<void> {
  const [wanted, got] = [await on('cpu', inputs, make), await on('wasm', inputs, make)];
  assert.deepEqual(
    got.map(({ shape }) => shape),
    wanted.map(({ shape }) => shape),
    what,
  );
  wanted.forEach(({ values }, output) => {
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    values.forEach((value, i) => {
      const mine = got[output]!.values[i]!;
      assert.ok(
        Math.abs(mine - value) <= 1e-5 * scale,
        `${what}, output ${output}: ${mine} for ${value} at ${i}`,
      );
    });
  });
}

/** Output of `f` and its gradient for every input, for the upstream gradient that comes last. */
const withGradients =
  (f: (...inputs: tf.Tensor[]) => tf.Tensor): Make =>
  (...all) => {
    const [inputs, dy] = [all.slice(0, -1), all.at(-1)];
    return [f(...inputs), ...tf.grads(f)(inputs, dy)];
  };

type Padding = 'same' | 'valid' | tf.backend_util.ExplicitPadding;
const explicit = (): tf.backend_util.ExplicitPadding => [
  [0, 0],
  [some(0, 2), some(0, 2)],
  [some(0, 2), some(0, 2)],
  [0, 0],
];

interface Window {
  readonly image: number[];
  readonly kernel: [number, number];
  readonly strides: [number, number];
  readonly dilation: number;
  readonly pad: Padding;
}
function window(): Window {
  const kernel: [number, number] = [some(1, 4), some(1, 4)];
  const strides: [number, number] = oneOf([1, 1], [some(1, 3), some(1, 3)]);
  const dilation = strides[0] * strides[1] === 1 ? some(1, 3) : 1;
  const sizes = kernel.map((size) => (size - 1) * dilation + some(1, 8));
  return {
    image: [some(1, 4), ...sizes, oneOf(1, 3, 4, 8, some(1, 13))],
    kernel,
    strides,
    dilation,
    pad: oneOf<Padding>('same', 'valid', explicit()),
  };
}

test('matrix products equal those of cpu in every orientation, size and batch', async () => {
  for (let trial = 0; trial < 60; trial++) {
    const [m, n, k] = [
      oneOf(1, some(1, 40)),
      oneOf(8, some(1, 40)),
      oneOf(16, some(1, 40), 513, 1100),
    ];
    const [ta, tb] = [oneOf(true, false), oneOf(true, false)];
    const a = ta ? [k, m] : [m, k];
    const b = tb ? [n, k] : [k, n];
    const [batchA, batchB] = oneOf<[number[], number[]]>(
      [[], []],
      [[3], [3]],
      [
        [2, 2],
        [2, 2],
      ],
      [[4], [1]],
      [[1], [4]],
    );
    await same(
      `${batchA.join()}:${a.join()}${ta ? 'ᵀ' : ''} · ${batchB.join()}:${b.join()}${tb ? 'ᵀ' : ''}`,
      [normals(...batchA, ...a), normals(...batchB, ...b)],
      (x, y) => tf.matMul(x, y, ta, tb),
    );
  }
});

test('fused products with bias and activation equal those of cpu', async () => {
  for (const activation of ['linear', 'relu', 'sigmoid', 'elu', 'relu6'] as const) {
    for (const [m, n, k, transposeA] of [
      [5, 9, 7, false],
      [20, 16, 600, false],
      [6, 10, 30, true],
    ] as const) {
      const a = transposeA ? [k, m] : [m, k];
      await same(
        `${activation} ${m} ${n} ${k}`,
        [normals(...a), normals(k, n), normals(n)],
        (x, y, bias) => tf.fused.matMul({ a: x, b: y, transposeA, bias: bias, activation }),
      );
    }
  }
});

test('convolutions and their gradients equal those of cpu for any shape, stride and padding', async () => {
  for (let trial = 0; trial < 80; trial++) {
    const { image, kernel, strides, dilation, pad } = window();
    const [x, w] = [image, [...kernel, image[3]!, oneOf(1, 8, 16, some(1, 19))]];
    const f = (input: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2d(input as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilation);
    const { outShape } = tf.backend_util.computeConv2DInfo(
      x as [number, number, number, number],
      w as [number, number, number, number],
      strides,
      dilation,
      pad,
    );
    // Core refuses to differentiate a dilated convolution.
    const make =
      dilation > 1
        ? (a: tf.Tensor, b: tf.Tensor) => f(a, b)
        : withGradients(f as Make as () => tf.Tensor);
    await same(
      JSON.stringify({ x, w, strides, dilation, pad }),
      [normals(...x), normals(...w), normals(...outShape)],
      make,
    );
  }
});

test('fused convolutions with bias and activation equal those of cpu', async () => {
  for (const activation of ['linear', 'relu', 'elu'] as const) {
    for (const outputs of [3, 8, 20]) {
      await same(
        `${activation} ${outputs}`,
        [normals(2, 7, 6, 5), normals(3, 3, 5, outputs), normals(outputs)],
        (x, filter, bias) =>
          tf.fused.conv2d({
            x: x as tf.Tensor4D,
            filter: filter as tf.Tensor4D,
            strides: 1,
            pad: 'same',
            bias: bias,
            activation,
          }),
      );
    }
  }
});

test('gradients of a dilated convolution equal those of the same filter with zeros between its taps', async () => {
  await tf.setBackend('wasm');
  const [x, w, dy] = [normals(2, 9, 8, 3), normals(3, 2, 3, 10), normals(2, 5, 6, 10)];
  const attrs = { strides: 1, dilations: 2, pad: 'valid', dataFormat: 'NHWC' };
  const spread = tf.tidy(() => {
    const zeros = tf.buffer([5, 3, 3, 10]);
    w.values.forEach((value, i) => {
      const [c, tap] = [i % 30, Math.floor(i / 30)];
      zeros.values[(Math.floor(tap / 2) * 2 * 3 + (tap % 2) * 2) * 30 + c] = value;
    });
    return zeros.toTensor();
  });
  const [xt, wt, dyt] = [x, w, dy].map(({ values, shape }) => tf.tensor(values, shape)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const run = (name: string, inputs: tf.NamedTensorMap, extra: object) =>
    tf.engine().runKernel<tf.Tensor>(name, inputs, { ...attrs, ...extra });
  const plain = { dilations: 1 };
  const dx = await run(
    'Conv2DBackpropInput',
    { dy: dyt, filter: wt },
    { inputShape: x.shape },
  ).array();
  const dxSpread = await run(
    'Conv2DBackpropInput',
    { dy: dyt, filter: spread },
    { inputShape: x.shape, ...plain },
  ).array();
  assert.deepEqual(dx, dxSpread);
  const dw = await run('Conv2DBackpropFilter', { x: xt, dy: dyt }, { filterShape: w.shape }).data();
  const dwSpread = run(
    'Conv2DBackpropFilter',
    { x: xt, dy: dyt },
    { filterShape: [5, 3, 3, 10], ...plain },
  );
  const picked = await dwSpread.stridedSlice([0, 0, 0, 0], [5, 3, 3, 10], [2, 2, 1, 1]).data();
  dw.forEach((value, i) =>
    assert.ok(Math.abs(value - picked[i]!) < 1e-4, `${value} for ${picked[i]}`),
  );
  tf.disposeVariables();
});

test('depthwise convolutions have the gradients of cpu for any shape, stride and padding', async () => {
  for (let trial = 0; trial < 50; trial++) {
    const { image, kernel, strides, dilation, pad } = window();
    const w = [...kernel, image[3]!, oneOf(1, 1, some(2, 3))] as [number, number, number, number];
    const f = (input: tf.Tensor, filter: tf.Tensor) =>
      tf.depthwiseConv2d(
        input as tf.Tensor4D,
        filter as tf.Tensor4D,
        strides,
        pad,
        'NHWC',
        dilation,
      );
    const info = tf.backend_util.computeConv2DInfo(
      image as typeof w,
      w,
      strides,
      dilation,
      pad,
      'floor',
      true,
    );
    if (dilation > 1) continue;
    await same(
      JSON.stringify({ image, w, strides, pad }),
      [normals(...image), normals(...w), normals(...info.outShape)],
      withGradients(f as Make as () => tf.Tensor),
    );
  }
});

test('pooling has the gradients of cpu for any window, stride and padding, equal elements included', async () => {
  for (let trial = 0; trial < 60; trial++) {
    const { image, kernel, strides } = window();
    const pad = oneOf('same' as const, 'valid' as const);
    const x = normals(...image);
    // Ties: the first of the equal elements gets the gradient.
    if (trial % 2) x.values.forEach((value, i) => (x.values[i] = Math.round(value)));
    const { outShape } = tf.backend_util.computePool2DInfo(
      image as [number, number, number, number],
      kernel,
      strides,
      1,
      pad,
    );
    for (const pool of [tf.maxPool, tf.avgPool]) {
      await same(
        `${pool.name} ${JSON.stringify({ image, kernel, strides, pad })}`,
        [x, normals(...outShape)],
        withGradients(((input: tf.Tensor4D) =>
          pool(input, kernel, strides, pad)) as () => tf.Tensor),
      );
    }
  }
});

test('sums and means along any axes equal those of cpu', async () => {
  for (const axis of [undefined, 0, 1, 2, 3, [0, 1], [0, 1, 2], [2, 1], [0, 2], [-1], [1, 2, 3]]) {
    for (const keepDims of [true, false]) {
      await same(`axis ${String(axis)} ${keepDims}`, [normals(5, 4, 3, 37)], (x) => [
        tf.sum(x, axis, keepDims),
        tf.mean(x, axis, keepDims),
        tf.sum(x.toInt(), axis, keepDims),
      ]);
    }
  }
});

test('segment sums equal those of cpu, with ids left out', async () => {
  await same('segments', [normals(9, 2, 7)], (x) =>
    tf.unsortedSegmentSum(x, tf.tensor1d([3, 0, 3, 9, -1, 2, 0, 0, 4], 'int32'), 5),
  );
});

test('gradients of a small network equal finite differences', async () => {
  await tf.setBackend('wasm');
  const [x, w, v] = [normals(2, 6, 6, 2), normals(3, 3, 2, 4), normals(16, 3)];
  const loss = (filter: tf.Tensor, weights: tf.Tensor): tf.Scalar => {
    const image = tf.tensor4d(x.values, [2, 6, 6, 2]);
    const conv = tf.tanh(tf.conv2d(image, filter as tf.Tensor4D, 1, 'valid'));
    const pooled = tf.maxPool(conv, 2, 2, 'valid').reshape([2, 16]);
    return tf.matMul(pooled, weights).square().mean();
  };
  const [dw, dv] = tf.grads(loss)([tf.tensor(w.values, w.shape), tf.tensor(v.values, v.shape)]);
  const gradients = [(await dw!.data()) as Float32Array, (await dv!.data()) as Float32Array];
  const step = 2e-3;
  for (const [which, parameter] of [w, v].entries()) {
    for (let i = 0; i < parameter.values.length; i += 5) {
      const at = async (delta: number): Promise<number> => {
        const moved = parameter.values.slice();
        moved[i]! += delta;
        const both = [w, v].map(({ values, shape }, k) =>
          tf.tensor(k === which ? moved : values, shape),
        );
        return (await loss(both[0]!, both[1]!).data())[0]!;
      };
      const slope = ((await at(step)) - (await at(-step))) / (2 * step);
      const gradient = gradients[which]![i]!;
      assert.ok(
        Math.abs(slope - gradient) < 5e-3 + 0.02 * Math.abs(slope),
        `${gradient} for ${slope}`,
      );
    }
  }
});

test('kernels compute the same when the heap grows in the middle of their work', async () => {
  await tf.setBackend('wasm');
  const { wasm } = tf.backend() as BackendWasm;
  const heap = wasm as unknown as Heap;
  const { _malloc: malloc } = heap;
  const conv = (a: tf.Tensor, b: tf.Tensor) =>
    tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same');
  const make = withGradients(conv as Make as () => tf.Tensor);
  const inputs = [normals(2, 9, 9, 5), normals(3, 3, 5, 10), normals(2, 9, 9, 10)];
  // Requests 4 to 9 are those of outputs and scratch, after the three inputs.
  for (const growing of [4, 5, 7, 9]) {
    const before = heap.HEAPU8.byteLength;
    let requests = 0;
    heap._malloc = (bytes) => {
      // More than there is in all: the heap must grow to give it.
      if (++requests === growing) heap._free(malloc(heap.HEAPU8.byteLength));
      return malloc(bytes);
    };
    try {
      await same(`growing at request ${growing}`, inputs, make);
    } finally {
      heap._malloc = malloc;
    }
    assert.ok(heap.HEAPU8.byteLength > before, `request ${growing} of ${requests} did not grow it`);
  }
});

test('a network with every kind of layer here trains as on cpu: losses within 1e-4 over 50 steps', async () => {
  const pictures = normals(6, 10, 10, 3);
  const start = [
    normals(3, 3, 3, 4),
    normals(3, 3, 4, 1),
    normals(2, 2, 4, 9),
    normals(36, 12),
    normals(12, 5),
  ].map(({ shape, values }) => {
    const fanIn = tf.util.sizeFromShape(shape) / shape.at(-1);
    return { shape, values: values.map((value) => value / Math.sqrt(fanIn)) };
  });
  const losses = async (backend: string): Promise<number[]> => {
    await tf.setBackend(backend);
    const weights = start.map(({ values, shape }) => tf.variable(tf.tensor(values.slice(), shape)));
    const [w1, w2, w3, w4, w5] = weights as tf.Tensor[] as [
      tf.Tensor4D,
      tf.Tensor4D,
      tf.Tensor4D,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const x = tf.tensor4d(pictures.values, [6, 10, 10, 3]);
    const labels = tf.oneHot(tf.range(0, 6, 1, 'int32').mod(tf.scalar(5, 'int32')).toInt(), 5);
    const optimizer = tf.train.adam(0.005);
    const loss = (): tf.Scalar => {
      const a = tf.conv2d(x, w1, 1, 'valid').relu<tf.Tensor4D>();
      const b = tf.depthwiseConv2d(tf.maxPool(a, 2, 2, 'valid'), w2, 1, 'same');
      const c = tf.conv2d(b.tanh<tf.Tensor4D>(), w3, 1, 'valid').sigmoid<tf.Tensor4D>();
      const d = tf.avgPool(c, 2, 1, 'valid');
      const e = tf.matMul(tf.reshape(d, [6, 36]), w4);
      return tf.losses.softmaxCrossEntropy(labels, tf.matMul(e.tanh(), w5));
    };
    const all: number[] = [];
    for (let step = 0; step < 50; step++) {
      const value = optimizer.minimize(loss, true)!;
      all.push((await value.data())[0]!);
      value.dispose();
    }
    tf.dispose([...weights, x, labels]);
    optimizer.dispose();
    return all;
  };
  const [wanted, got] = [await losses('cpu'), await losses('wasm')];
  assert.ok(wanted[49]! < wanted[0]! * 0.8, `${wanted[0]} → ${wanted[49]}`);
  got.forEach((value, step) => {
    assert.ok(
      Math.abs(value - wanted[step]!) <= 1e-4 * wanted[step]!,
      `step ${step}: ${value} for ${wanted[step]}`,
    );
  });
});
