import { afterAll, beforeAll, expect, test } from 'bun:test';
import { execute } from '@parley/testing/servers/postgres';
import { describeWith, freshDatabase, startPostgres, type TestServer } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { sql } from 'drizzle-orm';
import { Failure } from '../errors/failure.ts';
import { createLog } from '../process/log.ts';
import { rowsOf } from './database.driver.ts';
import { openDatabase } from './database.open.ts';
import type { Database } from './database.ts';

const AUTHENTICATED_AND_READY = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

// The driver's first query, for the array types, belongs to no promise of a caller: its rejection ended the process.
test('a connection lost before its first answer: the query fails as "away", and the process lives on', async () => {
  let lost = 0;
  const server = Bun.listen<{ hasStarted: boolean }>({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open: (socket) => {
        socket.data = { hasStarted: false };
      },
      data: (socket) => {
        if (socket.data.hasStarted) lost += 1;
        if (socket.data.hasStarted) socket.terminate();
        else socket.write(AUTHENTICATED_AND_READY);
        socket.data.hasStarted = true;
      },
    },
  });
  const url = `postgres://postgres@127.0.0.1:${server.port}/postgres`;
  const database = openDatabase({ url, log: createLog('test', 'silent'), queryTimeoutMs: 400 });
  await expect(database.rows(sql`select 1`)).rejects.toMatchObject({ code: 'storage_unavailable' });
  await eventually(() => expect(lost).toBeGreaterThan(0));
  await database.close();
  server.stop(true);
});

describeWith(['postgres'], 'a lost connection', () => {
  let database: Database;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const fresh = await freshDatabase();
    drop = fresh.drop;
    database = openDatabase({ url: fresh.url, log: createLog('test', 'silent') });
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const endConnection = (pid: number | undefined) => database.rows(sql`select pg_terminate_backend(${pid}::int)`);
  const OWN_PID = sql`select pg_backend_pid() as pid`;

  // The driver wrote to the closed socket outside of any promise, which ended the process.
  test('in the middle of a transaction: the transaction fails as "away", and the process and the pool live on', async () => {
    for (let round = 0; round < 10; round += 1) {
      const transaction = database.run((db) =>
        db.transaction(async (tx) => {
          const [row] = rowsOf(await tx.execute(OWN_PID)) as { pid: number }[];
          await endConnection(row?.pid);
          await tx.execute(sql`select 1`);
        }),
      );
      const failure = await transaction.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Failure);
      expect(failure).toMatchObject({ code: 'storage_unavailable' });
      await eventually(async () => {
        const rows = await Promise.all(Array.from({ length: 20 }, (_, n) => database.rows(sql`select ${n}::int as n`)));
        expect(rows.flat()).toEqual(Array.from({ length: 20 }, (_, n) => ({ n })));
      });
    }
  });
});

describeWith(['postgres'], 'a transaction that the server undid', () => {
  let database: Database;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const fresh = await freshDatabase();
    drop = fresh.drop;
    database = openDatabase({ url: fresh.url, log: createLog('test', 'silent') });
    await database.rows(sql`create table counts (id text primary key, n int)`);
    await database.rows(sql`insert into counts values ('a', 0), ('b', 0)`);
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const add = (id: string) => sql`update counts set n = n + 1 where id = ${id}`;
  const read = () => database.rows<{ n: number }>(sql`select n from counts order by id`);

  /** Runs two transactions that both begin before either continues. Only their first attempts wait for each other. */
  const together = () => {
    const both = Promise.withResolvers<void>();
    let begun = 0;
    return () => {
      begun += 1;
      if (begun === 2) both.resolve();
      return both.promise;
    };
  };

  test('by a deadlock is repeated, and both are kept', async () => {
    const meet = together();
    let tries = 0;
    const addBoth = (first: string, second: string) =>
      database.run((db) =>
        db.transaction(async (tx) => {
          tries += 1;
          await tx.execute(add(first));
          await meet();
          await tx.execute(add(second));
        }),
      );
    await Promise.all([addBoth('a', 'b'), addBoth('b', 'a')]);
    expect(await read()).toEqual([{ n: 2 }, { n: 2 }]);
    expect(tries).toBe(3);
  });

  test('by a serialization failure is repeated, and both are kept', async () => {
    const meet = together();
    const [before] = await read();
    const addOnce = () =>
      database.run((db) =>
        db.transaction(
          async (tx) => {
            await tx.execute(sql`select n from counts`);
            await meet();
            await tx.execute(add('a'));
          },
          { isolationLevel: 'repeatable read' },
        ),
      );
    await Promise.all([addOnce(), addOnce()]);
    expect(await read()).toContainEqual({ n: Number(before?.n) + 2 });
  });

  test('each time fails as "away" after a few attempts', async () => {
    let tries = 0;
    const hindered = database.run((db) => {
      tries += 1;
      return db.execute(sql`do $$ begin raise exception 'hindered' using errcode = '40001'; end $$`);
    });
    await expect(hindered).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(tries).toBe(4);
  });

  test('by a timeout is not repeated', async () => {
    let tries = 0;
    const slow = database.run((db) => {
      tries += 1;
      return db.execute(sql`do $$ begin raise exception 'too slow' using errcode = '57014'; end $$`);
    });
    await expect(slow).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(tries).toBe(1);
  });
});

describeWith(['postgres', 'faults'], 'a server that takes no writes', () => {
  let server: TestServer;
  let database: Database;

  beforeAll(async () => {
    server = await startPostgres();
    database = openDatabase({ url: server.url, log: createLog('test', 'silent'), poolSize: 3 });
    await database.rows(sql`create table things (name text)`);
  });
  afterAll(async () => {
    await database.close();
    await server.close();
  });

  const add = () => database.rows(sql`insert into things values ('one')`);
  const setReadOnly = (word: 'on' | 'off') =>
    execute(
      server.url,
      'set default_transaction_read_only = off',
      `alter system set default_transaction_read_only = ${word}`,
      'select pg_reload_conf()',
    );

  test('is "away" for writes and for the probe, and recovers by itself', async () => {
    expect(await database.probe()).toBe('connected');
    for (let round = 0; round < 3; round += 1) {
      await setReadOnly('on');
      await eventually(() => expect(add()).rejects.toMatchObject({ code: 'storage_unavailable' }));
      await eventually(() => expect(database.probe()).rejects.toMatchObject({ code: 'storage_unavailable' }));
      expect(await database.rows(sql`select count(*) from things`)).toHaveLength(1);
      await setReadOnly('off');
      await eventually(async () => expect(await database.probe()).toBe('connected'));
      await add();
    }
  });

  // The former primary is back as a standby and keeps its sessions, while the address leads to the new primary.
  test('for existing sessions only: they are replaced, and the write succeeds on a new one', async () => {
    const only = openDatabase({ url: server.url, log: createLog('test', 'silent'), poolSize: 1 });
    const spoil = () => only.rows(sql`set session characteristics as transaction read only`);
    await spoil();
    await only.rows(sql`insert into things values ('two')`);
    await eventually(async () => {
      await spoil();
      expect(await only.probe()).toBe('connected');
    });
    await only.close();
  });

  test('delays a start until it takes writes', async () => {
    await setReadOnly('on');
    // The server applies new settings some time after the reload was requested.
    await eventually(() => expect(add()).rejects.toMatchObject({ code: 'storage_unavailable' }));
    let isDone = false;
    const migrating = database
      .migrate('late', { steps: [{ name: '0000', sql: 'create table late.things ()' }] })
      .then(() => {
        isDone = true;
      });
    await eventually(() => expect(add()).rejects.toMatchObject({ code: 'storage_unavailable' }));
    expect(isDone).toBeFalse();
    await setReadOnly('off');
    await migrating;
    expect(await database.rows(sql`select name from late.migrations`)).toEqual([{ name: '0000' }]);
  });

  test('is noticed by the probe of a role without privileges', async () => {
    await execute(server.url, 'create role plain login', 'grant insert on things to plain');
    const url = server.url.replace('postgres@', 'plain@');
    const plain = openDatabase({ url, log: createLog('test', 'silent') });
    expect(await plain.probe()).toBe('connected');
    await expect(plain.rows(sql`delete from things`)).rejects.toMatchObject({ code: 'storage_unavailable' });
    await plain.close();
  });
});
