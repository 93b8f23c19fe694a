import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { seededRandom } from '../../src/datasets/random.ts';
import { einsumGradient } from '../../src/engine/kernels/fused/einsum.ts';
import { startWasm } from './wasm-backend.ts';
import { MISSING, WRONG } from '../../src/engine/kernels/wasm/missing.ts';

const kernelsOf = (backend: string) =>
  new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
const stock = {
  cpu: kernelsOf('cpu'),
  wasm: kernelsOf('wasm'),
  configs: new Map(
    tf.getKernelsForBackend('wasm').map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]),
  ),
};

before(async () => {
  await startWasm();
  tf.registerGradient(einsumGradient);
});

type Numbers = readonly ArrayLike<number>[];

/** What `make` gives on a backend, read back; checks that it leaves no tensor and no data behind. */
async function on(backend: string, make: () => tf.Tensor | tf.Tensor[]): Promise<Numbers> {
  await tf.setBackend(backend);
  const [tensors, data] = [tf.memory().numTensors, tf.backend().numDataIds()];
  const out = [tf.tidy(make)].flat();
  const read = await Promise.all(out.map((tensor) => tensor.data()));
  const values = read.map((numbers, i) => [...out[i]!.shape, ...numbers]);
  tf.dispose(out);
  assert.equal(tf.memory().numTensors, tensors, `tensors left on ${backend}`);
  if (backend === 'wasm') assert.equal(tf.backend().numDataIds(), data, 'data left on wasm');
  return values;
}

function close(got: Numbers, wanted: Numbers, relative: number, what: string): void {
  assert.equal(got.length, wanted.length, `${what}: tensors`);
  got.forEach((values, i) => {
    assert.equal(values.length, wanted[i]!.length, `${what}: size of output ${i}`);
    const scale = Math.max(1e-3, ...Array.from(wanted[i]!, (value) => Math.abs(value)));
    for (let k = 0; k < values.length; k++) {
      const [a, b] = [values[k]!, wanted[i]![k]!];
      if (Number.isNaN(a) && Number.isNaN(b)) continue;
      assert.ok(Math.abs(a - b) <= relative * scale, `${what}: ${a} for ${b} at ${i}, ${k}`);
    }
  });
}

/** Runs on both backends and compares. */
async function same(what: string, make: () => tf.Tensor | tf.Tensor[], relative = 1e-5) {
  close(await on('wasm', make), await on('cpu', make), relative, what);
}

const random = (seed: number, ...shape: number[]): tf.Tensor =>
  tf.tensor(seededRandom(seed).normals(tf.util.sizeFromShape(shape), 1), shape);
const complex = (seed: number, ...shape: number[]): tf.Tensor =>
  tf.complex(random(seed, ...shape), random(seed + 100, ...shape));

test('every kernel that cpu has and stock wasm lacks is in the table, and the table names no other', () => {
  const missing = [...stock.cpu].filter((name) => !stock.wasm.has(name)).sort();
  assert.deepEqual(missing, Object.keys(MISSING).sort());
});

test('the kernels that the table calls ours are registered', () => {
  const registered = kernelsOf('wasm');
  const ours = Object.keys(MISSING).filter((name) => MISSING[name] === 'ours');
  assert.deepEqual(
    ours.filter((name) => !registered.has(name)),
    [],
  );
});

test('complex numbers are made, taken apart, measured, cloned and reshaped', async () => {
  for (const shape of [[], [7], [3, 4], [2, 1, 5], [0, 3]]) {
    await same(`shape ${shape.join()}`, () => {
      const z = complex(1, ...shape);
      // zerosLike before reshape, which on cpu changes the shape of the parts of `z` itself.
      return [z, tf.real(z), tf.imag(z), tf.abs(z), z.clone(), tf.zerosLike(z), z.reshape([-1])];
    });
  }
});

test('the size of a complex number neither overflows nor underflows', async () => {
  const z = () => tf.abs(tf.complex([1e30, 3e-30, 0], [1e30, 4e-30, 0]));
  const [values] = await on('wasm', z);
  close([Array.from(values!).slice(1)], [[1e30 * Math.SQRT2, 5e-30, 0]], 1e-6, 'abs');
  assert.ok(Math.abs(values![2]! / 5e-30 - 1) < 1e-6);
});

test('complex numbers are added, subtracted, multiplied, joined and cast, with broadcasting', async () => {
  for (const [a, b] of [
    [
      [3, 4],
      [3, 4],
    ],
    [[3, 4], [4]],
    [
      [3, 1, 2],
      [5, 1],
    ],
    [[], [2, 3]],
  ] as const) {
    // Against the parts one by one: cpu gives NaN where complex operands are broadcast.
    const parts = () => [random(2, ...a), random(102, ...a), random(3, ...b), random(103, ...b)];
    const got = await on('wasm', () => {
      const [p, q, r, s] = parts() as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const [x, y] = [tf.complex(p, q), tf.complex(r, s)];
      return [tf.add(x, y), tf.sub(x, y), tf.mul(x, y), tf.mul(p, y)].flatMap((z) => [
        tf.real(z),
        tf.imag(z),
      ]);
    });
    const wanted = await on('cpu', () => {
      const [p, q, r, s] = parts() as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      return [
        ...[p.add(r), q.add(s), p.sub(r), q.sub(s)],
        ...[p.mul(r).sub(q.mul(s)), p.mul(s).add(q.mul(r)), p.mul(r), p.mul(s)],
      ];
    });
    close(got, wanted, 1e-6, `${a.join()} with ${b.join()}`);
  }
  await same('concat', () => [
    tf.concat([complex(5, 2, 3), complex(6, 4, 3)], 0),
    tf.concat([complex(5, 2, 3, 2), complex(6, 2, 1, 2)], 1),
  ]);
  await same('cast', () => [
    random(7, 3, 2).cast('complex64'),
    tf.real(tf.cast(tf.tensor1d([1, 2, 3], 'int32'), 'complex64')),
  ]);
});

test('real numbers still add, multiply, join and cast as the stock kernels do', async () => {
  await same('real', () => [
    tf.add(random(8, 3, 4), random(9, 4)),
    tf.mul(random(8, 3, 4), random(9, 3, 1)),
    tf.concat([random(8, 2, 3), random(9, 2, 2)], 1),
    random(8, 5).cast('int32'),
    tf.zerosLike(random(8, 5)),
  ]);
});

test('Fourier transforms of every length up to 33, and of a few long ones, equal those of cpu', async () => {
  const lengths = [...Array.from({ length: 33 }, (_, i) => i + 1), 97, 128, 243, 1000, 1024];
  for (const n of lengths) {
    await same(`fft ${n}`, () => [tf.fft(complex(n, 2, n)), tf.ifft(complex(n, 2, n))], 1e-4);
  }
});

test('a transform of prime length follows its definition to the last bits of float32', async () => {
  const n = 17;
  const [re, im] = [seededRandom(1).normals(n, 1), seededRandom(2).normals(n, 1)];
  const wanted = Array.from({ length: n }, (_, k) => {
    let [a, b] = [0, 0];
    for (let i = 0; i < n; i++) {
      const angle = (-2 * Math.PI * k * i) / n;
      a += Math.fround(re[i]!) * Math.cos(angle) - Math.fround(im[i]!) * Math.sin(angle);
      b += Math.fround(re[i]!) * Math.sin(angle) + Math.fround(im[i]!) * Math.cos(angle);
    }
    return [a, b];
  }).flat();
  const [got] = await on('wasm', () => tf.fft(tf.complex(tf.tensor1d(re), tf.tensor1d(im))));
  close([Array.from(got!).slice(1)], [wanted], 2e-7, 'fft');
});

test('rfft, irfft and stft run', async () => {
  await same(
    'rfft',
    () => [
      tf.spectral.rfft(random(1, 3, 16)),
      tf.spectral.rfft(random(1, 3, 12), 16),
      tf.spectral.rfft(random(1, 3, 12), 7),
      tf.spectral.irfft(complex(2, 3, 9)),
      tf.spectral.irfft(complex(2, 2, 3, 5)),
      tf.abs(tf.signal.stft(random(3, 200) as tf.Tensor1D, 64, 32)),
    ],
    1e-4,
  );
});

test('going there and back through the Fourier transform changes nothing', async () => {
  for (const n of [1, 8, 15, 256]) {
    const back = await on('wasm', () => tf.ifft(tf.fft(complex(n, 3, n))));
    close(back, await on('wasm', () => complex(n, 3, n)), 2e-6, `length ${n}`);
  }
});

const EQUATIONS: readonly [string, ...number[][]][] = [
  ['ij,jk->ik', [3, 4], [4, 5]],
  ['ij,jk->ki', [3, 4], [4, 5]],
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
  ['bhqd,bhkd->bhqk', [2, 3, 4, 5], [2, 3, 6, 5]],
  ['bqhd,bkhd->bhqk', [2, 4, 3, 5], [2, 6, 3, 5]],
  ['bhqk,bkhd->bqhd', [2, 3, 4, 6], [2, 6, 3, 5]],
  ['abc,cd->abd', [2, 3, 4], [4, 5]],
  ['i,j->ij', [3], [4]],
  ['i,i->', [5], [5]],
  ['ij,ij->ij', [3, 4], [3, 4]],
  ['ij,j->i', [3, 4], [4]],
  ['ij,k->k', [3, 4], [5]],
  ['ab,cd->', [2, 3], [4, 5]],
  ['ijk,jil->kl', [2, 3, 4], [3, 2, 5]],
  ['ij->ji', [3, 4]],
  ['ijk->ik', [3, 4, 5]],
  ['ijk->', [3, 4, 5]],
  ['ijk->kij', [3, 4, 5]],
];

/** The definition, over every value of every letter; cpu is wrong where an operand is summed alone. */
function sumOfProducts(equation: string, shapes: number[][], operands: number[][]): number[] {
  const [terms, result] = equation.split('->') as [string, string];
  const inputs = terms.split(',');
  const sizes = new Map(
    inputs.flatMap((letters, i) => [...letters].map((letter, axis) => [letter, shapes[i]![axis]!])),
  );
  const letters = [...sizes.keys()];
  const at = new Map<string, number>();
  const place = (term: string) =>
    [...term].reduce((sum, letter) => sum * sizes.get(letter)! + at.get(letter)!, 0);
  const shape = [...result].map((letter) => sizes.get(letter)!);
  const out = new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0);
  const walk = (depth: number): void => {
    const letter = letters[depth];
    if (letter === undefined) {
      const product = inputs.reduce((p, term, i) => p * operands[i]![place(term)]!, 1);
      out[place(result)]! += product;
      return;
    }
    for (let value = 0; value < sizes.get(letter)!; value++) {
      at.set(letter, value);
      walk(depth + 1);
    }
  };
  walk(0);
  return [...shape, ...out];
}

for (const [equation, ...shapes] of EQUATIONS) {
  test(`einsum ${equation} is the sum of products that it says, and its gradients are slopes of it`, async () => {
    const operands = () => shapes.map((shape, i) => random(10 + i, ...shape));
    const given = await Promise.all(operands().map(async (x) => Array.from(await x.data())));
    close(
      await on('wasm', () => tf.einsum(equation, ...operands())),
      [sumOfProducts(equation, shapes, given)],
      1e-5,
      'forward',
    );
    const loss = (...x: tf.Tensor[]): tf.Scalar => {
      const y = tf.einsum(equation, ...x);
      return tf.sum(tf.mul(y, tf.cos(tf.range(0, y.size).reshape(y.shape))));
    };
    const gradients = await on('wasm', () => tf.grads(loss)(operands()));
    await tf.setBackend('wasm');
    for (const [i, shape] of shapes.entries()) {
      // The loss is linear in each operand, so a difference of any width is exact but for rounding.
      const differences =
        shape.length === 0
          ? [1]
          : Array.from(seededRandom(99 + i).normals(tf.util.sizeFromShape(shape), 1));
      const [slope] = await on('wasm', () => {
        const x = operands();
        const moved = x.slice();
        moved[i] = x[i]!.add(tf.tensor(differences, shape));
        return tf.sub(loss(...moved), loss(...x));
      });
      const along = Array.from(gradients[i]!)
        .slice(shape.length)
        .reduce((sum, g, k) => sum + g * differences[k]!, 0);
      close([[along]], [[slope![0]!]], 2e-4, `gradient ${i}`);
    }
  });
}

test('einsum of whole numbers is exact', async () => {
  await same(
    'int32',
    () =>
      tf.einsum(
        'ij,jk->ik',
        tf.range(0, 6, 1, 'int32').reshape([2, 3]),
        tf.range(0, 6, 1, 'int32').reshape([3, 2]),
      ),
    0,
  );
});

test('a clone keeps its values when the variable that it was made of moves on', async () => {
  const values = await on('wasm', () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    const copy = w.clone();
    w.assign(tf.tensor1d([4, 5, 6]));
    const out = [copy.add(0), w.add(0)];
    w.dispose();
    return out;
  });
  assert.deepEqual(values, [
    [3, 1, 2, 3],
    [3, 4, 5, 6],
  ]);
});

/** A function whose tape holds this kernel, and what it takes. */
interface Case {
  readonly f: (...x: tf.Tensor[]) => tf.Tensor;
  readonly x: () => tf.Tensor[];
}
const one = (f: (x: tf.Tensor) => tf.Tensor, x: () => tf.Tensor = () => random(1, 3, 4)): Case => ({
  f: f,
  x: () => [x()],
});
const two = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, b = [4]): Case => ({
  f: f,
  x: () => [
    random(1, 3, 4).abs().add(0.5),
    random(2, ...b)
      .abs()
      .add(0.5),
  ],
});
const inside = () => random(1, 3, 4).tanh().mul(0.9);
const above = () => random(1, 3, 4).abs().add(1.1);
const image = () => random(3, 2, 8, 8, 4);
const as = <T extends tf.Tensor>(x: tf.Tensor): T => x as T;

const CASES: Readonly<Record<string, Case>> = {
  Abs: one(tf.abs),
  Acos: one(tf.acos, inside),
  Acosh: one(tf.acosh, above),
  Add: two(tf.add),
  AddN: two((a, b) => tf.addN([a, b, a]), [3, 4]),
  Asin: one(tf.asin, inside),
  Asinh: one(tf.asinh),
  Atan: one(tf.atan),
  Atan2: two(tf.atan2),
  Atanh: one(tf.atanh, inside),
  AvgPool: one((x) => tf.avgPool(as<tf.Tensor4D>(x), 3, 2, 'same'), image),
  AvgPool3D: one(
    (x) => tf.avgPool3d(as<tf.Tensor5D>(x), 2, 2, 'valid'),
    () => random(3, 1, 4, 4, 4, 2),
  ),
  BatchMatMul: two((a, b) => tf.matMul(a, b, false, true), [5, 4]),
  BatchToSpaceND: one(
    (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    () => random(3, 4, 2, 2, 3),
  ),
  BroadcastTo: one((x) => tf.broadcastTo(x, [2, 3, 4])),
  Cast: one((x) => tf.cast(x, 'float32').cast('float32')),
  Ceil: one(tf.ceil),
  ClipByValue: one((x) => tf.clipByValue(x, -0.5, 0.5)),
  Concat: two((a, b) => tf.concat([a, b], 0), [2, 4]),
  Conv2D: {
    f: (x, w) => tf.conv2d(as<tf.Tensor4D>(x), as<tf.Tensor4D>(w), 2, 'same'),
    x: () => [image(), random(4, 3, 3, 4, 5)],
  },
  Conv2DBackpropInput: {
    f: (x, w) =>
      tf.conv2dTranspose(as<tf.Tensor4D>(x), as<tf.Tensor4D>(w), [2, 16, 16, 3], 2, 'same'),
    x: () => [image(), random(4, 3, 3, 3, 4)],
  },
  Conv3D: {
    f: (x, w) => tf.conv3d(as<tf.Tensor5D>(x), as<tf.Tensor5D>(w), 1, 'same'),
    x: () => [random(3, 1, 4, 4, 4, 2), random(4, 2, 2, 2, 2, 3)],
  },
  Cos: one(tf.cos),
  Cosh: one(tf.cosh),
  Cumsum: one((x) => tf.cumsum(x, 1)),
  DepthwiseConv2dNative: {
    f: (x, w) => tf.depthwiseConv2d(as<tf.Tensor4D>(x), as<tf.Tensor4D>(w), 1, 'same'),
    x: () => [image(), random(4, 3, 3, 4, 2)],
  },
  Dilation2D: {
    f: (x, w) => tf.dilation2d(as<tf.Tensor4D>(x), as<tf.Tensor3D>(w), 1, 'same'),
    x: () => [image(), random(4, 2, 2, 4)],
  },
  Elu: one(tf.elu),
  Erf: one(tf.erf),
  Exp: one(tf.exp),
  ExpandDims: one((x) => tf.expandDims(x, 1)),
  Expm1: one(tf.expm1),
  Floor: one(tf.floor),
  FloorDiv: two(tf.floorDiv),
  FusedBatchNorm: {
    f: (x, mean, variance, offset, scale) =>
      tf.batchNorm(
        x,
        as<tf.Tensor1D>(mean),
        as<tf.Tensor1D>(variance),
        as<tf.Tensor1D>(offset),
        as<tf.Tensor1D>(scale),
      ),
    x: () => [image(), random(5, 4), random(6, 4).abs().add(0.5), random(7, 4), random(8, 4)],
  },
  GatherV2: one((x) =>
    tf.gather(
      x,
      tf.tensor2d(
        [
          [2, 0],
          [2, 2],
        ],
        [2, 2],
        'int32',
      ),
    ),
  ),
  Identity: one((x) => x.clone()),
  LRN: one((x) => tf.localResponseNormalization(as<tf.Tensor4D>(x), 2), image),
  LeakyRelu: one((x) => tf.leakyRelu(x, 0.1)),
  Log: one(tf.log, above),
  Log1p: one(tf.log1p, above),
  LogSoftmax: one((x) => tf.logSoftmax(x)),
  Max: one((x) => tf.max(x, 1)),
  MaxPool: one((x) => tf.maxPool(as<tf.Tensor4D>(x), 2, 2, 'valid'), image),
  MaxPool3D: one(
    (x) => tf.maxPool3d(as<tf.Tensor5D>(x), 2, 2, 'valid'),
    () => random(3, 1, 4, 4, 4, 2),
  ),
  Maximum: two(tf.maximum, [3, 4]),
  Mean: one((x) => tf.mean(x, 0)),
  Min: one((x) => tf.min(x, 1)),
  Minimum: two(tf.minimum, [3, 4]),
  MirrorPad: one((x) =>
    tf.mirrorPad(
      x,
      [
        [1, 1],
        [0, 2],
      ],
      'reflect',
    ),
  ),
  Mod: two(tf.mod),
  Multiply: two(tf.mul),
  Neg: one(tf.neg),
  OnesLike: one((x) => tf.onesLike(x).mul(x)),
  Pack: two((a, b) => tf.stack([a, b], 1), [3, 4]),
  PadV2: one((x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  ),
  Pow: two(tf.pow),
  Prelu: { f: (x, a) => tf.prelu(x, a), x: () => [random(1, 3, 4), random(2, 4)] },
  Prod: one((x) => tf.prod(x, 1)),
  RealDiv: two(tf.div),
  Reciprocal: one(tf.reciprocal, above),
  Relu: one(tf.relu),
  Relu6: one(tf.relu6),
  Reshape: one((x) => tf.reshape(x, [2, 6])),
  ResizeBilinear: one((x) => tf.image.resizeBilinear(as<tf.Tensor4D>(x), [5, 11]), image),
  // One picture: from the second on, cpu's own gradient is wrong.
  ResizeNearestNeighbor: one(
    (x) => tf.image.resizeNearestNeighbor(as<tf.Tensor4D>(x), [5, 24]),
    () => random(3, 1, 8, 8, 4),
  ),
  Reverse: one((x) => tf.reverse(x, 1)),
  Round: one(tf.round),
  Rsqrt: one(tf.rsqrt, above),
  Select: two((a, b) => tf.where(random(3, 3, 4).greater(0), a, b), [3, 4]),
  Selu: one(tf.selu),
  Sigmoid: one(tf.sigmoid),
  Sign: one(tf.sign),
  Sin: one(tf.sin),
  Sinh: one(tf.sinh),
  Slice: one((x) => tf.slice(x, [1, 0], [2, 3])),
  Softmax: one((x) => tf.softmax(x)),
  Softplus: one(tf.softplus),
  SpaceToBatchND: one(
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    () => random(3, 1, 4, 4, 2),
  ),
  SplitV: one((x) => {
    const [a, b] = tf.split(x, [1, 3], 1);
    return a!.mul(b!);
  }),
  Sqrt: one(tf.sqrt, above),
  Square: one(tf.square),
  SquaredDifference: two(tf.squaredDifference, [3, 4]),
  Step: one((x) => tf.step(x)),
  Sub: two(tf.sub),
  Sum: one((x) => tf.sum(x, 0)),
  Tan: one(tf.tan, inside),
  Tanh: one(tf.tanh),
  Tile: one((x) => tf.tile(x, [2, 3])),
  Transpose: one((x) => tf.transpose(x)),
  Unpack: one((x) => {
    const [a, b] = tf.unstack(x);
    return a!.mul(b!);
  }),
  UnsortedSegmentSum: one((x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1], 'int32'), 3)),
  ZerosLike: one((x) => tf.zerosLike(x).add(x)),
};

/** Gradients that are zero whatever comes in, of results that are no longer numbers on a line. */
const NO_SLOPE = [
  'ArgMax',
  'ArgMin',
  'GreaterEqual',
  'IsFinite',
  'IsInf',
  'IsNan',
  'OneHot',
  'ComplexAbs',
];

test('every gradient that core knows has its case here', () => {
  const names = new Set(Object.values(tf).filter((value) => typeof value === 'string'));
  const known = [...names].filter((name) => {
    try {
      return tf.getGradient(name) != null;
    } catch {
      return false;
    }
  });
  const expected = [...Object.keys(CASES), ...NO_SLOPE, 'Einsum'];
  assert.deepEqual(known.sort(), expected.sort());
});

test('kernels that stock wasm computes wrongly are ours', () => {
  const before = stock.configs;
  for (const name of Object.keys(WRONG)) {
    assert.ok(before.has(name), name);
    assert.notEqual(tf.getKernel(name, 'wasm').kernelFunc, before.get(name), name);
  }
});

test('convolutions in three dimensions and dilations have right gradients for strides and paddings', async () => {
  for (const [strides, pad] of [
    [1, 'same'],
    [1, 'valid'],
    [2, 'same'],
    [2, 'valid'],
  ] as const) {
    await same(
      `${strides} ${pad}`,
      () => {
        const x = random(1, 2, 5, 6, 4, 2);
        const w = random(2, 3, 2, 2, 2, 3);
        const conv = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
          tf.conv3d(as<tf.Tensor5D>(x), as<tf.Tensor5D>(w), strides, pad).square();
        return tf.grads(conv)([x, w]);
      },
      1e-4,
    );
    for (const dilation of strides === 1 ? [1, 2] : [1]) {
      await same(`${strides} ${pad} ${dilation}`, () => {
        const [x, w] = [random(3, 2, 6, 7, 3).sub(1), random(4, 3, 2, 3).sub(1)];
        const dilate = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
          tf.dilation2d(as<tf.Tensor4D>(x), as<tf.Tensor3D>(w), strides, pad, dilation);
        return [dilate(x, w), ...tf.grads((x, w) => dilate(x, w).square())([x, w])];
      });
    }
  }
});

test('a product takes one tensor in two shapes', async () => {
  await same('matMul', () => {
    const w = random(1, 4, 6);
    return [
      tf.matMul(random(2, 3, 4), w),
      tf.matMul(random(3, 3, 6), w.reshape([6, 4])),
      tf.matMul(random(4, 3, 8), w.reshape([8, 3])),
      tf.matMul(random(5, 3, 2), w.reshape([2, 12])),
    ];
  });
});

for (const [name, { f, x }] of Object.entries(CASES)) {
  test(`the gradient of ${name} runs on wasm and equals that of cpu`, async () => {
    const loss = (...inputs: tf.Tensor[]): tf.Scalar => {
      const y = f(...inputs);
      return tf.sum(tf.mul(y, tf.cos(tf.range(0, y.size).reshape(y.shape))));
    };
    await same(name, () => [loss(...x()), ...tf.grads(loss)(x())], 1e-4);
  });
}
