/**
 * Objects as files in one folder, for one process. An object is written under a temporary name, flushed to the disk and then renamed, so
 * that it is there completely or not at all.
 */
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from '@parley/kit/errors/failure';
import { errors } from '../errors.ts';
import type { ObjectStore, StoredObject } from './store.ts';

const UNFINISHED = '.unfinished';
const SHARD_LETTERS = 2;

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** Undefined when there is no such file. @throws {Failure} `storage_unavailable` on any other fault of the file system */
const ifThere = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw away(error);
  }
};

/** Turns errors of the file system (a full disk, no permission) into `storage_unavailable`; others are the caller's and stay. */
const away = (error: unknown): unknown =>
  typeof codeOf(error) === 'string' && !(error instanceof Failure)
    ? new Failure(errors.storage_unavailable, undefined, { cause: error })
    : error;

const writeAll = async (file: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<void> => {
  for await (const chunk of chunks) {
    for (let written = 0; written < chunk.length; )
      written += (await file.write(chunk, written, chunk.length - written)).bytesWritten;
  }
  await file.sync();
};

/** Flushes a folder's entries, so that a rename survives a power cut. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** The names of a folder's entries, sorted; none when there is no such folder. */
const namesIn = async (folder: string): Promise<string[]> => ((await ifThere(readdir(folder))) ?? []).sort();

/** Writes a file under a temporary name, flushes it and renames it. */
const writeFile = async (root: string, path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> => {
  const temporary = join(root, UNFINISHED, crypto.randomUUID());
  await mkdir(dirname(temporary), { recursive: true });
  await mkdir(dirname(path), { recursive: true });
  const file = await open(temporary, 'wx');
  try {
    await writeAll(file, chunks).finally(() => file.close());
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

async function* listObjects(root: string, prefix: string): AsyncGenerator<StoredObject> {
  for (const shard of await namesIn(join(root, prefix))) {
    for (const name of await namesIn(join(root, prefix, shard))) {
      const found = await ifThere(stat(join(root, prefix, shard, name)));
      if (found) yield { key: prefix + name, modifiedAt: found.mtime };
    }
  }
}

/** Removes the temporary files older than a time. @returns their number */
const removeUnfinished = async (root: string, before: Date): Promise<number> => {
  let removed = 0;
  for (const name of await namesIn(join(root, UNFINISHED))) {
    const path = join(root, UNFINISHED, name);
    const found = await ifThere(stat(path));
    if (!found || found.mtime >= before) continue;
    await ifThere(rm(path));
    removed += 1;
  }
  return removed;
};

export const createDiskStore = (folder: string): ObjectStore => {
  const root = resolve(folder);

  /** The key `files/ab12` is the file `files/ab/ab12`, so that no folder has too many entries. */
  const pathOf = (key: string): string => {
    const name = basename(key);
    return join(root, dirname(key), name.slice(0, SHARD_LETTERS), name);
  };

  return {
    put: async (key, chunks) => {
      try {
        await writeFile(root, pathOf(key), chunks);
      } catch (error) {
        throw away(error);
      }
    },
    open: async (key, { start, end }) => {
      const path = pathOf(key);
      return (await ifThere(stat(path))) ? Bun.file(path).slice(start, end) : undefined;
    },
    read: async (key) => ifThere(Bun.file(pathOf(key)).bytes()),
    has: async (key) => (await ifThere(stat(pathOf(key)))) !== undefined,
    remove: async (key) => {
      await ifThere(rm(pathOf(key)));
    },
    list: (prefix) => listObjects(root, prefix),
    removeUnfinished: (before) => removeUnfinished(root, before),
    probe: async () => {
      await mkdir(root, { recursive: true });
      return 'embedded';
    },
    close: () => undefined,
  };
};
