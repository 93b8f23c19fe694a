/** What the starred rows promise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/datasets/random.ts';
import {
  describeTokens,
  DIGITS,
  drawRows,
  readRow,
  tokenText,
} from '../../src/datasets/starred.ts';
import { weightsView } from '../../src/datasets/starred.ts';

test('every row has one star, and the three questions have their answers', () => {
  for (const question of ['starred', 'first', 'most'] as const) {
    const { rows, answers } = drawRows(seededRandom(3), 50, 12, question);
    rows.forEach((row, i) => {
      const text = row.map(tokenText);
      assert.equal(text.filter((word) => word.startsWith('*')).length, 1);
      const digits = text.map((word) => Number(word.replace('*', '')));
      const count = (digit: number) => digits.filter((other) => other === digit).length;
      const answer = answers[i] ?? -1;
      if (question === 'starred') assert.ok(text.includes(`*${answer}`));
      else if (question === 'first') assert.equal(answer, digits[0]);
      else assert.ok(digits.every((digit) => count(digit) <= count(answer)));
    });
  }
});

test('a token is described by its digit and its star', () => {
  const features = describeTokens([[2, DIGITS + 7]]);
  assert.deepEqual(features, [
    [0, 0, 1, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 1, 1],
  ]);
});

test('a typed row is read, and anything else is not', () => {
  assert.deepEqual(readRow(' 3 *1，4、0 '), [3, DIGITS + 1, 4, 0]);
  for (const text of ['', '8', '3 x', '3*', '**1', '12']) assert.equal(readRow(text), undefined);
});

test('the largest weight has the fullest colour', () => {
  const { tokens } = weightsView('', [1, DIGITS + 2], [0.2, 0.8]);
  assert.deepEqual(
    tokens.map(({ text, value, note }) => [text, value, note]),
    [
      ['1', 0.25, '0.20'],
      ['*2', 1, '0.80'],
    ],
  );
});
