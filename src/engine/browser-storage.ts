/** Opens the browser's databases, and says what a failure to write means. Knows nothing of what is kept. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { CheckpointRefusal } from '../contract/protocol.ts';

/**
 * A database that is opened when first asked for, and again after another tab has deleted it or has a newer one.
 * @param stores name of each store → the field of a value that is its key.
 */
export function database<S extends DBSchema>(
  name: string,
  stores: Readonly<Record<string, string>>,
): () => Promise<IDBPDatabase<S>> {
  let opened: Promise<IDBPDatabase<S>> | undefined;
  const close = (): void => {
    const closing = opened;
    opened = undefined;
    void closing?.then((db) => db.close());
  };
  return async () => {
    opened ??= openDB<S>(name, 1, {
      upgrade: (db) => {
        const untyped = db as unknown as IDBPDatabase;
        for (const [store, keyPath] of Object.entries(stores)) {
          untyped.createObjectStore(store, { keyPath });
        }
      },
      blocking: close,
      terminated: close,
    });
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && error.name === 'QuotaExceededError';

/** Why a value could not be kept. */
export const refusalOf = (error: unknown): Exclude<CheckpointRefusal, 'too-large'> =>
  isFull(error) ? 'storage-full' : 'storage-blocked';
