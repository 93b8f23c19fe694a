/** Holds the calculators' numbers against TensorFlow.js and against values worked out independently. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import adam from '../../src/calculators/adam-bias-correction.ts';
import { computeCalculator } from '../../src/calculators/compute.ts';
import batch from '../../src/calculators/cross-entropy-batch.ts';
import {
  achievedTflops,
  CHIPS,
  modelFlopUtilisation,
  PUBLISHED_RUNS,
  trainingFlops,
} from '../../src/calculators/facts/published-runs.ts';
import gradientStep from '../../src/calculators/gradient-step.ts';
import lineFit from '../../src/calculators/line-fit.ts';
import losses from '../../src/calculators/loss-functions.ts';
import parameterCount from '../../src/calculators/parameter-count.ts';
import trainingTime from '../../src/calculators/training-time.ts';
import { near, value, work } from './calculator-host.ts';

before(async () => {
  await tf.setBackend('cpu');
});

async function numberOf(tensor: tf.Tensor): Promise<number> {
  const [first] = await tensor.data();
  return first ?? NaN;
}

test('The three gradients of one sample are −18, −18 and the document’s −12 at (3, 6), and 8, 8, −8 at (−2, 4)', () => {
  for (const [x, y, exact, document] of [
    [3, 6, -18, -12],
    [-2, 4, 8, -8],
  ] as const) {
    const worked = work(gradientStep, { x, y, theta: 0 });
    near(value(worked, 'numeric'), exact, 1e-6);
    near(value(worked, 'exact'), exact, 1e-12);
    near(value(worked, 'document'), document, 1e-12);
    assert.equal(worked.results['document']?.mark, 'wrong');
  }
});

test('The exact gradient of one sample equals automatic differentiation', async () => {
  for (const [x, y, theta] of [
    [3, 6, 0],
    [-2, 4, 0.7],
    [1.5, -2, -3],
  ] as const) {
    const gradient = tf.grad((t) => tf.sub(y, t.mul(x)).square().mul(0.5))(tf.scalar(theta));
    near(value(work(gradientStep, { x, y, theta }), 'exact'), await numberOf(gradient), 1e-5);
  }
});

test('From x = −2, y = 4 the true rule reaches −1.9879 in ten steps and the document’s rule 55.8509', () => {
  const worked = work(gradientStep, { x: -2, y: 4, theta: 0, rate: 0.1, steps: 10 });
  near(value(worked, 'end'), -1.9879, 5e-5);
  near(value(worked, 'endDocument'), 55.8509, 5e-5);
  near(value(worked, 'next'), -0.8, 1e-12);
  near(value(worked, 'nextDocument'), 0.8, 1e-12);
  const [curve] = worked.views ?? [];
  assert.ok(curve?.kind === 'curve');
  const [truth, wrong] = curve.series;
  [-0.8, -1.28, -1.568, -1.7408].forEach((theta, at) =>
    near(truth?.ys[at + 1] ?? NaN, theta, 1e-9),
  );
  [0.8, 1.92, 3.488, 5.6832].forEach((theta, at) => near(wrong?.ys[at + 1] ?? NaN, theta, 1e-9));
});

test('Cross-entropy pulls 9.52, 150.42 and 22028 times harder than squared error at z = −2, −5, −10', () => {
  near(value(work(losses, { z: -2, y: 1 }), 'ratio'), 9.52, 5e-3);
  near(value(work(losses, { z: -5, y: 1 }), 'ratio'), 150.42, 5e-3);
  near(value(work(losses, { z: -10, y: 1 }), 'ratio'), 22028, 0.5);
  near(value(work(losses, { z: -5, y: 1, square: 'full' }), 'ratio'), 75.21, 5e-3);
});

test('Both losses of a sigmoid and their derivatives equal TensorFlow.js', async () => {
  for (const [z, y] of [
    [-5, 1],
    [-2, 0],
    [0.5, 1],
    [3, 0],
  ] as const) {
    const worked = work(losses, { z, y, square: 'full' });
    const at = tf.scalar(z);
    const squared = (t: tf.Tensor): tf.Scalar =>
      tf.losses.meanSquaredError(tf.scalar(y), t.sigmoid());
    const crossed = (t: tf.Tensor): tf.Scalar => tf.losses.sigmoidCrossEntropy(tf.scalar(y), t);
    near(value(worked, 'squared'), await numberOf(squared(at)), 1e-6);
    near(value(worked, 'crossEntropy'), await numberOf(crossed(at)), 1e-6);
    near(value(worked, 'squaredGradient'), await numberOf(tf.grad(squared)(at)), 1e-6);
    near(value(worked, 'crossEntropyGradient'), await numberOf(tf.grad(crossed)(at)), 1e-6);
  }
});

test('A far saturated sigmoid still gives finite losses and a finite ratio', () => {
  for (const z of [-30, 30]) {
    const worked = work(losses, { z, y: z < 0 ? 1 : 0 });
    near(value(worked, 'crossEntropy'), 30, 1e-9);
    near(value(worked, 'ratio') / Math.exp(30), 1, 1e-9);
  }
});

test('A batch with true probabilities 0.8 and 0.2 has mean cross-entropy 0.9162907319, as TensorFlow.js says', async () => {
  const worked = work(batch);
  near(value(worked, 'mean'), 0.9162907319, 5e-11);
  near(value(worked, 'bits'), (0.3219280949 + 2.3219280949) / 2, 1e-9);
  const labels = tf.tensor2d([
    [1, 0],
    [0, 1],
  ]);
  const logits = tf
    .tensor2d([
      [0.8, 0.2],
      [0.8, 0.2],
    ])
    .log();
  near(value(worked, 'mean'), await numberOf(tf.losses.softmaxCrossEntropy(labels, logits)), 1e-6);
});

test('A batch is refused with the cell named when rows do not sum to 1, labels are missing or a class is unknown', () => {
  const refusals = [
    [
      {
        p: [
          [0.8, 0.3],
          [0.8, 0.2],
        ],
      },
      'p',
      /第 1 行加起来是 1\.1/,
    ],
    [{ c: [1] }, 'c', /2 行.*1 个/],
    [{ c: [1, 3] }, 'c', /只有 1 到 2 类/],
    [
      {
        p: [
          [1, 0],
          [1, 0],
        ],
      },
      'p',
      /概率 0/,
    ],
  ] as const;
  for (const [inputs, input, message] of refusals) {
    const computed = computeCalculator(batch, inputs);
    assert.ok(!computed.ok);
    assert.equal(computed.problems[0]?.input, input);
    assert.match(computed.problems[0]?.message ?? '', message);
  }
});

test('Adam without bias correction takes steps of 3.1623 … 6.5279 learning rates, with it 1.0000 each', () => {
  const expected = [3.1623, 4.2496, 4.9502, 5.4416, 5.7971, 6.0566, 6.2449, 6.3787, 6.4701, 6.5279];
  expected.forEach((length, at) => {
    const worked = work(adam, { t: at + 1 });
    near(value(worked, 'plain'), length, 5e-5);
    near(value(worked, 'corrected'), 1, 5e-5);
  });
  near(value(work(adam), 'peak'), 6.5685, 5e-5);
  assert.equal(value(work(adam), 'peakAt'), 12);
});

test('Corrected Adam moves a parameter as tf.train.adam does, to five digits', async () => {
  const weight = tf.variable(tf.scalar(0));
  const optimizer = tf.train.adam(0.001, 0.9, 0.999, 1e-8);
  let before = 0;
  for (let t = 1; t <= 3; t++) {
    optimizer.minimize(() => weight.mul(5).asScalar());
    const after = await numberOf(weight);
    // 1 − 0.999 has a relative error of 1e-5 in 32 bits.
    near(value(work(adam, { g: 5, t }), 'move'), after - before, 3e-8);
    before = after;
  }
  near(value(work(adam, { g: 5, t: 1 }), 'move'), -0.001, 1e-8);
});

test('A zero gradient leaves Adam where it is', () => {
  const worked = work(adam, { g: 0 });
  near(value(worked, 'plain'), 0, 0);
  near(value(worked, 'move'), 0, 0);
});

test('The least-squares line of the document’s points is 3x − 4 with error 1, the parabola (x − 1)²', () => {
  const worked = work(lineFit);
  const expected = {
    slope: 3,
    intercept: -4,
    mse: 1,
    line: 11,
    parabola: 16,
    constant: 1,
    linear: -2,
    quadratic: 1,
  };
  for (const [result, number] of Object.entries(expected))
    near(value(worked, result), number, 1e-9, result);
});

test('The Hessian’s eigenvalues, the largest stable rate and the rest of the slow mode are the audited ones', () => {
  const worked = work(lineFit);
  near(value(worked, 'small'), 0.29939027, 5e-9);
  near(value(worked, 'large'), 16.70060973, 5e-9);
  near(value(worked, 'limit'), 0.11975611, 5e-9);
  near(value(worked, 'remains'), 0.0498671, 5e-8);
});

test('Gradient descent from zero ends where tf.train.sgd ends after 1,000 steps', async () => {
  const xs = tf.tensor1d([1, 2, 3, 4]);
  const ys = tf.tensor1d([0, 1, 4, 9]);
  const w = tf.variable(tf.scalar(0));
  const b = tf.variable(tf.scalar(0));
  const optimizer = tf.train.sgd(0.01);
  for (let step = 0; step < 1000; step++) {
    tf.tidy(
      () => void optimizer.minimize(() => xs.mul(w).add(b).sub(ys).square().mean().asScalar()),
    );
  }
  const worked = work(lineFit);
  near(value(worked, 'trainedSlope'), await numberOf(w), 1e-4);
  near(value(worked, 'trainedIntercept'), await numberOf(b), 1e-4);
  near(value(worked, 'trainedSlope'), 2.9237, 5e-5);
  near(value(worked, 'trainedIntercept'), -3.7756, 5e-5);
});

test('The least-squares line of random points has zero gradient, and the parabola no larger error', async () => {
  const x = [-3.1, 0.4, 1.7, 2.2, 5.9, 8.05];
  const y = [2.2, -1.1, 0.3, 4.4, 9.1, 7.7];
  const worked = work(lineFit, { x, y });
  const loss = (w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
    tf.tensor1d(x).mul(w).add(b).sub(tf.tensor1d(y)).square().mean();
  const gradients = tf.grads(loss)([
    tf.scalar(value(worked, 'slope')),
    tf.scalar(value(worked, 'intercept')),
  ]);
  for (const gradient of gradients) near(await numberOf(gradient), 0, 1e-4);
  const parabola = [
    value(worked, 'constant'),
    value(worked, 'linear'),
    value(worked, 'quadratic'),
  ] as const;
  const error =
    x.reduce(
      (sum, at, i) =>
        sum + (parabola[0] + parabola[1] * at + parabola[2] * at * at - (y[i] ?? NaN)) ** 2,
      0,
    ) / x.length;
  assert.ok(error <= value(worked, 'mse'));
});

test('Points without three different x, or with fewer labels than inputs, are refused at their cell', () => {
  const few = computeCalculator(lineFit, { x: [1, 1, 2], y: [0, 1, 2] });
  assert.ok(!few.ok);
  assert.equal(few.problems[0]?.input, 'x');
  const short = computeCalculator(lineFit, { y: [0, 1, 4] });
  assert.ok(!short.ok);
  assert.equal(short.problems[0]?.input, 'y');
  assert.match(short.problems[0]?.message ?? '', /4 个.*3 个/);
});

test('A rate over the limit ends as infinity, never as “not a number”', () => {
  const worked = work(lineFit, { rate: 1, steps: 20000 });
  assert.equal(value(worked, 'trainedSlope'), Infinity);
  for (const result of Object.values(worked.results))
    assert.ok(!Number.isNaN(result.value), result.label);
});

const BERT = { form: 'bert', vocabulary: 30522, context: 512 };
const MISTRAL = {
  form: 'llama',
  layers: 32,
  width: 4096,
  vocabulary: 32000,
  factor: 3.5,
  heads: 32,
  keyHeads: 8,
};

test('The parameter counts of BERT-base, BERT-large and GPT-3 come out to the last one', () => {
  assert.equal(
    value(work(parameterCount, { ...BERT, layers: 12, width: 768 }), 'total'),
    109_482_240,
  );
  assert.equal(
    value(work(parameterCount, { ...BERT, layers: 24, width: 1024 }), 'total'),
    335_141_888,
  );
  assert.equal(value(work(parameterCount), 'total'), 174_604_259_328);
  near(value(work(parameterCount), 'ratio') / 8.73e10, 1, 1e-4);
});

test('Mistral 7B has 7.24 billion parameters; Mixtral has 46.7 billion and uses 12.9 billion for a token', () => {
  near(value(work(parameterCount, MISTRAL), 'total'), 7.24e9, 5e6);
  const mixtral = work(parameterCount, { ...MISTRAL, experts: 8, chosen: 2 });
  near(value(mixtral, 'total'), 46.7e9, 5e7);
  near(value(mixtral, 'active'), 12.9e9, 5e7);
});

test('Linear regression has 2 parameters, as model.countParams() says', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  assert.equal(value(work(parameterCount, { form: 'linear', width: 1 }), 'total'), 2);
  assert.equal(model.countParams(), 2);
});

test('The feed-forward block of a small GPT counts as many parameters as two dense layers of TensorFlow.js', () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 24, inputShape: [6] }), tf.layers.dense({ units: 6 })],
  });
  const total = value(
    work(parameterCount, { layers: 1, width: 6, vocabulary: 10, context: 8 }),
    'total',
  );
  assert.equal(total, 10 * 6 + 8 * 6 + (4 * 36 + 4 * 6) + model.countParams() + 4 * 6 + 2 * 6);
});

test('A shape that no network can have is refused at the cell at fault', () => {
  for (const [inputs, input] of [
    [{ width: 10, factor: 3.33 }, 'factor'],
    [{ ...MISTRAL, keyHeads: 64 }, 'keyHeads'],
    [{ ...MISTRAL, heads: 30 }, 'heads'],
    [{ ...MISTRAL, experts: 2, chosen: 3 }, 'chosen'],
  ] as const) {
    const computed = computeCalculator(parameterCount, inputs);
    assert.ok(!computed.ok);
    assert.equal(computed.problems[0]?.input, input);
  }
});

/** 6ND, TFLOP/s per chip and utilisation, worked out apart from this code. */
const COMPUTE: readonly (readonly [string, number, number, number])[] = [
  ['GPT-3', 3.15e23, 24.6, 0.197],
  ['LLaMA-7B', 4.02e22, 135.5, 0.434],
  ['LLaMA-13B', 7.8e22, 160.3, 0.514],
  ['LLaMA-33B', 2.73e23, 143.0, 0.458],
  ['LLaMA-65B', 5.4768e23, 148.8, 0.477],
  ['Llama 2 7B', 8.0856e22, 121.9, 0.391],
  ['Llama 2 13B', 1.5619e23, 117.7, 0.377],
  ['Llama 2 34B', 4.08e23, 109.1, 0.35],
  ['Llama 2 70B', 8.2772e23, 133.7, 0.428],
  ['Llama 3 8B', 7.227e23, 154.4, 0.156],
  ['Llama 3 70B', 6.354e24, 275.8, 0.279],
  ['Llama 3.1 405B', 3.7988e25, 342.2, 0.346],
  ['Falcon-40B', 2.4e23, 120.6, 0.386],
  ['Falcon-180B', 3.7699e24, 149.6, 0.479],
  ['BLOOM-176B', 3.8704e23, 99.3, 0.318],
  ['GLM-130B', 3.12e23, 78.4, 0.251],
  ['OPT-175B', 3.15e23, 108.1, 0.346],
  ['PaLM-540B', 2.5288e24, 83.6, 0.304],
  ['Gopher 280B', 5.04e23, 37.2, 0.302],
  ['MPT-7B', 4.02e22, 111.3, 0.357],
  ['StarCoderBase', 9.3e22, 80.7, 0.259],
  ['BloombergGPT', 1.7275e23, 73.7, 0.236],
  ['Pythia-12B', 2.1308e22, 81.9, 0.262],
  ['DeepSeek-V3', 3.2856e24, 342.6, 0.346],
];

test('Every published run has the compute, the speed per chip and the utilisation worked out apart', () => {
  assert.deepEqual(
    PUBLISHED_RUNS.map((run) => run.model),
    COMPUTE.map(([model]) => model),
  );
  PUBLISHED_RUNS.forEach((run, at) => {
    const [model, flops, speed, utilisation] = COMPUTE[at] ?? ['', NaN, NaN, NaN];
    near(trainingFlops(run.parameters, run.tokens) / flops, 1, 2e-4, model);
    near(achievedTflops(run), speed, 0.051, model);
    near(modelFlopUtilisation(run), utilisation, 0.00051, model);
  });
});

test('The calculator gives every published run’s chip-hours back from its utilisation', () => {
  for (const run of PUBLISHED_RUNS) {
    const worked = work(trainingTime, {
      parameters: run.parameters / 1e8,
      tokens: run.tokens / 1e8,
      chips: run.chips ?? 1,
      chip: run.chip,
      utilisation: 100 * modelFlopUtilisation(run),
    });
    near(value(worked, 'hours') / run.chipHours, 1, 1e-9, run.model);
    near(value(worked, 'achieved'), achievedTflops(run), 1e-9, run.model);
  }
});

test('LLaMA-65B took 20.8 days and Llama 2 70B 35.0 days on 2,048 A100', () => {
  near(value(work(trainingTime), 'days'), 20.8, 0.05);
  const llama2 = {
    parameters: 689.77,
    tokens: 20000,
    chips: 2048,
    chip: 'a100',
    utilisation: 42.84,
  };
  near(value(work(trainingTime, llama2), 'days'), 35.0, 0.05);
  near(value(work(trainingTime, llama2), 'chipYears'), 196.4, 0.3);
});

test('GPT-3’s 3.14e23 operations are 355.6 years of one V100 at 28 TFLOP/s, and 4.67 million dollars at 1.5', () => {
  const gpt3 = { parameters: 3.14e23 / 6 / 300e9 / 1e8, tokens: 3000, chips: 1, price: 1.5 };
  const worked = work(trainingTime, { ...gpt3, chip: 'v100', utilisation: (100 * 28) / 125 });
  near(value(worked, 'chipYears'), 355.6, 0.05);
  near(value(worked, 'money') / 4.67e6, 1, 1e-3);
  const free = work(trainingTime, { ...gpt3, chip: 'other', peak: 28, utilisation: 100 });
  near(value(free, 'chipYears'), 355.6, 0.05);
});

test('At 2 dollars an hour GPT-3 costs 1.40 million on A100 at 40 %, Llama 2 70B 3.44 and LLaMA-7B 0.165', () => {
  const price = { price: 2, chip: 'a100', chips: 1 };
  const gpt3 = { ...price, parameters: 3.14e23 / 6 / 300e9 / 1e8, tokens: 3000, utilisation: 40 };
  near(value(work(trainingTime, gpt3), 'money'), 1.4e6, 5e3);
  near(value(work(trainingTime, gpt3), 'hours'), 698_896, 100);
  const llama2 = { ...price, parameters: 689.77, tokens: 20000, utilisation: 42.84 };
  near(value(work(trainingTime, llama2), 'money'), 3.44e6, 5e3);
  const llama = { ...price, parameters: 67, tokens: 10000, utilisation: 43.42 };
  near(value(work(trainingTime, llama), 'money'), 0.165e6, 5e2);
});

test('Each chip of the list can be chosen, and a free peak takes its place', () => {
  for (const [chip, { peak }] of Object.entries(CHIPS)) {
    near(value(work(trainingTime, { chip, utilisation: 50, peak: 1 }), 'achieved'), peak / 2, 1e-9);
  }
});
