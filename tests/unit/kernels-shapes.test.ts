import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '../../src/datasets/random.ts';
import { registerCpuKernels } from '../../src/engine/kernels/cpu/index.ts';
import { startWasm } from './wasm-backend.ts';

const random = seededRandom(5);
type Numbers = { shape: number[]; values: Float32Array | Int32Array };
const floats = (shape: readonly number[]): Numbers => ({
  shape: [...shape],
  values: Float32Array.from(random.normals(tf.util.sizeFromShape([...shape]))),
});
const integers = (shape: readonly number[], below: number): Numbers => ({
  shape: [...shape],
  values: Int32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () =>
    random.integer(below),
  ),
});
const tensor = ({ shape, values }: Numbers): tf.Tensor =>
  tf.tensor(values.slice(), shape, values instanceof Int32Array ? 'int32' : 'float32');

const permutations = (n: number): number[][] =>
  n === 0
    ? [[]]
    : permutations(n - 1).flatMap((rest) =>
        Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
      );

type Case = [(...xs: tf.Tensor[]) => tf.Tensor | tf.Tensor[], ...Numbers[]];
const CASES: Record<string, Case> = {};
for (const perm of permutations(4)) {
  CASES[`transpose by ${perm.join()}`] = [(x) => x.transpose(perm), floats([2, 3, 4, 5])];
  CASES[`transpose with an axis of 1 by ${perm.join()}`] = [
    (x) => x.transpose(perm),
    integers([2, 1, 4, 3], 9),
  ];
}
for (const axis of [0, 1, 2]) {
  const x = floats([4, 6, 3]);
  CASES[`gather along ${axis}`] = [(x, ids) => tf.gather(x, ids, axis), x, integers([5], 3)];
  CASES[`gather by a matrix along ${axis}`] = [
    (x, ids) => tf.gather(x, ids, axis),
    integers([4, 6, 3], 9),
    integers([2, 3], 3),
  ];
  CASES[`split along ${axis}`] = [
    (x) => tf.split(x, [1, 2], axis),
    x.shape[axis] === 3 ? x : floats([3, 3, 3]),
  ];
  CASES[`concat along ${axis}`] = [
    (a, b, c) => tf.concat([a, b, c], axis),
    ...[1, 4, 2].map((size) => floats([2, 3, 5].map((n, k) => (k === axis ? size : n)))),
  ];
  for (const keepDims of [true, false]) {
    for (const reduce of ['sum', 'mean'] as const) {
      CASES[`${reduce} over ${axis}, ${keepDims}`] = [
        (x) => x[reduce](axis, keepDims),
        floats([9, 21, 37]),
      ];
    }
  }
}
CASES['gather in batches'] = [
  (x, ids) => tf.gather(x, ids, 1, 1),
  floats([2, 5, 3]),
  integers([2, 4], 5),
];
CASES['concat of whole numbers'] = [
  (a, b) => tf.concat([a, b]),
  integers([3, 2], 9),
  integers([1, 2], 9),
];
CASES['sum of whole numbers'] = [(x) => x.sum(0), integers([3, 2], 9)];
CASES['sum over two axes apart'] = [(x) => x.sum([0, 2]), floats([3, 4, 5])];
CASES['sum over neighbouring axes, unordered'] = [(x) => x.sum([2, 1]), floats([3, 4, 5])];
CASES['softmax'] = [(x) => x.mul(20).softmax(), floats([3, 4, 17])];
CASES['relu'] = [(x) => x.relu(), floats([67])];
for (const [m, k, n] of [
  [1, 1, 1],
  [2, 3, 4],
  [17, 33, 9],
  [32, 64, 31],
] as const) {
  for (const [a, b] of [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ] as const) {
    CASES[`matmul ${m} × ${k} × ${n}, transposed ${a} ${b}`] = [
      (x, y) => tf.matMul(x, y, a, b),
      floats(a ? [3, k, m] : [3, m, k]),
      floats(b ? [3, n, k] : [3, k, n]),
    ];
  }
}
CASES['matmul with one matrix for all'] = [
  (x, y) => tf.matMul(x, y),
  floats([3, 17, 16]),
  floats([1, 16, 19]),
];
for (const name of ['add', 'sub', 'mul', 'div', 'squaredDifference'] as const) {
  CASES[`${name} of whole numbers`] = [
    (x, y) => x[name](y.add(1)),
    integers([3, 5], 9),
    integers([5], 9),
  ];
  CASES[`${name} of nothing`] = [(x, y) => x[name](y), floats([0, 5]), floats([5])];
  for (const [a, b] of [
    [
      [33, 21],
      [33, 21],
    ],
    [[33, 21], [21]],
    [
      [33, 1],
      [33, 21],
    ],
    [
      [33, 1],
      [1, 21],
    ],
    [
      [1, 21],
      [33, 1],
    ],
    [
      [7, 5, 3],
      [5, 1],
    ],
    [
      [7, 5, 3],
      [7, 1, 3],
    ],
    [
      [7, 1, 1],
      [7, 5, 3],
    ],
    [[2100], []],
    [[], []],
    [[1], [1, 1]],
  ] as const) {
    CASES[`${name} of [${a.join()}] and [${b.join()}]`] = [
      (x, y) => x[name](y),
      floats(a),
      floats(b),
    ];
  }
}

const run = async (
  name: string,
): Promise<{ shape: number[]; dtype: string; values: number[] }[]> => {
  const [f, ...given] = CASES[name]!;
  const out = tf.tidy(() => f(...given.map(tensor)));
  const list = Array.isArray(out) ? out : [out];
  return Promise.all(
    list.map(async (t) => ({ shape: t.shape, dtype: t.dtype, values: Array.from(await t.data()) })),
  );
};

await tf.setBackend('cpu');
const published = new Map<string, Awaited<ReturnType<typeof run>>>();
for (const name of Object.keys(CASES)) published.set(name, await run(name));
registerCpuKernels();
await startWasm();

for (const backend of ['cpu', 'wasm'] as const) {
  describe(backend, () => {
    for (const name of Object.keys(CASES)) {
      it(`${name} is what the published cpu kernel gives`, async () => {
        await tf.setBackend(backend);
        const expected = published.get(name)!;
        const actual = await run(name);
        assert.equal(actual.length, expected.length);
        for (const [i, { shape, dtype, values }] of actual.entries()) {
          const wanted = expected[i]!;
          assert.deepEqual([shape, dtype], [wanted.shape, wanted.dtype]);
          values.forEach((value, k) => {
            const w = wanted.values[k]!;
            assert.ok(
              Math.abs(value - w) <= 1e-5 * Math.max(1, Math.abs(w)),
              `${k}: ${value}, not ${w}`,
            );
          });
        }
      });
    }
  });
}

it('a wrong index is refused on cpu as published', async () => {
  await tf.setBackend('cpu');
  const x = tf.tensor1d([1, 2]);
  assert.throws(
    () => tf.gather(x, tf.tensor1d([2], 'int32')),
    /GatherV2: the index value 2 is not in \[0, 1\]/,
  );
});
