/** The binary format of CIFAR-10: which files it has, what a record is, and whether bytes are such a file. Knows no storage. */

/** The ten classes by label, in the official order: airplane … truck. */
export const CIFAR10_NAMES = [
  '飞机',
  '汽车',
  '鸟',
  '猫',
  '鹿',
  '狗',
  '青蛙',
  '马',
  '船',
  '卡车',
] as const;

/** The folder that an example asks for: `run.load('cifar10/test_batch.bin')`. */
export const CIFAR10_FOLDER = 'cifar10';
/** The files that matter, as the official archive calls them: five to learn from, one to be tested with. */
export const CIFAR10_FILES = [
  'data_batch_1.bin',
  'data_batch_2.bin',
  'data_batch_3.bin',
  'data_batch_4.bin',
  'data_batch_5.bin',
  'test_batch.bin',
] as const;
export type Cifar10File = (typeof CIFAR10_FILES)[number];

/** Pixels along each side of a picture. */
export const CIFAR10_SIDE = 32;
const PLANE = CIFAR10_SIDE ** 2;
/** Bytes of one record: the label, then the red, the green and the blue plane, each row by row from the top. */
export const RECORD_BYTES = 1 + 3 * PLANE;
/** Records in each official file. */
export const RECORDS = 10_000;
/**
 * SHA-256 of the official `cifar-10-binary.tar.gz` of 170,052,171 bytes. Not printed on the page of its authors, which
 * has MD5 c32a1d4ab5d03f1284b67883e8d87530; several independent loaders pin this value for the same archive.
 */
export const ARCHIVE_SHA256 = 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd';

/** Pictures as bytes; a float tensor is made of those of one batch. */
export interface Cifar10Records {
  readonly count: number;
  /** `[count, 32, 32, 3]`, 0 … 255, row by row from the top, red, green and blue in turn. */
  readonly images: Uint8Array;
  /** `[count]`, 0 … 9. */
  readonly labels: Uint8Array;
}

/**
 * The first records of a file, with the three planes woven into pixels.
 * @param count at most so many; the file may hold fewer.
 * @throws RangeError when the file ends inside a record or a label is above 9.
 */
export function readRecords(bytes: Uint8Array, count = Infinity): Cifar10Records {
  if (bytes.length === 0 || bytes.length % RECORD_BYTES !== 0) {
    throw new RangeError(`${bytes.length} bytes are not whole records of ${RECORD_BYTES}`);
  }
  const read = Math.min(count, bytes.length / RECORD_BYTES);
  const images = new Uint8Array(read * 3 * PLANE);
  const labels = new Uint8Array(read);
  for (let i = 0; i < read; i++) {
    const start = i * RECORD_BYTES;
    const label = bytes[start]!;
    if (label > 9) throw new RangeError(`record ${i} has label ${label}`);
    labels[i] = label;
    for (let pixel = 0; pixel < PLANE; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        images[(i * PLANE + pixel) * 3 + channel] = bytes[start + 1 + channel * PLANE + pixel]!;
      }
    }
  }
  return { count: read, images, labels };
}

/** Is this the name of a CIFAR-10 file? */
export const isCifar10File = (name: string): name is Cifar10File =>
  (CIFAR10_FILES as readonly string[]).includes(name);

/**
 * Why a file of this size cannot be the one of that name, in a sentence for the reader; undefined when it can.
 * @param records how many records the official files have; tests use fewer.
 */
export function sizeProblem(
  name: Cifar10File,
  size: number,
  records = RECORDS,
): string | undefined {
  const wanted = records * RECORD_BYTES;
  if (size < wanted) {
    return `${name} 只有 ${size} 字节，应当是 ${wanted} 字节：文件不完整，请重新下载。`;
  }
  if (size > wanted) {
    return `${name} 有 ${size} 字节，应当是 ${wanted} 字节：这不是 CIFAR-10 的二进制文件。`;
  }
  return undefined;
}

/**
 * Why these bytes cannot be the file of that name, in a sentence for the reader; undefined when they can.
 * The test file has as many pictures of each class as of any other, a training file has not: so a renamed one is found.
 */
export function contentProblem(name: Cifar10File, bytes: Uint8Array): string | undefined {
  const records = bytes.length / RECORD_BYTES;
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < records; i++) {
    const label = bytes[i * RECORD_BYTES]!;
    if (label > 9) {
      return `${name} 第 ${i + 1} 条记录的标签是 ${label}，应当是 0 到 9：文件内容不对。`;
    }
    counts[label]!++;
  }
  const even = counts.every((count) => count === records / 10);
  if (name === 'test_batch.bin' && !even) {
    return 'test_batch.bin 里十类不一样多，看来是一个训练文件改了名。测试文件每类一样多。';
  }
  if (name !== 'test_batch.bin' && even) {
    return `${name} 里十类一样多，看来是测试文件改了名。训练文件每类不一样多。`;
  }
  return undefined;
}
