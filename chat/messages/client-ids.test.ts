/** A client_id is unique within its room, forever. */
import { beforeAll, expect, test } from 'bun:test';
import { sql } from 'drizzle-orm';
import { describeDatabases } from '../testing/backends.ts';
import { appendAll, draft, type MessageFixture, openMessages } from '../testing/messages.ts';
import type { Message } from './rules.ts';
import type { MessageStore } from './store.ts';

describeDatabases('a client_id', (databases) => {
  let here: MessageStore;
  let there: MessageStore;
  let newRoom: MessageFixture['newRoom'];
  let append: MessageFixture['append'];
  beforeAll(() => {
    ({ here, there, newRoom, append } = openMessages(databases()));
  });

  const lastSeqOf = async (room: string) => (await here.lastSeqs([room])).get(room);

  test('that is known returns its message, and takes no seq', async () => {
    const room = await newRoom();
    const clientId = crypto.randomUUID();
    const [first] = await appendAll(here, room, [draft('a', { clientId })]);
    for (const store of [here, there]) {
      const again = await appendAll(store, room, [draft('changed', { clientId })]);
      expect(again).toEqual([{ isNew: false, message: first?.message as Message }]);
    }
    expect(await lastSeqOf(room)).toBe(1);
  });

  test('that is twice in a batch is written once, and no seq is skipped', async () => {
    const room = await newRoom();
    const clientId = crypto.randomUUID();
    const drafts = [draft('a'), draft('b', { clientId }), draft('c'), draft('b again', { clientId }), draft('d')];
    const written = await appendAll(here, room, drafts);
    expect(written.map(({ isNew, message: { content, seq } }) => [isNew, content, seq])).toEqual([
      [true, 'a', 1],
      [true, 'b', 2],
      [true, 'c', 3],
      [false, 'b', 2],
      [true, 'd', 4],
    ]);
    expect(await lastSeqOf(room)).toBe(4);
  });

  test('of a deleted message does not bring it back', async () => {
    const room = await newRoom();
    const clientId = crypto.randomUUID();
    const { id } = await append(room, 'a', { clientId });
    await here.remove(room, id, 'alice');
    const [again] = await appendAll(there, room, [draft('a', { clientId })]);
    expect(again).toMatchObject({ isNew: false, message: { id, content: '' } });
  });

  test('of a message that is no longer stored returns it as deleted, and takes no seq', async () => {
    const room = await newRoom();
    const clientId = crypto.randomUUID();
    const message = await append(room, 'a secret', { clientId });
    await databases().here.rows(sql`delete from chat.messages where id = ${message.id}::uuid`);
    const [again] = await appendAll(there, room, [draft('a secret', { clientId })]);
    const kept = { id: message.id, user_id: 'alice', position: 1, seq: 1, created_at: message.created_at };
    expect(again).toMatchObject({ isNew: false, message: { ...kept, content: '', deleted_at: expect.any(String) } });
    expect(Object.keys(again?.message ?? {})).toEqual(Object.keys(message));
    expect(await lastSeqOf(room)).toBe(1);
    expect(await there.page(room, { limit: 9 })).toEqual([]);
  });

  test('of another user of the room returns that message: the caller decides', async () => {
    const room = await newRoom();
    const clientId = crypto.randomUUID();
    const taken = await append(room, 'a', { clientId });
    const [written] = await appendAll(there, room, [draft('b', { clientId, userId: 'bob' })]);
    expect(written).toEqual({ isNew: false, message: taken });
    expect(await lastSeqOf(room)).toBe(1);
  });

  test('at the same time from two replicas is one message per room', async () => {
    for (let round = 0; round < 6; round += 1) {
      const [one, other] = [await newRoom(), await newRoom()];
      const clientId = crypto.randomUUID();
      const send = (store: MessageStore, room: string) => appendAll(store, room, [draft(room, { clientId })]);
      const written = await Promise.all([send(here, one), send(there, other), send(there, one), send(here, other)]);
      const messages = written.flatMap((answers) => answers.map(({ message }) => message));
      expect(messages.map(({ room_id, seq }) => [room_id, seq])).toEqual([one, other, one, other].map((id) => [id, 1]));
      expect(new Set(messages.map(({ id }) => id)).size).toBe(2);
      expect(written.flat().filter(({ isNew }) => isNew)).toHaveLength(2);
    }
  });
});
