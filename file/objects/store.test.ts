import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { createLog } from '@parley/kit/process/log';
import { newFolder } from '@parley/testing/run/run-folder';
import { describeWith, startMinio } from '@parley/testing/servers/servers';
import { BucketClient } from './s3-bucket.ts';
import { createDiskStore } from './store.disk.ts';
import { createS3Store } from './store.s3.ts';
import type { ObjectBody, ObjectStore } from './store.ts';

const PART_BYTES = 5 * 1_024 * 1_024;

/** Bytes that differ at every place a mistake could move them to. */
const bytesOf = (size: number): Uint8Array => {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index += 1) bytes[index] = (index * 31 + (index >> 13)) & 0xff;
  return bytes;
};

async function* chunked(bytes: Uint8Array, chunkBytes = 300_001): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes);
}

async function* broken(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* chunked(bytes);
  throw new Error('The sender has gone');
}

const contentOf = async (body: ObjectBody | undefined): Promise<Uint8Array> =>
  new Uint8Array(await new Response(body).arrayBuffer());

const keysOf = async (store: ObjectStore, prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
};

const behavesAsObjectStore = (openStore: () => Promise<{ store: ObjectStore; close(): Promise<void> }>): void => {
  let store: ObjectStore;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ store, close } = await openStore());
  });
  afterAll(() => close());

  for (const size of [1, 70_000, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, 11_000_000]) {
    test(`an object of ${size} bytes comes back as it was, whole and in ranges`, async () => {
      const bytes = bytesOf(size);
      const key = `sizes/${crypto.randomUUID()}`;
      await store.put(key, chunked(bytes));
      expect(await contentOf(await store.open(key, { start: 0, end: size }))).toEqual(bytes);
      const middle = { start: Math.floor(size / 3), end: Math.ceil((2 * size) / 3) };
      expect(await contentOf(await store.open(key, middle))).toEqual(bytes.slice(middle.start, middle.end));
      expect(await store.has(key)).toBe(true);
    });
  }

  for (const size of [1_000, PART_BYTES + 1]) {
    test(`a put whose chunks fail after ${size} bytes leaves nothing`, async () => {
      const key = `broken/${crypto.randomUUID()}`;
      await expect(store.put(key, broken(bytesOf(size)))).rejects.toThrow('The sender has gone');
      expect(await store.has(key)).toBe(false);
      expect(await keysOf(store, 'broken/')).toEqual([]);
      expect(await store.removeUnfinished(new Date(Date.now() + 60_000))).toBe(0);
    });
  }

  test('what is not there is undefined, false, and no error to remove', async () => {
    const key = `files/${crypto.randomUUID()}`;
    expect(await store.open(key, { start: 0, end: 10 })).toBeUndefined();
    expect(await store.read(key)).toBeUndefined();
    expect(await store.has(key)).toBe(false);
    await store.remove(key);
  });

  test('an object can be read in one piece, and removed', async () => {
    const key = `files/${crypto.randomUUID()}`;
    await store.put(key, chunked(bytesOf(5_000)));
    expect(await store.read(key)).toEqual(bytesOf(5_000) as Uint8Array<ArrayBuffer>);
    await store.remove(key);
    expect(await store.has(key)).toBe(false);
  });

  test('lists the objects of a prefix by ascending key, with their age', async () => {
    const keys = Array.from({ length: 7 }, () => `listed/${crypto.randomUUID()}`);
    for (const key of keys) await store.put(key, chunked(bytesOf(10)));
    await store.put(`other/${crypto.randomUUID()}`, chunked(bytesOf(10)));
    expect(await keysOf(store, 'listed/')).toEqual(keys.toSorted());
    for await (const { modifiedAt } of store.list('listed/'))
      expect(Math.abs(Date.now() - modifiedAt.getTime())).toBeLessThan(60_000);
  });

  test('puts of different objects run side by side', async () => {
    const keys = Array.from({ length: 8 }, () => `side/${crypto.randomUUID()}`);
    await Promise.all(keys.map((key, index) => store.put(key, chunked(bytesOf(100_000 + index)))));
    for (const [index, key] of keys.entries()) expect((await store.read(key))?.length).toBe(100_000 + index);
  });

  test('can be used', async () => {
    expect(await store.probe()).not.toBe('unavailable');
  });
};

describe('the disk store', () => {
  behavesAsObjectStore(async () => {
    const folder = newFolder('file-objects');
    return { store: createDiskStore(folder), close: async () => rmSync(folder, { recursive: true }) };
  });
});

describeWith(['minio'], 'the S3 store', () => {
  const open = async () => {
    const minio = await startMinio();
    const options = {
      minioEndpoint: minio.endpoint,
      minioAccessKey: minio.accessKey,
      minioSecretKey: minio.secretKey,
      minioBucket: 'made-when-missing',
      storageTimeoutMs: 4_000,
    };
    const store = createS3Store(options, createLog('file', 'silent'));
    const close = async () => {
      store.close();
      await minio.close();
    };
    return { store, options, close };
  };
  behavesAsObjectStore(open);

  test('leaves no part of an object whose chunks fail behind', async () => {
    const { store, options, close } = await open();
    const bucket = new BucketClient(options, createLog('file', 'silent'));
    const Key = 'files/broken';
    const countUnfinished = async (): Promise<number> => {
      const command = new ListMultipartUploadsCommand({ Bucket: options.minioBucket, Prefix: Key });
      const { Uploads } = await bucket.send((client, abortSignal) => client.send(command, { abortSignal }));
      return Uploads?.length ?? 0;
    };
    let inTheMiddle = 0;
    async function* failing() {
      yield bytesOf(PART_BYTES + 1);
      yield bytesOf(PART_BYTES);
      inTheMiddle = await countUnfinished();
      throw new Error('The sender has gone');
    }
    await expect(store.put(Key, failing())).rejects.toThrow('The sender has gone');
    expect(inTheMiddle).toBe(1);
    expect(await countUnfinished()).toBe(0);
    bucket.close();
    await close();
  });
});
