/** The help desk's questions: how they are split, turned into numbers, and how answers and refusals are counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accuracyOf,
  deskScore,
  INTENTS,
  mistakesView,
  OFF_TOPIC,
  splitQuestions,
  tfIdf,
  thresholdView,
} from '../../src/datasets/questions.ts';

const NONE = INTENTS.length;

test('no question is asked under two intents, and each intent has enough of them', () => {
  const all = [...INTENTS.flatMap(({ questions }) => questions), ...OFF_TOPIC];
  assert.equal(new Set(all).size, all.length);
  for (const { name, questions } of INTENTS) assert.ok(questions.length >= 19, name);
});

test('what is learned is not asked, and the split follows the seed', () => {
  const { train, test: asked } = splitQuestions(1, 15, true);
  const learned = new Set(train.map(({ text }) => text));
  assert.deepEqual(
    asked.filter(({ text }) => learned.has(text)),
    [],
  );
  assert.equal(train.length, 15 * NONE + OFF_TOPIC.length / 2);
  assert.equal(asked.length, 4 * NONE + OFF_TOPIC.length / 2);
  assert.equal(splitQuestions(1, 3, false).train.length, 3 * NONE);
  assert.deepEqual(splitQuestions(1, 15, true), { train, test: asked });
  assert.notDeepEqual(splitQuestions(2, 15, true).test, asked);
});

test('TF-IDF is worked by hand for three short texts, has length one, and forgets the unknown', () => {
  const { size, row } = tfIdf(['慢', '慢吗', '停']);
  assert.equal(size, 4); // 慢, 吗, 慢吗, 停
  const [slow, rare] = [Math.log(3 / 2) + 1, Math.log(3) + 1];
  const length = Math.hypot(slow, rare, rare);
  const expected = [slow / length, rare / length, rare / length, 0];
  row('慢吗？').forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-12));
  assert.deepEqual(row('好'), [0, 0, 0, 0]);
  const one = tfIdf(INTENTS[0]!.questions).row('没有显卡');
  assert.ok(Math.abs(Math.hypot(...one) - 1) < 1e-12);
});

test('answers, right answers and refusals are counted by hand', () => {
  const questions = [
    { text: '一', label: 0 },
    { text: '二', label: 1 },
    { text: '三', label: 2 },
    { text: '四', label: NONE },
    { text: '五', label: NONE },
  ];
  const guesses = [
    { label: 0, sure: 0.9 },
    { label: 0, sure: 0.6 },
    { label: 2, sure: 0.4 },
    { label: 5, sure: 0.7 },
    { label: NONE, sure: 0.99 },
  ];
  assert.equal(accuracyOf(questions, guesses), 2 / 3);
  assert.deepEqual(deskScore(questions, guesses, 0.5), {
    coverage: 2 / 3,
    answeredAccuracy: 1 / 2,
    refusedAccuracy: 1 / 2,
  });
  assert.deepEqual(deskScore(questions, guesses, 1), {
    coverage: 0,
    answeredAccuracy: 0,
    refusedAccuracy: 1,
  });
  const { rows } = mistakesView(questions, guesses, 0.5);
  assert.deepEqual(
    rows.map(([text, , , , how]) => [text, how]),
    [
      ['四', '答错'],
      ['二', '答错'],
      ['三', '没答'],
    ],
  );
  const [coverage, right, refused] = thresholdView('', questions, guesses).series;
  const falls = (ys: readonly number[]) => ys.every((y, i) => i === 0 || y <= ys[i - 1]!);
  assert.ok(falls(coverage!.ys) && falls(refused!.ys.map((y) => -y)));
  assert.ok(Number.isNaN(right!.ys.at(-1)));
});
