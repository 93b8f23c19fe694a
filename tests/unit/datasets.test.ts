/** The datasets: seeded chance, the files' checksums, the loaders' shapes and their refusals. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { loadDigits, pickDigits } from '../../src/datasets/digits.ts';
import { loadIris } from '../../src/datasets/iris.ts';
import { CANCER_FEATURES, loadBreastCancer } from '../../src/datasets/breast-cancer.ts';
import { cellCentres, planePicture, twoMoons, twoSpirals } from '../../src/datasets/moons.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { loadTable } from '../../src/datasets/table.ts';
import { loadWine } from '../../src/datasets/wine.ts';

const folder = new URL('../../public/datasets/', import.meta.url);
const disk = {
  load: async (path: string): Promise<ArrayBuffer> =>
    Uint8Array.from(await readFile(new URL(path, folder))).buffer,
};
const short = { load: (): Promise<ArrayBuffer> => Promise.resolve(new ArrayBuffer(7)) };
const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

describe('seededRandom', () => {
  it('gives the same draws for the same seed and others for another', () => {
    const draws = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 50 }, () => random.uniform());
    };
    assert.deepEqual(draws(7), draws(7));
    assert.notDeepEqual(draws(7), draws(8));
  });

  it('draws uniform numbers with mean 1/2 and variance 1/12 inside [0, 1)', () => {
    const random = seededRandom(1);
    const u = Array.from({ length: 100_000 }, () => random.uniform());
    const mean = u.reduce((sum, x) => sum + x, 0) / u.length;
    const variance = u.reduce((sum, x) => sum + (x - mean) ** 2, 0) / u.length;
    assert.ok(u.every((x) => x >= 0 && x < 1));
    assert.ok(Math.abs(mean - 0.5) < 0.005, `mean ${mean}`);
    assert.ok(Math.abs(variance - 1 / 12) < 0.001, `variance ${variance}`);
  });

  it('draws normal numbers with mean 0, variance 1 and 68.3 % within one deviation', () => {
    const z = seededRandom(2).normals(100_000);
    const mean = z.reduce((sum, x) => sum + x, 0) / z.length;
    const variance = z.reduce((sum, x) => sum + (x - mean) ** 2, 0) / z.length;
    const within = z.filter((x) => Math.abs(x) < 1).length / z.length;
    assert.ok(Math.abs(mean) < 0.02, `mean ${mean}`);
    assert.ok(Math.abs(variance - 1) < 0.02, `variance ${variance}`);
    assert.ok(Math.abs(within - 0.6827) < 0.01, `within ${within}`);
  });

  it('reaches every whole number below n about equally often', () => {
    const random = seededRandom(3);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.integer(6)]! += 1;
    assert.ok(
      counts.every((count) => Math.abs(count - 10_000) < 500),
      String(counts),
    );
  });

  it('shuffles without losing an item or touching its argument', () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    const shuffled = seededRandom(4).shuffle(items);
    assert.deepEqual(sorted(shuffled), items);
    assert.notDeepEqual(shuffled, items);
    assert.deepEqual(sorted(seededRandom(5).permutation(30)), items.slice(0, 30));
  });
});

describe('dataset files', () => {
  for (const [path, bytes] of [
    ['digits/digits.bin', 116_805],
    ['wine/wine.csv', 11_302],
    ['iris/iris.csv', 2_634],
    ['breast-cancer/breast-cancer.csv', 120_380],
  ] as const) {
    it(`${path} has its size and the SHA-256 that its README states`, async () => {
      const content = await readFile(new URL(path, folder));
      const readme = await readFile(new URL(`${path.split('/')[0]}/README.md`, folder), 'utf8');
      assert.equal(content.length, bytes);
      const sum = createHash('sha256').update(content).digest('hex');
      assert.ok(readme.includes(sum), `README lacks ${sum}`);
    });
  }
});

describe('loadDigits', () => {
  it('gives 1 797 images of 64 pixels from 0 to 1, and labels of ten classes', async () => {
    const digits = await loadDigits(disk);
    assert.equal(digits.images.length, 1797 * 64);
    assert.equal(digits.labels.length, 1797);
    assert.equal(Math.min(...digits.images.subarray(0, 6400)), 0);
    assert.equal(Math.max(...digits.images.subarray(0, 6400)), 1);
    const counts = new Array<number>(10).fill(0);
    for (const label of digits.labels) counts[label]! += 1;
    assert.deepEqual(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  it('splits them into 1 438 and 359 that share no row, the same way each time', async () => {
    const first = await loadDigits(disk);
    const second = await loadDigits(disk);
    assert.deepEqual([first.train.count, first.test.count], [1438, 359]);
    assert.deepEqual(first.test.images, second.test.images);
    const both = [...first.train.labels, ...first.test.labels];
    assert.deepEqual(sorted(both), sorted([...first.labels]));
    const ink = (images: Float32Array): number => images.reduce((sum, x) => sum + x, 0);
    assert.equal(ink(first.train.images) + ink(first.test.images), ink(first.images));
  });

  it('refuses a file of another length, naming it and the expected size', async () => {
    await assert.rejects(loadDigits(short), /digits\/digits\.bin: 7 bytes, expected 116805/);
  });

  it('refuses to pick a row that does not exist', async () => {
    const digits = await loadDigits(disk);
    assert.throws(() => pickDigits(digits, [1797]), /no digit 1797: there are 1797/);
  });
});

it('the biopsies are 212 malignant and 357 benign, and the malignant ones are larger', async () => {
  const { count, x, labels, features, train, test: held } = await loadBreastCancer(disk);
  assert.deepEqual([count, features.length, CANCER_FEATURES.length], [569, 30, 30]);
  assert.deepEqual([train.count, held.count], [398, 171]);
  assert.equal(labels.filter((label) => label === 1).length, 212);
  const [column] = CANCER_FEATURES.flatMap((name, at) => (name === '最差周长' ? [at] : []));
  assert.equal(features[column!], 'worst_perimeter');
  const mean = (label: number): number => {
    const rows = [...labels.keys()].filter((i) => labels[i] === label);
    return rows.reduce((sum, i) => sum + x[i * 30 + column!]!, 0) / rows.length;
  };
  assert.ok(mean(1) > 130 && mean(0) < 95);
});

describe('loadWine and loadIris', () => {
  it('give every sample with its class', async () => {
    const [wine, iris] = [await loadWine(disk), await loadIris(disk)];
    assert.deepEqual([wine.count, wine.features.length, wine.x.length], [178, 13, 178 * 13]);
    assert.deepEqual([iris.count, iris.features.length, iris.x.length], [150, 4, 150 * 4]);
    const sizes = (labels: Int32Array): number[] =>
      [0, 1, 2].map((label) => labels.filter((other) => other === label).length);
    assert.deepEqual(sizes(wine.labels), [59, 71, 48]);
    assert.deepEqual(sizes(iris.labels), [50, 50, 50]);
    assert.deepEqual(
      [...iris.x.subarray(0, 4)].map((value) => value.toFixed(1)),
      ['5.1', '3.5', '1.4', '0.2'],
    );
  });

  it('split into 70 % and the rest, sharing no row', async () => {
    const wine = await loadWine(disk);
    assert.deepEqual([wine.train.count, wine.test.count], [125, 53]);
    const both = [...wine.train.x, ...wine.test.x];
    assert.deepEqual(sorted(both), sorted([...wine.x]));
  });

  it('refuse a file of another length, naming it and the expected size', async () => {
    await assert.rejects(loadWine(short), /wine\/wine\.csv: 7 bytes, expected 11302/);
    await assert.rejects(loadIris(short), /iris\/iris\.csv: 7 bytes, expected 2634/);
  });
});

describe('loadTable', () => {
  const table = (text: string): Promise<unknown> =>
    loadTable(
      { load: () => Promise.resolve(new TextEncoder().encode(text).buffer) },
      { file: 'a.csv', bytes: text.length, rows: 2, columns: 2, classes: 2 },
    );
  it('names the file and the line at fault', async () => {
    await assert.rejects(table('x,y,class\n1,2,0\n'), /a\.csv: 1 rows, expected 2/);
    await assert.rejects(table('x,y,class\n1,2,0\n1,a,1\n'), /a\.csv, line 3: expected 3 numbers/);
    await assert.rejects(table('x,y,class\n1,2,2\n1,2,1\n'), /a\.csv, line 2: .* from 0 to 1/);
  });
});

describe('twoMoons and twoSpirals', () => {
  it('without noise lie on their half circles and spirals', () => {
    const moons = twoMoons(100, 0, seededRandom(1));
    const spirals = twoSpirals(100, 1, 0, seededRandom(1));
    for (let i = 0; i < 100; i++) {
      const [x, y] = [moons.xy[2 * i] as number, moons.xy[2 * i + 1] as number];
      const upper = moons.labels[i] === 0;
      const radius = upper ? Math.hypot(x, y) : Math.hypot(x - 1, y - 0.5);
      assert.ok(Math.abs(radius - 1) < 1e-6 && (upper ? y >= 0 : y <= 0.5), `${x}, ${y}`);
      const [u, v] = [spirals.xy[2 * i] as number, spirals.xy[2 * i + 1] as number];
      const turned = Math.atan2(v, u) - 2 * Math.PI * Math.hypot(u, v);
      const half = Math.cos(turned - Math.PI * (spirals.labels[i] as number));
      assert.ok(Math.abs(half - 1) < 1e-4, `${u}, ${v}`);
    }
    assert.equal(moons.labels.filter((label) => label === 1).length, 50);
  });

  it('are drawn over a grid that starts at the lowest y', () => {
    const window = { x: [0, 4], y: [0, 2], columns: 2, rows: 2 } as const;
    assert.deepEqual(cellCentres(window), [
      [1, 0.5],
      [3, 0.5],
      [1, 1.5],
      [3, 1.5],
    ]);
    const moons = twoMoons(10, 0.1, seededRandom(1));
    const picture = planePicture('月牙', moons, window, [0.12345, 0, 1, 0.5]);
    assert.deepEqual(picture.surface?.values, [0.123, 0, 1, 0.5]);
    assert.deepEqual(
      picture.points.map(({ group, xs, ys }) => [group, xs.length, ys.length]),
      [
        [0, 5, 5],
        [1, 5, 5],
      ],
    );
  });
});
