import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '../../src/datasets/random.ts';
import { registerCpuKernels } from '../../src/engine/kernels/cpu/index.ts';
import type { GateActivation } from '../../src/engine/kernels/fused/contracts.ts';
import {
  gru,
  lstm,
  sequenceStates,
  simpleRNN,
  type SequenceKernel,
} from '../../src/engine/kernels/fused/recurrent.ts';
import { compileSimd } from '../../src/engine/kernels/wasm/compile-simd.ts';
import { startWasm } from './wasm-backend.ts';

type LstmArgs = Parameters<typeof lstm>[0];
type Make = typeof tf.layers.lstm;
interface Kind {
  readonly fused: Make;
  readonly stock: Make;
  readonly kernel: SequenceKernel;
  /** Columns of the weights for each unit. */
  readonly gates: number;
  readonly states: number;
}
const KINDS: Readonly<Record<string, Kind>> = {
  LSTM: { fused: lstm, stock: tf.layers.lstm, kernel: 'Lstm', gates: 4, states: 2 },
  GRU: {
    fused: gru,
    stock: tf.layers.gru,
    kernel: 'Gru',
    gates: 3,
    states: 1,
  },
  'simple RNN': {
    fused: simpleRNN,
    stock: tf.layers.simpleRNN,
    kernel: 'SimpleRnn',
    gates: 1,
    states: 1,
  },
};

before(async () => {
  registerCpuKernels();
  await startWasm();
});

const random = (seed: number, ...shape: number[]): tf.Tensor =>
  tf.tensor(seededRandom(seed).normals(tf.util.sizeFromShape(shape), 1), shape);

/** Runs `make` and reads what it gives; checks that it leaves no tensor and no data behind. */
async function on(backend: string, make: () => tf.Tensor[]): Promise<number[][]> {
  await tf.setBackend(backend);
  const [tensors, data] = [tf.memory().numTensors, tf.backend().numDataIds()];
  const out = tf.tidy(make);
  const values = await Promise.all(out.map(async (x) => [...x.shape, ...(await x.data())]));
  tf.dispose(out);
  assert.equal(tf.memory().numTensors, tensors, `tensors left on ${backend}`);
  assert.equal(tf.backend().numDataIds(), data, `data left on ${backend}`);
  return values;
}

function close(got: number[][], wanted: number[][], relative: number, what: string): void {
  assert.equal(got.length, wanted.length, `${what}: tensors`);
  got.forEach((values, i) => {
    assert.equal(values.length, wanted[i]!.length, `${what}: size of output ${i}`);
    const scale = Math.max(1e-3, ...wanted[i]!.map(Math.abs));
    const worst = Math.max(...values.map((value, k) => Math.abs(value - wanted[i]![k]!)));
    assert.ok(worst <= relative * scale, `${what}: output ${i} is off by ${worst} of ${scale}`);
  });
}

interface Shape {
  readonly batch: number;
  readonly steps: number;
  readonly width: number;
}

/** Outputs of a layer with fixed weights, and the gradients of one number made of them by all that goes in. */
function outputsAndGradients(
  make: Make,
  { gates, states: count }: Kind,
  args: LstmArgs,
  shape: Shape,
  initial: boolean,
): tf.Tensor[] {
  const { units, useBias = true } = args;
  const x = random(1, shape.batch, shape.steps, shape.width);
  const layer = make(args);
  layer.apply(x);
  const weights = [
    random(2, shape.width, gates * units).mul(0.5),
    random(3, units, gates * units).mul(0.5),
    ...(useBias ? [random(4, gates * units)] : []),
  ];
  layer.setWeights(weights);
  const starts = [random(5, shape.batch, units), random(6, shape.batch, units)];
  const states = initial ? starts.slice(0, count) : [];
  const outputs = (x: tf.Tensor, given: tf.Tensor[]): tf.Tensor[] =>
    [layer.apply(x, given.length > 0 ? { initialState: given } : {}) as tf.Tensor].flat();
  const score = (x: tf.Tensor, given: tf.Tensor[]): tf.Scalar =>
    tf.addN<tf.Scalar>(
      outputs(x, given).map((y) => y.mul(tf.cos(tf.range(0, y.size)).reshape(y.shape)).sum()),
    );
  const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { grads } = tf.variableGrads(() => score(x, states), variables);
  const byInputs = tf.grads((x, ...given) => score(x, given))([x, ...states]);
  const all = [...outputs(x, states), ...variables.map(({ name }) => grads[name]!), ...byInputs];
  const kept = all.map((tensor) => tensor.clone());
  layer.dispose();
  return kept;
}

// Not one step: the stock layer cannot be differentiated there.
const SHAPES: readonly (Shape & { units: number })[] = [
  { batch: 1, steps: 2, width: 1, units: 1 },
  { batch: 3, steps: 5, width: 2, units: 3 },
  { batch: 5, steps: 4, width: 7, units: 6 },
  { batch: 8, steps: 9, width: 16, units: 32 },
  { batch: 18, steps: 3, width: 5, units: 13 },
];
const WAYS: readonly [string, Partial<LstmArgs>, boolean][] = [
  ['as it is', {}, false],
  ['with sigmoid gates', { recurrentActivation: 'sigmoid' }, false],
  ['returning sequences', { returnSequences: true }, false],
  ['returning sequences and states', { returnSequences: true, returnState: true }, true],
  ['going backwards', { goBackwards: true, returnSequences: true }, false],
  ['going backwards with states', { goBackwards: true, returnState: true }, true],
  ['without bias', { useBias: false, recurrentActivation: 'sigmoid' }, true],
];
/** Activations that only the simple network has a kernel for. */
const SIMPLE: typeof WAYS = (['relu', 'sigmoid', 'linear'] as const).map((activation) => [
  `with ${activation}`,
  { activation, kernelInitializer: 'zeros' },
  false,
]);

for (const [what, kind] of Object.entries(KINDS)) {
  for (const [way, args, initial] of kind.kernel === 'SimpleRnn' ? [...WAYS, ...SIMPLE] : WAYS) {
    test(`${what} ${way} gives what the stock layer gives on cpu, gradients too, on cpu and wasm`, async () => {
      for (const { units, ...shape } of SHAPES) {
        const all = { units, ...args };
        const run = (make: Make) => () => outputsAndGradients(make, kind, all, shape, initial);
        const wanted = await on('cpu', run(kind.stock));
        for (const backend of ['cpu', 'wasm']) {
          const got = await on(backend, run(kind.fused));
          close(got, wanted, 2e-5, `${backend}, ${JSON.stringify(shape)}, ${units} units`);
        }
      }
    });
  }
}

for (const [what, { kernel: name, gates, states: count }] of Object.entries(KINDS)) {
  test(`the gradients of the ${what} kernel are slopes of it, of the weights and of every state`, async () => {
    const [b, t, d, u] = [2, 3, 2, 3] as const;
    const n = gates * u;
    const shapes = [
      [b, t, d],
      [d, n],
      [u, n],
      [n],
      ...[
        [b, u],
        [b, u],
      ].slice(0, count),
    ];
    for (const attrs of [
      { recurrentActivation: 'sigmoid', activation: 'tanh', backwards: false },
      { recurrentActivation: 'hardSigmoid', activation: 'sigmoid', backwards: true },
    ]) {
      const given = shapes.map((shape, i) =>
        Array.from(seededRandom(20 + i).normals(tf.util.sizeFromShape(shape), 0.7)),
      );
      const score = (values: readonly tf.Tensor[]): tf.Scalar => {
        const [x, kernel, recurrentKernel, bias, ...states] = values as Given;
        const all = sequenceStates(name, { x, kernel, recurrentKernel, bias, states }, attrs);
        return all.mul(tf.sin(tf.range(0, all.size)).reshape(all.shape)).sum();
      };
      const tensors = (values: number[][]) => values.map((v, i) => tf.tensor(v, shapes[i]));
      for (const backend of ['cpu', 'wasm']) {
        const gradients = await on(backend, () => tf.grads((...x) => score(x))(tensors(given)));
        for (const [i, values] of given.entries()) {
          const direction = seededRandom(40 + i).normals(values.length, 1);
          const moved = (by: number) =>
            given.map((v, at) => (at === i ? v.map((value, k) => value + by * direction[k]!) : v));
          const step = 2e-3;
          const [[up], [down]] = (await on(backend, () => [
            score(tensors(moved(step))),
            score(tensors(moved(-step))),
          ])) as [[number], [number]];
          const slope = (up - down) / (2 * step);
          const along = gradients[i]!.slice(shapes[i]!.length).reduce(
            (sum, g, k) => sum + g * direction[k]!,
            0,
          );
          const told = `${backend} ${JSON.stringify(attrs)} input ${i}: slope ${slope}, gradient ${along}`;
          assert.ok(Math.abs(slope - along) <= 5e-3 * Math.max(1, Math.abs(slope)), told);
        }
      }
    }
  });
}
type Given = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];

test('a layer runs its sequence as one kernel forward and one back', async () => {
  for (const { fused, kernel } of Object.values(KINDS)) {
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      const layer = fused({ units: 2 });
      // Builds it: the first weights take products too.
      tf.tidy(() => void layer.apply(random(1, 2, 5, 3)));
      const { kernelNames } = await tf.profile(() =>
        tf.tidy(() => {
          tf.grad((x) => (layer.apply(x) as tf.Tensor).sum())(random(1, 2, 5, 3));
        }),
      );
      assert.ok(kernelNames.includes(kernel) && kernelNames.includes(`${kernel}Grad`), backend);
      assert.ok(!kernelNames.includes('BatchMatMul'), `steps one by one on ${backend}`);
      layer.dispose();
    }
  }
});

/** Units in the last place of float32 between a value and the nearest to the true one. */
const places = (got: number, wanted: number): number => {
  const near = Math.fround(wanted);
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(near) || 2 ** -149)));
  return Math.abs(got - wanted) / 2 ** (exponent - 23);
};

test('tanh and sigmoid of the wasm kernel are right to 3 units in the last place', async () => {
  const points = Array.from({ length: 40_001 }, (_, i) => Math.fround((i - 20_000) / 1600)).concat([
    0, 1e-30, -1e-30, 1e-6, 0.6249999, 0.625, 0.6250001, 30, -30, 87, 200, -200, 3e38, -3e38,
  ]);
  const n = points.length;
  // One step from zero states, input and output gate open (a bias of 10): c = tanh x, and the forget gate is σ(x).
  const read = (activation: GateActivation) =>
    on('wasm', () => {
      const [kernel, bias] = [tf.tensor2d([0, 1, 1, 0], [1, 4]), tf.tensor1d([10, 0, 0, 10])];
      const none = tf.zeros([n, 1]);
      const x = tf.tensor(points, [n, 1, 1]);
      const weights = { x, kernel, recurrentKernel: tf.zeros([1, 4]), bias };
      if (activation === 'sigmoid') {
        const attrs = { recurrentActivation: activation, backwards: false };
        const outputs = tf
          .engine()
          .runKernel<tf.Tensor[]>('Lstm', { ...weights, h0: none, c0: none }, attrs);
        return [outputs[1]!.slice([0, 0, 1], [n, 1, 1])];
      }
      const attrs = { recurrentActivation: activation, backwards: false };
      const states = sequenceStates('Lstm', { ...weights, states: [none, none] }, attrs);
      return [states.slice([1, 0, 1, 0], [1, n, 1, 1])];
    });
  const tanh = (await read('hardSigmoid'))[0]!.slice(4);
  const sigmoid = (await read('sigmoid'))[0]!.slice(3);
  points.forEach((x, i) => {
    assert.ok(places(tanh[i]!, Math.tanh(x)) <= 3, `tanh(${x}) = ${tanh[i]}`);
    const wanted = 1 / (1 + Math.exp(-x));
    if (wanted > 1e-37)
      assert.ok(places(sigmoid[i]!, wanted) <= 4, `sigmoid(${x}) = ${sigmoid[i]}`);
    else assert.ok(sigmoid[i]! <= 1e-37);
  });
});

test('a value that is not a number comes out as none', async () => {
  for (const backend of ['cpu', 'wasm']) {
    const [y] = await on(backend, () => {
      const layer = lstm({ units: 4 });
      const out = layer.apply(tf.fill([4, 2, 3], NaN)) as tf.Tensor;
      layer.dispose();
      return [out];
    });
    assert.ok(y!.slice(2).every(Number.isNaN), backend);
  }
});

test('the layer has the names, the configuration and the first weights of the stock layer', async () => {
  await tf.setBackend('wasm');
  const args = (): LstmArgs => ({
    units: 5,
    kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }),
    recurrentInitializer: tf.initializers.glorotUniform({ seed: 4 }),
    unitForgetBias: true,
    kernelRegularizer: 'l1l2',
    dropout: 0.1,
    inputShape: [4, 3],
  });
  const describe = async (make: Make) => {
    const layer = make({ ...args(), name: 'memory' });
    const model = tf.sequential({ layers: [layer] });
    const weights = await Promise.all(layer.getWeights().map((weight) => weight.array()));
    const names = layer.weights.map(({ originalName }) => originalName);
    const found = { className: layer.getClassName(), config: layer.getConfig(), weights, names };
    model.dispose();
    return found;
  };
  assert.deepEqual(await describe(lstm), await describe(tf.layers.lstm));
});

test('names given by default count on as for the stock layer', () => {
  const number = (layer: { name: string }) => Number(/^lstm_LSTM(\d+)$/.exec(layer.name)?.[1]);
  const first = number(tf.layers.lstm({ units: 1 }));
  assert.equal(number(lstm({ units: 1 })), first + 1);
});

test('a saved model comes back with the fused layer and the same answers', async () => {
  await tf.setBackend('wasm');
  const model = tf.sequential({
    layers: [lstm({ units: 4, inputShape: [3, 2] }), tf.layers.dense({ units: 1 })],
  });
  const copy = await tf.models.modelFromJSON(
    JSON.parse(JSON.stringify(model.toJSON(null, false))) as tf.io.ModelJSON,
  );
  copy.setWeights(model.getWeights());
  assert.equal(copy.layers[0]!.constructor, model.layers[0]!.constructor);
  const [a, b] = await on(
    'wasm',
    () => [model.predict(random(1, 2, 3, 2)), copy.predict(random(1, 2, 3, 2))] as tf.Tensor[],
  );
  assert.deepEqual(a, b);
  model.dispose();
  copy.dispose();
});

test('a bidirectional layer takes the fused layer both ways', async () => {
  const build = (make: Make) => {
    const layer = tf.layers.bidirectional({
      layer: make({ units: 3, returnSequences: true }),
      mergeMode: 'concat',
    });
    layer.apply(random(1, 2, 4, 2));
    layer.setWeights(layer.getWeights().map((weight, i) => random(30 + i, ...weight.shape)));
    const out = layer.apply(random(1, 2, 4, 2)) as tf.Tensor;
    layer.dispose();
    return [out];
  };
  close(
    await on('wasm', () => build(lstm)),
    await on('cpu', () => build(tf.layers.lstm)),
    1e-5,
    'bidirectional',
  );
});

test('masks and other activations take the stock way and give the stock result', async () => {
  const build = (make: Make, args: Partial<LstmArgs>) => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true, inputLength: 4 }),
        make({ units: 3, ...args }),
      ],
    });
    model.setWeights(model.getWeights().map((weight, i) => random(50 + i, ...weight.shape)));
    const out = model.predict(
      tf.tensor2d(
        [
          [1, 2, 0, 0],
          [3, 4, 1, 0],
        ],
        [2, 4],
      ),
    ) as tf.Tensor;
    model.dispose();
    return [out];
  };
  for (const args of [{}, { activation: 'relu' }, { recurrentActivation: 'relu' }] as const) {
    close(
      await on('wasm', () => build(lstm, args)),
      await on('cpu', () => build(tf.layers.lstm, args)),
      1e-5,
      JSON.stringify(args),
    );
  }
});

/** Losses of training embedding + LSTM + dense on sentences whose label depends on their last word. */
async function losses(make: Make, steps: number): Promise<number[]> {
  const [words, length, batch] = [20, 40, 8] as const;
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: words, outputDim: 32, inputLength: length }),
      make({ units: 64 }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  tf.tidy(() =>
    model.setWeights(
      model.getWeights().map((weight, i) => random(60 + i, ...weight.shape).mul(0.15)),
    ),
  );
  const dice = seededRandom(9);
  const adam = tf.train.adam(0.005);
  const history: number[] = [];
  for (let step = 0; step < steps; step++) {
    const ids = Int32Array.from({ length: batch * length }, () =>
      Math.floor(dice.uniform() * words),
    );
    const loss = tf.tidy(() => {
      const y = tf.oneHot(
        Array.from({ length: batch }, (_, i) => ids[(i + 1) * length - 1]! % 2),
        2,
      );
      const x = tf.tensor2d(ids, [batch, length], 'int32');
      return adam.minimize(
        () => tf.losses.softmaxCrossEntropy(y, model.apply(x) as tf.Tensor),
        true,
      )!;
    });
    history.push((await loss.data())[0]!);
    loss.dispose();
  }
  adam.dispose();
  model.dispose();
  return history;
}

test('50 training steps of embedding and LSTM 64 over 40 words go the way of the stock layer', async () => {
  const run = async (backend: string, make: Make) => {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const history = await losses(make, 50);
    assert.equal(tf.memory().numTensors, before, 'tensors left');
    return history;
  };
  const wanted = await run('cpu', tf.layers.lstm);
  const got = await run('wasm', lstm);
  assert.ok(wanted.at(-1) < wanted[0]!, 'it learns');
  wanted.forEach((loss, step) => {
    assert.ok(Math.abs(got[step]! - loss) <= 1e-4 * loss, `step ${step}: ${got[step]} for ${loss}`);
  });
});

test('the gradient of a lookup on cpu sums rows of one word, as a product with one-hot rows does', async () => {
  const [rows, words, width] = [40, 7, 5] as const;
  const ids = Int32Array.from(seededRandom(1).normals(rows, 3), Math.round);
  const sums = (dtype: 'float32' | 'int32') => {
    const x = tf.cast(random(2, rows, width).mul(9), dtype);
    const picked = tf.oneHot(tf.tensor1d(ids, 'int32'), words).cast('float32');
    return [
      tf.unsortedSegmentSum(x, tf.tensor1d(ids, 'int32'), words),
      tf.matMul(picked, x.cast('float32'), true),
    ];
  };
  for (const dtype of ['float32', 'int32'] as const) {
    const [got, wanted] = await on('cpu', () => sums(dtype));
    assert.ok(ids.some((id) => id < 0 || id >= words));
    close([got!], [wanted!], 1e-6, dtype);
  }
});

test('the rows of a batch in parts, last part first, come out as the whole', async () => {
  const module = new WebAssembly.Module(readFileSync(await compileSimd('plain')));
  const memory = new WebAssembly.Memory({ initial: 16 });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = exports as Record<string, (...args: number[]) => void>;
  // Regions of 64 KiB; the thirteenth is scratch that the parts have each for themselves.
  const region = (k: number) => (k + 1) << 16;
  const tiles = region(12);
  const [batch, steps, units] = [11, 3, 6];
  for (const [name, tensors] of [
    ['lstm', 5],
    ['lstmGrad', 7],
    ['gru', 6],
    ['gruGrad', 9],
    ['simpleRnn', 4],
    ['simpleRnnGrad', 5],
  ] as const) {
    for (const flag of [0, 1]) {
      const addresses = Array.from({ length: tensors }, (_, k) => region(k));
      const args = [...addresses, tiles, batch, steps, units, flag, flag];
      const kernel = kernels[name]!;
      assert.equal(kernel.length, args.length + 2, name);
      const run = (parts: number): Uint8Array => {
        const random = seededRandom(9).normals(tiles >> 2, 0.3);
        new Float32Array(memory.buffer).set(random);
        for (let part = parts - 1; part >= 0; part--) kernel(...args, part, parts);
        return new Uint8Array(memory.buffer).slice(0, tiles);
      };
      const whole = run(1);
      for (const parts of [2, 3, 8]) {
        assert.ok(Buffer.compare(run(parts), whole) === 0, `${name} in ${parts} parts`);
      }
    }
  }
});
