/** A reader brings CIFAR-10: refused files say why, good ones are kept, trained with, found after a reload, and dropped. */
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test, type Locator } from '@playwright/test';
import { packTar } from 'modern-tar';
import {
  CIFAR10_FILES,
  RECORD_BYTES,
  RECORDS,
  type Cifar10File,
} from '../../src/datasets/cifar10.ts';
import { Live, watch } from './live.ts';

/** A file of the official size: every picture in one colour of its class; a training file has one class more often. */
function batch(name: Cifar10File): Buffer {
  const bytes = Buffer.alloc(RECORDS * RECORD_BYTES);
  for (let i = 0; i < RECORDS; i++) {
    const label = name !== 'test_batch.bin' && i === 0 ? CIFAR10_FILES.indexOf(name) + 1 : i % 10;
    bytes.fill(25 * label + 5, i * RECORD_BYTES, (i + 1) * RECORD_BYTES);
    bytes[i * RECORD_BYTES] = label;
  }
  return bytes;
}

const QUERY = '?p.source=cifar10&p.taught=500&p.epochs=1&backend=wasm';
const told = (live: Live): Locator => live.part('brought-told');
const kept = (live: Live): Locator => live.part('brought-kept');

test('files that are right are kept in the browser and trained with; others are refused and change nothing', async ({
  page,
}, info) => {
  test.setTimeout(240_000);
  const { problems } = watch(page);
  const path = async (name: string, content: Buffer): Promise<string> => {
    const file = info.outputPath(name);
    await writeFile(file, content);
    return file;
  };
  let live = await Live.open(page, 'cifar-cnn', QUERY);

  // Without files the run says which one it wants, and opens the fold.
  await live.press('run');
  await live.is('failed');
  await expect(live.part('failure')).toContainText('还没有 data_batch_1.bin');
  await expect(kept(live)).toContainText('还没有存文件');
  const input = live.part('brought').locator('input[type="file"]');

  await input.setInputFiles(await path('notes.txt', Buffer.from('hello')));
  await expect(told(live)).toContainText('认不出 notes.txt');
  await expect(told(live)).toContainText('原来存的文件没有动');

  await input.setInputFiles([
    await path('data_batch_1.bin', batch('data_batch_1.bin')),
    await path('test_batch.bin', batch('test_batch.bin')),
  ]);
  await expect(told(live)).toContainText('存好了', { timeout: 60_000 });
  await expect(kept(live)).toContainText('2 个文件');
  await expect(kept(live)).toContainText('还缺 data_batch_2.bin');
  await live.press('run');
  await live.is('ended', 90_000);
  await expect(live.root).toContainText('飞机');

  // They are still there after a reload; a cut file is refused and leaves them.
  live = await Live.open(page, 'cifar-cnn', QUERY);
  await live.part('brought').locator('summary').click();
  await expect(kept(live)).toContainText('2 个文件');
  const cut = batch('data_batch_1.bin').subarray(0, 1e6);
  await live
    .part('brought')
    .locator('input[type="file"]')
    .setInputFiles(await path('data_batch_1.bin', cut));
  await expect(told(live)).toContainText('只有 1000000 字节');
  await expect(kept(live)).toContainText('2 个文件');

  // The whole archive; its checksum is not the official one, and the page says so.
  const folder = 'cifar-10-batches-bin/';
  const entries = CIFAR10_FILES.map((name) => ({
    header: { name: folder + name, size: RECORDS * RECORD_BYTES },
    body: batch(name),
  }));
  const archive = gzipSync(await packTar(entries), { level: 1 });
  await live
    .part('brought')
    .locator('input[type="file"]')
    .setInputFiles(await path('cifar-10-binary.tar.gz', archive));
  await expect(told(live)).toContainText('校验和与官方的压缩包不同', { timeout: 90_000 });
  await expect(kept(live)).toContainText('6 个文件');
  await expect(kept(live)).not.toContainText('还缺');

  await live.part('brought').getByRole('button', { name: '删掉' }).click();
  await expect(kept(live)).toContainText('还没有存文件');
  expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
});
