/** Browser side of webgpu.spec.ts: kernels and small trainings, and what the bench's workloads ask of the GPU. */
import * as tf from '@tensorflow/tfjs';
import type { BenchWorkload } from '../../src/contract/bench.ts';
import { countDispatches } from '../../src/engine/kernels/webgpu/count.ts';
import { WORKLOADS } from '../bench/workloads/all.ts';

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

const load = async (path: string): Promise<ArrayBuffer> =>
  (await fetch(new URL(`datasets/${path}`, location.href))).arrayBuffer();

export type WorkloadName = BenchWorkload;

/**
 * Counts the third step of a workload in batches of `batch` (shaders are compiled, the pool is full), then goes on to
 * `steps`.
 */
export async function count(name: BenchWorkload, batch: number, steps: number): Promise<Counted> {
  const workload = WORKLOADS[name];
  const session = workload.train(tf, await workload.inputs({ load }, batch));
  const losses: number[] = [];
  const step = async (): Promise<void> => {
    session.step();
    losses.push(await session.loss());
  };
  await step();
  await step();
  const bytesBefore = bytesInPool();
  const counter = countDispatches();
  session.step();
  const { programs, ...counts } = counter.stop();
  losses.push(await session.loss());
  while (losses.length < steps) await step();
  session.free();
  return {
    losses,
    ...counts,
    programs: Object.fromEntries(programs),
    bytesBefore,
    bytesAfter: bytesInPool(),
  };
}

/** GPU bytes in the pool and tensors alive after each quarter of `steps`. */
export async function quarters(
  name: BenchWorkload,
  batch: number,
  steps: number,
): Promise<(readonly [bytes: number, tensors: number])[]> {
  const workload = WORKLOADS[name];
  const session = workload.train(tf, await workload.inputs({ load }, batch));
  const seen: (readonly [number, number])[] = [];
  for (let step = 1; step <= steps; step++) {
    session.step();
    if (step % (steps / 4) > 0) continue;
    await session.loss();
    seen.push([bytesInPool(), tf.memory().numTensors]);
  }
  session.free();
  return seen;
}

/** Starts a backend as the training worker does; `ours`: with our kernels. */
export async function start(
  backend: 'webgpu' | 'webgl',
  ours: boolean,
  asGpu = false,
): Promise<void> {
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
  else await import('@tensorflow/tfjs-backend-webgl');
  if (backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
  await tf.setBackend(backend);
  await tf.ready();
  const { device } = tf.backend() as unknown as { device?: GPUDevice };
  device?.addEventListener('uncapturederror', ({ error }) => console.error(error.message));
  // The kernels for real GPUs, though the processor plays one.
  if (asGpu) Object.defineProperty(device, 'adapterInfo', { value: { isFallbackAdapter: false } });
  if (!ours) return;
  await import('@tensorflow/tfjs-backend-cpu');
  const { registerCpuKernels } = await import('../../src/engine/kernels/cpu/index.ts');
  registerCpuKernels();
  if (backend === 'webgpu') {
    (await import('../../src/engine/kernels/webgpu/index.ts')).registerWebgpuKernels();
  } else {
    (await import('../../src/engine/kernels/webgl/index.ts')).registerWebglKernels();
  }
}

/** A tensor as plain data: what crosses from the test to the page. `range` scales the numbers. */
export interface Given {
  readonly shape: readonly number[];
  readonly range?: number;
  /** Numbers from 0 up, as squares and counts have. */
  readonly positive?: true;
  /** Integers in int32, cast to float32. */
  readonly cast?: true;
  /** Integers from 0 up to below this, int32. */
  readonly below?: number;
  /** Rows with a single one. */
  readonly oneHot?: true;
}

function given(
  { shape, range = 1, positive, cast, oneHot, below }: Given,
  seed: number,
): tf.Tensor {
  if (below !== undefined) return integers([...shape], below, seed);
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
