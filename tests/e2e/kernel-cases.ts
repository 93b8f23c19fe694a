/** Shapes and settings at which our GPU kernels are compared with the cpu backend: none a multiple of a workgroup by habit. */
import type { Given } from './webgpu-page.ts';

type Inputs = Readonly<Record<string, Given>>;
type Attrs = Readonly<Record<string, number | string | boolean | readonly number[]>>;
/** A kernel, its inputs and its settings. */
export type Case = readonly [kernel: string, inputs: Inputs, attrs: Attrs];

const SIZES = [1, 7, 64, 65, 1000, 70_000];

const updates = (shape: readonly number[]): Case[] => {
  const pair = { variable: { shape }, gradient: { shape } };
  const square = { shape, positive: true } as const;
  const rmsprop = { learningRate: 0.01, decay: 0.9, momentum: 0.5, epsilon: 1e-3 };
  return [
    ['SgdUpdate', pair, { learningRate: 0.1 }],
    [
      'SgdUpdate',
      { variable: { shape }, gradient: { shape, cast: true, range: 9 } },
      { learningRate: 0.1 },
    ],
    ...[false, true].map((useNesterov): Case => [
      'MomentumUpdate',
      { ...pair, accumulation: { shape } },
      { learningRate: 0.1, momentum: 0.9, useNesterov },
    ]),
    ['AdagradUpdate', { ...pair, accumulatedGrad: square }, { learningRate: 0.1, epsilon: 1e-7 }],
    [
      'RmspropUpdate',
      { ...pair, meanSquare: square, moment: { shape } },
      { ...rmsprop, centered: false },
    ],
    [
      'RmspropUpdate',
      // Centered: the mean square is larger than the squared mean, or the root would not be real.
      {
        variable: { shape },
        gradient: { shape, range: 0.1 },
        meanSquare: { shape, positive: true, range: 50 },
        moment: { shape },
        meanGradient: { shape, range: 0.01 },
      },
      { ...rmsprop, epsilon: -1, centered: true },
    ],
    [
      'AdamUpdate',
      { ...pair, firstMoment: { shape }, secondMoment: square },
      {
        learningRate: 0.1,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        correction1: 0.19,
        correction2: 0.002,
      },
    ],
  ];
};

const ROWS = [
  [1, 1],
  [7, 3],
  [64, 10],
  [65, 33],
  [1000, 32],
  [70, 1000],
  [1, 70_000],
  [70_000, 2],
] as const;
const COLUMNS = [
  [1, 1],
  [7, 10],
  [65, 64],
  [64, 65],
  [1000, 7],
  [70_000, 3],
  [600, 70],
  [513, 128],
  [4, 5, 6, 33],
] as const;

const SUMS: readonly (readonly [shape: readonly number[], axes: readonly number[]])[] = [
  [[7, 10], [0]],
  [[1000, 3], [0]],
  [[70_000, 2], [0]],
  [[5, 300, 7], [1]],
  [
    [4, 8, 8, 33],
    [0, 1, 2],
  ],
  [
    [4, 8, 8, 33],
    [0, 2],
  ],
  [
    [4, 8, 8, 33],
    [1, 2],
  ],
  [
    [6, 1, 5],
    [0, 1],
  ],
  [[6, 5, 1], [0]],
  [[6, 5], [1]],
  [
    [3, 65, 4],
    [0, 2],
  ],
];

/** images, side, channels, filter height, filter width, filters, stride, padding */
const CONVOLUTIONS = [
  [1, 1, 1, 1, 1, 1, 1, 'valid'],
  [2, 7, 3, 3, 3, 5, 1, 'same'],
  [3, 9, 4, 2, 5, 33, 2, 'same'],
  [2, 11, 33, 3, 3, 34, 3, 'valid'],
  [4, 32, 3, 3, 3, 32, 1, 'valid'],
  [2, 13, 40, 3, 3, 64, 1, 'same'],
] as const;

/** The convolution and both its gradients. */
const convolution = ([
  n,
  side,
  c,
  height,
  width,
  o,
  strides,
  pad,
]: (typeof CONVOLUTIONS)[number]): Case[] => {
  const reach = (size: number): number =>
    Math.ceil((side - (pad === 'valid' ? size - 1 : 0)) / strides);
  const x = { shape: [n, side, side, c] };
  const dy = { shape: [n, reach(height), reach(width), o] };
  const filter = { shape: [height, width, c, o] };
  const attrs = { strides, pad, dataFormat: 'NHWC' };
  return [
    ['Conv2D', { x, filter }, { ...attrs, dilations: strides === 1 ? 2 : 1 }],
    ['Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: x.shape }],
    ['Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape }],
  ];
};

/** leading axes of a; m, k, n; leading axes of b */
const PRODUCTS = [
  [[1], [1, 1, 1], [1]],
  [[1], [100, 1, 7], [1]],
  [[3], [5, 16, 9], [3]],
  [[1], [33, 70, 65], [1]],
  [[2], [6, 17, 3], [1]],
  [[1], [4, 5, 6], [7]],
] as const;

/** batch, steps, width, units */
const SEQUENCES = [
  [1, 1, 1, 1],
  [3, 5, 4, 7],
  [2, 40, 32, 64],
  [5, 3, 70, 65],
  [2, 4, 3, 130],
] as const;

const sequence = (
  [b, t, d, u]: (typeof SEQUENCES)[number],
  recurrentActivation: string,
  backwards: boolean,
  bias: boolean,
): Case[] => {
  const attrs = { recurrentActivation, backwards };
  const weights = {
    kernel: { shape: [d, 4 * u], range: 1 / Math.sqrt(d) },
    recurrentKernel: { shape: [u, 4 * u], range: 1 / Math.sqrt(u) },
  };
  const x = { shape: [b, t, d], range: 2 };
  const states = { shape: [2, b, t + 1, u] };
  const inputs = {
    x,
    ...weights,
    ...(bias && { bias: { shape: [4 * u] } }),
    h0: { shape: [b, u] },
    c0: { shape: [b, u] },
  };
  const taken = { dStates: states, states, gates: { shape: [b, t, 4 * u] }, x, ...weights };
  return [
    ['Lstm', inputs, attrs],
    ['LstmGrad', taken, { ...attrs, bias }],
  ];
};

/** What is tried, in words → its cases. */
export const CASES: Readonly<Record<string, readonly Case[]>> = {
  'updates of the optimizers': SIZES.flatMap((size) => updates([size])),
  'softmax cross entropy': ROWS.flatMap((shape): Case[] => [
    [
      'SoftmaxCrossEntropy',
      {
        logits: { shape, range: 20 },
        labels: { shape, ...(shape[1] > 1 && { oneHot: true as const }) },
      },
      { scale: 1 / shape[0] },
    ],
    [
      'SoftmaxCrossEntropy',
      { logits: { shape, range: 3 }, labels: { shape, positive: true } },
      { scale: 2 },
    ],
  ]),
  'sigmoid cross entropy': SIZES.map((size) => [
    'SigmoidCrossEntropy',
    { logits: { shape: [size], range: 30 }, labels: { shape: [size], positive: true, range: 0.5 } },
    { scale: 1 / size },
  ]),
  'LSTM sequences and their gradients': SEQUENCES.flatMap((shape, i) =>
    ['sigmoid', 'hardSigmoid'].flatMap((gate, j) =>
      [false, true].flatMap((backwards, k) =>
        sequence(shape, gate, backwards, (i + j + k) % 2 > 0),
      ),
    ),
  ),
  'softmax, its gradient, those of sums and products': [
    ...ROWS.map((shape): Case => [
      'Softmax',
      { logits: { shape, range: 9 } },
      { dim: shape.length - 1 },
    ]),
    ...ROWS.map((shape): Case => ['SoftmaxGrad', { dy: { shape }, y: { shape } }, {}]),
    ...SIZES.map((size): Case => [
      'ScaledProduct',
      { a: { shape: [size] }, b: { shape: [size] } },
      { scale: -0.5 },
    ]),
    ...(
      [
        [1, 1, 1],
        [1, 65, 7],
        [3, 5, 65],
        [1000, 70, 1],
      ] as const
    ).map(([outer, reduced, inner]): Case => [
      'Spread',
      { x: { shape: [outer, inner] } },
      { outer, reduced, inner, shape: [outer, reduced, inner], scale: 1 / reduced },
    ]),
  ],
  'sums by segment': (
    [
      [7, 3, 4],
      [160, 32, 200],
      [1000, 65, 70],
      [5, 1, 1000],
    ] as const
  ).map(([n, width, numSegments]): Case => [
    'UnsortedSegmentSum',
    { x: { shape: [n, width] }, segmentIds: { shape: [n], below: numSegments } },
    { numSegments },
  ]),
  'fused products over a long inner dimension': [true, false].map((bias) => [
    '_FusedMatMul',
    {
      a: { shape: [1, 33, 2500] },
      b: { shape: [1, 2500, 10] },
      ...(bias && { bias: { shape: [10] } }),
    },
    { transposeA: false, transposeB: false, activation: 'linear' },
  ]),
  'products over a long inner dimension': [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      (
        [
          [33, 2000, 65],
          [1, 5003, 7],
          [64, 2049, 10],
        ] as const
      ).map(([m, k, n]): Case => [
        'BatchMatMul',
        {
          a: { shape: transposeA ? [k, m] : [m, k] },
          b: { shape: transposeB ? [n, k] : [k, n] },
        },
        { transposeA, transposeB },
      ]),
    ),
  ),
  'short products, batches and transposes among them': PRODUCTS.flatMap(([a, [m, k, n], b]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].flatMap((transposeB) =>
        [false, true].map((bias): Case => [
          bias ? '_FusedMatMul' : 'BatchMatMul',
          {
            a: { shape: transposeA ? [...a, k, m] : [...a, m, k] },
            b: { shape: transposeB ? [...b, n, k] : [...b, k, n] },
            ...(bias && { bias: { shape: [n] } }),
          },
          { transposeA, transposeB, ...(bias && { activation: 'linear' }) },
        ]),
      ),
    ),
  ),
  'convolutions and their gradients': CONVOLUTIONS.flatMap(convolution),
  'sums and means over any axes': SUMS.flatMap(([shape, axis]) =>
    ['Sum', 'Mean'].flatMap((kernel) =>
      [false, true].map((keepDims): Case => [kernel, { x: { shape } }, { axis, keepDims }]),
    ),
  ),
  'bias and activation gradients': COLUMNS.flatMap((shape) =>
    ['linear', 'relu', 'sigmoid', 'tanh'].flatMap((activation) =>
      [false, true].map((bias): Case => [
        'BiasActivationGrad',
        { dy: { shape }, y: { shape, range: 0.9 } },
        { activation, bias },
      ]),
    ),
  ),
};
