/** Backs one stack up and restores it into another, empty one. */
import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFile } from '../../deploy/archive.ts';
import { openBucket } from '../../deploy/bucket.ts';
import { databases } from '../../deploy/compose.ts';
import { defineStack, type Stack } from './stack.ts';

const TIMEOUT_MS = 180_000;

const psql = (stack: Stack, database: string, query: string): Promise<string> =>
  stack.compose('exec', '-T', 'postgres', 'psql', '-U', 'postgres', '-d', database, '-tAc', query);

/** The data of a stack: row counts of every table, the last seq of each room, and the checksum of every object. */
const holdingsOf = async (stack: Stack, folder: string) => {
  const rows: Record<string, string> = {};
  for (const database of databases) {
    const tables = await psql(
      stack,
      database,
      `select tablename from pg_tables where schemaname = '${database}' order by 1`,
    );
    for (const table of tables.split('\n').filter(Boolean))
      rows[`${database}.${table}`] = await psql(stack, database, `select count(*) from ${database}.${table}`);
  }
  const rooms = await psql(stack, 'chat', 'select id, last_seq from chat.rooms order by id');
  const bucket = openBucket(stack.env);
  const objects: Record<string, string> = {};
  for (const key of await bucket.keys()) {
    const { type, sha256 } = await bucket.download(key, join(folder, 'object'));
    objects[key] = `${type} ${sha256}`;
  }
  return { rows, rooms, objects };
};

export const backupTests = (stack: () => Stack): void => {
  test(
    'a backup restores into an empty stack, to the row, the seq and the byte; a damaged one is refused',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'parley-backup-'));
      const archive = join(folder, 'parley.tar');
      const other = defineStack();
      try {
        // No writes happen while the two are compared.
        await stack().compose('stop', 'gateway');
        const held = await holdingsOf(stack(), folder);
        expect(Number(held.rows['chat.messages'])).toBeGreaterThan(10);
        expect(Object.keys(held.objects)).not.toBeEmpty();
        await stack().script('backup', archive);
        expect((await describeFile(archive)).sha256).toBe(
          (await Bun.file(`${archive}.sha256`).text()).split(' ')[0] ?? '',
        );
        await expect(stack().script('restore', archive)).rejects.toThrow('is not empty');

        await other.script('restore', archive);
        expect(await holdingsOf(other, folder)).toEqual(held);
        expect((await fetch(`${other.origin}/api/chat/rooms/general/messages`)).status).toBe(200);

        const damaged = join(folder, 'damaged.tar');
        const bytes = await Bun.file(archive).bytes();
        bytes[bytes.indexOf(0x50, 2_000)] = 0x51;
        await Bun.write(damaged, bytes);
        await expect(other.script('restore', damaged, '--replace')).rejects.toThrow(/damaged|tar failed|manifest|JSON/);
        expect(await holdingsOf(other, folder)).toEqual(held);
      } finally {
        await other.down();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    TIMEOUT_MS,
  );
};
