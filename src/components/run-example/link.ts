/** The address that carries an example's settings: made by “copy link”, read when a page opens. Knows no DOM. */
import { BACKENDS, type BackendName } from '../../contract/example.ts';
import { fitParams } from '../../contract/params.ts';
import { zh } from '../../i18n/zh.ts';
import { valueWords, type LiveSpec, type Params } from './spec.ts';

export type BackendChoice = BackendName | 'auto';

export interface Settings {
  readonly params: Params;
  readonly seed: number;
  readonly backend: BackendChoice;
}

/** What an address asked for, fitted, with a sentence for the reader about everything that was changed. */
export interface LinkSettings extends Settings {
  /** The address is meant for this example and sets something. */
  readonly applies: boolean;
  readonly sentences: readonly string[];
}

/** Greatest seed: 32 bits. */
export const MAX_SEED = 0xffff_ffff;

/** The seed a text means, or undefined: whole numbers 0…2³²−1 only. */
export function parseSeed(raw: string): number | undefined {
  if (!/^\d{1,10}$/u.test(raw.trim())) return undefined;
  const seed = Number(raw);
  return seed <= MAX_SEED ? seed : undefined;
}

export function isBackendChoice(raw: string): raw is BackendChoice {
  return raw === 'auto' || (BACKENDS as readonly string[]).includes(raw);
}

/** Query string `?example=…&p.<name>=…&seed=…&backend=…` for these settings. */
export function linkQuery(id: string, settings: Settings): string {
  const query = new URLSearchParams({ example: id });
  for (const [name, value] of Object.entries(settings.params))
    query.set(`p.${name}`, String(value));
  query.set('seed', String(settings.seed));
  query.set('backend', settings.backend);
  return `?${query.toString()}`;
}

/**
 * Reads an address for one example. `backend` speaks to every example of the page; parameters and seed only
 * to the one that `example` names, or to the page's only one when it names none.
 */
export function readLink(spec: LiveSpec, search: string, alone: boolean): LinkSettings {
  const query = new URLSearchParams(search);
  const named = query.get('example');
  const mine = named === null ? alone : named === spec.id;
  const sentences: string[] = [];

  let backend: BackendChoice = 'auto';
  const rawBackend = query.get('backend')?.trim().toLowerCase();
  const backendForMe = rawBackend !== undefined && (named === null || mine);
  if (backendForMe) {
    if (!isBackendChoice(rawBackend)) {
      sentences.push(zh.unknownBackend(rawBackend));
    } else if (rawBackend !== 'auto' && spec.excludes[rawBackend] !== undefined) {
      sentences.push(zh.excludedBackend(rawBackend, spec.excludes[rawBackend]));
    } else {
      backend = rawBackend;
    }
  }
  if (!mine) {
    return { params: spec.initial, seed: spec.seed, backend, applies: backendForMe, sentences };
  }

  const raw: Record<string, string> = {};
  for (const [key, value] of query) if (key.startsWith('p.')) raw[key.slice(2)] = value;
  const { values, changes } = fitParams(spec.params, { ...spec.initial, ...raw });
  for (const change of changes) {
    sentences.push(
      change.to === undefined
        ? zh.unknownParam(change.param, change.allowed)
        : zh.fitted(
            change.label,
            change.from === '' ? '空的' : change.from,
            valueWords(spec.params, change.param, change.to),
            change.allowed,
          ),
    );
  }

  let seed = spec.seed;
  const rawSeed = query.get('seed');
  if (rawSeed !== null) {
    const parsed = parseSeed(rawSeed);
    if (parsed === undefined) sentences.push(zh.badSeed(rawSeed, seed));
    else seed = parsed;
  }
  const applies = backendForMe || rawSeed !== null || Object.keys(raw).length > 0;
  return { params: values, seed, backend, applies, sentences };
}
