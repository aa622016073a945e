import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { createLog } from '@parley/kit/process/log';
import type { Database } from '@parley/kit/stores/database';
import { openDatabase } from '@parley/kit/stores/database.open';
import { describeWith } from '@parley/testing/servers/servers';
import fc from 'fast-check';
import { typesOf } from '../config.ts';
import { migrations } from '../db/migrations/index.ts';
import { newFile, type StoredFile } from '../files/rules.ts';
import { createFileStore, type FileStore } from '../files/store.ts';
import { openObjectStore } from '../objects/store.open.ts';
import { FILE_PREFIX, fileKey, type ObjectStore, THUMBNAIL_PREFIX, thumbnailKey } from '../objects/store.ts';
import { backends, type Stores } from '../testing/backends.ts';
import { compare } from './compare.ts';
import { createLeases, type Leases } from './lease.ts';
import { isPlausible } from './rules.ts';
import { createSweep, type SweepReport } from './sweep.ts';

const log = createLog('file', 'silent');
const HOUR_MS = 3_600_000;

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const rowOf = (objectId: string): StoredFile => {
  const received = {
    objectId,
    contentType: 'text/plain',
    charset: 'utf-8' as const,
    sizeBytes: 1,
    sha256: '',
    width: null,
    height: null,
  };
  return newFile({ received, name: 'a.txt', uploadedBy: 'alice', roomId: 'general' }, Date.now());
};

for (const backend of backends) {
  describeWith(backend.needs, `a sweep on ${backend.name}`, () => {
    let stores: Stores;
    let database: Database;
    let files: FileStore;
    let objects: ObjectStore;
    let leases: Leases;

    beforeAll(async () => {
      stores = await backend.open();
      const { env } = stores;
      database = openDatabase({ url: env.DATABASE_URL ?? '', log });
      await database.migrate('file', migrations);
      files = createFileStore(database);
      leases = createLeases(database);
      const minio = { minioEndpoint: env.MINIO_ENDPOINT ?? '', minioBucket: env.MINIO_BUCKET ?? '' };
      const keys = { minioAccessKey: env.MINIO_ACCESS_KEY ?? '', minioSecretKey: env.MINIO_SECRET_KEY ?? '' };
      objects = openObjectStore({ storageDir: env.STORAGE_DIR, ...minio, ...keys, storageTimeoutMs: 4_000 }, log);
    });
    afterAll(async () => {
      objects.close();
      await database.close();
      await stores.close();
    });
    afterEach(async () => {
      for (const { id } of await files.list({ limit: 200 })) await files.remove(id);
      for (const prefix of [FILE_PREFIX, THUMBNAIL_PREFIX])
        for await (const { key } of objects.list(prefix)) await objects.remove(key);
    });

    const add = async (sides: { row: boolean; object: boolean; thumbnail?: boolean }): Promise<StoredFile> => {
      const file = rowOf(crypto.randomUUID());
      if (sides.row) await files.insert(file);
      if (sides.object) await objects.put(fileKey(file.objectId), once('x'));
      if (sides.thumbnail) await objects.put(thumbnailKey(file.objectId), once('x'));
      return file;
    };

    /** As if so much time had passed since everything was made. */
    const sweepAfter = (ms: number, isForced = false): Promise<SweepReport | undefined> =>
      createSweep({ files, objects, leases, log, graceMs: HOUR_MS, now: () => Date.now() + ms }).run(isForced);

    test('removes rows without objects and objects without rows, and nothing else', async () => {
      const whole = await add({ row: true, object: true, thumbnail: true });
      const lost = await add({ row: true, object: false });
      const loose = await add({ row: false, object: true, thumbnail: true });
      await objects.put(`${FILE_PREFIX}not-ours`, once('x'));
      const report = await sweepAfter(2 * HOUR_MS);
      expect(report).toMatchObject({
        rows: 2,
        objects: 2,
        row_without_object: 1,
        object_without_row: 1,
        isRefused: false,
      });
      expect(await files.find(lost.id)).toBeUndefined();
      expect(await files.find(whole.id)).toEqual(whole);
      for (const key of [fileKey(whole.objectId), thumbnailKey(whole.objectId), `${FILE_PREFIX}not-ours`])
        expect(await objects.has(key)).toBeTrue();
      for (const key of [fileKey(loose.objectId), thumbnailKey(loose.objectId)])
        expect(await objects.has(key)).toBeFalse();
      expect(await sweepAfter(2 * HOUR_MS)).toMatchObject({ row_without_object: 0, object_without_row: 0 });
    });

    test('leaves alone what is young: its upload may be under way', async () => {
      const loose = await add({ row: false, object: true });
      const lost = await add({ row: true, object: false });
      expect(await sweepAfter(HOUR_MS / 2)).toMatchObject({ row_without_object: 0, object_without_row: 0 });
      expect(await objects.has(fileKey(loose.objectId))).toBeTrue();
      expect(await files.find(lost.id)).toBeDefined();
    });

    test('believes no wrong bucket and no wrong database, unless it is forced', async () => {
      const many = Array.from({ length: 12 });
      for (const _ of many) await add({ row: true, object: false });
      const report = await sweepAfter(2 * HOUR_MS);
      expect(report).toMatchObject({ rows: 12, row_without_object: 0, isRefused: true });
      expect(await files.list({ limit: 50 })).toHaveLength(12);
      expect(await sweepAfter(2 * HOUR_MS, true)).toMatchObject({ row_without_object: 12, isRefused: false });
      for (const _ of many) await add({ row: false, object: true });
      expect(await sweepAfter(2 * HOUR_MS)).toMatchObject({ objects: 12, object_without_row: 0, isRefused: true });
      expect(await sweepAfter(2 * HOUR_MS, true)).toMatchObject({ object_without_row: 12 });
    });

    test('is run by one at a time, and by another when a sweeper died', async () => {
      expect(await leases.take('sweep', 60_000)).toBeTrue();
      expect(await sweepAfter(0)).toBeUndefined();
      await leases.release('sweep');
      expect(await sweepAfter(0)).toBeDefined();
      expect(await leases.take('sweep', 1)).toBeTrue();
      await Bun.sleep(20);
      expect(await sweepAfter(0)).toBeDefined();
    });

    test('of many turns that are taken at once, one is', async () => {
      const taken = await Promise.all(Array.from({ length: 8 }, () => leases.take('turn', 60_000)));
      expect(taken.filter(Boolean)).toHaveLength(1);
    });
  });
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe('comparing', () => {
  test('finds exactly what is on one side only, in order', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 60 }).map((id) => String(id).padStart(2, '0')));
    const sorted = (some: string[]) => some.toSorted().map((objectId) => ({ objectId }));
    await fc.assert(
      fc.asyncProperty(ids, ids, async (rows, objects) => {
        const found: Record<string, string[]> = { row_without_object: [], object_without_row: [] };
        for await (const finding of compare(each(sorted(rows)), each(sorted(objects))))
          found[finding.kind]?.push(
            finding.kind === 'row_without_object' ? finding.row.objectId : finding.object.objectId,
          );
        const only = (some: string[], others: string[]) => some.filter((id) => !others.includes(id)).toSorted();
        expect(found).toEqual({ row_without_object: only(rows, objects), object_without_row: only(objects, rows) });
      }),
    );
  });

  test('believes a few losses, and half at most', () => {
    expect(isPlausible(10, 10)).toBeTrue();
    expect(isPlausible(11, 20)).toBeFalse();
    expect(isPlausible(500, 1_000)).toBeTrue();
    expect(isPlausible(501, 1_000)).toBeFalse();
  });
});

test('allowed types are read from a list', () => {
  expect(typesOf('image/png, Text/Plain')).toEqual(['image/png', 'text/plain']);
});
