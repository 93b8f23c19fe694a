/** Holds what training costs (compute, memory, budget, attention) and what counts as large against independent values. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import attentionCost from '../../src/calculators/attention-cost.ts';
import computeOptimal from '../../src/calculators/compute-optimal.ts';
import { MODEL_SIZES, SIZE_RULES } from '../../src/calculators/facts/model-sizes.ts';
import { PUBLISHED_RUNS, trainingFlops } from '../../src/calculators/facts/published-runs.ts';
import definitions from '../../src/calculators/large-model-definitions.ts';
import parameterCount from '../../src/calculators/parameter-count.ts';
import trainingCompute from '../../src/calculators/training-compute.ts';
import trainingMemory from '../../src/calculators/training-memory.ts';
import trainingTime from '../../src/calculators/training-time.ts';
import { drawView } from '../../src/components/views/draw.ts';
import { value, work } from './calculator-host.ts';

before(async () => {
  await tf.setBackend('cpu');
});

/** Equal to `tolerance` of the expected value. */
function close(actual: number, expected: number, tolerance = 1e-6, what = ''): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.abs(expected),
    `${what} ${actual} is not ${expected} to ${tolerance}`,
  );
}

test('Ten thousand cycles of an A100 last 7.092 microseconds and do at most 2.2128e9 operations', () => {
  const worked = work(trainingCompute);
  close(value(worked, 'microseconds'), 7.092198581560284);
  close(value(worked, 'possible'), 10_000 * (312e12 / 1.41e9));
  close(value(worked, 'flops'), 3.15e23);
  close(value(worked, 'petaflopDays'), 3.15e23 / (1e15 * 86_400));
});

test('Llama 2 70B took 8.7e18 A100 cycles, 8.7e14 times ten thousand', () => {
  // utilisation from the published hours, so that the cycles must come out of the hours again
  const flops = 6 * 68.977e9 * 2e12;
  const utilisation = (100 * flops) / (1_720_320 * 3600 * 312e12);
  const worked = work(trainingCompute, { parameters: 689.77, tokens: 20_000, utilisation });
  close(value(worked, 'needed'), 1_720_320 * 3600 * 1.41e9);
  close(value(worked, 'needed') / 1e4, 8.7e14, 5e-3);
  close(value(worked, 'years'), 1_720_320 / 24 / 365);
});

test('The digits network of 9,610 parameters needs 8.3e8 operations: 0.37 of what ten thousand cycles could do', () => {
  const worked = work(trainingCompute, { parameters: 9610 / 1e8, tokens: (1437 * 10) / 1e8 });
  close(value(worked, 'flops'), 8.3e8, 5e-3);
  close(1 / value(worked, 'share'), 0.37, 2e-2);
});

test('The compute of every published run is 6ND', () => {
  for (const run of PUBLISHED_RUNS) {
    const worked = work(trainingCompute, {
      parameters: run.parameters / 1e8,
      tokens: run.tokens / 1e8,
    });
    close(value(worked, 'flops'), trainingFlops(run.parameters, run.tokens), 1e-12, run.model);
  }
});

test('At 2 dollars an hour and 40 % of an A100, five budgets buy the sizes and tokens that Chinchilla’s rule of thumb gives', () => {
  for (const [money, parameters, tokens] of [
    [1_000, 1.37e9, 27e9],
    [10_000, 4.33e9, 87e9],
    [50_000, 9.68e9, 194e9],
    [1_000_000, 43.3e9, 865e9],
    [5_000_000, 96.8e9, 1.94e12],
  ] as const) {
    const worked = work(computeOptimal, { budget: money / 1e4 });
    close(value(worked, 'parameters') * 1e8, parameters, 2e-2, String(money));
    close(value(worked, 'tokens') * 1e8, tokens, 2e-2, String(money));
  }
  close(value(work(computeOptimal), 'parameters') * 1e8, 43_266_615_305.567_88, 1e-9);
});

test('What a budget buys costs that budget again, for any ratio, chip and price', () => {
  for (const [budget, ratio, chip, utilisation, price] of [
    [100, 20, 'a100', 40, 2],
    [0.5, 200, 'h100', 30, 3.5],
    [5000, 1.7, 'v100', 20, 1.5],
  ] as const) {
    const inputs = { chip, utilisation, price };
    const worked = work(computeOptimal, { ...inputs, budget, ratio });
    const parameters = value(worked, 'parameters');
    const tokens = value(worked, 'tokens');
    close(tokens / parameters, ratio, 1e-9);
    close(value(work(trainingTime, { ...inputs, parameters, tokens }), 'money'), budget * 1e4);
  }
});

test('GPT-3 takes 700 GB in 32 bits and 2,800 GB to train, BERT-base 1.76 GB to train', () => {
  const gpt3 = work(trainingMemory, { precision: 'fp32' });
  close(value(gpt3, 'weights'), 700);
  close(value(gpt3, 'training'), 2800);
  assert.equal(value(gpt3, 'trainingCards'), 35);
  for (const method of ['mixed', 'adam']) {
    const bert = work(trainingMemory, { parameters: 1.1, method });
    close(value(bert, 'training'), 1.76);
  }
  close(value(work(trainingMemory, { method: 'momentum' }), 'training'), 175e9 * 12e-9);
});

test('ChatGLM-6B is 12.4 GB in 16 bits and 3.1 GB in 4', () => {
  close(value(work(trainingMemory, { parameters: 62 }), 'weights'), 12.4);
  close(value(work(trainingMemory, { parameters: 62, precision: 'int4' }), 'weights'), 3.1);
});

test('The cache of keys and values grows with layers, width, length and conversations alike', () => {
  const base = value(work(trainingMemory), 'cache');
  close(base, (2 * 96 * 12_288 * 2048 * 2) / 1e9);
  for (const input of ['layers', 'keys', 'context', 'users'] as const) {
    const old = { layers: 96, keys: 12_288, context: 2048, users: 1 }[input];
    close(value(work(trainingMemory, { [input]: 2 * old }), 'cache'), 2 * base);
  }
});

test('The operations of attention are those of the matrix products that TensorFlow.js runs', () => {
  // every product [a, b] · [b, c] is 2abc operations, counted from the tensors themselves
  let counted = 0;
  const product = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D => {
    counted += 2 * a.shape[0] * a.shape[1] * b.shape[1];
    return tf.matMul(a, b);
  };
  const [n, d] = [24, 8];
  tf.tidy(() => {
    const x = tf.ones<tf.Rank.R2>([n, d]);
    const square = tf.ones<tf.Rank.R2>([d, d]);
    const [q, k, v] = [product(x, square), product(x, square), product(x, square)];
    const beforeScores = counted;
    const mixed = product(product(q, k.transpose<tf.Tensor2D>()), v);
    const pairs = counted - beforeScores;
    product(mixed, square);
    product(product(x, tf.ones([d, 4 * d])), tf.ones([4 * d, d]));
    const worked = work(attentionCost, { length: n, width: d, heads: 2 });
    assert.equal(value(worked, 'square'), pairs);
    assert.equal(value(worked, 'linear'), counted - pairs);
  });
});

test('Twice the length costs four times the scores, and both halves of a layer cost the same at 6d', () => {
  for (const length of [128, 2048, 100_000]) {
    assert.equal(value(work(attentionCost, { length }), 'doubled'), 4);
  }
  const crossing = value(work(attentionCost), 'crossing');
  assert.equal(crossing, 6 * 768);
  close(value(work(attentionCost, { length: crossing }), 'share'), 50);
});

test('At GPT-3’s shape the scores add 2.8 % to 6ND', () => {
  const worked = work(attentionCost, { length: 2048, width: 12_288, heads: 96 });
  const forwardAndBack = (3 * 96 * value(worked, 'square')) / 2048;
  close(forwardAndBack / (6 * 174_604_259_328), 0.0277, 2e-2);
});

test('BERT-base is large under one of the three numeric definitions, GPT-3 under none as worded', () => {
  const bert = work(definitions);
  assert.equal(value(bert, 'literal'), 1);
  assert.equal(value(bert, 'lower'), 1);
  const gpt3 = work(definitions, { parameters: 174_604_259_328 });
  assert.equal(value(gpt3, 'literal'), 0);
  assert.equal(value(gpt3, 'lower'), 3);
  assert.equal(value(gpt3, 'ours'), 4);
  assert.equal(value(bert, 'ours'), 3);
  assert.equal(
    value(
      work(definitions, { parameters: 2, structure: 'no', pretrained: 'no', general: 'no' }),
      'ours',
    ),
    0,
  );
  assert.equal(value(work(definitions, { parameters: 5e9 }), 'literal'), 3);
});

test('The five programs have 1,815,810 parameters, 96,376 times fewer than 175 billion', () => {
  const worked = work(definitions);
  assert.equal(value(worked, 'together'), 2 + 9610 + 1_675_778 + 122_570 + 7850);
  assert.equal(value(worked, 'together'), 1_815_810);
  assert.equal(Math.round(value(worked, 'ratio')), 96_376);
});

test('Sizes counted by formula are those of the parameter calculator, and the list is in order', () => {
  const counted = {
    'BERT-base': { form: 'bert', layers: 12, width: 768, vocabulary: 30_522, context: 512 },
    'BERT-large': { form: 'bert', layers: 24, width: 1024, vocabulary: 30_522, context: 512 },
    'GPT-2': { layers: 48, width: 1600, context: 1024 },
    'GPT-3': {},
    'Mistral 7B': { form: 'llama', layers: 32, width: 4096, vocabulary: 32_000, factor: 3.5 },
    'Mixtral 8x7B': {
      form: 'llama',
      layers: 32,
      width: 4096,
      vocabulary: 32_000,
      factor: 3.5,
      experts: 8,
      chosen: 2,
    },
  };
  for (const [name, inputs] of Object.entries(counted)) {
    const listed = MODEL_SIZES.find((model) => model.name === name);
    assert.equal(listed?.parameters, value(work(parameterCount, inputs), 'total'), name);
  }
  MODEL_SIZES.slice(1).forEach(({ name, parameters }, at) => {
    assert.ok(parameters > (MODEL_SIZES[at]?.parameters ?? 0), name);
  });
  assert.equal(SIZE_RULES.length, 5);
});

test('The pictures of what training costs can be drawn at the defaults', () => {
  for (const calculator of [
    trainingCompute,
    trainingTime,
    computeOptimal,
    trainingMemory,
    attentionCost,
    definitions,
  ]) {
    const [picture] = work(calculator).views ?? [];
    assert.ok(picture !== undefined && picture.kind !== 'table');
    assert.match(drawView(picture), /<svg/);
  }
});
