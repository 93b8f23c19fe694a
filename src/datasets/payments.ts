/** Draws payments, few of them fraudulent, whose signs overlap with honest ones. Knows no model. */
import type { SeededRandom } from './random.ts';

/** What is known of a payment, each about the size of 1. */
export const SIGNS = ['金额', '离家多远', '半夜', '新设备', '一小时内几笔', '开户多久'] as const;

export interface Payments {
  readonly count: number;
  /** `[count, 6]`. */
  readonly x: Float32Array;
  /** `[count]`, 1 fraud, 0 honest. */
  readonly labels: Int32Array;
}

/** How much each sign is shifted in a fraud; the last is lower: young accounts. */
const SHIFTS = [0.9, 0.8, 0.6, 0.9, 0.8, -0.7] as const;

/** Payments whose signs are normal with deviation 1; a fraud's are shifted, so that no line parts them cleanly. */
export function drawPayments(random: SeededRandom, count: number, share: number): Payments {
  const x = new Float32Array(count * SIGNS.length);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const fraud = random.uniform() < share ? 1 : 0;
    labels[i] = fraud;
    SHIFTS.forEach((shift, sign) => {
      x[i * SIGNS.length + sign] = shift * fraud + random.normal();
    });
  }
  return { count, x, labels };
}

/**
 * The best area under the ROC curve that any model can reach on these payments: the two groups are normal with the same
 * spread, so the likelihood ratio is linear and the area is Φ(|shift| / √2).
 */
export const BEST_AREA = normalBelow(Math.hypot(...SHIFTS) / Math.SQRT2);

/** Φ(z) of the standard normal distribution, by Simpson's rule on its density from 0 to z. */
function normalBelow(z: number): number {
  const parts = 200;
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let i = 1; i < parts; i++) sum += (i % 2 === 1 ? 4 : 2) * density((z * i) / parts);
  return 0.5 + (sum * z) / parts / 3;
}
