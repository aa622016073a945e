/** File entries of the outbox: the files of deleted messages that no other message refers to. */
import { beforeAll, expect, test } from 'bun:test';
import { sql } from 'drizzle-orm';
import { createMessageStore, type MessageStore } from '../messages/store.ts';
import { createRoomStore, type RoomStore } from '../rooms/store.ts';
import { describeDatabases } from '../testing/backends.ts';
import { createOutboxStore, type Entry, type OutboxStore } from './outbox.ts';

describeDatabases('the file', (databases) => {
  let messages: MessageStore;
  let rooms: RoomStore;
  let outbox: OutboxStore;
  beforeAll(() => {
    messages = createMessageStore(databases().here);
    rooms = createRoomStore(databases().here);
    outbox = createOutboxStore(databases().here);
  });

  const newRoom = async (): Promise<string> => {
    const id = crypto.randomUUID();
    await rooms.create({ id, name: id });
    return id;
  };
  const isOf = (room: string) => (entry: Entry) => entry.roomId === room;
  const clear = () => databases().here.rows(sql`update chat.outbox_entries set delivered_at = now()`);
  const post = async (room: string, fileUrl: string, userId = 'alice') => {
    const draft = { userId, username: userId, content: 'see', messageType: 'file' as const, fileUrl, clientId: null };
    const written = (await messages.append(room, [draft]))?.[0];
    if (!written) throw new Error('Nothing was written');
    return written.message.id;
  };
  const filesIn = async (room: string) =>
    (await outbox.take(100))
      .filter(isOf(room))
      .filter(({ kind }) => kind === 'file')
      .map(({ fileId, userId, isFileUsed }) => ({ fileId, userId, isFileUsed }));
  const newFileId = () => crypto.randomUUID();
  const urlOf = (id: string) => `/api/files/${id}/download`;

  test.each(['', '#type=text/plain&size=5', '?x=1'])('of a deleted message is released: /download%s', async (rest) => {
    await clear();
    const [room, file] = [await newRoom(), newFileId()];
    const id = await post(room, urlOf(file) + rest);
    await messages.remove(room, id, 'alice');
    expect(await filesIn(room)).toEqual([{ fileId: file, userId: 'alice', isFileUsed: false }]);
  });

  test('that another message refers to, in any room and of anyone, is used until that is deleted', async () => {
    await clear();
    const [room, other, file] = [await newRoom(), await newRoom(), newFileId()];
    const mine = await post(room, urlOf(file));
    const bobs = await post(
      other,
      `${urlOf(file).toUpperCase().replace('/API/FILES', '/api/files').replace('DOWNLOAD', 'download')}#w=1`,
      'bob',
    );
    await messages.remove(room, mine, 'alice');
    expect(await filesIn(room)).toEqual([{ fileId: file, userId: 'alice', isFileUsed: true }]);
    await messages.remove(other, bobs, 'bob');
    // In the name of the message's author, so that nobody can remove another's file by posting and deleting its address.
    expect(await filesIn(other)).toEqual([{ fileId: file, userId: 'bob', isFileUsed: false }]);
  });

  test('of two messages that are deleted at the same time is released', async () => {
    await clear();
    const [room, other, file] = [await newRoom(), await newRoom(), newFileId()];
    const [one, two] = [await post(room, urlOf(file)), await post(other, urlOf(file))];
    const elsewhereMessages = createMessageStore(databases().there);
    await Promise.all([messages.remove(room, one, 'alice'), elsewhereMessages.remove(other, two, 'alice')]);
    const released = { fileId: file, userId: 'alice', isFileUsed: false };
    const taken = (await outbox.take(100)).filter(({ fileId }) => fileId === file);
    expect(taken).toMatchObject([released, released]);
  });

  test.each([
    'https://elsewhere.example/x.png',
    '/api/files/x/download',
    '/api/files/',
    `/files/${crypto.randomUUID()}/download`,
  ])('of another address is none of ours: %s', async (url) => {
    await clear();
    const room = await newRoom();
    await messages.remove(room, await post(room, url), 'alice');
    expect(await filesIn(room)).toEqual([]);
  });

  test('is looked up through its index', async () => {
    const plan = await databases().here.run((db) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`set local enable_seqscan = off`);
        return JSON.stringify(
          await tx.execute(sql`
            explain select from chat.messages m where m.file_url is not null
              and substring(lower(m.file_url) from '^/api/files/([0-9a-f-]{36})/download') = 'x'`),
        );
      }),
    );
    expect(plan).toContain('messages_file');
  });
});
