/** Medians, quartiles and the comparison of losses. */
import type { LossCheck, Quartiles } from '../../src/contract/bench.ts';

/** Quartiles with linear interpolation between neighbours. @throws RangeError for an empty list. */
export function quartiles(values: readonly number[]): Quartiles {
  if (values.length === 0) throw new RangeError('quartiles of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const [low = NaN, high = low] = [sorted[below], sorted[below + 1]];
    return low + (place - below) * (high - low);
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** Greatest relative difference of the steps that both have. NaN and ∞ count as different. */
export function compareLosses(
  losses: readonly number[],
  reference: readonly number[],
  tolerance: number,
): LossCheck {
  const steps = Math.min(losses.length, reference.length);
  let difference = 0;
  for (let i = 0; i < steps; i++) {
    const [found = NaN, wanted = NaN] = [losses[i], reference[i]];
    const relative = Math.abs(found - wanted) / Math.abs(wanted);
    difference = Math.max(difference, Number.isFinite(relative) ? relative : 1e9);
  }
  return { steps, difference, tolerance };
}
