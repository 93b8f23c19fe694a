import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '../../src/datasets/random.ts';
import { registerCpuKernels } from '../../src/engine/kernels/cpu/index.ts';
import type {
  Activation,
  FusedKernel,
  FusedKernels,
} from '../../src/engine/kernels/fused/contracts.ts';
import { installFused } from '../../src/engine/kernels/fused/install.ts';
import {
  meanSquaredError,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from '../../src/engine/kernels/fused/losses.ts';
import {
  FusedAdagrad,
  FusedAdam,
  FusedMomentum,
  FusedRmsprop,
  FusedSgd,
} from '../../src/engine/kernels/fused/optimizers.ts';
import { runFused } from '../../src/engine/kernels/fused/run.ts';
import { startWasm } from './wasm-backend.ts';

const STEPS = 50;
const random = seededRandom(3);
const normals = (shape: number[], deviation = 1): tf.Tensor =>
  tf.tensor(random.normals(tf.util.sizeFromShape(shape), deviation), shape);

/** Before `installFused`, so that the functions are the published ones. */
const stock = { ...tf.losses };

await startWasm();
registerCpuKernels();

/** Largest |a − b| / max(1, |b|). */
async function difference(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  assert.deepEqual(a.shape, b.shape);
  const [x, y] = [Array.from(await a.data()), await b.data()];
  return x.reduce(
    (most, v, i) => Math.max(most, Math.abs(v - y[i]!) / Math.max(1, Math.abs(y[i]!))),
    0,
  );
}
const close = async (a: tf.Tensor, b: tf.Tensor, tolerance: number): Promise<void> => {
  const most = await difference(a, b);
  assert.ok(most <= tolerance, `differs by ${most}, more than ${tolerance}`);
};

interface Pair {
  readonly ours: () => tf.Optimizer;
  readonly theirs: () => tf.Optimizer;
}
const PAIRS: Readonly<Record<string, Pair>> = {
  sgd: { ours: () => new FusedSgd(0.1), theirs: () => new tf.SGDOptimizer(0.1) },
  momentum: {
    ours: () => new FusedMomentum(0.05, 0.9),
    theirs: () => new tf.MomentumOptimizer(0.05, 0.9),
  },
  nesterov: {
    ours: () => new FusedMomentum(0.05, 0.9, true),
    theirs: () => new tf.MomentumOptimizer(0.05, 0.9, true),
  },
  adagrad: { ours: () => new FusedAdagrad(0.1), theirs: () => new tf.AdagradOptimizer(0.1) },
  rmsprop: {
    ours: () => new FusedRmsprop(0.01, 0.9, 0.5),
    theirs: () => new tf.RMSPropOptimizer(0.01, 0.9, 0.5),
  },
  'centered rmsprop': {
    ours: () => new FusedRmsprop(0.001, 0.9, 0.5, 1e-10, true),
    theirs: () => new tf.RMSPropOptimizer(0.001, 0.9, 0.5, 1e-10, true),
  },
  adam: {
    ours: () => new FusedAdam(0.01, 0.9, 0.999),
    theirs: () => new tf.AdamOptimizer(0.01, 0.9, 0.999),
  },
};

/** A small network, its data, and a variable that no loss depends on. */
function network(seed = 7) {
  const random = seededRandom(seed);
  const tensor = (shape: number[], deviation: number) =>
    tf.tensor(random.normals(tf.util.sizeFromShape(shape), deviation), shape);
  const make = (start: tf.Tensor): tf.Variable => {
    const variable = tf.variable(start);
    start.dispose();
    return variable;
  };
  const X = tensor([16, 5], 1);
  const Y = tensor([16, 3], 1);
  const variables = [
    make(tensor([5, 7], 0.5)),
    make(tensor([7], 0.1)),
    make(tensor([7, 3], 0.5)),
    make(tf.scalar(0.3)),
  ] as const;
  const [W1, b1, W2, b2] = variables;
  const loss = (): tf.Scalar =>
    X.matMul<tf.Tensor>(W1).add(b1).tanh().matMul(W2).add(b2).sub(Y).square().mean();
  const dispose = () => tf.dispose([X, Y, ...variables]);
  return { variables, loss, dispose };
}

const minimize = async (
  { variables, loss }: ReturnType<typeof network>,
  optimizer: tf.Optimizer,
  steps: number,
): Promise<number[]> => {
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const value = optimizer.minimize(loss, true, [...variables])!;
    losses.push((await value.data())[0]!);
    value.dispose();
  }
  return losses;
};

for (const backend of ['cpu', 'wasm'] as const) {
  describe(backend, () => {
    before(() => tf.setBackend(backend));
    for (const [name, { ours, theirs }] of Object.entries(PAIRS)) {
      describe(`fused ${name}`, () => {
        it(`follows the published optimizer for ${STEPS} steps`, async () => {
          const [a, b] = [network(), network()];
          const [fused, published] = [ours(), theirs()];
          const losses = await minimize(a, fused, STEPS);
          const expected = await minimize(b, published, STEPS);
          losses.forEach((loss, step) =>
            assert.ok(
              Math.abs(loss / expected[step]! - 1) < 1e-5,
              `step ${step + 1}: ${loss} not ${expected[step]}`,
            ),
          );
          assert.ok(losses.at(-1) < losses[0]! * 0.95, 'it learns');
          for (const [i, variable] of a.variables.entries())
            await close(variable, b.variables[i]!, 5e-6);
          const [state, wanted] = [await fused.getWeights(), await published.getWeights()];
          // The names of the variables count on; what follows them does not.
          const suffixes = (weights: { name: string }[]) =>
            weights.map(({ name }) => name.replace(/^\d+/, ''));
          assert.deepEqual(suffixes(state), suffixes(wanted));
          for (const [i, { tensor }] of state.entries())
            await close(tensor, wanted[i]!.tensor, 5e-6);
          assert.equal(fused.iterations, STEPS);
          assert.equal(fused.getClassName(), published.getClassName());
          assert.deepEqual(fused.getConfig(), published.getConfig());
        });

        it('leaves no tensor behind', async () => {
          const before = tf.memory().numTensors;
          const model = network();
          const optimizer = ours();
          await minimize(model, optimizer, 3);
          const during = tf.memory().numTensors;
          await minimize(model, optimizer, 3);
          assert.equal(tf.memory().numTensors, during);
          optimizer.dispose();
          model.dispose();
          assert.equal(tf.memory().numTensors, before);
        });

        it('goes on identically from saved weights', async () => {
          const [whole, broken] = [network(), network()];
          const optimizer = ours();
          const expected = await minimize(whole, optimizer, 10);
          const first = ours();
          const start = await minimize(broken, first, 4);
          const saved = await Promise.all(
            (await first.getWeights()).map(async ({ name, tensor }) => {
              const values = (await tensor.data()).slice();
              return { name, tensor: tf.tensor(values, tensor.shape, tensor.dtype) };
            }),
          );
          const second = ours();
          await second.setWeights(saved);
          assert.equal(second.iterations, 4);
          const rest = await minimize(broken, second, 6);
          assert.deepEqual([...start, ...rest], expected);
          for (const [i, variable] of broken.variables.entries()) {
            assert.deepEqual(await variable.data(), await whole.variables[i]!.data());
          }
        });

        it('does not touch what was cloned, reshaped or read before', async () => {
          const model = network();
          const [W1] = model.variables;
          const optimizer = ours();
          await minimize(model, optimizer, 2);
          const [clone, flat, read] = [W1.clone(), W1.reshape([35]), await W1.data()];
          const kept = [...read];
          const state = (await optimizer.getWeights()).map(({ tensor }) => tensor.clone());
          const held = await Promise.all(state.map(async (tensor) => [...(await tensor.data())]));
          await minimize(model, optimizer, 2);
          assert.deepEqual([...(await clone.data())], kept);
          assert.deepEqual([...(await flat.data())], kept);
          assert.deepEqual([...read], kept);
          assert.notDeepEqual([...(await W1.data())], kept);
          for (const [i, tensor] of state.entries())
            assert.deepEqual([...(await tensor.data())], held[i]);
        });

        it('skips a variable without a gradient', async () => {
          const [a, b] = [network(), network()];
          const [fused, published] = [ours(), theirs()];
          for (const [model, optimizer] of [
            [a, fused],
            [b, published],
          ] as const) {
            for (let step = 0; step < 3; step++) {
              const { grads } = optimizer.computeGradients(model.loss, [...model.variables]);
              const list = model.variables.map(({ name }, i) => ({
                name,
                tensor: i === 1 ? null! : grads[name]!,
              }));
              optimizer.applyGradients(list);
            }
          }
          for (const [i, variable] of a.variables.entries())
            await close(variable, b.variables[i]!, 5e-6);
          assert.equal((await fused.getWeights()).length, (await published.getWeights()).length);
        });
      });
    }

    describe('a fused optimizer', () => {
      it('uses the published steps where the backend has no kernel, and keeps its place', async () => {
        const [a, b] = [network(), network()];
        const [fused, published] = [
          new FusedAdam(0.01, 0.9, 0.999),
          new tf.AdamOptimizer(0.01, 0.9, 0.999),
        ];
        await minimize(a, fused, 5);
        const kernel = tf.getKernel('AdamUpdate', backend);
        tf.unregisterKernel('AdamUpdate', backend);
        await minimize(a, fused, 5);
        tf.registerKernel(kernel);
        await minimize(a, fused, 5);
        await minimize(b, published, 15);
        for (const [i, variable] of a.variables.entries())
          await close(variable, b.variables[i]!, 5e-6);
      });
    });

    /** Directional derivative of f at x along d by central differences. */
    async function slope(
      f: (x: tf.Tensor) => tf.Tensor,
      x: tf.Tensor,
      d: tf.Tensor,
    ): Promise<number> {
      const h = 1e-2;
      const [up, down] = [f(x.add(d.mul(h))).sum(), f(x.sub(d.mul(h))).sum()];
      return ((await up.data())[0]! - (await down.data())[0]!) / (2 * h);
    }

    type Loss = (labels: tf.Tensor, logits: tf.Tensor) => tf.Tensor;
    const CASES: Readonly<
      Record<string, { shape: number[]; rest?: [number[] | undefined, number?, tf.Reduction?] }>
    > = {
      'the plain case': { shape: [6, 4] },
      'one row': { shape: [1, 10] },
      'three axes': { shape: [3, 5, 4] },
      'smoothed labels': { shape: [6, 4], rest: [undefined, 0.2] },
      'a loss a row': { shape: [6, 4], rest: [undefined, 0, tf.Reduction.NONE] },
      'a sum': { shape: [6, 4], rest: [undefined, 0, tf.Reduction.SUM] },
      'a mean': { shape: [6, 4], rest: [undefined, 0, tf.Reduction.MEAN] },
      weights: { shape: [3, 4], rest: [[0.5, 0, 2]] },
    };

    for (const [kind, ours] of Object.entries({ softmaxCrossEntropy, sigmoidCrossEntropy })) {
      const rows = kind === 'softmaxCrossEntropy';
      const theirs = stock[kind as 'softmaxCrossEntropy'];
      describe(`fused ${kind}`, () => {
        for (const [name, { shape, rest = [] }] of Object.entries(CASES)) {
          it(`equals the published loss and gradient, and finite differences: ${name}`, async () => {
            const logits = normals(shape, 2);
            const labels = rows ? normals(shape).softmax() : normals(shape).sigmoid();
            const weighted = rest[0] && !rows ? [[[0.7], [0], [2]], ...rest.slice(1)] : rest;
            const fused: Loss = (z, x) => ours(z, x, ...(weighted as []));
            const published: Loss = (z, x) => theirs(z, x, ...(weighted as []));
            await close(fused(labels, logits), published(labels, logits), 2e-6);
            const dy = normals(fused(labels, logits).shape);
            const gradient = tf.grad((x) => fused(labels, x))(logits, dy);
            await close(gradient, tf.grad((x) => published(labels, x))(logits, dy), 2e-6);
            const along = normals(shape);
            const measured = await slope((x) => fused(labels, x).mul(dy), logits, along);
            assert.ok(
              Math.abs((await gradient.mul(along).sum().data())[0]! - measured) <
                2e-3 * Math.max(1, Math.abs(measured)),
            );
            const byLabels = tf.grad((z) => fused(z, logits))(labels, dy);
            const along2 = normals(shape, 0.1);
            const measured2 = await slope((z) => fused(z, logits).mul(dy), labels, along2);
            assert.ok(
              Math.abs((await byLabels.mul(along2).sum().data())[0]! - measured2) <
                2e-3 * Math.max(1, Math.abs(measured2)),
            );
          });
        }

        it('takes labels that are whole numbers', async () => {
          const labels = tf.oneHot(tf.tensor1d([0, 2, 1], 'int32'), 4);
          const logits = normals([3, 4]);
          await close(ours(labels, logits), theirs(labels, logits), 1e-6);
        });

        it('stays finite for logits of any size', async () => {
          const logits = tf.tensor2d([
            [1e4, -1e4, 0],
            [88.8, 89, -200],
          ]);
          const labels = tf.tensor2d([
            [0, 0, 1],
            [1, 0, 0],
          ]);
          const gradient = tf.grad((x) => ours(labels, x))(logits);
          for (const tensor of [ours(labels, logits), gradient]) {
            assert.ok((await tensor.data()).every(Number.isFinite));
          }
        });

        it('leaves no tensor behind', async () => {
          const [logits, labels] = [normals([4, 3]), normals([4, 3]).softmax()];
          const before = tf.memory().numTensors;
          const { value, grad } = tf.valueAndGrad((x) => ours(labels, x))(logits);
          tf.dispose([value, grad]);
          assert.equal(tf.memory().numTensors, before);
        });
      });
    }

    it('softmaxCrossEntropy has the right gradient where labels do not sum to one', async () => {
      const [logits, labels] = [normals([5, 4]), tf.relu(normals([5, 4]))];
      const along = normals([5, 4]);
      const gradient = tf.grad((x) => softmaxCrossEntropy(labels, x))(logits);
      const measured = await slope((x) => softmaxCrossEntropy(labels, x), logits, along);
      assert.ok(Math.abs((await gradient.mul(along).sum().data())[0]! - measured) < 1e-3);
    });
  });
}

describe('meanSquaredError', () => {
  for (const [name, rest] of [
    ['plain', []],
    ['a mean', [undefined, tf.Reduction.MEAN]],
    ['a loss an element', [undefined, tf.Reduction.NONE]],
    ['weights', [[[0.5], [0], [2]]]],
  ] as const) {
    it(`equals the published loss and gradients: ${name}`, async () => {
      for (const backend of ['cpu', 'wasm']) {
        await tf.setBackend(backend);
        const [labels, predictions] = [normals([3, 4]), normals([3, 4])];
        const ours = (z: tf.Tensor, x: tf.Tensor): tf.Tensor =>
          meanSquaredError(z, x, ...(rest as []));
        const theirs = (z: tf.Tensor, x: tf.Tensor): tf.Tensor =>
          stock.meanSquaredError(z, x, ...(rest as []));
        await close(ours(labels, predictions), theirs(labels, predictions), 1e-6);
        const dy = normals(theirs(labels, predictions).shape);
        const [a, b] = [tf.grads(ours), tf.grads(theirs)].map((f) => f([labels, predictions], dy));
        for (const [k, gradient] of a!.entries()) await close(gradient, b![k]!, 1e-6);
      }
    });
  }
});

describe('installFused', () => {
  it('puts the fused ones under the stock names, for layers too', () => {
    installFused();
    assert.equal(tf.train.sgd(0.1).constructor, FusedSgd);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    assert.equal(model.optimizer.constructor, FusedAdam);
    assert.equal(tf.losses.softmaxCrossEntropy, softmaxCrossEntropy);
  });
});

type Run = (values: tf.Tensor[]) => tf.Tensor[];
const SIZES = [1, 3, 4, 7, 33, 1000];
const positive = (shape: number[]): tf.Tensor => normals(shape).square();
const updateOf =
  <K extends FusedKernel>(kernel: K, attrs: FusedKernels[K]['attrs'], ...names: string[]): Run =>
  (values) => {
    // Own data, so that the kernel may write it.
    const tensors = values.map((value) => value.mul(1));
    const inputs = Object.fromEntries(
      ['variable', 'gradient', ...names].map((name, i) => [name, tensors[i]]),
    );
    assert.deepEqual(runFused(kernel, inputs as never, attrs), []);
    return tensors;
  };
const rmsprop = { learningRate: 0.01, decay: 0.9, momentum: 0.7, epsilon: 1e-7 };
const adam = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  correction1: 0.19,
  correction2: 0.002,
};
const biasGrad =
  (activation: Activation, bias: boolean): Run =>
  ([dy, y]) =>
    runFused('BiasActivationGrad', { dy: dy!, y: y! }, { activation, bias });
const entropy =
  (kernel: 'SoftmaxCrossEntropy' | 'SigmoidCrossEntropy'): Run =>
  ([logits, labels]) =>
    runFused(kernel, { logits: logits!, labels: labels! }, { scale: 0.3 });

/** Kernel → how to call it, and what to call it with for a size. */
const KERNELS: Readonly<Record<string, [Run, (n: number) => tf.Tensor[]]>> = {
  SgdUpdate: [updateOf('SgdUpdate', { learningRate: 0.1 }), (n) => [normals([n]), normals([n])]],
  MomentumUpdate: [
    updateOf(
      'MomentumUpdate',
      { learningRate: 0.1, momentum: 0.9, useNesterov: false },
      'accumulation',
    ),
    (n) => [normals([n]), normals([n]), normals([n])],
  ],
  'MomentumUpdate with Nesterov': [
    updateOf(
      'MomentumUpdate',
      { learningRate: 0.1, momentum: 0.9, useNesterov: true },
      'accumulation',
    ),
    (n) => [normals([n]), normals([n]), normals([n])],
  ],
  AdagradUpdate: [
    updateOf('AdagradUpdate', { learningRate: 0.1, epsilon: 1e-7 }, 'accumulatedGrad'),
    (n) => [normals([n]), normals([n]), positive([n])],
  ],
  RmspropUpdate: [
    updateOf('RmspropUpdate', { ...rmsprop, centered: false }, 'meanSquare', 'moment'),
    (n) => [normals([n]), normals([n]), positive([n]), normals([n])],
  ],
  'RmspropUpdate, centered': [
    updateOf(
      'RmspropUpdate',
      { ...rmsprop, centered: true },
      'meanSquare',
      'moment',
      'meanGradient',
    ),
    (n) => [normals([n]), normals([n]), positive([n]).add(3), normals([n]), normals([n], 0.1)],
  ],
  AdamUpdate: [
    updateOf('AdamUpdate', adam, 'firstMoment', 'secondMoment'),
    (n) => [normals([n]), normals([n]), normals([n]), positive([n])],
  ],
  SoftmaxCrossEntropy: [
    entropy('SoftmaxCrossEntropy'),
    (n) => [normals([5, n], 4), normals([5, n]).softmax()],
  ],
  'SoftmaxCrossEntropy of unreached classes': [
    entropy('SoftmaxCrossEntropy'),
    (n) => [normals([5, n], 60), positive([5, n])],
  ],
  SigmoidCrossEntropy: [
    entropy('SigmoidCrossEntropy'),
    (n) => [normals([n], 20), normals([n]).sigmoid()],
  ],
  ...Object.fromEntries(
    (['linear', 'relu', 'sigmoid', 'tanh'] as const).flatMap((activation) =>
      [true, false].map((bias) => [
        `BiasActivationGrad of ${activation}${bias ? ' with a bias' : ''}`,
        [
          biasGrad(activation, bias),
          (n: number) => [normals([2, 3, n]), normals([2, 3, n]).tanh()],
        ],
      ]),
    ),
  ),
};

describe('on wasm', () => {
  for (const [name, [run, make]] of Object.entries(KERNELS)) {
    it(`${name} gives what the plain JavaScript gives`, async () => {
      for (const n of SIZES) {
        await tf.setBackend('cpu');
        const values = make(n);
        const expected = run(values);
        const plain = await Promise.all(
          expected.map(async (tensor) => tf.tensor((await tensor.data()).slice(), tensor.shape)),
        );
        await tf.setBackend('wasm');
        const actual = run(values);
        assert.equal(actual.length, plain.length);
        for (const [i, tensor] of actual.entries()) await close(tensor, plain[i]!, 2e-6);
      }
    });
  }
});
