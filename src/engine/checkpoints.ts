/**
 * Keeps the newest checkpoint of each example in the browser's storage, and finds it again. Knows no worker, no tensor
 * library and no page.
 */
import type { DBSchema } from 'idb';
import type { Checkpoint } from '../contract/checkpoint.ts';
import type { CheckpointRefusal } from '../contract/protocol.ts';
import { database, refusalOf } from './browser-storage.ts';

/** The database's name: whoever only asks whether anything was ever kept looks for it. */
export const DATABASE = 'checkpoints';
/** Bytes that one checkpoint, and that all together, may take. */
const ONE_LIMIT = 32 * 2 ** 20;
const ALL_LIMIT = 128 * 2 ** 20;

/** What there is to know of a checkpoint without reading it. */
export type SavedRun = Pick<
  Checkpoint,
  'example' | 'version' | 'date' | 'step' | 'steps' | 'params' | 'seed' | 'backend'
> & { readonly bytes: number };

interface Schema extends DBSchema {
  runs: { key: string; value: SavedRun };
  checkpoints: { key: string; value: Checkpoint };
}

const checkpointDatabase = database<Schema>(DATABASE, { runs: 'example', checkpoints: 'example' });

/** Bytes of all arrays in plain data, other values at eight each. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 0);
}

/**
 * Keeps a checkpoint in place of the one before it. When there is no room, the oldest of other examples go.
 * @returns why it could not be kept; never rejects.
 */
export async function keepCheckpoint(
  checkpoint: Checkpoint,
): Promise<CheckpointRefusal | undefined> {
  const bytes = sizeOf(checkpoint);
  if (bytes > ONE_LIMIT) return 'too-large';
  const { example, version, date, step, steps, params, seed, backend } = checkpoint;
  const saved = { example, version, date, step, steps, params, seed, backend, bytes };
  const put = async (limit: number): Promise<void> => {
    const write = (await checkpointDatabase()).transaction(['runs', 'checkpoints'], 'readwrite');
    write.done.catch(() => undefined); // told where it is awaited, if nothing has failed before
    const [runs, checkpoints] = [write.objectStore('runs'), write.objectStore('checkpoints')];
    const others = (await runs.getAll()).filter((run) => run.example !== example);
    let total = others.reduce((sum, run) => sum + run.bytes, bytes);
    try {
      for (const old of others.sort((a, b) => a.date - b.date)) {
        if (total <= limit) break;
        total -= old.bytes;
        await runs.delete(old.example);
        await checkpoints.delete(old.example);
      }
      await runs.put(saved);
      await checkpoints.put(checkpoint);
      await write.done;
    } catch (error) {
      // All or nothing; a transaction that the browser has aborted itself cannot be aborted again.
      if (write.error === null) write.abort();
      throw error;
    }
  };
  try {
    await put(ALL_LIMIT);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== 'storage-full') return refusal;
    try {
      await put(0);
    } catch (again) {
      return refusalOf(again);
    }
  }
  return undefined;
}

/** The kept run of an example; `undefined` when there is none, or storage cannot be read. */
export async function findRun(example: string): Promise<SavedRun | undefined> {
  return checkpointDatabase()
    .then((db) => db.get('runs', example))
    .catch(() => undefined);
}

/** The kept checkpoint of an example; `undefined` when there is none, or storage cannot be read. */
export async function loadCheckpoint(example: string): Promise<Checkpoint | undefined> {
  return checkpointDatabase()
    .then((db) => db.get('checkpoints', example))
    .catch(() => undefined);
}

/** Drops what is kept of an example. */
export async function forgetCheckpoint(example: string): Promise<void> {
  try {
    const write = (await checkpointDatabase()).transaction(['runs', 'checkpoints'], 'readwrite');
    await Promise.all([
      write.objectStore('runs').delete(example),
      write.objectStore('checkpoints').delete(example),
      write.done,
    ]);
  } catch {
    // What cannot be reached cannot be offered either.
  }
}
