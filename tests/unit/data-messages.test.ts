/** What the customers' messages and the rows of digits promise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeAll,
  encodeMessage,
  MESSAGES_LONGEST,
  PAIRS,
  readingView,
  readVocabulary,
  splitMessages,
} from '../../src/datasets/messages.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { dependencyView, drawSequences, largestShift } from '../../src/datasets/token-sequences.ts';

const texts = PAIRS.flat().map(({ text }) => text);

test('messages come in pairs of a praise and a complaint, all different, none too long', () => {
  assert.equal(new Set(texts).size, 2 * PAIRS.length);
  assert.equal(Math.max(...texts.map((text) => [...text].length)), MESSAGES_LONGEST);
  for (const [praise, complaint] of PAIRS)
    assert.deepEqual([praise.label, complaint.label], [1, 0]);
});

test('every message is on one side of a split, and pairs stay together or are parted', () => {
  for (const way of ['together', 'apart'] as const) {
    const { train, test: held } = splitMessages(4, way);
    assert.deepEqual(new Set([...train, ...held].map(({ text }) => text)), new Set(texts));
    assert.equal(train.length + held.length, texts.length);
    const learnt = new Set(train.map(({ text }) => text));
    const parted = PAIRS.filter(([a, b]) => learnt.has(a.text) !== learnt.has(b.text)).length;
    assert.equal(parted, way === 'together' ? 0 : held.length);
    assert.ok(Math.abs(held.length / texts.length - 1 / 4) < 0.01);
  }
});

test('characters seen once count as rare, and a row is filled up or cut', () => {
  const messages = ['好好用', '不好用'].map((text) => ({ text, label: 1 as const }));
  const vocabulary = readVocabulary(messages);
  assert.deepEqual(vocabulary.slice(2), ['好', '用']);
  assert.deepEqual(encodeMessage(vocabulary, '不好用', 5), [1, 2, 3, 0, 0]);
  assert.deepEqual(encodeMessage(vocabulary, '不好用', 2), [1, 2]);
  const { ends } = encodeAll(vocabulary, messages, { length: 5, answer: 'end' });
  assert.deepEqual(ends, [2, 2]);
  assert.deepEqual(encodeAll(vocabulary, messages, { length: 5, answer: 'padded' }).ends, [4, 4]);
});

test('a reading marks characters that the model does not know', () => {
  const view = readingView(['▢', '□', '好'], '好坏', [0.75, 0.25], 1);
  assert.deepEqual(
    view.tokens.map(({ text }) => text),
    ['好', '坏?'],
  );
  assert.ok(view.title.startsWith('骂'));
});

test('a row of digits is labelled by the digit at its place, and half of them are large', () => {
  const { rows, labels } = drawSequences(seededRandom(2), 2000, 7, 3);
  rows.forEach((row, i) => {
    assert.equal(row.length, 7);
    assert.equal(labels[i], (row[3] ?? 0) >= 5 ? 1 : 0);
  });
  const large = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  assert.ok(Math.abs(large - 0.5) < 0.04);
});

test('answers that only changed places did not shift', () => {
  assert.equal(largestShift([1, 2, 3], [3, 1, 2], [2, 0, 1]), 0);
  assert.equal(largestShift([1, 2, 3], [3, 1, 2.5], [2, 0, 1]), 0.5);
});

test('a picture of dependencies adds up to a hundred percent', () => {
  const { values } = dependencyView('', [
    [0, 1],
    [3, 4],
  ]);
  assert.deepEqual(values, [
    [0, 13],
    [38, 50],
  ]);
});
