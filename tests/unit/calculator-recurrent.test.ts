/** Holds the recurrent calculators against TensorFlow.js and the audit's values. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { computeCalculator } from '../../src/calculators/compute.ts';
import rnnCell from '../../src/calculators/rnn-cell.ts';
import rnnOutput from '../../src/calculators/rnn-output.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { near, results, work } from './calculator-host.ts';

before(async () => {
  await tf.setBackend('cpu');
});

test('the cell gives the audited states with sigmoid and tanh', () => {
  const sigmoid = results(rnnCell);
  near(sigmoid('z1'), 0.46, 1e-12);
  near(sigmoid('z2'), 0.75, 1e-12);
  near(sigmoid('h1'), 0.6130141761, 1e-9);
  near(sigmoid('h2'), 0.6791786992, 1e-9);
  near(sigmoid('printed1'), 0.24, 0);
  near(sigmoid('printed2'), 0.39, 0);
  const tanh = results(rnnCell, { f: 'tanh' });
  near(tanh('h1'), 0.4300842114, 1e-9);
  near(tanh('h2'), 0.6351489524, 1e-9);
});

test('with weights 0 for the input the cell gives the reading that ignores it', () => {
  const W = [
    [0.1, 0.2, 0],
    [0.3, 0.4, 0],
  ];
  const sigmoid = results(rnnCell, { W });
  near(sigmoid('z1'), 0.21, 1e-12);
  near(sigmoid('z2'), 0.45, 1e-12);
  near(sigmoid('h1'), 0.5523079096, 1e-9);
  near(sigmoid('h2'), 0.6106392339, 1e-9);
  const tanh = results(rnnCell, { W, f: 'tanh' });
  near(tanh('h1'), 0.2069664997, 1e-9);
  near(tanh('h2'), 0.4218990053, 1e-9);
});

test('a matrix of two columns is refused with the sum that it should have had', () => {
  const W = [
    [0.1, 0.2],
    [0.3, 0.4],
  ];
  const computed = computeCalculator(rnnCell, { W });
  assert.ok(!computed.ok);
  assert.equal(computed.problems[0]?.input, 'W');
  assert.match(computed.problems[0].message, /2 \+ 1 = 3/);
  assert.throws(() => tf.matMul(tf.tensor2d(W), tf.tensor2d([[0.3], [0.4], [0.5]])), /inner/);
  for (const wrong of [{ b: [1] }, { h: [1, 2, 3] }, { Wy: [[1]] }, { by: [1, 2, 3] }]) {
    assert.ok(!computeCalculator(rnnCell, wrong).ok, JSON.stringify(wrong));
  }
});

test('a sequence of any length gives what a recurrent layer of TensorFlow.js gives', async () => {
  const random = seededRandom(8);
  for (const f of ['tanh', 'sigmoid', 'relu'] as const) {
    const [steps, inputs, units] = [6, 2, 3];
    const draw = (m: number, n: number) =>
      Array.from({ length: m }, () => Array.from(random.normals(n, 0.7)));
    const [W, X] = [draw(units, units + inputs), draw(steps, inputs)];
    const [b, h] = [draw(1, units)[0]!, draw(1, units)[0]!];
    const layer = tf.layers.simpleRNN({ units, activation: f, returnSequences: false });
    layer.apply(tf.zeros([1, steps, inputs]));
    const kernel = tf.tensor2d(W.map((row) => row.slice(units))).transpose();
    const recurrent = tf.tensor2d(W.map((row) => row.slice(0, units))).transpose();
    layer.setWeights([kernel, recurrent, tf.tensor1d(b)]);
    const out = layer.apply(tf.tensor3d([X]), { initialState: [tf.tensor2d([h])] }) as tf.Tensor;
    const Wy = [[1, 0, 0]];
    const of = results(rnnCell, { W, X, b, h, f, Wy, by: [0] });
    (await out.data()).forEach((value, i) => near(of(`last${i + 1}`), value, 1e-5, f));
  }
});

test('what is left of the first state is what differences give', () => {
  const step = 1e-6;
  for (const f of ['sigmoid', 'tanh', 'relu', 'linear'] as const) {
    for (const X of [[[0.5]], [[0.5], [1], [-0.5], [0]], [[-2], [-1], [0.3]]]) {
      const end = (h: number[]) => {
        const of = results(rnnCell, {
          X,
          f,
          h,
          Wy: [
            [1, 0],
            [0, 1],
          ],
          by: [0, 0],
        });
        return X.length === 1 ? [of('h1'), of('h2')] : [of('last1'), of('last2')];
      };
      const moved = [0, 1].map((j) => {
        const [up, down] = [1, -1].map((side) =>
          end([0.3, 0.4].map((h, i) => h + (i === j ? side * step : 0))),
        );
        return up!.map((value, i) => Math.abs((value - down![i]!) / (2 * step)));
      });
      const rows = [0, 1].map((i) => moved[0]![i]! + moved[1]![i]!);
      near(results(rnnCell, { X, f })('memory'), Math.max(...rows), 1e-7, `${f} ${X.length}`);
    }
  }
});

test('a state that grows without bound is refused instead of shown as infinity', () => {
  const X = Array.from({ length: 32 }, () => [1]);
  const W = [
    [100, 100, 1],
    [100, 100, 1],
  ];
  const linear = computeCalculator(rnnCell, { W, X, f: 'relu' });
  if (linear.ok) {
    for (const { value } of Object.values(linear.worked.results)) assert.ok(Number.isFinite(value));
  }
  const huge = X.map(() => [100]);
  const wide = Array.from({ length: 32 }, () => Array.from({ length: 33 }, () => 100));
  const ones = wide.map(() => 1);
  const over = { W: wide, b: ones, h: ones, X: huge, f: 'linear', Wy: [ones], by: [0] };
  assert.ok(!computeCalculator(rnnCell, over).ok);
});

test('the output layer gives the audited values beside the printed ones', () => {
  const of = results(rnnOutput);
  near(of('z1'), 0.27, 1e-12);
  near(of('z2'), 0.59, 1e-12);
  near(of('y1'), 0.567092905, 1e-9);
  near(of('y2'), 0.6433651457, 1e-9);
  near(of('zPrinted1'), 0.45, 0);
  near(of('yPrinted1'), 0.6106392339, 1e-9);
  near(of('yPrinted2'), 0.6547534606, 1e-9);
  const softmax = results(rnnOutput, { f: 'softmax' });
  near(softmax('y1') + softmax('y2'), 1, 1e-12);
  assert.ok(!('zPrinted1' in work(rnnOutput, { h: [0.6, 0.6] }).results));
  assert.ok(!computeCalculator(rnnOutput, { h: [1] }).ok);
});
