import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { trainsRightly } from '../../src/engine/backends/parity.ts';

test('the start-up probe passes on the cpu backend and leaves no tensor', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  assert.equal(await trainsRightly(), true);
  assert.equal(tf.memory().numTensors, before);
});

for (const kernel of ['Conv2D', 'Conv2DBackpropFilter', 'BatchMatMul', 'Relu', 'Add'] as const) {
  for (const [wrong, value] of [
    ['zeros', 0],
    ['NaN', NaN],
  ] as const) {
    test(`the start-up probe fails where ${kernel} gives ${wrong}`, async () => {
      await tf.setBackend('cpu');
      const published = tf.getKernel(kernel, 'cpu');
      tf.unregisterKernel(kernel, 'cpu');
      tf.registerKernel({
        ...published,
        kernelFunc: (call) => {
          const right = published.kernelFunc(call) as tf.TensorInfo;
          return tf.fill(right.shape, value);
        },
      });
      try {
        assert.equal(await trainsRightly(), false);
      } finally {
        tf.unregisterKernel(kernel, 'cpu');
        tf.registerKernel(published);
      }
    });
  }
}
