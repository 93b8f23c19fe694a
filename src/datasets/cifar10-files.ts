/**
 * Takes CIFAR-10 out of what a reader picks: the official archive, packed or not, or its `.bin` files. Everything is
 * checked before anything is handed on. Streams only: knows no page, no storage and no file system.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { createTarDecoder } from 'modern-tar';
import {
  ARCHIVE_SHA256,
  CIFAR10_FILES,
  contentProblem,
  isCifar10File,
  RECORD_BYTES,
  RECORDS,
  sizeProblem,
  type Cifar10File,
} from './cifar10.ts';

/** What was picked is not what is wanted; the message is a sentence for the reader. */
export class WrongFileError extends Error {
  override name = 'WrongFileError';
}

/** Files that passed every check. */
export interface TakenFiles {
  readonly files: ReadonlyMap<Cifar10File, Blob>;
  /** Whether the packed archive is byte for byte the official one; undefined for others, which have no known checksum. */
  readonly official: boolean | undefined;
}

export interface TakeOptions {
  /** Bytes read so far, of all. */
  readonly progress?: (read: number, of: number) => void;
  readonly signal?: AbortSignal;
  /** Records in each file; tests use fewer than the official 10,000. */
  readonly records?: number;
  /** Checksum of the official archive; tests have their own. */
  readonly checksum?: string;
}

const OFFICIAL = 'cifar-10-binary.tar.gz';
const WANTED = `请选 ${OFFICIAL}，或解压后的 ${CIFAR10_FILES[0]} 到 ${CIFAR10_FILES[4]} 和 ${CIFAR10_FILES[5]}。`;

type Bytes = Uint8Array<ArrayBuffer>;
type Kind = 'gzip' | 'tar' | 'records';

/** What a file is, by its first bytes and its size; not by its name. @throws WrongFileError when it is of no use. */
async function kindOf(file: Blob, name: string, records: number): Promise<Kind> {
  if (file.size === 0) throw new WrongFileError(`${name} 是空的，0 字节。请重新下载。`);
  const head = new Uint8Array(await file.slice(0, 512).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (text.slice(257, 262) === 'ustar') return 'tar';
  if (text.startsWith('PK')) {
    throw new WrongFileError(`${name} 是 zip 压缩包。${WANTED}`);
  }
  if (/^\s*<(!doctype|html)/i.test(text)) {
    throw new WrongFileError(`${name} 是一张网页，多半是下载链接失效时存下来的。${WANTED}`);
  }
  if (head[0] === 0x80 && head[1] !== undefined && head[1] >= 2 && head[1] <= 5) {
    throw new WrongFileError(
      `${name} 像是 Python 版的 CIFAR-10（pickle）。这里要二进制版：${WANTED}`,
    );
  }
  if (text.startsWith('MATLAB')) {
    throw new WrongFileError(`${name} 是 MATLAB 版的 CIFAR-10。这里要二进制版：${WANTED}`);
  }
  if (nameOf(name) !== undefined || file.size === records * RECORD_BYTES) return 'records';
  throw new WrongFileError(`认不出 ${name}（${file.size} 字节）。${WANTED}`);
}

/** The official name in a path or in a name that a browser has numbered, `data_batch_1 (2).bin`. */
function nameOf(path: string): Cifar10File | undefined {
  const base = path.split('/').at(-1) ?? '';
  const plain = base.replace(/ ?\(\d+\)(?=\.bin$)/u, '');
  return isCifar10File(plain) ? plain : undefined;
}

/** @throws WrongFileError with the problem, if there is one. */
function refuse(problem: string | undefined, archive = ''): void {
  if (problem === undefined) return;
  throw new WrongFileError(archive === '' ? problem : `${archive}：${problem}`);
}

/** The first `size` bytes of a stream, which is read to its end. */
async function collect(stream: ReadableStream<Uint8Array>, size: number): Promise<Bytes> {
  const bytes = new Uint8Array(size);
  let at = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at < size) bytes.set(value.subarray(0, size - at), at);
    at += value.length;
  }
  return bytes.subarray(0, Math.min(at, size));
}

/** Why an archive holds none of the files, told by what it holds. */
function strangeArchive(name: string, entries: readonly string[]): string {
  const has = (part: string): boolean => entries.some((entry) => entry.includes(part));
  if (has('cifar-10-batches-py')) return `${name} 是 Python 版。这里要二进制版：${WANTED}`;
  if (has('cifar-100')) return `${name} 是 CIFAR-100，有一百类。${WANTED}`;
  if (has('.mat')) return `${name} 是 MATLAB 版。这里要二进制版：${WANTED}`;
  const some = entries.slice(0, 4).join('、');
  return `${name} 里没有 CIFAR-10 的文件${some === '' ? '' : `，只有 ${some}`}。${WANTED}`;
}

async function takeArchive(
  file: Blob,
  name: string,
  kind: 'gzip' | 'tar',
  { progress, signal, records = RECORDS, checksum = ARCHIVE_SHA256 }: TakeOptions,
): Promise<TakenFiles> {
  const hash = sha256.create();
  let read = 0;
  const watched = new TransformStream<Bytes, Bytes>({
    transform(chunk, to) {
      hash.update(chunk);
      read += chunk.length;
      progress?.(read, file.size);
      to.enqueue(chunk);
    },
  });
  let stream: ReadableStream<Bytes> = file.stream().pipeThrough(watched, signal && { signal });
  if (kind === 'gzip') stream = stream.pipeThrough(new DecompressionStream('gzip'));
  const entries = stream.pipeThrough(createTarDecoder()).getReader();
  const files = new Map<Cifar10File, Blob>();
  const names: string[] = [];
  let under = '';
  try {
    for (;;) {
      const { done, value } = await entries.read();
      if (done) break;
      names.push(value.header.name);
      const official = nameOf(value.header.name);
      if (official === undefined || value.header.type === 'directory') {
        await collect(value.body, 0); // the decoder may stall after a cancelled body
        continue;
      }
      under = official;
      refuse(sizeProblem(official, value.header.size, records), name);
      const bytes = await collect(value.body, value.header.size);
      refuse(contentProblem(official, bytes), name);
      files.set(official, new Blob([bytes]));
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof WrongFileError) throw error;
    const where = under === '' ? '' : `，断在 ${under} 附近`;
    throw new WrongFileError(`${name} 解不开${where}：文件不完整，或下载时坏了。请重新下载。`);
  }
  if (files.size === 0) throw new WrongFileError(strangeArchive(name, names));
  const missing = CIFAR10_FILES.filter((wanted) => !files.has(wanted));
  if (missing.length > 0) {
    throw new WrongFileError(`${name} 里缺 ${missing.join('、')}：压缩包不完整，请重新下载。`);
  }
  const official = kind === 'gzip' ? bytesToHex(hash.digest()) === checksum : undefined;
  return { files, official };
}

async function takeRecords(
  picked: readonly File[],
  { progress, signal, records = RECORDS }: TakeOptions,
): Promise<TakenFiles> {
  const all = picked.reduce((sum, file) => sum + file.size, 0);
  const taken = new Map<Cifar10File, Bytes>();
  let read = 0;
  for (const file of picked) {
    signal?.throwIfAborted();
    const name = nameOf(file.name);
    if (name === undefined) {
      throw new WrongFileError(
        `${file.name} 的大小对，但看名字不知道是哪一个。请改回 ${CIFAR10_FILES.join('、')} 之一。`,
      );
    }
    if (taken.has(name)) throw new WrongFileError(`${name} 选了两次。每个文件选一次。`);
    refuse(sizeProblem(name, file.size, records));
    const bytes = await collect(file.stream(), file.size);
    refuse(contentProblem(name, bytes));
    for (const [other, known] of taken) {
      if (known.every((byte, i) => byte === bytes[i])) {
        throw new WrongFileError(`${name} 和 ${other} 内容一样，其中一个改错了名字。`);
      }
    }
    taken.set(name, bytes);
    progress?.((read += file.size), all);
  }
  const files = new Map([...taken].map(([name, bytes]) => [name, new Blob([bytes])]));
  return { files, official: undefined };
}

/**
 * The CIFAR-10 files in what was picked: one archive (`.tar.gz`, or the `.tar` that some browsers make of it), or one or
 * more `.bin` files. All are checked: size, labels, how many of each class, no file twice; an archive must hold all six.
 *
 * @throws WrongFileError whose message says what the file looks like and what is wanted; nothing is handed on then.
 * @throws the signal's reason when it is aborted.
 */
export async function takeCifar10(
  picked: readonly File[],
  options: TakeOptions = {},
): Promise<TakenFiles> {
  const kinds = await Promise.all(
    picked.map((file) => kindOf(file, file.name, options.records ?? RECORDS)),
  );
  const [file, kind] = [picked[0], kinds[0]];
  if (file === undefined || kind === undefined) throw new WrongFileError(`没有选文件。${WANTED}`);
  if (kinds.every((each) => each === 'records')) return takeRecords(picked, options);
  if (picked.length > 1 || kind === 'records') {
    throw new WrongFileError(`一次选一个压缩包，或只选 .bin 文件，不要混着选。${WANTED}`);
  }
  return takeArchive(file, file.name, kind, options);
}
