/** The database with both backends, and while Postgres is away, hangs or is slow. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import {
  describeWith,
  type FreshDatabase,
  freshDatabase,
  startPostgres,
  type TestServer,
} from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { sql } from 'drizzle-orm';
import { createLog } from '../process/log.ts';
import { openDatabase } from './database.open.ts';
import type { Database, SqlFile } from './database.ts';

const log = createLog('test', 'silent');

const steps: readonly SqlFile[] = [
  {
    name: '0000_things',
    sql: 'create schema "shop";--> statement-breakpoint\ncreate table shop.things (name text unique);',
  },
  { name: '0001_first_thing', sql: "insert into shop.things values ('first');" },
];

const open: Database[] = [];

const openKept = (url: string, queryTimeoutMs = 4_000): Database => {
  const database = openDatabase({ url, log, queryTimeoutMs });
  open.push(database);
  return database;
};

const closeDatabases = async () => {
  for (const database of open.splice(0)) await database.close();
};

const namesIn = async (database: Database): Promise<string[]> => {
  const rows = await database.rows<{ name: string }>(sql`select name from shop.things order by name`);
  return rows.map(({ name }) => name);
};

const add = (database: Database, name: string) => database.rows(sql`insert into shop.things values (${name})`);

const unavailable = { name: 'Failure', code: 'storage_unavailable', status: 503 };

/** @param newUrl returns the URL of an empty database that several can open */
const databaseContract = (newUrl: () => Promise<string>) => {
  afterEach(closeDatabases);

  test('replicas that start together migrate once, and later starts change nothing', async () => {
    const url = await newUrl();
    const replicas = Array.from({ length: 5 }, () => openKept(url));
    await Promise.all(replicas.map((replica) => replica.migrate('shop', { steps })));
    expect(await Promise.all(replicas.map(namesIn))).toEqual(Array.from({ length: 5 }, () => ['first']));
    const [replica] = replicas;
    await replica?.migrate('shop', { steps });
    expect(await replica?.rows(sql`select name from shop.migrations order by name`)).toEqual(
      steps.map(({ name }) => ({ name })),
    );
  });

  test('a later step is applied to an existing schema', async () => {
    const database = openKept(await newUrl());
    await database.migrate('shop', { steps: steps.slice(0, 1) });
    expect(await namesIn(database)).toEqual([]);
    await database.migrate('shop', { steps });
    expect(await namesIn(database)).toEqual(['first']);
  });

  test('a step that fails changes nothing, and can be repeated', async () => {
    const database = openKept(await newUrl());
    const broken = [
      ...steps,
      { name: '0002_broken', sql: 'create table shop.more ();--> statement-breakpoint\nnonsense' },
    ];
    await expect(database.migrate('shop', { steps: broken })).rejects.toThrow();
    await expect(namesIn(database)).rejects.toThrow();
    await database.migrate('shop', { steps });
    expect(await namesIn(database)).toEqual(['first']);
  });

  test('services on one database have separate schemas', async () => {
    const url = await newUrl();
    const [shop, yard] = [openKept(url), openKept(url)];
    const inYard = steps.map(({ name, sql }) => ({ name, sql: sql.replaceAll('shop', 'yard') }));
    await Promise.all([shop.migrate('shop', { steps }), yard.migrate('yard', { steps: inYard })]);
    await shop.rows(sql`delete from shop.things`);
    expect(await yard.rows(sql`select * from yard.things`)).toEqual([{ name: 'first' }]);
  });

  test('an error of a query reaches the caller, and is not an outage', async () => {
    const database = openKept(await newUrl());
    await database.migrate('shop', { steps });
    await expect(add(database, 'first')).rejects.not.toMatchObject(unavailable);
    await expect(add(database, 'nul \0 byte')).rejects.not.toMatchObject(unavailable);
    expect(await database.probe()).not.toBe('unavailable');
  });

  test('a transaction that fails changes nothing', async () => {
    const database = openKept(await newUrl());
    await database.migrate('shop', { steps });
    const failing = database.run((db) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`insert into shop.things values ('half')`);
        throw new Error('changed my mind');
      }),
    );
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await namesIn(database)).toEqual(['first']);
  });
};

describe('The embedded database', () => {
  const url = newEmbeddedUrl();
  let keeper: Database;
  beforeAll(() => {
    keeper = openDatabase({ url, log });
  });
  afterAll(() => keeper.close());

  // Emptying a database that is kept open is faster than starting another.
  databaseContract(async () => {
    await keeper.rows(sql`drop schema if exists shop, yard cascade`);
    return url;
  });
});

describeWith(['postgres'], 'The database on a server', () => {
  const databases: FreshDatabase[] = [];
  databaseContract(async () => {
    const database = await freshDatabase();
    databases.push(database);
    return database.url;
  });
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });

  test('a slow query times out, and no other query with it', async () => {
    const database = openKept(databases[0]?.url ?? '', 3_000);
    await database.probe();
    const slow = database.rows(sql`select pg_sleep(10)`);
    // The other is still running when the time of this one is up, and has more than two seconds to spare.
    await Bun.sleep(2_600);
    const innocent = database.rows(sql`select pg_sleep(0.8), 'done' as state`);
    await expect(slow).rejects.toMatchObject(unavailable);
    expect(await innocent).toMatchObject([{ state: 'done' }]);
    await closeDatabases();
  });
});

describeWith(['postgres', 'faults'], 'The database, when its server fails', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
    await openKept(server.url).migrate('shop', { steps });
    await closeDatabases();
  });
  afterEach(closeDatabases);
  afterAll(() => server.close());

  const stays = async (database: Database) => expect(await eventually(() => namesIn(database))).toContain('first');

  test('stopped and started: queries fail as storage_unavailable, then work again', async () => {
    const database = openKept(server.url);
    await stays(database);
    await server.stop();
    await expect(namesIn(database)).rejects.toMatchObject(unavailable);
    await expect(database.run((db) => db.transaction((tx) => tx.execute(sql`select 1`)))).rejects.toMatchObject(
      unavailable,
    );
    await expect(database.probe()).rejects.toThrow();
    await server.start();
    await stays(database);
    // The outcome of a probe is cached for a moment.
    await eventually(async () => expect(await database.probe()).toBe('connected'));
  });

  test('killed during queries: each ends with a result or storage_unavailable', async () => {
    const database = openKept(server.url);
    await stays(database);
    const work = Array.from({ length: 20 }, () => database.rows(sql`select pg_sleep(5)`).catch((error) => error));
    await Bun.sleep(100);
    await server.kill();
    for (const outcome of await Promise.all(work)) expect(outcome).toMatchObject(unavailable);
    await server.start();
    await stays(database);
  });

  test('paused: queries time out, and work when it goes on', async () => {
    const database = openKept(server.url, 300);
    await stays(database);
    server.pause();
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => namesIn(database).catch((error) => error)));
    server.resume();
    for (const outcome of outcomes) expect(outcome).toMatchObject(unavailable);
    await stays(database);
  });

  test('away at the start: migrating waits for it', async () => {
    await server.stop();
    const database = openKept(server.url);
    let isDone = false;
    const migrating = database.migrate('late', { steps: [] }).then(() => {
      isDone = true;
    });
    await expect(namesIn(database)).rejects.toMatchObject(unavailable);
    expect(isDone).toBeFalse();
    await server.start();
    await migrating;
    expect(await database.rows(sql`select * from late.migrations`)).toEqual([]);
  });

  test('away at the start and closed: migrating gives up', async () => {
    await server.stop();
    const database = openKept(server.url);
    const outcome = database.migrate('late', { steps: [] }).catch((error) => error);
    await closeDatabases();
    expect(await outcome).toBeInstanceOf(Error);
    await server.start();
  });
});
