/** What the generators of the domain examples promise: DNA, prices, cloth. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  encode,
  filterView,
  firingView,
  LENGTH,
  LETTERS,
  makeSequences,
  readLetters,
} from '../../src/datasets/dna.ts';
import {
  bestAccuracy,
  earnings,
  earningsView,
  LOOKBACK,
  readMoves,
  walkDays,
} from '../../src/datasets/price-walk.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { clothViews, flawAuc, makeCloth, pieceErrors, PIXELS } from '../../src/datasets/weave.ts';

const spell = (letters: readonly number[]): string => letters.map((l) => LETTERS[l]).join('');

describe('makeSequences', () => {
  const hiding = { word: 'TATAAT', mutation: 0, fixed: false };
  const { letters, labels } = makeSequences(600, hiding, seededRandom(1));
  const texts = letters.map(spell);
  it('hides the word in every other sequence, at any place, and in no other', () => {
    const places = new Set<number>();
    texts.forEach((text, i) => {
      assert.equal(text.length, LENGTH);
      if (labels[i]) places.add(text.indexOf('TATAAT'));
    });
    assert.ok(!places.has(-1));
    assert.ok(places.size >= LENGTH - 6, `${places.size} places`);
    assert.ok(texts.every((text, i) => labels[i] === 1 || !text.includes('TATAAT')));
  });
  it('gives both classes the same letters on the average', () => {
    const share = (label: number): number => {
      const own = texts.filter((_, i) => labels[i] === label).join('');
      return [...own].filter((letter) => letter === 'T').length / own.length;
    };
    assert.ok(Math.abs(share(0) - share(1)) < 0.02);
  });
  it('keeps the word in the middle when told to, and garbles it by the chance given', () => {
    const fixed = makeSequences(
      400,
      { word: 'CACGTG', mutation: 0.2, fixed: true },
      seededRandom(2),
    );
    const marked = fixed.letters.filter((_, i) => fixed.labels[i]).map(spell);
    const kept = marked.map(
      (text) => [...text.slice(17, 23)].filter((c, i) => c === 'CACGTG'[i]).length,
    );
    const share = kept.reduce((a, b) => a + b) / (6 * marked.length);
    assert.ok(Math.abs(share - (1 - 0.2 * 0.75)) < 0.03, String(share));
  });
  it('is coded one-hot, and short ones end in zeros', () => {
    const codes = encode([[0, 3]], 3);
    assert.deepEqual([...codes], [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });
});

describe('the reader of DNA', () => {
  it('takes A, C, G, T in any case and refuses every other character', () => {
    assert.deepEqual(readLetters(' ac gT\n'), [0, 1, 2, 3]);
    for (const text of ['ACGU', 'ACGN', 'AC-GT', '你好'])
      assert.equal(readLetters(text), undefined);
  });
  it('shows the word that the strongest filter wants, also when its effect is negative', () => {
    const want = [3, 0, 3, 0, 0, 3]; // TATAAT
    const strong = want.flatMap((l) => [0, 1, 2, 3].map((other) => (other === l ? -2 : 0)));
    const filters = strong.flatMap((weight, i) => [i % 3, weight]);
    assert.match(filterView(filters, [0.1, -1]).title, /TATAAT/);
  });
  it('tints the letters under the best window most', () => {
    const { tokens } = firingView('', [0, 1, 2, 3, 0, 1], [0, 5, 1], 4);
    assert.deepEqual(
      tokens.map(({ value }) => value),
      [0, 1, 1, 1, 1, 0.2],
    );
    assert.equal(tokens[1]?.note, '起');
  });
});

describe('walkDays', () => {
  it('makes moves whose correlation with the day before is the signal', () => {
    for (const signal of [0, 0.3, -0.6]) {
      const { before, moves, count } = walkDays(20000, signal, false, seededRandom(3));
      let [xy, xx] = [0, 0];
      for (let day = 0; day < count; day++) {
        const last = before[day * LOOKBACK + LOOKBACK - 1] ?? 0;
        xy += last * (moves[day] ?? 0);
        xx += last * last;
      }
      assert.ok(Math.abs(xy / xx - signal) < 0.03, `${signal}: ${xy / xx}`);
    }
  });
  it('has the best accuracy that the formula says, for whoever knows the signal', () => {
    for (const signal of [0, 0.1, 0.3, -0.6, 0.9]) {
      const { before, moves, count } = walkDays(40000, signal, false, seededRandom(4));
      let right = 0;
      for (let day = 0; day < count; day++) {
        const guess = signal * (before[day * LOOKBACK + LOOKBACK - 1] ?? 0);
        right += Number(guess > 0 === (moves[day] ?? 0) > 0);
      }
      assert.ok(Math.abs(right / count - bestAccuracy(signal)) < 0.01, String(signal));
    }
  });
  it('leaks a third of the answer when smoothed, and shows the days before each move otherwise', () => {
    const plain = walkDays(50, 0, false, seededRandom(5));
    const leaky = walkDays(50, 0, true, seededRandom(5));
    assert.deepEqual(plain.moves, leaky.moves);
    for (let day = 1; day < 40; day++) {
      const last = day * LOOKBACK + LOOKBACK - 1;
      const [two, one] = [plain.before[last - 1] ?? 0, plain.before[last] ?? 0];
      assert.equal(one, plain.moves[day - 1]);
      assert.ok(
        Math.abs((leaky.before[last] ?? 0) - (two + one + (plain.moves[day] ?? 0)) / 3) < 1e-6,
      );
    }
  });
});

describe('earnings', () => {
  it('adds moves on the guessed side and takes the fee twice for each change of sides', () => {
    const sums = earnings([1, 2, -3, 4], [1, 1, -1, -1], 0.1);
    [1, 3, 5.8, 1.8].forEach((want, i) => assert.ok(Math.abs((sums[i] ?? NaN) - want) < 1e-12));
  });
  it('are drawn with at most a hundred points, and texts other than 涨 and 跌 are refused', () => {
    const view = earningsView({ a: Array.from({ length: 2000 }, (_, i) => i) });
    assert.ok((view.series[0]?.xs.length ?? 0) <= 100);
    const moves = readMoves('涨 跌跌');
    assert.ok(moves && moves.length === 3 && moves[0] === -(moves[1] ?? 0) && (moves[0] ?? 0) > 0);
    for (const text of ['涨x', '升跌', '1']) assert.equal(readMoves(text), undefined);
  });
});

describe('makeCloth', () => {
  const shape = { noise: 0, strength: 0.3 };
  it('repeats every four threads in both directions when there is neither noise nor flaw', () => {
    const { pixels } = makeCloth(20, false, shape, seededRandom(6));
    for (let i = 0; i < 20 * PIXELS; i++) {
      const [x, y] = [i % 16, Math.floor(i / 16) % 16];
      if (x < 12) assert.ok(Math.abs((pixels[i] ?? 0) - (pixels[i + 4] ?? 0)) < 1e-6);
      if (y < 12) assert.ok(Math.abs((pixels[i] ?? 0) - (pixels[i + 64] ?? 0)) < 1e-6);
    }
  });
  it('changes few pixels by a flaw: a scratch at most 7, a missing thread 16, a spot 9', () => {
    const good = makeCloth(3, false, shape, seededRandom(7));
    for (const [kind, most] of [7, 16, 9].entries()) {
      // Drawn from the same seed, the first piece has the same weave before it is damaged.
      const pieces = Array.from({ length: kind + 1 }, () => 0);
      const bad = makeCloth(pieces.length, true, shape, seededRandom(8));
      assert.equal(bad.flaws[kind], kind + 1);
      const piece = bad.pixels.slice(kind * PIXELS, (kind + 1) * PIXELS);
      const repeats = Array.from(piece, (value, i) => {
        const [x, y] = [i % 16, Math.floor(i / 16)];
        const same = [0, 1, 2, 3].flatMap((b) =>
          [0, 1, 2, 3].map((a) => piece[((y % 4) + 4 * b) * 16 + (x % 4) + 4 * a] ?? 0),
        );
        same.sort((a, b) => a - b);
        return Math.abs(value - ((same[7] ?? 0) + (same[8] ?? 0)) / 2) > 0.05;
      });
      const changed = repeats.filter(Boolean).length;
      assert.ok(changed > 0 && changed <= most, `${kind}: ${changed}`);
    }
    assert.ok(good.flaws.every((flaw) => flaw === 0));
  });
  it('scores pieces by their mean error, and shows six flawed and three good ones', () => {
    const errors = Float32Array.from({ length: 2 * PIXELS }, (_, i) => (i < PIXELS ? 1 : 3));
    assert.deepEqual(pieceErrors(errors), [1, 3]);
    assert.equal(flawAuc(errors.slice(PIXELS), errors.slice(0, PIXELS)), 1);
    const [good, bad] = [
      makeCloth(9, false, shape, seededRandom(1)),
      makeCloth(9, true, shape, seededRandom(2)),
    ];
    const views = clothViews(bad, bad.pixels, good, good.pixels);
    const counts = views.map((view) => (view.kind === 'images' ? view.images.length : 0));
    assert.deepEqual(counts, [6, 3, 0]);
  });
});
