/** The folder of an embedded database: it is kept, and one process at a time can open it. */
import { expect, test } from 'bun:test';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { sql } from 'drizzle-orm';
import { createLog } from '../process/log.ts';
import { embeddedFolder } from './database.embedded.ts';
import { openDatabase } from './database.open.ts';
import type { Database } from './database.ts';

const url = newEmbeddedUrl();
const folder = url.replace('pglite:', '');

const open = (): Database => openDatabase({ url, log: createLog('test', 'silent') });

test('rows are kept after closing and opening again', async () => {
  const first = open();
  await first.migrate('shop', { steps: [{ name: '0000', sql: 'create table shop.things as select 1 as id' }] });
  await first.close();
  const second = open();
  await second.migrate('shop', { steps: [] });
  expect(await second.rows(sql`select id from shop.things`)).toEqual([{ id: 1 }]);
  await second.close();
});

test('services of one process share it, and the last one to close unlocks it', async () => {
  const [one, two] = [open(), open()];
  await one.probe();
  await one.close();
  expect(await two.probe()).toBe('embedded');
  expect(existsSync(`${folder}.pid`)).toBeTrue();
  await two.close();
  expect(existsSync(`${folder}.pid`)).toBeFalse();
});

test('the error names the process that has it open', async () => {
  const other = Bun.spawn(['sleep', '60']);
  expect(existsSync(`${folder}.pid`)).toBeFalse();
  writeFileSync(`${folder}.pid`, String(other.pid));
  await expect(open().probe()).rejects.toThrow(`in use by process ${other.pid}`);
  other.kill();
  await other.exited;
  const database = open();
  expect(await database.probe()).toBe('embedded');
  await database.close();
});

test('a URL names a folder, or memory', () => {
  expect(embeddedFolder('pglite:memory')).toBeUndefined();
  expect(embeddedFolder('pglite:./data/postgres')).toBe(resolve('data/postgres'));
  expect(embeddedFolder('pglite:///var/lib/parley')).toBe('/var/lib/parley');
  expect(embeddedFolder('sqlite:///./chat.db')).toBe(resolve('chat.db'));
  expect(embeddedFolder('sqlite:////var/lib/chat.db')).toBe('/var/lib/chat.db');
});
