import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { describeWith, freshDatabase } from '@parley/testing/servers/servers';
import { sql } from 'drizzle-orm';
import { createLog } from '../process/log.ts';
import { openDatabase } from './database.open.ts';
import type { Database, SqlFile } from './database.ts';

const things: SqlFile = { name: '0000_things', sql: 'create table shop.things (name text);' };
const price: SqlFile = { name: '0001_price', sql: 'alter table shop.things add column price int;' };

const countFunction = (body: string): SqlFile => ({
  name: 'count_things',
  sql: `create or replace function shop.count_things() returns bigint language sql as $$ ${body} $$;`,
});
const countAll = countFunction('select count(*) from shop.things');
const countPriced = countFunction('select count(price) from shop.things');

const suite = (open: () => Promise<{ url: string; drop(): Promise<void> }>) => () => {
  let database: Database;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const opened = await open();
    drop = opened.drop;
    database = openDatabase({ url: opened.url, log: createLog('test', 'silent') });
  });
  beforeEach(() => database.rows(sql`drop schema if exists shop cascade`));
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const namesOf = async (table: string) => {
    const rows = await database.rows<{ name: string }>(sql`select name from shop.${sql.identifier(table)} order by 1`);
    return rows.map(({ name }) => name);
  };
  const count = async () =>
    (await database.rows<{ n: number }>(sql`select shop.count_things()::int as n`)).map(({ n }) => n);

  test('an applied step that was changed stops the start, and nothing after it is applied', async () => {
    await database.migrate('shop', { steps: [things] });
    const changed = { ...things, sql: 'create table shop.things (name text not null);' };
    await expect(database.migrate('shop', { steps: [changed, price], functions: [countAll] })).rejects.toThrow(
      '`0000_things` was changed after it was applied; write a new step',
    );
    expect(await namesOf('migrations')).toEqual(['0000_things']);
    expect(await namesOf('functions')).toEqual([]);
  });

  test('a step is the same with other line ends', async () => {
    const lines = { ...things, sql: 'create table shop.things (\n  name text\n);\n' };
    await database.migrate('shop', { steps: [lines] });
    await database.migrate('shop', { steps: [{ ...lines, sql: lines.sql.replaceAll('\n', '\r\n') }] });
    expect(await namesOf('migrations')).toEqual(['0000_things']);
  });

  test('a step applied before hashes existed is not run again, and may not change from then on', async () => {
    await database.rows(sql`create schema shop`);
    await database.rows(
      sql`create table shop.migrations (name text primary key, applied_at timestamptz default now())`,
    );
    await database.rows(sql`insert into shop.migrations (name) values ('0000_things')`);
    await database.rows(sql`create table shop.things (name text)`);
    await database.migrate('shop', { steps: [things, price], functions: [countPriced] });
    expect(await namesOf('migrations')).toEqual(['0000_things', '0001_price']);
    expect(await count()).toEqual([0]);
    const changed = { ...things, sql: `${things.sql} -- changed` };
    await expect(database.migrate('shop', { steps: [changed, price] })).rejects.toThrow('`0000_things` was changed');
  });

  test('functions are applied after the steps, and again only when their text differs', async () => {
    const appliedAt = () => database.rows(sql`select applied_at::text from shop.functions`);
    await database.migrate('shop', { steps: [things], functions: [countAll] });
    await database.rows(sql`insert into shop.things values ('first')`);
    expect(await count()).toEqual([1]);
    const first = await appliedAt();
    await database.migrate('shop', { steps: [things], functions: [countAll] });
    expect(await appliedAt()).toEqual(first);
    await database.migrate('shop', { steps: [things, price], functions: [countPriced] });
    expect(await appliedAt()).not.toEqual(first);
    expect(await count()).toEqual([0]);
  });

  test('when a function fails, neither it nor the steps are applied', async () => {
    const broken = countFunction('select count(*) from shop.nowhere');
    await expect(database.migrate('shop', { steps: [things], functions: [broken] })).rejects.toThrow();
    await database.migrate('shop', { steps: [things], functions: [countAll] });
    expect(await count()).toEqual([0]);
  });

  test('a replica of an older release, started during a rollout, leaves the functions of the newer one', async () => {
    await database.migrate('shop', { steps: [things], functions: [countAll] });
    await database.migrate('shop', { steps: [things, price], functions: [countPriced] });
    await database.migrate('shop', { steps: [things], functions: [countAll] });
    await database.rows(sql`insert into shop.things values ('without a price')`);
    expect(await count()).toEqual([0]);
  });

  test('a step may take longer than a request', async () => {
    const limit = {
      name: '0000_limit',
      sql: "create table shop.things as select current_setting('statement_timeout') as name",
    };
    await database.migrate('shop', { steps: [limit] });
    expect(await namesOf('things')).toEqual(['0']);
  });
};

describe(
  'Migrating, embedded',
  suite(async () => ({ url: newEmbeddedUrl(), drop: async () => undefined })),
);
describeWith(['postgres'], 'Migrating, on Postgres', suite(freshDatabase));
