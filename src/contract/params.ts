/** Parameters a reader may set: what they are, and how a raw value is fitted to its bounds. Imports nothing. */

export interface NumberParam {
  readonly kind: 'number';
  /** What the control is called, in Chinese. */
  readonly label: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Distance between two allowed values, counted from `min`; on a log scale only the precision shown. */
  readonly step: number;
  /** `log`: the slider moves by factors. Needs `min > 0`. */
  readonly scale?: 'log';
}

export interface ChoiceParam {
  readonly kind: 'choice';
  readonly label: string;
  readonly default: string;
  /** Allowed value → the words shown for it. */
  readonly options: Readonly<Record<string, string>>;
}

export interface ToggleParam {
  readonly kind: 'toggle';
  readonly label: string;
  readonly default: boolean;
}

/** Plain data: drawn as a control by the page, carried by the URL, sent to the worker as a message. */
export type ParamSpec = NumberParam | ChoiceParam | ToggleParam;
export type ParamSpecs = Readonly<Record<string, ParamSpec>>;
export type ParamValue = number | string | boolean;

type ValueOf<S extends ParamSpec> = S extends NumberParam
  ? number
  : S extends { kind: 'choice'; options: Readonly<Record<infer K, string>> }
    ? K & string
    : S extends ToggleParam
      ? boolean
      : never;
export type ParamValues<P extends ParamSpecs> = { readonly [K in keyof P]: ValueOf<P[K]> };

/** A number parameter in one line: `steps: number('步数', 400, [50, 1000], 50)`. */
export const number = (
  label: string,
  initial: number,
  [min, max]: readonly [min: number, max: number],
  step = 1,
  scale?: 'log',
): NumberParam => ({
  kind: 'number',
  label,
  default: initial,
  min,
  max,
  step,
  ...(scale && { scale }),
});

/** A choice in one line: `data: choice('数据', 'wine', { wine: '葡萄酒', iris: '鸢尾花' })`. */
export const choice = <const O extends Readonly<Record<string, string>>>(
  label: string,
  initial: keyof O & string,
  options: O,
) => ({ kind: 'choice', label, default: initial, options }) as const satisfies ChoiceParam;

/** One value that had to be changed, or a name that is not a parameter. */
export interface ParamChange {
  readonly param: string;
  readonly label: string;
  readonly from: string;
  /** The value used instead; `undefined` when the name is unknown and was dropped. */
  readonly to: ParamValue | undefined;
  /** What is allowed, in words. */
  readonly allowed: string;
}

/** What a parameter accepts, in words: `0.001 到 1`, `sgd、adam`, `true、false`. */
export function allowedValues(spec: ParamSpec): string {
  switch (spec.kind) {
    case 'number':
      return `${spec.min} 到 ${spec.max}`;
    case 'choice':
      return Object.keys(spec.options).join('、');
    case 'toggle':
      return 'true、false';
  }
}

/** The default of every parameter. */
export function defaultParams<P extends ParamSpecs>(specs: P): ParamValues<P> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, spec.default]),
  ) as ParamValues<P>;
}

function fitNumber(spec: NumberParam, raw: unknown): number | undefined {
  const value = typeof raw === 'string' && raw.trim() === '' ? NaN : Number(raw);
  if (Number.isNaN(value) || typeof raw === 'boolean') return undefined;
  const inside = Math.min(spec.max, Math.max(spec.min, value));
  if (spec.scale === 'log') return inside;
  const stepped = spec.min + Math.round((inside - spec.min) / spec.step) * spec.step;
  return Number(Math.min(spec.max, stepped).toPrecision(12));
}

function fitOne(spec: ParamSpec, raw: unknown): ParamValue | undefined {
  switch (spec.kind) {
    case 'number':
      return fitNumber(spec, raw);
    case 'choice':
      return typeof raw === 'string' && Object.hasOwn(spec.options, raw) ? raw : undefined;
    case 'toggle':
      if (raw === true || raw === 'true' || raw === '1') return true;
      return raw === false || raw === 'false' || raw === '0' ? false : undefined;
  }
}

/** A raw value as the reader wrote it. */
const text = (given: unknown): string =>
  typeof given === 'string' ? given : JSON.stringify(given);

/**
 * Fits raw values (from a URL or a message) to their specs: missing ones take the default, numbers are
 * moved into their bounds and onto their step, anything unusable takes the default.
 * @returns the values to use, and every change that was made, for telling the reader.
 */
export function fitParams<P extends ParamSpecs>(
  specs: P,
  raw: Readonly<Record<string, unknown>>,
): { values: ParamValues<P>; changes: readonly ParamChange[] } {
  const values: Record<string, ParamValue> = {};
  const changes: ParamChange[] = [];
  for (const [name, spec] of Object.entries(specs)) {
    const given = raw[name];
    const fitted = given === undefined ? spec.default : (fitOne(spec, given) ?? spec.default);
    values[name] = fitted;
    if (given !== undefined && String(fitted) !== text(given) && Number(fitted) !== Number(given)) {
      changes.push({
        param: name,
        label: spec.label,
        from: text(given),
        to: fitted,
        allowed: allowedValues(spec),
      });
    }
  }
  for (const name of Object.keys(raw)) {
    if (Object.hasOwn(specs, name)) continue;
    const allowed = Object.keys(specs).join('、');
    changes.push({ param: name, label: name, from: text(raw[name]), to: undefined, allowed });
  }
  return { values: values as ParamValues<P>, changes };
}
