/** The sentences about what an example promises and what was recorded. Knows no DOM. */
import type { AnyExample, Bound } from '../../contract/example.ts';
import type { Recording } from '../../contract/recording.ts';
import { plainNumber } from '../../i18n/numbers.ts';
import { zh } from '../../i18n/zh.ts';
import { DEFAULT_RUN, differenceWords, metricWords, type Params } from './spec.ts';

/** `训练准确率 ≥ 0.95，150 步内`, from the example's `check`. */
export function promiseWords(example: AnyExample): string {
  const metrics = example.metrics;
  const expect = example.check.expect as Readonly<Record<string, Bound | undefined>>;
  const bounds = Object.entries(expect).flatMap(([name, bound]) => {
    const label = metricWords(metrics, name);
    return [
      ...(bound?.atLeast === undefined ? [] : [zh.atLeast(label, plainNumber(bound.atLeast))]),
      ...(bound?.atMost === undefined ? [] : [zh.atMost(label, plainNumber(bound.atMost))]),
    ];
  });
  const settings = differenceWords(example.params, (example.check.params ?? {}) as Params);
  return [
    ...(settings === '' ? [] : [zh.promiseWith(settings)]),
    bounds.join('，'),
    zh.withinSteps(example.check.steps),
  ].join('，');
}

/** `录制于 2026-11-22，wasm，约 3 秒`, for the run with this key. */
export function recordedWords(recording: Recording, key = DEFAULT_RUN): string {
  const ms = recording.runs[key]?.ms ?? recording.runs[DEFAULT_RUN]?.ms ?? 0;
  return zh.recordedOn(recording.date, recording.backend, ms);
}

export type TimeClass = 'fast' | 'medium' | 'slow';

/** How long a recorded run took, in three classes for the gallery. */
export function timeClass(ms: number): TimeClass {
  if (ms <= 2000) return 'fast';
  return ms <= 10_000 ? 'medium' : 'slow';
}
