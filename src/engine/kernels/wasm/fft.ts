/** `FFT` and `IFFT` over the last axis of complex tensors on the wasm backend, for any length. */
import type * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { makeComplex, numbers } from './complex.ts';

/** cos and −sin of 2πk/n for k < n/2: the roots of unity that a transform of length n multiplies with. */
const rootsOf = new Map<number, readonly [Float64Array, Float64Array]>();

function roots(n: number): readonly [Float64Array, Float64Array] {
  const known = rootsOf.get(n);
  if (known) return known;
  const angles = Float64Array.from({ length: n >> 1 }, (_, k) => (-2 * Math.PI * k) / n);
  const made = [angles.map(Math.cos), angles.map(Math.sin)] as const;
  rootsOf.set(n, made);
  return made;
}

/** Cooley and Tukey 1965, in place, for n a power of two: Xₖ = Σₙ xₙ·exp(−2πi·kn/N). */
function powerOfTwo(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  const [cos, sin] = roots(n);
  for (let half = 1; half < n; half *= 2) {
    const step = n / (2 * half);
    for (let start = 0; start < n; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const [c, s] = [cos[k * step]!, sin[k * step]!];
        const [p, q] = [start + k, start + k + half];
        const [a, b] = [re[q]! * c - im[q]! * s, re[q]! * s + im[q]! * c];
        re[q] = re[p]! - a;
        im[q] = im[p]! - b;
        re[p]! += a;
        im[p]! += b;
      }
    }
  }
}

/** Bluestein 1970: a transform of any length as one circular convolution, whose length is a power of two. */
function anyLength(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const chirp = Array.from({ length: n }, (_, k) => (Math.PI * ((k * k) % (2 * n))) / n);
  const [cos, sin] = [chirp.map(Math.cos), chirp.map(Math.sin)];
  const [aRe, aIm, bRe, bIm] = Array.from({ length: 4 }, () => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let k = 0; k < n; k++) {
    aRe[k] = re[k]! * cos[k]! + im[k]! * sin[k]!;
    aIm[k] = im[k]! * cos[k]! - re[k]! * sin[k]!;
    const mirror = (size - k) % size;
    bRe[k] = bRe[mirror] = cos[k]!;
    bIm[k] = bIm[mirror] = sin[k]!;
  }
  powerOfTwo(aRe, aIm);
  powerOfTwo(bRe, bIm);
  for (let k = 0; k < size; k++) {
    const [x, y] = [aRe[k]!, aIm[k]!];
    // Conjugated, so that the next forward transform is the inverse one.
    aRe[k] = (x * bRe[k]! - y * bIm[k]!) / size;
    aIm[k] = -(x * bIm[k]! + y * bRe[k]!) / size;
  }
  powerOfTwo(aRe, aIm);
  for (let k = 0; k < n; k++) {
    const [x, y] = [aRe[k]!, -aIm[k]!];
    re[k] = x * cos[k]! + y * sin[k]!;
    im[k] = y * cos[k]! - x * sin[k]!;
  }
}

/** input: complex64 [..., n] → complex64 [..., n]; the inverse transform is the conjugate of the conjugate's, over n. */
const transform = (kernelName: 'FFT' | 'IFFT'): tf.KernelConfig => ({
  kernelName,
  backendName: 'wasm',
  kernelFunc: (call) => {
    const backend = call.backend as BackendWasm;
    const input = call.inputs['input'] as tf.TensorInfo;
    const out = makeComplex(backend, input.shape);
    const [from, to] = [numbers(backend, input), numbers(backend, out)];
    const n = input.shape.at(-1) ?? 1;
    const inverse = kernelName === 'IFFT';
    const [sign, scale] = inverse ? [-1, 1 / n] : [1, 1];
    const [re, im] = [new Float64Array(n), new Float64Array(n)];
    for (let row = 0; row < from.length; row += 2 * n) {
      for (let k = 0; k < n; k++) {
        re[k] = from[row + 2 * k]!;
        im[k] = sign * from[row + 2 * k + 1]!;
      }
      if ((n & (n - 1)) === 0) powerOfTwo(re, im);
      else anyLength(re, im);
      for (let k = 0; k < n; k++) {
        to[row + 2 * k] = re[k]! * scale;
        to[row + 2 * k + 1] = sign * im[k]! * scale;
      }
    }
    return out;
  },
});

export const fft = transform('FFT');
export const ifft = transform('IFFT');
