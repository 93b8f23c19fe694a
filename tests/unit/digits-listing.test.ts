/** What the chapter says about the printed listing of document 001, against the library itself. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadDigits } from '../../src/datasets/digits.ts';

const chapter = await readFile('content/chapters/startup-battle/code.mdx', 'utf8');

/** The listing's model: images of 8 × 8, flattened, one hidden layer. */
function printedModel(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [8, 8] }),
      tf.layers.dense({ units: 128, activation: 'relu' }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  return model;
}

test('the chapter quotes the message with which the listing’s data are refused', async () => {
  await tf.setBackend('cpu');
  const model = printedModel();
  const name = model.inputs[0]!.name;
  await assert.rejects(model.fit(tf.zeros([32, 64]), tf.zeros([32])), (error: Error) => {
    const said = error.message.replace(name, 'flatten_input').replace(/\s+/g, ' ').trim();
    assert.ok(chapter.replace(/\s+/g, ' ').includes(said), said);
    return true;
  });
  await model.fit(tf.zeros([32, 8, 8]), tf.zeros([32]), { verbose: 0 });
});

test('the listing’s model has as many parameters as the chapter counts', async () => {
  await tf.setBackend('cpu');
  const count = printedModel().countParams();
  assert.equal(count, 64 * 128 + 128 + 128 * 10 + 10);
  assert.ok(chapter.includes(count.toLocaleString('en-US')), String(count));
});

test('the chapter’s class counts are those of the data set', async () => {
  const file = await readFile('public/datasets/digits/digits.bin');
  const load = () => Promise.resolve(new Uint8Array(file).buffer);
  const { labels } = await loadDigits({ load });
  const counts = Array.from({ length: 10 }, (_, d) => labels.filter((label) => label === d).length);
  assert.ok(chapter.includes(`| 张数 | ${counts.join(' | ')} |`), counts.join(' | '));
});
