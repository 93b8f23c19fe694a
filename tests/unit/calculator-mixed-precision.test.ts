/** Holds rounding to 16 bits against every number that 16 bits can write, and against the audit's values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORMATS, largest, roundTo, smallest } from '../../src/calculators/layers/sixteen-bits.ts';
import mixedPrecision from '../../src/calculators/mixed-precision.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { near, results } from './calculator-host.ts';

/** All finite numbers ≥ 0 of a format in rising order, decoded from their bits: sign, exponent, fraction. */
function everyNumber(fractionBits: number): number[] {
  const exponentBits = 15 - fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  return Array.from({ length: (2 ** exponentBits - 1) << fractionBits }, (_, bits) => {
    const [exponent, fraction] = [bits >> fractionBits, bits & (2 ** fractionBits - 1)];
    const part = fraction / 2 ** fractionBits;
    return exponent === 0 ? part * 2 ** (1 - bias) : (1 + part) * 2 ** (exponent - bias);
  });
}

for (const [name, format] of Object.entries(FORMATS)) {
  const numbers = everyNumber(format.fractionBits);

  test(`every number of ${name} is rounded to itself, and every midpoint to the even neighbour`, () => {
    numbers.forEach((value, bits) => {
      assert.equal(roundTo(value, format), value);
      assert.equal(roundTo(-value, format), -value);
      const next = numbers[bits + 1];
      if (next === undefined) return;
      const middle = value + (next - value) / 2;
      const [below, above] = [middle * (1 - 1e-12), middle * (1 + 1e-12)];
      assert.equal(roundTo(middle, format), bits % 2 === 0 ? value : next);
      assert.equal(roundTo(below, format), value);
      assert.equal(roundTo(above, format), next);
    });
    assert.equal(numbers[1], smallest(format));
    assert.equal(numbers.at(-1), largest(format));
  });
}

test('bf16 is what is left of 32 bits when the lower half is rounded away', () => {
  const random = seededRandom(3);
  const bytes = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < 5000; i++) {
    const value = Math.fround(random.normal() * 10 ** (random.integer(60) - 30));
    bytes.setFloat32(0, value);
    const bits = bytes.getUint32(0);
    bytes.setUint32(0, ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 0) & 0xffff0000);
    assert.equal(roundTo(value, FORMATS.bf16), bytes.getFloat32(0));
  }
});

test('past the largest number comes infinity, and half the smallest is 0', () => {
  assert.equal(roundTo(65519.99, FORMATS.fp16), 65504);
  assert.equal(roundTo(65520, FORMATS.fp16), Infinity);
  assert.equal(roundTo(-70000, FORMATS.fp16), -Infinity);
  assert.equal(roundTo(smallest(FORMATS.fp16) / 2, FORMATS.fp16), 0);
  assert.equal(roundTo(70000, FORMATS.bf16), 70144);
});

test('the defaults give the audited sums, the lost gradient and the overflow', () => {
  const of = results(mixedPrecision);
  assert.equal(of('half'), 1);
  near(of('master'), 1.1000165939, 1e-10);
  assert.equal(of('lost'), 0);
  near(of('rescued'), 1.0012e-8, 1e-12);
  near(results(mixedPrecision, { S: 65536 })('rescued'), 1e-8, 5e-12);
  assert.equal(of('kept'), Infinity);
});

test('a large enough update is not lost, and bf16 loses more of it than fp16', () => {
  const inputs = { u: 0.001, n: 100 };
  const [half, brain] = [inputs, { ...inputs, format: 'bf16' }].map((given) =>
    results(mixedPrecision, given)('half'),
  );
  assert.ok(half! > 1.09 && half! < 1.11);
  assert.equal(brain, 1);
});
