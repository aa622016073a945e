/**
 * Postgres inside this process (PGlite). Services with the same folder share one instance, each with its own schema.
 * One process at a time can open a folder (`folder-lock.ts`).
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import type { Driver } from './database.driver.ts';
import type { Db } from './database.ts';
import { lock } from './folder-lock.ts';

interface Shared {
  readonly client: PGlite;
  readonly lockFile: string | undefined;
  users: number;
}

const open = new Map<string, Shared>();

/**
 * The folder of an embedded URL: `pglite:./.data/postgres`; undefined (in memory) for `pglite:memory`. `sqlite:///./chat.db` means the folder
 * `./chat.db`, so that variables written for SQLite work unchanged.
 */
export const embeddedFolder = (url: string): string | undefined => {
  const path = url.replace(/^(pglite:(\/\/)?|sqlite:(\/\/\/)?)/, '');
  return path === 'memory' || path === '' ? undefined : resolve(path);
};

const openShared = (folder: string | undefined): Shared => {
  if (!folder) return { client: new PGlite(), lockFile: undefined, users: 0 };
  mkdirSync(dirname(folder), { recursive: true });
  const lockFile = lock(folder);
  return { client: new PGlite(folder), lockFile, users: 0 };
};

export const openEmbedded = (url: string): Driver => {
  const folder = embeddedFolder(url);
  const shared = (folder && open.get(folder)) || openShared(folder);
  if (folder) open.set(folder, shared);
  shared.users += 1;
  const db = drizzle(shared.client) as Db;

  const close = async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    if (folder) open.delete(folder);
    await shared.client.close();
    if (shared.lockFile) rmSync(shared.lockFile, { force: true });
  };
  return {
    db,
    prove: async () => {
      await db.execute(sql`select 1`);
    },
    recycle: () => undefined,
    close,
  };
};
