/** Browser side of webgpu.spec.ts: the five reference workloads, and what they ask of the GPU. */
import * as tf from '@tensorflow/tfjs';
import { countDispatches } from '../../src/engine/kernels/webgpu/count.ts';

/** One model on one fixed batch: a step gives the loss and moves the weights. */
interface Workload {
  step(): tf.Scalar;
}

/** Values in −0.5…0.5 that depend on nothing but their place. */
const values = (size: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return x - Math.floor(x) - 0.5;
  });
const input = (shape: number[], seed: number): tf.Tensor =>
  tf.tensor(
    values(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  );
const integers = (shape: number[], below: number, seed: number): tf.Tensor =>
  tf.tensor(
    Int32Array.from(
      values(
        shape.reduce((a, b) => a * b, 1),
        seed,
      ),
      (x) => Math.floor((x + 0.5) * below),
    ),
    shape,
    'int32',
  );
const classes = (n: number, c: number, seed: number): tf.Tensor =>
  tf.tidy(() => tf.oneHot(integers([n], c, seed).as1D(), c).toFloat());

/** The same starting weights in every library and backend. */
function fix(model: tf.LayersModel): void {
  const fixed = model.getWeights().map((weight, i) => {
    const fan = weight.rank > 1 ? weight.size / (weight.shape.at(-1) ?? 1) : 1;
    return tf.tidy(() => input(weight.shape, i + 1).mul(weight.rank > 1 ? 3 / Math.sqrt(fan) : 0));
  });
  model.setWeights(fixed);
  tf.dispose(fixed);
}

function classifier(
  layers: tf.layers.Layer[],
  x: tf.Tensor,
  y: tf.Tensor,
  optimizer: tf.Optimizer,
): Workload {
  const model = tf.sequential({ layers });
  fix(model);
  return {
    step: () =>
      optimizer.minimize(
        () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor),
        true,
      ) as tf.Scalar,
  };
}

function transformer(batch: number): Workload {
  const [T, d, heads, vocabulary] = [64, 64, 4, 64];
  let seed = 1;
  const weight = (shape: number[], scale: number): tf.Variable =>
    tf.variable(tf.tidy(() => input(shape, seed++).mul(scale)));
  const ones = (): tf.Variable => tf.variable(tf.ones([d]));
  const zeros = (n: number): tf.Variable => tf.variable(tf.zeros([n]));
  const block = () => ({
    gain1: ones(),
    shift1: zeros(d),
    qkv: weight([d, 3 * d], 0.25),
    out: weight([d, d], 0.25),
    gain2: ones(),
    shift2: zeros(d),
    up: weight([d, 4 * d], 0.25),
    upBias: zeros(4 * d),
    down: weight([4 * d, d], 0.12),
    downBias: zeros(d),
  });
  const token = weight([vocabulary, d], 0.5);
  const place = weight([T, d], 0.5);
  const blocks = [block(), block()];
  const mask = tf.tidy(() =>
    tf.linalg
      .bandPart(tf.ones([T, T]), -1, 0)
      .sub(1)
      .mul(1e9),
  );
  const tokens = integers([batch, T], vocabulary, 91);
  const next = tf.tidy(() =>
    tf.oneHot(integers([batch * T], vocabulary, 92).as1D(), vocabulary).toFloat(),
  );
  const normal = (x: tf.Tensor, gain: tf.Variable, shift: tf.Variable): tf.Tensor => {
    const { mean, variance } = tf.moments(x, -1, true);
    return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(gain).add(shift);
  };
  const forward = (): tf.Scalar => {
    let x: tf.Tensor = tf.gather(token, tokens.as1D().toInt()).reshape([batch, T, d]).add(place);
    for (const b of blocks) {
      const h = normal(x, b.gain1, b.shift1).reshape([batch * T, d]);
      const [q, k, v] = tf
        .split(tf.matMul(h as tf.Tensor2D, b.qkv as tf.Tensor2D), 3, 1)
        .map((part) => part.reshape([batch, T, heads, d / heads]).transpose([0, 2, 1, 3]));
      const scores = tf.matMul(q!, k!, false, true).mul(1 / Math.sqrt(d / heads));
      const mixed = tf.matMul(tf.softmax(scores.add(mask)), v!).transpose([0, 2, 1, 3]);
      x = x.add(tf.matMul(mixed.reshape([batch * T, d]), b.out).reshape([batch, T, d]));
      const h2 = normal(x, b.gain2, b.shift2).reshape([batch * T, d]);
      const up = tf.relu(tf.matMul(h2, b.up).add(b.upBias));
      x = x.add(tf.matMul(up, b.down).add(b.downBias).reshape([batch, T, d]));
    }
    const logits = tf.matMul(x.reshape([batch * T, d]), token, false, true);
    return tf.losses.softmaxCrossEntropy(next, logits);
  };
  const optimizer = tf.train.adam(0.001);
  return { step: () => optimizer.minimize(forward, true) as tf.Scalar };
}

const WORKLOADS: Readonly<Record<string, () => Workload>> = {
  'linear regression': () => {
    const x = input([256], 1);
    const y = tf.tidy(() => x.mul(3).add(0.5));
    const w = tf.variable(tf.scalar(0));
    const b = tf.variable(tf.scalar(0));
    const optimizer = tf.train.sgd(0.5);
    return {
      step: () =>
        optimizer.minimize(() => x.mul(w).add(b).sub(y).square().mean(), true) as tf.Scalar,
    };
  },
  mlp: () =>
    classifier(
      [
        tf.layers.dense({ units: 128, activation: 'relu', inputShape: [64] }),
        tf.layers.dense({ units: 10 }),
      ],
      input([32, 64], 1),
      classes(32, 10, 2),
      tf.train.adam(0.001),
    ),
  cnn: () =>
    classifier(
      [
        tf.layers.conv2d({
          filters: 32,
          kernelSize: 3,
          activation: 'relu',
          inputShape: [32, 32, 3],
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 64, activation: 'relu' }),
        tf.layers.dense({ units: 10 }),
      ],
      input([4, 32, 32, 3], 1),
      classes(4, 10, 2),
      tf.train.adam(0.001),
    ),
  lstm: () =>
    classifier(
      [
        tf.layers.embedding({ inputDim: 200, outputDim: 32, inputLength: 40 }),
        tf.layers.lstm({ units: 64 }),
        tf.layers.dense({ units: 2 }),
      ],
      integers([4, 40], 200, 1),
      classes(4, 2, 2),
      tf.train.adam(0.001),
    ),
  transformer: () => transformer(2),
};
export const workloads = Object.keys(WORKLOADS);

export interface Counted {
  readonly losses: readonly number[];
  readonly dispatches: number;
  readonly passes: number;
  readonly submits: number;
  readonly writes: number;
  readonly buffers: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly programs: Readonly<Record<string, number>>;
}

const bytesInPool = (): number =>
  (tf.memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;

/** Counts the third step of a workload (shaders are compiled, the pool is full), then goes on to `steps`. */
export async function count(name: string, steps: number): Promise<Counted> {
  const workload = WORKLOADS[name]!();
  const losses: number[] = [];
  const step = async (): Promise<void> => {
    const loss = tf.tidy(() => workload.step());
    losses.push((await loss.data())[0]!);
    loss.dispose();
  };
  await step();
  await step();
  const bytesBefore = bytesInPool();
  const counter = countDispatches();
  const loss = tf.tidy(() => workload.step());
  const { programs, ...counts } = counter.stop();
  losses.push((await loss.data())[0]!);
  while (losses.length < steps) await step();
  return {
    losses,
    ...counts,
    programs: Object.fromEntries(programs),
    bytesBefore,
    bytesAfter: bytesInPool(),
  };
}

/** Starts a backend as the training worker does; `ours`: with our kernels. */
export async function start(backend: 'webgpu' | 'webgl', ours: boolean): Promise<void> {
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
  else await import('@tensorflow/tfjs-backend-webgl');
  if (backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
  await tf.setBackend(backend);
  await tf.ready();
  const { device } = tf.backend() as unknown as { device?: GPUDevice };
  device?.addEventListener('uncapturederror', ({ error }) => console.error(error.message));
  if (!ours) return;
  await import('@tensorflow/tfjs-backend-cpu');
  const { registerCpuKernels } = await import('../../src/engine/kernels/cpu/index.ts');
  registerCpuKernels();
  const { registerWebgpuKernels } = await import('../../src/engine/kernels/webgpu/index.ts');
  if (backend === 'webgpu') registerWebgpuKernels();
}

/** A tensor as plain data: what crosses from the test to the page. `range` scales the numbers. */
export interface Given {
  readonly shape: readonly number[];
  readonly range?: number;
  /** Numbers from 0 up, as squares and counts have. */
  readonly positive?: true;
  /** Integers in int32, cast to float32. */
  readonly cast?: true;
  /** Rows with a single one. */
  readonly oneHot?: true;
}

function given({ shape, range = 1, positive, cast, oneHot }: Given, seed: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const numbers = values(size, seed).map((x) => 2 * range * (positive ? x + 0.5 : x));
  if (oneHot) return classes(shape[0]!, shape[1]!, seed);
  if (cast) return tf.tidy(() => tf.tensor(numbers.map(Math.round), [...shape], 'int32').toFloat());
  return tf.tensor(numbers, [...shape]);
}

type Attrs = Readonly<Record<string, number | string | boolean | readonly number[]>>;

/** Runs a kernel. @returns its outputs, then its inputs as they are afterwards. */
async function run(
  backend: string,
  kernel: string,
  inputs: Readonly<Record<string, Given>>,
  attrs: Attrs,
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  let seed = 1;
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, one]) => [name, given(one, seed++)]),
  );
  const outputs = tf.engine().runKernel<tf.Tensor[] | tf.Tensor>(kernel, tensors, attrs);
  const all = [outputs, Object.values(tensors)].flat();
  const numbers = await Promise.all(all.map(async (one) => Float32Array.from(await one.data())));
  tf.dispose(all);
  return numbers;
}

/**
 * Largest difference between a kernel here and on the cpu backend, over its outputs and its inputs (which an update
 * overwrites), relative to the larger of the reference and `scale`.
 */
export async function difference(
  backend: string,
  kernel: string,
  inputs: Readonly<Record<string, Given>>,
  attrs: Attrs,
): Promise<number> {
  const [reference, found] = [
    await run('cpu', kernel, inputs, attrs),
    await run(backend, kernel, inputs, attrs),
  ];
  if (reference.length !== found.length) throw new Error(`${kernel}: ${found.length} tensors`);
  let worst = 0;
  reference.forEach((expected, at) => {
    const actual = found[at]!;
    if (expected.length !== actual.length)
      throw new Error(`${kernel}: output ${at} has another size`);
    const scale = Math.max(
      1e-3,
      Math.sqrt(expected.reduce((sum, x) => sum + x * x, 0) / expected.length),
    );
    expected.forEach((x, i) => {
      const error = Math.abs(x - actual[i]!) / Math.max(scale, Math.abs(x));
      worst = Number.isFinite(actual[i]) ? Math.max(worst, error) : Infinity;
    });
  });
  return worst;
}

const OPTIMIZERS: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  nesterov: () => tf.train.momentum(0.05, 0.9, true),
  adagrad: () => tf.train.adagrad(0.1),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  // The published formula subtracts ε inside the root: with a negative one it stays real.
  centered: () => tf.train.rmsprop(0.01, 0.9, 0.5, -1e-3, true),
  adam: () => tf.train.adam(0.02),
};
export const optimizers = Object.keys(OPTIMIZERS);

/** A logistic regression on fixed data, `steps` steps. @returns every loss, and the weights at the end. */
export async function fit(
  optimizer: string,
  loss: 'softmax' | 'sigmoid',
  steps: number,
): Promise<{ losses: number[]; weights: number[] }> {
  const x = input([48, 7], 1);
  const y = classes(48, 5, 2);
  const w = tf.variable(input([7, 5], 3));
  const b = tf.variable(tf.zeros([5]));
  const chosen = OPTIMIZERS[optimizer]!();
  const each = loss === 'softmax' ? tf.losses.softmaxCrossEntropy : tf.losses.sigmoidCrossEntropy;
  // Nothing is read before the end: all steps are in flight together.
  const read: Promise<Float32Array>[] = [];
  for (let step = 0; step < steps; step++) {
    const value = chosen.minimize(
      () => tf.tidy(() => each(y, tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D).add(b))),
      true,
    )!;
    read.push(value.data() as Promise<Float32Array>);
  }
  const losses = (await Promise.all(read)).map((data) => data[0]!);
  return { losses, weights: [...(await w.data()), ...(await b.data())] };
}

/** Reads a variable before, between and after two updates that are not waited for. */
export async function readsInFlight(): Promise<number[]> {
  const w = tf.variable(tf.tensor1d([1, 1, 1]));
  const optimizer = tf.train.sgd(1);
  const before = w.data();
  optimizer.minimize(() => w.sum());
  const between = w.data();
  optimizer.minimize(() => w.sum());
  const after = w.data();
  const first = await Promise.all([before, between, after]);
  const again = await w.data();
  return [...first, again].map((data) => data[0]!);
}

/** A clone made before an update keeps its values; a variable made of integers becomes one of float32. */
export async function cloneKeeps(): Promise<number[]> {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const clone = w.clone();
  const flat = w.reshape([2, 1]);
  const whole = tf.variable(tf.tidy(() => tf.scalar(3, 'int32').toFloat()));
  tf.train.sgd(1).minimize(() => w.sum());
  tf.train.sgd(0.5).minimize(() => whole.asScalar());
  const all = [clone, flat, w, whole].map(async (one) => [...(await one.data())]);
  return (await Promise.all(all)).flat();
}
