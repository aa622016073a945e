import { beforeAll, describe, expect, test } from 'bun:test';
import { sql } from 'drizzle-orm';
import { describeDatabases } from '../testing/backends.ts';
import { appendAll, draft, type MessageFixture, openMessages } from '../testing/messages.ts';
import type { Message } from './rules.ts';
import type { MessageStore } from './store.ts';

const NOBODYS_ID = '019c1346-2200-4000-8000-5f1d3c2b1a00';

describeDatabases('the message store', (databases) => {
  let here: MessageStore;
  let there: MessageStore;
  let newRoom: MessageFixture['newRoom'];
  let append: MessageFixture['append'];
  beforeAll(() => {
    ({ here, there, newRoom, append } = openMessages(databases()));
  });

  const rawRows = (query: ReturnType<typeof sql>) => databases().here.rows<Record<string, unknown>>(query);
  const lastSeqOf = async (room: string) => (await here.lastSeqs([room])).get(room);
  const contentsOf = (messages: readonly Message[]) => messages.map(({ content }) => content);

  describe('appending', () => {
    test('gives each message the next seq, in order, and returns the stored messages', async () => {
      const room = await newRoom();
      const file = {
        messageType: 'file',
        fileUrl: '/api/files/1/download',
        userId: 'bob',
        username: 'Боб 🦊',
      } as const;
      const before = Date.now() - 1_000;
      const written = await appendAll(here, room, [draft('a'), draft('b', file)]);
      expect(written).toEqual([
        {
          isNew: true,
          message: {
            ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), room_id: room, user_id: 'alice', username: 'Alice' },
            ...{ content: 'a', message_type: 'text', file_url: null, position: 1, seq: 1 },
            ...{ created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) },
            ...{ mentions: [], edited_at: null, deleted_at: null },
          },
        },
        { isNew: true, message: expect.objectContaining({ user_id: 'bob', username: 'Боб 🦊', position: 2, seq: 2 }) },
      ]);
      expect(written[1]?.message).toMatchObject({ message_type: 'file', file_url: '/api/files/1/download' });
      expect(Date.parse(written[0]?.message.created_at ?? '')).toBeGreaterThan(before);
      expect(await lastSeqOf(room)).toBe(2);
      expect(await there.find(room, written[0]?.message.id ?? '')).toEqual(written[0]?.message as Message);
    });

    test('keeps text of any script, quotes and backslashes as they are', async () => {
      const room = await newRoom();
      const content = `'; drop table chat.messages; -- \\ " \\u0041 $1 ? 田中 🦊 \u202e \u0001 {"a":[1]}`;
      expect(await append(room, content)).toMatchObject({ content });
      expect(contentsOf(await there.page(room, { limit: 10 }))).toEqual([content]);
    });

    test('to an unknown room writes nothing', async () => {
      expect(await here.append('nowhere', [draft('a')])).toBeUndefined();
      expect(await rawRows(sql`select from chat.messages where room_id = 'nowhere'`)).toEqual([]);
    });

    test('by 20 writers on two replicas at once skips no seq, and seqs are in commit order', async () => {
      const room = await newRoom();
      const stopped = { is: false };
      const seen: number[] = [];
      const watch = async () => {
        while (!stopped.is) {
          const rows = await there.changesSince(room, seen.at(-1) ?? 0, 1_000);
          seen.push(...rows.map(({ seq }) => seq));
        }
      };
      const watching = watch();
      const writers = Array.from({ length: 20 }, async (_, writer) => {
        const store = writer % 2 === 0 ? here : there;
        for (let count = 0; count < 5; count += 1) {
          await appendAll(store, room, [draft(`${writer}.${count}`), draft(`${writer}.${count}'`)]);
        }
      });
      await Promise.all(writers);
      stopped.is = true;
      await watching;

      const numbers = Array.from({ length: 200 }, (_, index) => index + 1);
      const rows = await here.changesSince(room, 0, 1_000);
      expect(rows.map(({ seq }) => seq)).toEqual(numbers);
      expect(rows.map(({ position }) => position)).toEqual(numbers);
      // A reader that continues after the last seq that it saw never finds a lower one later.
      expect(seen).toEqual(numbers.slice(0, seen.length));
    });
  });

  describe('editing', () => {
    test('replaces the content, takes the next seq and keeps the position', async () => {
      const room = await newRoom();
      const { id } = await append(room, 'a');
      await append(room, 'b');
      const edited = await here.edit(room, id, 'alice', 'a, edited');
      expect(edited).toMatchObject({ isNew: true, message: { id, content: 'a, edited', position: 1, seq: 3 } });
      expect(edited?.message.edited_at).toMatch(/Z$/);
      expect(await lastSeqOf(room)).toBe(3);
      expect(contentsOf(await there.page(room, { limit: 10 }))).toEqual(['a, edited', 'b']);
    });

    test('to the same content changes nothing', async () => {
      const room = await newRoom();
      const message = await append(room, 'a');
      expect(await here.edit(room, message.id, 'alice', 'a')).toEqual({ isNew: false, message });
      expect(await lastSeqOf(room)).toBe(1);
    });

    test("of an unknown message, another's, one of another room or a deleted one does nothing", async () => {
      const [room, other] = [await newRoom(), await newRoom()];
      const { id } = await append(room, 'a');
      const { id: deleted } = await append(room, 'b');
      await here.remove(room, deleted, 'alice');
      const attempts = [
        here.edit(room, NOBODYS_ID, 'alice', 'x'),
        here.edit(room, id, 'bob', 'x'),
        here.edit(other, id, 'alice', 'x'),
        here.edit('nowhere', id, 'alice', 'x'),
        here.edit(room, deleted, 'alice', 'x'),
      ];
      expect(await Promise.all(attempts)).toEqual(attempts.map(() => undefined));
      expect(await lastSeqOf(room)).toBe(3);
      expect((await here.edit(room, id, 'alice', 'x'))?.isNew).toBe(true);
    });
  });

  describe('deleting', () => {
    test('removes content and link from the database and keeps the position', async () => {
      const room = await newRoom();
      const secret = `secret ${crypto.randomUUID()}`;
      const { id } = await append(room, secret, { messageType: 'file', fileUrl: '/api/files/secret' });
      const raw = () => rawRows(sql`select to_jsonb(m)::text as row from chat.messages m where id = ${id}::uuid`);
      expect(JSON.stringify(await raw())).toContain(secret);

      const removed = await here.remove(room, id, 'alice');
      expect(removed).toMatchObject({ isNew: true, message: { id, content: '', file_url: null, position: 1, seq: 2 } });
      expect(removed?.message.deleted_at).toMatch(/Z$/);
      const row = JSON.stringify(await raw());
      expect(row).toContain(id);
      expect(row).not.toContain('secret');
      expect(await there.page(room, { limit: 10 })).toEqual([removed?.message as Message]);
    });

    test('again changes nothing', async () => {
      const room = await newRoom();
      const { id } = await append(room, 'a');
      const first = await here.remove(room, id, 'alice');
      expect(await there.remove(room, id, 'alice')).toEqual({ isNew: false, message: first?.message as Message });
      expect(await lastSeqOf(room)).toBe(2);
    });

    test("of an unknown message or another's does nothing", async () => {
      const room = await newRoom();
      const { id } = await append(room, 'a');
      expect(await here.remove(room, id, 'bob')).toBeUndefined();
      expect(await here.remove(room, NOBODYS_ID, 'alice')).toBeUndefined();
      expect(await here.remove('nowhere', id, 'alice')).toBeUndefined();
      expect(contentsOf(await here.page(room, { limit: 10 }))).toEqual(['a']);
    });
  });

  describe('reading', () => {
    test('pages by cursor from either end, oldest first, each message once, also while others write', async () => {
      const room = await newRoom();
      await appendAll(
        here,
        room,
        ['1', '2', '3', '4', '5'].map((content) => draft(content)),
      );
      const newest = await there.page(room, { limit: 2 });
      expect(contentsOf(newest)).toEqual(['4', '5']);
      await append(room, '6');
      const older = await there.page(room, { limit: 2, before: newest[0]?.position ?? 0 });
      expect(contentsOf(older)).toEqual(['2', '3']);
      expect(contentsOf(await there.page(room, { limit: 2, before: older[0]?.position ?? 0 }))).toEqual(['1']);
      expect(contentsOf(await there.page(room, { limit: 2, after: 0 }))).toEqual(['1', '2']);
      expect(contentsOf(await there.page(room, { limit: 9, after: 5 }))).toEqual(['6']);
      expect(await there.page(room, { limit: 9, after: 6 })).toEqual([]);
      expect(await there.page(room, { limit: 9, before: 1 })).toEqual([]);
      expect(await there.page('nowhere', { limit: 9 })).toEqual([]);
    });

    test('a column that message_json does not name is in no result', async () => {
      await rawRows(sql`alter table chat.messages add column secret text default 'secret'`);
      const room = await newRoom();
      const { id } = await append(room, 'a');
      const clientId = crypto.randomUUID();
      const send = () => appendAll(here, room, [draft('b', { clientId })]);
      const answers = [
        ...[
          await send(),
          await send(),
          await here.edit(room, id, 'alice', 'a'),
          await here.edit(room, id, 'alice', 'b'),
        ],
        ...[await here.find(room, id), await here.page(room, { limit: 9 }), await here.changesSince(room, 0, 9)],
        ...[await here.remove(room, id, 'alice'), await here.remove(room, id, 'alice')],
      ];
      expect(await rawRows(sql`select secret from chat.messages where id = ${id}::uuid`)).toEqual([
        { secret: 'secret' },
      ]);
      const raw = await rawRows(
        sql`select chat.message_json(m) as message from chat.messages m where id = ${id}::uuid`,
      );
      await rawRows(sql`alter table chat.messages drop column secret`);
      expect(JSON.stringify([answers, raw])).toContain(id);
      expect(JSON.stringify([answers, raw])).not.toContain('secret');
      expect(JSON.stringify([answers, raw])).not.toContain('client_id');
    });

    test('finds a message in its own room only', async () => {
      const [room, other] = [await newRoom(), await newRoom()];
      const message = await append(room, 'a');
      expect(await there.find(room, message.id)).toEqual(message);
      expect(await there.find(other, message.id)).toBeUndefined();
      expect(await there.find(room, NOBODYS_ID)).toBeUndefined();
    });

    test('returns every change since a seq, each message once in its newest state', async () => {
      const room = await newRoom();
      const [a, b] = [await append(room, 'a'), await append(room, 'b'), await append(room, 'c')];
      await here.edit(room, a.id, 'alice', 'a, edited');
      await here.remove(room, b.id, 'alice');
      await here.edit(room, a.id, 'alice', 'a, edited twice');
      const shown = (messages: readonly Message[]) =>
        messages.map(({ seq, position, content, deleted_at }) => [seq, position, content, deleted_at !== null]);
      const changes = [
        [3, 3, 'c', false],
        [5, 2, '', true],
        [6, 1, 'a, edited twice', false],
      ];
      expect(shown(await there.changesSince(room, 0, 10))).toEqual(changes);
      expect(shown(await there.changesSince(room, 3, 10))).toEqual(changes.slice(1));
      expect(shown(await there.changesSince(room, 0, 1))).toEqual(changes.slice(0, 1));
      expect(await there.changesSince(room, 6, 10)).toEqual([]);
    });

    test("returns each room's last seq, and leaves out unknown rooms", async () => {
      const [one, other] = [await newRoom(), await newRoom()];
      await append(one, 'a');
      expect(await there.lastSeqs([one, 'nowhere', other])).toEqual(
        new Map([
          [one, 1],
          [other, 0],
        ]),
      );
      expect(await there.lastSeqs([])).toEqual(new Map());
    });
  });
});
