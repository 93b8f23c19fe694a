/** Noisy recordings of four tones, generated from a seed; knows no model. */
import { seededRandom } from './random.ts';

/** Samples of one recording. */
export const TONE_SAMPLES = 128;
/** Whole waves in one recording, one entry for each class. */
export const TONE_WAVES: readonly number[] = [4, 7, 11, 16];

export interface Tones {
  /** `count` recordings of `TONE_SAMPLES` values each, one after the other. */
  readonly waves: Float32Array;
  /** Class 0…3 of each recording. */
  readonly labels: Int32Array;
}

/**
 * Draws `count` recordings: a sine of amplitude 1 plus normal noise of standard deviation `noise`. With
 * `anyPhase` a recording starts anywhere in the wave, as when nobody presses the button at the same moment.
 */
export function makeTones(seed: number, count: number, noise: number, anyPhase: boolean): Tones {
  const random = seededRandom(seed);
  const waves = new Float32Array(count * TONE_SAMPLES);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const label = i % TONE_WAVES.length;
    const phase = anyPhase ? 2 * Math.PI * random.uniform() : 0;
    labels[i] = label;
    for (let t = 0; t < TONE_SAMPLES; t++) {
      const angle = (2 * Math.PI * (TONE_WAVES[label] ?? 0) * t) / TONE_SAMPLES + phase;
      waves[i * TONE_SAMPLES + t] = Math.sin(angle) + noise * random.normal();
    }
  }
  return { waves, labels };
}
