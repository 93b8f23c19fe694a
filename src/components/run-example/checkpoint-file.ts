/** A checkpoint as a file: plain JSON, arrays in base64. What is read back is checked piece by piece. Knows no DOM. */
import type { Checkpoint, SavedOptimizer, SavedTensor } from '../../contract/checkpoint.ts';
import { BACKENDS, type BackendName } from '../../contract/example.ts';
import { zh } from '../../i18n/zh.ts';

const KIND = 'live-large-models/checkpoint/1';

const ARRAYS = { Float32Array, Float64Array, Int32Array, Uint8Array } as const;
const ARRAY_OF = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** A file that cannot be used; the message is a sentence for the reader. */
export class FileError extends Error {
  override name = 'FileError';
}

function toBase64({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  let text = '';
  // A call takes only so many arguments.
  for (let from = 0; from < bytes.length; from += 8192) {
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return btoa(text);
}

/** The file's text. Pictures are left out: the model can draw them again. */
export function writeCheckpoint(checkpoint: Checkpoint): string {
  return JSON.stringify({ file: KIND, ...checkpoint, views: [] }, (_key, value: unknown) => {
    if (ArrayBuffer.isView(value))
      return { array: value.constructor.name, base64: toBase64(value) };
    return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
  });
}

type Fields = Readonly<Record<string, unknown>>;

function revive(_key: string, value: unknown): unknown {
  if (!isFields(value)) return value;
  if (typeof value['number'] === 'string') return Number(value['number']);
  const { array, base64 } = value;
  if (typeof base64 !== 'string' || typeof array !== 'string' || !Object.hasOwn(ARRAYS, array)) {
    return value;
  }
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new ARRAYS[array as keyof typeof ARRAYS](bytes.buffer);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
const allOf = <T>(value: unknown, is: (part: unknown) => part is T): value is Record<string, T> =>
  isFields(value) && Object.values(value).every(is);
const listOf = <T>(value: unknown, is: (part: unknown) => part is T): value is T[] =>
  Array.isArray(value) && value.every(is);

const isTensor = (value: unknown): value is SavedTensor => {
  if (!isFields(value) || !listOf(value['shape'], isWhole)) return false;
  const { dtype, values, shape } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(ARRAY_OF, dtype)) return false;
  const size = shape.reduce((product, length) => product * length, 1);
  return values instanceof ARRAY_OF[dtype as keyof typeof ARRAY_OF] && values.length === size;
};
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isParam = (value: unknown): value is number | string | boolean =>
  ['number', 'string', 'boolean'].includes(typeof value);
const isOptimizer = (value: unknown): value is SavedOptimizer =>
  isFields(value) &&
  typeof value['kind'] === 'string' &&
  allOf(value['numbers'], isNumber) &&
  allOf(value['variables'], isTensor) &&
  allOf(value['slots'], (slots) => listOf(slots, isTensor));
const isState = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Reads a checkpoint of this example and this version of its code.
 * @throws FileError with a sentence saying what is wrong with the file.
 */
export function readCheckpoint(text: string, example: string, version: string): Checkpoint {
  let read: unknown;
  try {
    read = JSON.parse(text, revive);
  } catch {
    throw new FileError(zh.file.unreadable);
  }
  if (!isFields(read) || read['file'] !== KIND) throw new FileError(zh.file.unreadable);
  const { params, seed, backend, step, steps, ms, variables, optimizers, states, metrics } = read;
  if (read['example'] !== example) throw new FileError(zh.file.other(String(read['example'])));
  if (read['version'] !== version) throw new FileError(zh.file.old);
  const whole =
    isWhole(step) &&
    isWhole(steps) &&
    isWhole(seed) &&
    isNumber(ms) &&
    typeof backend === 'string' &&
    (BACKENDS as readonly string[]).includes(backend) &&
    allOf(params, isParam) &&
    listOf(variables, isTensor) &&
    listOf(optimizers, isOptimizer) &&
    listOf(states, isState) &&
    allOf(
      metrics,
      (values): values is Float64Array => values instanceof Float64Array && values.length === step,
    );
  if (!whole) throw new FileError(zh.file.damaged);
  return {
    ...{ example, version, params, seed, backend: backend as BackendName, step, steps, ms },
    ...{ variables, optimizers, states, metrics, views: [] },
    date: isNumber(read['date']) ? read['date'] : 0,
  };
}
