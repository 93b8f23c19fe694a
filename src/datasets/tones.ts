/** Noisy recordings of four tones, generated from a seed; knows no model. */
import { makeRandom } from './random.ts';

/** Samples of one recording. */
export const TONE_SAMPLES = 64;
/** Whole waves in one recording, one entry for each class. */
export const TONE_WAVES: readonly number[] = [4, 7, 11, 16];

export interface Tones {
  /** `count` recordings of `TONE_SAMPLES` values each, one after the other. */
  readonly waves: Float32Array;
  /** Class 0…3 of each recording. */
  readonly labels: Int32Array;
}

/**
 * Draws `count` recordings: a sine of amplitude 1.5 with a random phase (nobody presses the button at the same
 * moment) plus normal noise of standard deviation `noise`.
 */
export function makeTones(seed: number, count: number, noise: number): Tones {
  const random = makeRandom(seed);
  const waves = new Float32Array(count * TONE_SAMPLES);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const label = i % TONE_WAVES.length;
    const phase = 2 * Math.PI * random.uniform();
    labels[i] = label;
    for (let t = 0; t < TONE_SAMPLES; t++) {
      const angle = (2 * Math.PI * (TONE_WAVES[label] ?? 0) * t) / TONE_SAMPLES + phase;
      waves[i * TONE_SAMPLES + t] = 1.5 * Math.sin(angle) + noise * random.normal();
    }
  }
  return { waves, labels };
}
