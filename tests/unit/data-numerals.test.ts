/** Numbers and their Chinese names, against names spelled from the digits' text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  askedView,
  numeralInput,
  numeralSigns,
  NUMBERS,
  PLACES,
  SIGNS,
  spellNumeral,
  splitNumerals,
} from '../../src/datasets/numerals.ts';

const all = Array.from({ length: NUMBERS }, (_, number) => number);

test('every number is named by its digits, in three places, and no two alike', () => {
  const digits = '零一二三四五六七八九';
  for (const number of all) {
    const signs = numeralSigns(number);
    assert.equal(signs.length, PLACES);
    const [tens, ones] = String(number).padStart(2, '0').split('').map(Number) as [number, number];
    const expected =
      number < 10
        ? digits[ones]
        : `${tens === 1 ? '' : digits[tens]}十${ones === 0 ? '' : digits[ones]}`;
    assert.equal(spellNumeral(signs), expected);
  }
  assert.equal(new Set(all.map((number) => spellNumeral(numeralSigns(number)))).size, NUMBERS);
});

test('digits show two ones, a whole symbol shows one, a size grows with the number', () => {
  for (const number of all) {
    const digits = numeralInput(number, 'digits');
    assert.equal(digits.indexOf(1) * 10 + digits.lastIndexOf(1) - 10, number);
    assert.equal(
      digits.reduce((sum, x) => sum + x),
      2,
    );
    assert.equal(numeralInput(number, 'whole').indexOf(1), number);
    assert.deepEqual(numeralInput(number, 'size'), [number / 100]);
  }
});

test('no number is both learned and asked, and each is one of them', () => {
  for (const held of ['random', 'sevens', 'teens'] as const) {
    const { train, test: asked } = splitNumerals(5, held, 80);
    assert.deepEqual(
      [...train, ...asked].sort((a, b) => a - b),
      all,
    );
    assert.equal(asked.length, { random: 20, sevens: 10, teens: 9 }[held]);
  }
  assert.deepEqual(splitNumerals(5, 'sevens', 80).test[0], 70);
  assert.notDeepEqual(splitNumerals(1, 'random', 80).test, splitNumerals(2, 'random', 80).test);
});

test('a blank before a sign is shown and counts as wrong', () => {
  const [zero, one, ten, blank] = ['零', '一', '十', '·'].map((sign) =>
    SIGNS.indexOf(sign as (typeof SIGNS)[number]),
  ) as [number, number, number, number];
  const { rows } = askedView(
    [11, 11, 0],
    [
      [ten, one, blank],
      [blank, ten, one],
      [zero, blank, blank],
    ],
  );
  assert.deepEqual(rows, [
    [11, '十一', '十一', '对'],
    [11, '十一', '·十一', '错'],
    [0, '零', '零', '对'],
  ]);
});
