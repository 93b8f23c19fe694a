/** CIFAR-10's files, on small archives in the official format that this test makes. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { hostCifar10 } from '../../src/content/host-cifar10.ts';
import { takeCifar10, WrongFileError } from '../../src/datasets/cifar10-files.ts';
import {
  CIFAR10_FILES,
  contentProblem,
  readRecords,
  RECORD_BYTES,
  sizeProblem,
  type Cifar10File,
} from '../../src/datasets/cifar10.ts';

const RECORDS = 20;

/** A file of `RECORDS` records whose pixels tell where they stand; a training file has one class more often. */
function batch(name: Cifar10File): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(RECORDS * RECORD_BYTES);
  const shift = CIFAR10_FILES.indexOf(name);
  for (let i = 0; i < RECORDS; i++) {
    bytes[i * RECORD_BYTES] = name !== 'test_batch.bin' && i === 0 ? 9 : i % 10;
    for (let k = 1; k < RECORD_BYTES; k++) bytes[i * RECORD_BYTES + k] = (7 * k + i + shift) % 251;
  }
  return bytes;
}

const entry = (name: string, data: Uint8Array) => ({
  header: { name, size: data.length },
  body: data,
});
const official = () => [
  { header: { name: 'cifar-10-batches-bin/', size: 0, type: 'directory' as const } },
  entry('cifar-10-batches-bin/batches.meta.txt', new TextEncoder().encode('airplane\n')),
  ...CIFAR10_FILES.map((name) => entry(`cifar-10-batches-bin/${name}`, batch(name))),
  entry('cifar-10-batches-bin/readme.html', new TextEncoder().encode('<html>')),
];
const archive = async (entries = official()) => new Uint8Array(gzipSync(await packTar(entries)));
const file = (name: string, bytes: Uint8Array<ArrayBuffer>) => new File([bytes], name);
const take = (...files: File[]) => takeCifar10(files, { records: RECORDS });
const ARCHIVE = 'cifar-10-binary.tar.gz';

const refused = (files: readonly File[], message: RegExp) =>
  assert.rejects(take(...files), (error: unknown) => {
    assert.ok(error instanceof WrongFileError, String(error));
    assert.match(error.message, message);
    return true;
  });

describe('records', () => {
  test('the planes of red, green and blue become pixels, row by row', () => {
    const { count, images, labels } = readRecords(batch('data_batch_2.bin'));
    assert.equal(count, RECORDS);
    assert.deepEqual([...labels.subarray(0, 4)], [9, 1, 2, 3]);
    const bytes = batch('data_batch_2.bin');
    for (const [i, y, x, c] of [
      [0, 0, 0, 0],
      [3, 31, 31, 2],
      [7, 5, 17, 1],
    ] as const) {
      const at = i * RECORD_BYTES + 1 + c * 1024 + y * 32 + x;
      assert.equal(images[((i * 32 + y) * 32 + x) * 3 + c], bytes[at]);
    }
  });
  test('only as many are read as are asked for', () => {
    assert.equal(readRecords(batch('test_batch.bin'), 3).images.length, 3 * 3072);
  });
  test('half a record and a label above 9 are refused', () => {
    assert.throws(() => readRecords(new Uint8Array(RECORD_BYTES + 1)), /not whole records/);
    const bytes = batch('test_batch.bin');
    bytes[RECORD_BYTES] = 10;
    assert.throws(() => readRecords(bytes), /record 1 has label 10/);
    assert.match(contentProblem('test_batch.bin', bytes) ?? '', /第 2 条记录的标签是 10/);
  });
  test('sizes are told in bytes, the official file has 30,730,000', () => {
    assert.equal(sizeProblem('test_batch.bin', 30_730_000), undefined);
    assert.match(sizeProblem('test_batch.bin', 5) ?? '', /只有 5 字节，应当是 30730000/);
    assert.match(sizeProblem('test_batch.bin', 186_000_000) ?? '', /不是 CIFAR-10/);
  });
});

describe('an archive', () => {
  test('packed or not gives the six files as they are', async () => {
    const packed = await archive();
    const plain = new Uint8Array(await packTar(official()));
    for (const picked of [
      file(ARCHIVE, packed),
      file('renamed.bin', packed),
      file('x.tar', plain),
    ]) {
      const { files, official: known } = await take(picked);
      assert.deepEqual([...files.keys()], [...CIFAR10_FILES]);
      assert.equal(known, picked.name === 'x.tar' ? undefined : false);
      for (const [name, blob] of files) {
        assert.deepEqual(new Uint8Array(await blob.arrayBuffer()), batch(name));
      }
    }
  });
  test('is known as the official one by its checksum over every byte', async () => {
    const packed = await archive();
    const checksum = createHash('sha256').update(packed).digest('hex');
    const options = { records: RECORDS, checksum };
    assert.equal((await takeCifar10([file(ARCHIVE, packed)], options)).official, true);
    const longer = new Uint8Array(
      gzipSync(await packTar([...official(), entry('more', new Uint8Array(9))])),
    );
    assert.equal((await takeCifar10([file(ARCHIVE, longer)], options)).official, false);
  });
  test('tells how far it is, to the last byte', async () => {
    const packed = await archive();
    const told: [number, number][] = [];
    await takeCifar10([file(ARCHIVE, packed)], {
      records: RECORDS,
      progress: (read, of) => told.push([read, of]),
    });
    assert.deepEqual(told.at(-1), [packed.length, packed.length]);
  });
  test('that is cut anywhere is told to be incomplete', async () => {
    const packed = await archive();
    for (const share of [0.2, 0.5, 0.9, 0.999]) {
      const cut = packed.slice(0, Math.floor(packed.length * share));
      await refused([file(ARCHIVE, cut)], /不完整/);
    }
    const plain = new Uint8Array(await packTar(official()));
    await refused([file('x.tar', plain.slice(0, plain.length / 2))], /不完整/);
  });
  test('with a byte changed in its middle is told to be broken', async () => {
    const packed = await archive();
    const at = Math.floor(packed.length / 2);
    packed.fill(packed[at]! ^ 0x55, at, at + 40);
    await refused([file(ARCHIVE, packed)], /解不开|内容不对|不完整/);
  });
  test('without one of the files is told which it lacks', async () => {
    const entries = official().filter(({ header }) => !header.name.endsWith('data_batch_4.bin'));
    await refused([file(ARCHIVE, await archive(entries))], /里缺 data_batch_4\.bin/);
  });
  test('of another version or of something else is told by what it holds', async () => {
    const one = (name: string) => archive([entry(name, new Uint8Array(9))]);
    await refused([file('a.tar.gz', await one('cifar-10-batches-py/data_batch_1'))], /Python 版/);
    await refused([file('a.tar.gz', await one('cifar-100-binary/train.bin'))], /CIFAR-100/);
    await refused([file('a.tar.gz', await one('cifar-10-batches-mat/data_batch_1.mat'))], /MATLAB/);
    await refused([file('a.tar.gz', await one('photos/cat.jpg'))], /只有 photos\/cat\.jpg/);
  });
  test('with a large entry that is not wanted is read past it', async () => {
    const large = new Uint8Array(3_000_000); // comes in more than one piece
    const python = await archive([entry('cifar-10-batches-py/data_batch_1', large)]);
    await refused([file('a.tar.gz', python)], /Python 版/);
    const more = await archive([entry('cifar-10-batches-bin/notes.txt', large), ...official()]);
    assert.equal((await take(file(ARCHIVE, more))).files.size, 6);
  });
  test('with a training file of the wrong length or a bad label is refused', async () => {
    const bad = batch('data_batch_1.bin');
    bad[RECORD_BYTES * 5] = 77;
    const swap = (data: Uint8Array) =>
      official().map((each) =>
        each.header.name.endsWith('data_batch_1.bin') ? entry(each.header.name, data) : each,
      );
    await refused([file(ARCHIVE, await archive(swap(bad)))], /第 6 条记录的标签是 77/);
    await refused([file(ARCHIVE, await archive(swap(bad.slice(0, 999))))], /只有 999 字节/);
  });
});

describe('single files', () => {
  const bin = (name: Cifar10File, as: string = name) => file(as, batch(name));
  test('are taken under their official names, also when the browser has numbered them', async () => {
    const { files, official: known } = await take(
      bin('data_batch_1.bin', 'data_batch_1 (2).bin'),
      bin('test_batch.bin', 'test_batch(1).bin'),
    );
    assert.deepEqual([...files.keys()], ['data_batch_1.bin', 'test_batch.bin']);
    assert.equal(known, undefined);
  });
  test('that were renamed are found out', async () => {
    await refused([bin('data_batch_1.bin', 'test_batch.bin')], /看来是一个训练文件改了名/);
    await refused([bin('test_batch.bin', 'data_batch_3.bin')], /看来是测试文件改了名/);
    await refused(
      [bin('data_batch_1.bin'), bin('data_batch_1.bin', 'data_batch_2.bin')],
      /data_batch_2\.bin 和 data_batch_1\.bin 内容一样/,
    );
    await refused([bin('data_batch_1.bin', 'pictures.bin')], /看名字不知道是哪一个/);
    await refused([bin('data_batch_1.bin'), bin('data_batch_1.bin')], /选了两次/);
  });
  test('that are cut, too long or empty are refused with their size', async () => {
    const bytes = batch('data_batch_1.bin');
    await refused([file('data_batch_1.bin', bytes.slice(0, 4000))], /只有 4000 字节/);
    await refused(
      [file('data_batch_1.bin', new Uint8Array([...bytes, 0]))],
      new RegExp(`有 ${bytes.length + 1} 字节`),
    );
    await refused([file('data_batch_1.bin', new Uint8Array(0))], /是空的/);
  });
  test('of other kinds are told what they look like', async () => {
    const words = (text: string, name = 'x') => file(name, new TextEncoder().encode(text));
    await refused([words('PK\u0003\u0004…', 'cifar.zip')], /cifar\.zip 是 zip/);
    await refused([words('<!DOCTYPE html><p>404', ARCHIVE)], /是一张网页/);
    await refused([file('data_batch_1', new Uint8Array([0x80, 2, 1, 1]))], /pickle/);
    await refused([words('MATLAB 5.0 MAT-file')], /MATLAB/);
    await refused([words('hello', 'notes.txt')], /认不出 notes\.txt（5 字节）/);
    await refused([], /没有选文件/);
  });
  test('and an archive together are refused', async () => {
    await refused([file(ARCHIVE, await archive()), bin('data_batch_1.bin')], /不要混着选/);
  });
});

test('a site that hosts the files gets them checked, and nothing when they are not right', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'cifar10-')), 'files');
  const options = { records: RECORDS };
  await assert.rejects(
    hostCifar10(file('x.tar.gz', new Uint8Array(gzipSync('no'))), folder, options),
  );
  await assert.rejects(readdir(folder), { code: 'ENOENT' });
  assert.equal(await hostCifar10(file(ARCHIVE, await archive()), folder, options), false);
  assert.deepEqual((await readdir(folder)).sort(), [...CIFAR10_FILES]);
  assert.deepEqual(
    new Uint8Array(await readFile(join(folder, 'test_batch.bin'))),
    batch('test_batch.bin'),
  );
});

test('taking can be called off', async () => {
  const signal = AbortSignal.abort();
  for (const picked of [
    file(ARCHIVE, await archive()),
    file('test_batch.bin', batch('test_batch.bin')),
  ]) {
    await assert.rejects(takeCifar10([picked], { records: RECORDS, signal }), {
      name: 'AbortError',
    });
  }
});
