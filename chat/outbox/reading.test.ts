import { beforeAll, beforeEach, expect, test } from 'bun:test';
import { sql } from 'drizzle-orm';
import { createMessageStore, type MessageStore } from '../messages/store.ts';
import { createRoomStore, type RoomStore } from '../rooms/store.ts';
import { describeDatabases } from '../testing/backends.ts';
import { createReadStore, type Reading, type ReadStore } from './reading.ts';

describeDatabases('mentions that were read', (databases) => {
  let messages: MessageStore;
  let rooms: RoomStore;
  let readings: ReadStore;
  let elsewhere: ReadStore;
  let room: string;
  let bob: string;
  const rows = (query: ReturnType<typeof sql>) => databases().here.rows(query);

  beforeAll(() => {
    messages = createMessageStore(databases().here);
    rooms = createRoomStore(databases().here);
    readings = createReadStore(databases().here);
    elsewhere = createReadStore(databases().there);
  });
  beforeEach(async () => {
    room = crypto.randomUUID();
    bob = `bob${crypto.randomUUID().replaceAll('-', '')}`;
    await rooms.create({ id: room, name: room });
    await rooms.know(room, [{ userId: bob, username: bob }]);
  });

  const say = async (content: string) => {
    const draft = {
      userId: 'alice',
      username: 'Alice',
      content,
      messageType: 'text' as const,
      fileUrl: null,
      clientId: null,
    };
    const written = (await messages.append(room, [draft]))?.[0];
    if (!written) throw new Error('Nothing was written');
    return written.message;
  };
  const deliver = () => rows(sql`update chat.outbox_entries set delivered_at = now() where user_id = ${bob}`);
  const ofBob = (taken: readonly Reading[]) => taken.filter(({ userId }) => userId === bob);
  const take = async (store = readings) => ofBob(await store.take(1_000));

  test('are due up to the read position, in that room, once for all of them', async () => {
    const first = await say(`@${bob} one`);
    const second = await say(`@${bob} two`);
    await say(`@${bob} three`);
    await deliver();
    expect(await take()).toEqual([]);
    expect(await rooms.markRead(room, bob, second.position)).toEqual({ position: 2, hasMentions: true });
    const [reading, ...others] = await take();
    expect(others).toEqual([]);
    expect(reading).toMatchObject({ userId: bob, roomId: room, upTo: 2 });
    expect(reading?.messageIds.toSorted()).toEqual([first.id, second.id].toSorted());
    expect(await rooms.markRead(room, bob, second.position)).toEqual({ position: 2, hasMentions: false });
  });

  test('of which there are none make no request', async () => {
    await say('no mention');
    expect(await rooms.markRead(room, bob, 1)).toEqual({ position: 1, hasMentions: false });
    expect(await rooms.markRead(room, 'alice', 1)).toMatchObject({ hasMentions: false });
    expect(await take()).toEqual([]);
  });

  test('wait until they are delivered, and are taken by one replica', async () => {
    await say(`@${bob} hello`);
    await rooms.markRead(room, bob, 1);
    expect(await take()).toEqual([]);
    await deliver();
    const both = await Promise.all([take(), take(elsewhere)]);
    expect(both.flat()).toHaveLength(1);
  });

  test('are due again until they are marked as delivered, and never after', async () => {
    await say(`@${bob} hello`);
    await deliver();
    await rooms.markRead(room, bob, 1);
    const makeDue = () => rows(sql`update chat.outbox_entries set read_due_at = now() where user_id = ${bob}`);
    expect(await take()).toHaveLength(1);
    expect(await take()).toEqual([]);
    await makeDue();
    const taken = await take();
    expect(taken).toHaveLength(1);
    await readings.markDelivered(taken);
    await makeDue();
    expect(await take()).toEqual([]);
  });

  test('that an edit added to a message read before are due when the room is read again', async () => {
    const { id } = await say('nobody is meant');
    await rooms.markRead(room, bob, 1);
    await messages.edit(room, id, 'alice', `@${bob} is meant`);
    await deliver();
    expect(await take()).toEqual([]);
    expect(await rooms.markRead(room, bob, 1)).toMatchObject({ hasMentions: true });
    expect(await take()).toMatchObject([{ upTo: 1 }]);
  });
});
