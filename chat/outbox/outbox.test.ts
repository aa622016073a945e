import { beforeAll, describe, expect, test } from 'bun:test';
import { sql } from 'drizzle-orm';
import { createMessageStore, type MessageStore } from '../messages/store.ts';
import { createRoomStore, type RoomStore } from '../rooms/store.ts';
import { describeDatabases } from '../testing/backends.ts';
import { createOutboxStore, type Entry, type OutboxStore } from './outbox.ts';

describeDatabases('the outbox', (databases) => {
  let messages: MessageStore;
  let rooms: RoomStore;
  let outbox: OutboxStore;
  let elsewhere: OutboxStore;
  beforeAll(() => {
    messages = createMessageStore(databases().here);
    rooms = createRoomStore(databases().here);
    outbox = createOutboxStore(databases().here);
    elsewhere = createOutboxStore(databases().there);
  });

  const people = ['Alice', 'Bob', 'Ann', 'Ann Lee', '田中'];
  /** A new room to which these people are known; their ids are their names in lower case. */
  const newRoom = async (): Promise<string> => {
    const id = crypto.randomUUID();
    await rooms.create({ id, name: id });
    await rooms.know(
      id,
      people.map((username) => ({ userId: username.toLowerCase(), username })),
    );
    return id;
  };
  const say = async (room: string, content: string, userId = 'alice') => {
    const draft = { userId, username: 'Alice', content, messageType: 'text' as const, fileUrl: null, clientId: null };
    const written = (await messages.append(room, [draft]))?.[0];
    if (!written) throw new Error('Nothing was written');
    return written.message;
  };
  /** The entries of this room that wait. */
  const waitingIn = async (room: string): Promise<string[]> => {
    const rows = await databases().here.rows<{ user_id: string }>(sql`
      select o.user_id from chat.outbox_entries o join chat.messages m on m.id = o.message_id
      where m.room_id = ${room} and o.kind = 'mention' and o.delivered_at is null order by o.user_id`);
    return rows.map(({ user_id }) => user_id);
  };
  const isOf = (room: string) => (entry: Entry) => entry.roomId === room;
  const makeDue = () => databases().here.rows(sql`update chat.outbox_entries set next_attempt_at = now()`);
  const clear = () => databases().here.rows(sql`update chat.outbox_entries set delivered_at = now()`);

  describe('a message', () => {
    const cases: [string, string[]][] = [
      ['@Bob hello', ['bob']],
      ['@BOB and @bob and @Bob', ['bob']],
      ['@Ann Lee hello', ['ann lee']],
      ['@Ann hello', ['ann']],
      ['@Ann and @Ann Lee', ['ann', 'ann lee']],
      ['こんにちは@田中さん', ['田中']],
      ['@Alice to myself', []],
      ['@nobody', []],
      ['bob@bob', []],
      ['`@Bob`', []],
    ];
    test.each(cases)('“%s” is queued for %j', async (content, expected) => {
      const room = await newRoom();
      await say(room, content);
      expect(await waitingIn(room)).toEqual(expected);
    });

    test('is queued for people who have never opened its room', async () => {
      const [room, other] = [await newRoom(), await newRoom()];
      await rooms.know(other, [{ userId: 'flap', username: 'Flap' }]);
      await say(room, '@Flap come, @Bob is here');
      expect(await waitingIn(room)).toEqual(['bob', 'flap']);
    });

    test('mentions by id as well as by name, and everyone with the name', async () => {
      const room = await newRoom();
      await rooms.know(room, [
        { userId: 'u-17', username: 'Sam' },
        { userId: 'u-18', username: 'sam' },
      ]);
      await say(room, '@u-17');
      expect(await waitingIn(room)).toEqual(['u-17']);
      await say(room, '@SAM');
      expect(await waitingIn(room)).toEqual(['u-17', 'u-17', 'u-18']);
    });

    test('reaches at most 100 people, however many have the name', async () => {
      const room = await newRoom();
      await rooms.know(
        room,
        Array.from({ length: 150 }, (_, n) => ({ userId: `guest ${n}`, username: 'anonymous' })),
      );
      await say(room, '@anonymous');
      expect((await waitingIn(room)).length).toBe(100);
    });

    test('is not queued again by a retry', async () => {
      const room = await newRoom();
      const clientId = crypto.randomUUID();
      const draft = { userId: 'alice', username: 'Alice', content: '@Bob', messageType: 'text' as const };
      for (let attempt = 0; attempt < 2; attempt += 1)
        await messages.append(room, [{ ...draft, fileUrl: null, clientId }]);
      expect(await waitingIn(room)).toEqual(['bob']);
    });

    test('that was edited is queued for new mentions, and a correction for delivered ones', async () => {
      await clear();
      const room = await newRoom();
      const { id } = await say(room, '@Bob');
      const edited = await messages.edit(room, id, 'alice', '@Bob and @Ann');
      expect(await waitingIn(room)).toEqual(['ann', 'bob']);
      const taken = (await outbox.take(10)).filter(isOf(room));
      for (const entry of taken) expect(entry).toMatchObject({ seq: edited?.message.seq, content: '@Bob and @Ann' });
      expect(taken.map(({ kind }) => kind).toSorted()).toEqual(['correction', 'mention', 'mention']);
      expect(taken.find(({ kind }) => kind === 'correction')?.mentioned?.toSorted()).toEqual(['ann', 'bob']);
      await messages.edit(room, id, 'alice', 'nobody');
      expect(await waitingIn(room)).toEqual([]);
      await makeDue();
      expect((await outbox.take(10)).filter(isOf(room))).toMatchObject([{ kind: 'correction', mentioned: [] }]);
    });

    test('that is edited again is queued once per person, and again for people who were removed and added back', async () => {
      await clear();
      const room = await newRoom();
      const { id } = await say(room, '@Bob');
      const first = (await outbox.take(10)).filter(isOf(room));
      await outbox.markDelivered(first);
      await messages.edit(room, id, 'alice', '@Bob again');
      expect(await waitingIn(room)).toEqual([]);
      await messages.edit(room, id, 'alice', 'nobody');
      await messages.edit(room, id, 'alice', '@Bob once more');
      const later = (await outbox.take(10)).filter(isOf(room));
      expect(later.map(({ kind }) => kind).toSorted()).toEqual(['correction', 'mention']);
      expect(later.map((entry) => entry.id)).not.toContain(first[0]?.id);
    });

    test('that was deleted is not delivered any more, and a retraction removes delivered ones', async () => {
      await clear();
      const room = await newRoom();
      const { id } = await say(room, '@Bob');
      const removed = await messages.remove(room, id, 'alice');
      expect(await waitingIn(room)).toEqual([]);
      const { seq } = removed?.message ?? {};
      expect((await outbox.take(10)).filter(isOf(room))).toMatchObject([
        { kind: 'retraction', messageId: id, userId: 'alice', seq, content: '' },
      ]);
      await messages.remove(room, id, 'alice');
      await makeDue();
      expect((await outbox.take(10)).filter(isOf(room)).length).toBe(1);
    });
  });

  describe('taking', () => {
    test('returns the fields of a notification, and each mention to one replica only', async () => {
      await clear();
      const room = await newRoom();
      const { id, position } = await say(room, '@Bob hello');
      const taken = await Promise.all([outbox.take(10), elsewhere.take(10), outbox.take(10)]);
      expect(taken.flat().filter(isOf(room))).toEqual([
        {
          ...{
            id: expect.any(String),
            kind: 'mention',
            messageId: id,
            userId: 'bob',
            roomId: room,
            position,
            seq: position,
          },
          ...{ fromUser: 'alice', username: 'Alice', content: '@Bob hello' },
          ...{ mentioned: null, fileId: null, isFileUsed: false },
        },
      ]);
    });

    test('returns a mention again until it is marked as delivered', async () => {
      await clear();
      const room = await newRoom();
      await say(room, '@Bob');
      const first = await outbox.take(10);
      expect((await elsewhere.take(10)).filter(isOf(room))).toEqual([]);
      await makeDue();
      expect(await elsewhere.take(10)).toEqual(first);
      await outbox.markDelivered(first);
      await makeDue();
      expect(await outbox.take(10)).toEqual([]);
      await outbox.markDelivered([]);
    });

    test('returns an entry again that was renewed during its delivery, whatever its outcome', async () => {
      await clear();
      const room = await newRoom();
      const { id } = await say(room, '@Bob');
      const first = (await outbox.take(10)).filter(isOf(room));
      await messages.edit(room, id, 'alice', '@Bob again');
      await outbox.markDelivered(first);
      const again = (await elsewhere.take(10)).filter(isOf(room)).filter(({ kind }) => kind === 'mention');
      expect(again).toMatchObject([{ id: first[0]?.id, content: '@Bob again' }]);
      expect(again[0]?.seq).toBeGreaterThan(first[0]?.seq ?? Infinity);
    });

    test('deletes delivered entries after the days of retention, and none that waits', async () => {
      await clear();
      const room = await newRoom();
      await say(room, '@Bob');
      await say(room, '@田中');
      await outbox.markDelivered((await outbox.take(10)).filter(isOf(room)));
      await databases().here.rows(
        sql`update chat.outbox_entries set read_told_at = now() where user_id = 'bob' and delivered_at is not null`,
      );
      await say(room, '@Ann');
      const age = (days: number) =>
        databases().here.rows(sql`
          update chat.outbox_entries set created_at = created_at - ${days}::int * interval '1 day',
            delivered_at = delivered_at - ${days}::int * interval '1 day'`);
      const left = async () =>
        (
          await databases().here.rows(sql`
          select from chat.outbox_entries o join chat.messages m on m.id = o.message_id where m.room_id = ${room}`)
        ).length;
      await age(29);
      await outbox.expire(30);
      expect(await left()).toBe(3);
      await age(2);
      while ((await elsewhere.expire(30)) > 0);
      // An unread mention is kept longer, because reading its room has to mark it as read.
      expect(await left()).toBe(2);
      await age(330);
      while ((await elsewhere.expire(30)) > 0);
      expect(await left()).toBe(1);
      expect(await waitingIn(room)).toEqual(['ann']);
    });

    test('returns at most the limit, the longest due first', async () => {
      await clear();
      const room = await newRoom();
      await say(room, '@Bob one');
      // Also with a coarse database clock.
      await databases().here.rows(sql`update chat.outbox_entries set next_attempt_at = now() - interval '1 second'`);
      await say(room, '@Bob two');
      expect((await outbox.take(1)).map(({ content }) => content)).toEqual(['@Bob one']);
      expect((await outbox.take(1)).map(({ content }) => content)).toEqual(['@Bob two']);
    });

    test('is due again after a minute at most, however often it failed', async () => {
      await clear();
      const room = await newRoom();
      await say(room, '@Bob');
      for (const attempts of [0, 1, 2, 5, 2_000]) {
        await databases().here.rows(
          sql`update chat.outbox_entries set attempts = ${attempts}, next_attempt_at = now() where delivered_at is null`,
        );
        expect((await outbox.take(10)).length).toBe(1);
        const [row] = await databases().here.rows<{ seconds: number }>(
          sql`select extract(epoch from next_attempt_at - now())::float8 as seconds from chat.outbox_entries where delivered_at is null`,
        );
        const expectedS = Math.min(10 * 2 ** attempts, 60);
        expect(row?.seconds).toBeLessThanOrEqual(expectedS);
        expect(row?.seconds).toBeGreaterThan(expectedS - 5);
      }
    });
  });
});
