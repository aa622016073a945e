import { afterAll, beforeAll, expect, test } from 'bun:test';
import { sql } from 'drizzle-orm';
import { type Database, openDatabase } from './database.ts';
import { Failure } from './errors.ts';
import { createLog } from './log.ts';
import { eventually } from './testing/eventually.ts';
import { describeWith, freshDatabase } from './testing/servers.ts';

const AUTHENTICATED_AND_READY = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

// The driver asks for the array types first of all, outside of any promise that a caller holds: that ended the process.
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

  // The driver wrote to the socket that was gone, outside of any promise, which ended the process.
  test('in the middle of a transaction: the transaction fails as "away", and the process and the pool live on', async () => {
    for (let round = 0; round < 10; round += 1) {
      const transaction = database.run((db) =>
        db.transaction(async (tx) => {
          const [row] = (await tx.execute(OWN_PID)) as unknown as { pid: number }[];
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
