/**
 * `npm run data:cifar10 [-- <file>]`: has this site serve CIFAR-10 itself. Fetches the official archive, or takes one that
 * is already here, checks it as a reader's file is checked, and lays its six files in `public/datasets/cifar10`.
 */
import { openAsBlob } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeCifar10, WrongFileError, type TakeOptions } from '../datasets/cifar10-files.ts';
import { CIFAR10_FOLDER } from '../datasets/cifar10.ts';

const ADDRESS = 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz';

async function download(): Promise<File> {
  process.stdout.write(`${ADDRESS}，162 MB……\n`);
  const response = await fetch(ADDRESS);
  if (!response.ok) throw new WrongFileError(`${ADDRESS}：HTTP ${response.status}，没有下载下来。`);
  return new File([await response.blob()], basename(ADDRESS));
}

/**
 * Lays the files of an archive in a folder.
 * @returns whether it is byte for byte the official archive.
 * @throws WrongFileError with a sentence; nothing is written then.
 */
export async function hostCifar10(
  archive: File,
  folder: string,
  options: TakeOptions = {},
): Promise<boolean> {
  const { files, official } = await takeCifar10([archive], options);
  await mkdir(folder, { recursive: true });
  for (const [name, blob] of files) {
    await writeFile(join(folder, name), new Uint8Array(await blob.arrayBuffer()));
  }
  return official === true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path] = process.argv.slice(2);
  const folder = fileURLToPath(
    new URL(`../../public/datasets/${CIFAR10_FOLDER}`, import.meta.url),
  );
  try {
    const archive =
      path === undefined ? await download() : new File([await openAsBlob(path)], basename(path));
    const official = await hostCifar10(archive, folder);
    process.stdout.write(
      `六个文件放进了 public/datasets/${CIFAR10_FOLDER}。${official ? '校验和与官方的一致。' : '校验和与官方的压缩包不同，但内容检查都通过了。'}\n`,
    );
  } catch (error) {
    if (!(error instanceof WrongFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
