/** What the examples' generators and image features promise. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { choice, number } from '../../src/contract/params.ts';
import { blur, centre, holes, KNOWLEDGE, place } from '../../src/datasets/digit-features.ts';
import { fitDrawing } from '../../src/datasets/drawn-digit.ts';
import { moveDigits, shift, turn } from '../../src/datasets/moved-digits.ts';
import { confusionView, curvesView, imagesView, trailsView } from '../../src/datasets/pictures.ts';
import { FILMS, makeRatings, PEOPLE } from '../../src/datasets/ratings.ts';
import { makeReviews } from '../../src/datasets/reviews.ts';
import { makeTones, TONE_SAMPLES, TONE_WAVES } from '../../src/datasets/tones.ts';

/** An image from rows of `#` (ink) and other characters (paper). */
const picture = (...rows: string[]): number[] =>
  rows.flatMap((row) => Array.from(row, (c) => Number(c === '#')));
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

describe('makeReviews', () => {
  const reviews = makeReviews(1, 600);
  it('gives as many different sentences as asked for, the same for the same seed', () => {
    assert.equal(new Set(reviews.map(({ text }) => text)).size, 600);
    assert.deepEqual(reviews, makeReviews(1, 600));
    assert.notDeepEqual(reviews, makeReviews(2, 600));
  });
  it('flips the label of a word when the word is negated', () => {
    for (const { text, label, negated } of reviews) {
      const good = /好吃|可口|新鲜|地道|热情|周到|细心|干净|安静|宽敞|实惠|公道|划算/.test(text);
      assert.equal(label === 1, good !== negated, text);
    }
  });
  it('negates about a quarter and praises about half', () => {
    const negated = sum(reviews.map((review) => Number(review.negated))) / 600;
    const praised = sum(reviews.map((review) => review.label)) / 600;
    assert.ok(Math.abs(negated - 0.25) < 0.06, String(negated));
    assert.ok(Math.abs(praised - 0.5) < 0.08, String(praised));
  });
});

describe('makeTones', () => {
  it('repeats each tone as often as it says, and starts at zero when aligned', () => {
    const { waves, labels } = makeTones(1, 8, 0, false);
    assert.deepEqual([...labels], [0, 1, 2, 3, 0, 1, 2, 3]);
    for (let i = 0; i < 4; i++) {
      const wave = waves.subarray(i * TONE_SAMPLES, (i + 1) * TONE_SAMPLES);
      const [cos, sin] = [Math.cos, Math.sin].map((f) =>
        sum(wave.map((v, t) => v * f((2 * Math.PI * TONE_WAVES[i]! * t) / TONE_SAMPLES))),
      );
      assert.ok(Math.abs(sin! - TONE_SAMPLES / 2) < 1e-3 && Math.abs(cos!) < 1e-3);
    }
  });
});

describe('makeRatings', () => {
  it('knows the share asked for, and holds out a fifth of the cells, none of them known', () => {
    const { truth, known, heldOut } = makeRatings(3, 0.3);
    assert.equal(truth.length, PEOPLE * FILMS);
    assert.equal(sum(known), 0.3 * truth.length);
    assert.equal(sum(heldOut), truth.length / 5);
    assert.ok(known.every((value, i) => value * heldOut[i]! === 0));
  });
});

describe('features of digits', () => {
  const zero = picture('.###.', '.#.#.', '.#.#.', '.###.', '.....');
  it('counts the holes of a ring, of two rings, and of a stroke', () => {
    assert.equal(holes(zero, 5), 1);
    assert.equal(holes(picture('#####', '#.#.#', '#####', '.....', '.....'), 5), 2);
    assert.equal(holes(picture('..#..', '..#..', '..#..', '.....', '.....'), 5), 0);
    assert.equal(holes(picture('#####', '#...#', '#...#', '#...#', '#####'), 5), 1);
  });
  it('brings an image to the same place wherever it was put', () => {
    const a = centre(place(zero, 5, 12, 0, 1), 12);
    assert.deepEqual(centre(place(zero, 5, 12, 6, 4), 12), a);
    assert.equal(sum(a), sum(zero));
  });
  it('keeps the ink of an inner pixel when it blurs', () => {
    const dot = picture('.....', '.....', '..#..', '.....', '.....');
    const soft = blur(dot, 5);
    assert.equal(sum(soft), 1);
    assert.equal(soft[12], 0.25);
    assert.equal(soft[6], 0.0625);
  });
});

describe('moveDigits', () => {
  const image = Float32Array.from({ length: 64 }, (_, i) => i);
  const digits = { count: 1, images: image, labels: Int32Array.of(4) };
  it('shifts right and down, with paper coming in', () => {
    const { images, labels } = moveDigits(digits, () => shift(1, 2));
    assert.equal(images[2 * 8 + 1], image[0]);
    assert.equal(images[7 * 8 + 7], image[5 * 8 + 6]);
    assert.equal(sum(images.subarray(0, 16)), 0);
    assert.deepEqual(labels, digits.labels);
  });
  it('turns by half a turn, twice is nothing', () => {
    const once = moveDigits(digits, () => turn);
    assert.equal(once.images[0], image[63]);
    assert.deepEqual(moveDigits(once, () => turn).images, image);
  });
});

describe('fitDrawing', () => {
  const seven = picture('######', '....##', '...##.', '..##..', '..##..', '.##...');
  it('refuses an empty board', () => {
    assert.equal(fitDrawing(new Array<number>(576).fill(0), 24, 24), undefined);
  });
  it('does not care where on the board a digit is drawn', () => {
    const here = fitDrawing(place(seven, 6, 24, 1, 2), 24, 24);
    assert.deepEqual(fitDrawing(place(seven, 6, 24, 15, 11), 24, 24), here);
  });
  it('fills the eight rows and keeps ink between 0 and 1', () => {
    const fitted = fitDrawing(place(seven, 6, 24, 9, 9), 24, 24)!;
    assert.ok(sum(fitted.subarray(0, 8)) > 0 && sum(fitted.subarray(56)) > 0);
    assert.ok(fitted.every((ink) => ink >= 0 && ink <= 1));
  });
});

describe('pictures', () => {
  it('counts each digit in the row it is and the column it was taken for', () => {
    const { values } = confusionView('', [3, 3, 8], [3, 5, 8]);
    assert.equal(values[3]![3], 1);
    assert.equal(values[3]![5], 1);
    assert.equal(values[8]![8], 1);
    assert.equal(sum(values.map((row) => sum(row))), 3);
  });
  it('shows at most 20 images', () => {
    const images = Array.from({ length: 30 }, (_, i) => ({ pixels: [0], caption: String(i) }));
    assert.deepEqual(imagesView('', 1, images).images, images.slice(0, 20));
  });
  it('cuts a row of values into one curve for each label', () => {
    const { series } = curvesView('', '', ['a', 'b'], [1, 2, 3, 4, 5, 6], [1, 3]);
    assert.deepEqual(series[1], { label: 'b', xs: [1, 2, 3], ys: [4, 5, 6] });
  });
  it('draws long trails with at most 52 places, the first and the last among them', () => {
    const trail = Array.from({ length: 1001 }, (_, t) => [t, -t]);
    const window = { x: [0, 1], y: [0, 1], columns: 1, rows: 1 } as const;
    const [path] = trailsView('', window, [0.12345], ['a'], trail).paths!;
    assert.ok(path!.xs.length <= 52, String(path!.xs.length));
    assert.equal(path!.xs[0], 0);
    assert.equal(path!.xs.at(-1), 1000);
    assert.equal(path!.ys.at(-1), -1000);
  });
});

describe('KNOWLEDGE', () => {
  const ring = picture('.###.', '.#.#.', '.#.#.', '.###.', '.....');
  it('adds three numbers for the holes, the one of their count being 1', () => {
    assert.deepEqual(KNOWLEDGE.holes(ring, 5), [...ring, 0, 1, 0]);
  });
  it('doubles the features with a blurred image, and keeps their number when it centres', () => {
    assert.deepEqual(KNOWLEDGE.blur(ring, 5), [...ring, ...blur(ring, 5)]);
    assert.equal(KNOWLEDGE.centre(ring, 5).length, ring.length);
  });
});

describe('parameters in one line', () => {
  it('are the same as written out', () => {
    assert.deepEqual(number('步数', 4, [1, 9]), {
      ...{ kind: 'number', label: '步数', default: 4, min: 1, max: 9, step: 1 },
    });
    assert.deepEqual(number('学习率', 0.1, [0.01, 1], 0.01, 'log'), {
      ...{ kind: 'number', label: '学习率', default: 0.1, min: 0.01, max: 1, step: 0.01 },
      scale: 'log',
    });
    const options = { a: '甲', b: '乙' };
    assert.deepEqual(choice('选', 'b', options), {
      ...{ kind: 'choice', label: '选', default: 'b', options },
    });
  });
});
