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
  const mask = tf.tidy(() => tf.linalg.bandPart(tf.ones([T, T]), -1, 0).sub(1).mul(1e9));
  const tokens = integers([batch, T], vocabulary, 91);
  const next = tf.tidy(() => tf.oneHot(integers([batch * T], vocabulary, 92).as1D(), vocabulary).toFloat());
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
        tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [32, 32, 3] }),
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
  if (!ours) return;
  const { registerWebgpuKernels } = await import('../../src/engine/kernels/webgpu/index.ts');
  if (backend === 'webgpu') registerWebgpuKernels();
}
