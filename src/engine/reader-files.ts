/** Keeps dataset files that a reader has brought in the browser's storage. Knows no format, no worker and no page. */
import type { DBSchema } from 'idb';
import type { CheckpointRefusal } from '../contract/protocol.ts';
import { database, refusalOf } from './browser-storage.ts';

/** What there is to know of a kept file without reading it. */
export interface KeptFile {
  /** As `run.load` asks for it: `cifar10/test_batch.bin`. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly date: number;
}

interface Schema extends DBSchema {
  files: { key: string; value: KeptFile };
  contents: { key: string; value: { readonly path: string; readonly content: Blob } };
}

const fileDatabase = database<Schema>('reader-files', { files: 'path', contents: 'path' });

/** All keys of a folder. */
const inside = (folder: string): IDBKeyRange => IDBKeyRange.bound(`${folder}/`, `${folder}/\uffff`);

/**
 * Keeps files in place of those of the same path: all of them or, when one cannot be kept, none.
 * @returns why they could not be kept; never rejects.
 */
export async function keepFiles(
  files: ReadonlyMap<string, Blob>,
): Promise<Exclude<CheckpointRefusal, 'too-large'> | undefined> {
  try {
    const write = (await fileDatabase()).transaction(['files', 'contents'], 'readwrite');
    write.done.catch(() => undefined); // told where it is awaited, if nothing has failed before
    const [list, contents] = [write.objectStore('files'), write.objectStore('contents')];
    const date = Date.now();
    try {
      for (const [path, content] of files) {
        await list.put({ path, bytes: content.size, date });
        await contents.put({ path, content });
      }
      await write.done;
    } catch (error) {
      if (write.error === null) write.abort();
      throw error;
    }
  } catch (error) {
    return refusalOf(error);
  }
  return undefined;
}

/** The kept files of a folder; none when storage cannot be read. */
export async function findFiles(folder: string): Promise<readonly KeptFile[]> {
  return fileDatabase()
    .then((db) => db.getAll('files', inside(folder)))
    .catch(() => []);
}

/** A kept file's bytes; `undefined` when there is none, or storage cannot be read. */
export async function loadFile(path: string): Promise<ArrayBuffer | undefined> {
  return fileDatabase()
    .then((db) => db.get('contents', path))
    .then((kept) => kept?.content.arrayBuffer())
    .catch(() => undefined);
}

/** Drops the kept files of a folder. @returns whether it could. */
export async function forgetFiles(folder: string): Promise<boolean> {
  try {
    const write = (await fileDatabase()).transaction(['files', 'contents'], 'readwrite');
    await Promise.all([
      write.objectStore('files').delete(inside(folder)),
      write.objectStore('contents').delete(inside(folder)),
      write.done,
    ]);
    return true;
  } catch {
    return false;
  }
}
