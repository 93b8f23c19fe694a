/** Holds the layer calculators against TensorFlow.js layers and the audit's values. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { computeCalculator } from '../../src/calculators/compute.ts';
import denseLayer from '../../src/calculators/dense-layer.ts';
import softmaxLayer from '../../src/calculators/softmax-layer.ts';
import weightShapes from '../../src/calculators/weight-shapes.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import type { AnyCalculator } from '../../src/contract/calculator.ts';
import { near, results, work } from './calculator-host.ts';

before(async () => {
  await tf.setBackend('cpu');
});

const RELU = {
  W: [
    [-0.5, 0.2],
    [0.3, -0.4],
  ],
  x: [-0.5, 1],
  f: 'relu',
};

function holds(calculator: AnyCalculator, inputs: object, expected: Record<string, number>): void {
  const of = results(calculator, { ...inputs });
  for (const [name, value] of Object.entries(expected)) near(of(name), value, 1e-9, name);
}

const problemOf = (calculator: AnyCalculator, inputs: object) => {
  const computed = computeCalculator(calculator, { ...inputs });
  return computed.ok ? undefined : computed.problems[0];
};

test('the sigmoid layer gives the audited values beside the printed ones', () => {
  holds(
    denseLayer,
    {},
    {
      z1: 0.35,
      z2: 0.75,
      h1: 0.5866175789173301,
      h2: 0.679178699175393,
      zPrinted1: 0.45,
      hPrinted1: 0.610639233949222,
    },
  );
  const { results: shown } = work(denseLayer);
  assert.ok(!('zPrinted2' in shown) && !('hPrinted2' in shown), 'the second number is right');
});

test('the ReLU layer gives the audited values beside the printed ones', () => {
  holds(denseLayer, RELU, {
    z1: 0.55,
    z2: -0.35,
    h1: 0.55,
    h2: 0,
    zPrinted1: 0.35,
    zPrinted2: 0.45,
    hPrinted1: 0,
    hPrinted2: 0.45,
  });
});

test('the tanh layer gives the audited values beside the printed ones', () => {
  holds(
    denseLayer,
    { f: 'tanh' },
    {
      h1: 0.3363755443363322,
      h2: 0.6351489523872873,
      hPrinted1: 0.5174,
      hPrinted2: 0.6881,
    },
  );
});

test('the printed values stand only beside the numbers they were printed for', () => {
  for (const inputs of [{ x: [0.5, 2] }, { b: [0, 0] }, { f: 'linear' }, { ...RELU, f: 'tanh' }]) {
    const names = Object.keys(work(denseLayer, inputs).results);
    assert.ok(
      names.every((name) => !name.includes('Printed')),
      JSON.stringify(inputs),
    );
  }
});

test('two layers give what two layers of TensorFlow.js give', async () => {
  const random = seededRandom(4);
  for (const [f, f2] of [
    ['relu', 'softmax'],
    ['tanh', 'linear'],
    ['sigmoid', 'tanh'],
    ['linear', 'relu'],
  ] as const) {
    const draw = (m: number, n: number) =>
      Array.from({ length: m }, () => Array.from(random.normals(n)));
    const [W, W2, b, b2, x] = [draw(5, 3), draw(4, 5), draw(1, 5)[0]!, draw(1, 4)[0]!, draw(1, 3)];
    const layer = (weights: number[][], bias: number[], activation: 'relu') => {
      const dense = tf.layers.dense({ units: bias.length, activation });
      dense.build([null, weights[0]!.length]);
      dense.setWeights([tf.tensor2d(weights).transpose(), tf.tensor1d(bias)]);
      return dense;
    };
    const [first, second] = [layer(W, b, f as 'relu'), layer(W2, b2, f2 as 'relu')];
    const out = second.apply(first.apply(tf.tensor2d(x))) as tf.Tensor;
    const of = results(denseLayer, { W, W2, b, b2, x: x[0], f, f2 });
    (await out.data()).forEach((value, i) => near(of(`y${i + 1}`), value, 1e-5, `${f} ${f2}`));
  }
});

test('shapes that do not meet are refused at their own cell, with both lengths named', () => {
  const three = problemOf(denseLayer, { x: [1, 2, 3] });
  assert.equal(three?.input, 'x');
  assert.match(three.message, /2×2.*3 个数/);
  assert.equal(problemOf(denseLayer, { b: [1] })?.input, 'b');
  assert.equal(problemOf(denseLayer, { W: [[1, 2]], b: [1] })?.input, 'W2');
  assert.equal(problemOf(denseLayer, { b2: [1, 2, 3] })?.input, 'b2');
  assert.equal(problemOf(softmaxLayer, { x: [1] })?.input, 'x');
});

test('softmax gives the audited values, and the same ones when a constant is added', () => {
  const right = { y1: 0.45512110762641994, y2: 0.5448788923735801 };
  holds(
    softmaxLayer,
    {},
    { ...right, z1: 0.145, z2: 0.325, bare: 0.549833997312478, printed2: 0.6226 },
  );
  for (const c of [-1000, 3, 1000]) holds(softmaxLayer, { c }, right);
  assert.ok(!('printed1' in work(softmaxLayer, { c: 1 }).results));
});

test('two scores that differ by 0.2 and 0.5 give the audited shares, and one score alone gives 1', () => {
  near(results(softmaxLayer)('pair'), 0.5498339973, 1e-9);
  near(results(softmaxLayer, { gap: 0.5 })('pair'), 0.6224593312, 1e-9);
  near(results(softmaxLayer, { gap: 0.5006 })('pair'), 0.6226, 1e-5);
  assert.equal(results(softmaxLayer, { W: [[0.1, 0.2]] })('y1'), 1);
});

test('shapes and counts are those of TensorFlow.js layers', () => {
  for (const [kind, inputs, units] of [
    ['dense', 50, 100],
    ['rnn', 1, 2],
    ['rnn', 7, 5],
    ['lstm', 3, 4],
  ] as const) {
    const layer =
      kind === 'dense'
        ? tf.layers.dense({ units })
        : kind === 'rnn'
          ? tf.layers.simpleRNN({ units })
          : tf.layers.lstm({ units });
    layer.apply(tf.zeros(kind === 'dense' ? [1, inputs] : [1, 6, inputs]));
    const shapes = layer.getWeights().map((weight) => `[${weight.shape.join(', ')}]`);
    const worked = work(weightShapes, { kind, inputs, units });
    const [table] = worked.views ?? [];
    assert.ok(table?.kind === 'table');
    assert.deepEqual(
      table.rows.map((row) => row[2]),
      shapes,
    );
    assert.equal(
      worked.results['total']?.value,
      layer.getWeights().reduce((sum, { size }) => sum + size, 0),
    );
  }
});
