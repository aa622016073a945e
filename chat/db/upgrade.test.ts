/** The upgrade of a database of the release before steps had hashes: its content, and writes after the upgrade. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Database } from '@parley/kit/stores/database';
import { openDatabase } from '@parley/kit/stores/database.open';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { describeWith, freshDatabase } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { sql } from 'drizzle-orm';
import { createMessageStore, type MessageStore } from '../messages/store.ts';
import { createOutboxStore } from '../outbox/outbox.ts';
import { createRoomStore, type RoomStore } from '../rooms/store.ts';
import { silent } from '../testing/backends.ts';
import { appendAll, draft } from '../testing/messages.ts';
import { migrations } from './migrations/index.ts';

const dump = await Bun.file(join(import.meta.dir, '../testing/before-hashes.sql')).text();
/** From the dump: Alice's first message in `general`. */
const FIRST_CLIENT_ID = '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1b001';
const FIRST_ID = '9f11f3e2-3527-4061-a4bf-c01b829a125b';

const load = async (database: Database): Promise<void> => {
  for (const statement of dump.split('--> statement-breakpoint')) await database.rows(sql.raw(statement));
};

/** As the release before calls the database. */
const oldDraft = (clientId: string) => ({
  ...{ id: crypto.randomUUID(), user_id: 'alice', username: 'Alice', name_key: 'alice', id_key: 'alice' },
  ...{ content: 'first', message_type: 'text', file_url: null, client_id: clientId, mentions: [] },
});

const suite = (open: () => Promise<{ url: string; drop(): Promise<void> }>) => () => {
  let database: Database;
  let drop: () => Promise<void>;
  let messages: MessageStore;
  let rooms: RoomStore;
  beforeAll(async () => {
    const opened = await open();
    drop = opened.drop;
    database = openDatabase({ url: opened.url, log: silent });
    await load(database);
    await database.migrate('chat', migrations);
    messages = createMessageStore(database);
    rooms = createRoomStore(database);
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const contents = async (room: string) => (await messages.page(room, { limit: 10 })).map(({ content }) => content);

  test('its steps have hashes now, and a second start changes nothing', async () => {
    const read = () => database.rows(sql`select name, hash, applied_at::text from chat.migrations order by name`);
    const before = await read();
    expect(before.map((row) => (row as { name: string }).name)).toEqual(migrations.steps.map(({ name }) => name));
    for (const row of before) expect(row).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await database.migrate('chat', migrations);
    expect(await read()).toEqual(before);
  });

  test('its messages, read positions and waiting mentions are kept', async () => {
    expect((await contents('general')).slice(3)).toEqual(['Hello, @bob', 'Edited']);
    expect(await contents('devops')).toHaveLength(4);
    expect(await rooms.unread('bob')).toContainEqual({ room_id: 'general', unread: 0, read_position: 4, last_seq: 6 });
    expect(await createOutboxStore(database).take(10)).toMatchObject([{ messageId: FIRST_ID, userId: 'bob' }]);
  });

  test('a retry of a message from before is that message', async () => {
    const [again] = await appendAll(messages, 'general', [draft('Hello, @bob', { clientId: FIRST_CLIENT_ID })]);
    expect(again).toMatchObject({ isNew: false, message: { id: FIRST_ID, content: 'Hello, @bob' } });
    const [elsewhere] = await appendAll(messages, 'random', [draft('Hello', { clientId: FIRST_CLIENT_ID })]);
    expect(elsewhere).toMatchObject({ isNew: true, message: { room_id: 'random', content: 'Hello' } });
  });

  test('a message can be written, edited and deleted', async () => {
    const [written] = await appendAll(messages, 'devops', [draft('new')]);
    expect(written).toMatchObject({ isNew: true, message: { seq: 6, position: 6 } });
    const id = written?.message.id ?? '';
    expect(await messages.edit('devops', id, 'alice', 'newer')).toMatchObject({
      message: { seq: 7, content: 'newer' },
    });
    expect(await messages.remove('devops', id, 'alice')).toMatchObject({ message: { seq: 8, content: '' } });
  });
};

describe(
  'A database from before, embedded',
  suite(async () => ({ url: newEmbeddedUrl(), drop: async () => undefined })),
);
describeWith(['postgres'], 'A database from before, on Postgres', suite(freshDatabase));

describeWith(['postgres'], 'A replica of the release before, at work while the database is brought up to date', () => {
  test('what it writes then is known by its client_id', async () => {
    const { url, drop } = await freshDatabase();
    const [database, blocker] = [openDatabase({ url, log: silent }), openDatabase({ url, log: silent })];
    await load(database);
    const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const blocking = blocker.run((db) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`select from chat.rooms where id = 'general' for no key update`);
        locked.resolve();
        await released.promise;
      }),
    );
    await locked.promise;
    const messages = createMessageStore(database);
    const append = (clientId: string) =>
      database.rows<{ message: { id: string } }>(sql`
        select message from chat.append_messages('general', ${JSON.stringify([oldDraft(clientId)])}::jsonb)`);
    const untilWaiting = (query: string, count: number) =>
      eventually(async () => {
        const waiting = await blocker.rows(sql`
          select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query ilike ${`%${query}%`}`);
        expect(waiting).toHaveLength(count);
      });
    const clientIds = [crypto.randomUUID(), crypto.randomUUID()] as const;
    const before = append(clientIds[0]);
    await untilWaiting('append_messages', 1);
    const migrating = database.migrate('chat', migrations);
    await untilWaiting('lock table', 1);
    // It runs its old body by now, and continues with it when the steps are done.
    const during = append(clientIds[1]);
    await untilWaiting('append_messages', 2);
    released.resolve();
    await Promise.all([blocking, migrating]);
    for (const [index, sent] of [before, during].entries()) {
      const [{ message } = { message: { id: '' } }] = await sent;
      const clientId = clientIds[index] ?? '';
      // Only the old body writes this column.
      const raw = await database.rows(sql`select client_id from chat.messages where id = ${message.id}::uuid`);
      expect(raw).toEqual([{ client_id: clientId }]);
      const [again] = await appendAll(messages, 'general', [draft('again', { clientId })]);
      expect(again).toMatchObject({ isNew: false, message: { id: message.id } });
    }
    await Promise.all([database.close(), blocker.close()]);
    await drop();
  });
});
