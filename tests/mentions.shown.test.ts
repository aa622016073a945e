/** A person is notified of a message if and only if the page marks it as a mention of them, for any text. */
import { expect, test } from 'bun:test';
import type { Message } from '@parley/chat/messages/rules';
import { createMessageStore, type MessageStore } from '@parley/chat/messages/store';
import { createRoomStore } from '@parley/chat/rooms/store';
import { describeDatabases } from '@parley/chat/testing/backends';
import { appendAll, draft } from '@parley/chat/testing/messages';
import type { Database } from '@parley/kit/stores/database';
import { people, textWithMentions } from '@parley/web/testing/markdown';
import { message as messageView } from '@parley/web/views/message';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';

/** Each name has one user id; Ann is also an author. */
const readers = Object.entries(people).map(([userId, username]) => ({ userId, username }));
const authors = ['bob', 'ann'];

const isShownTo = (message: Message, readerId: string): boolean =>
  messageView(message, { id: readerId, name: people[readerId] ?? '', locale: 'en', timeZone: 'UTC' }).text.includes(
    '<bdi class="mention own">',
  );

/** Creates a room in which half of the people are unknown. */
const openRoom = async (database: Database): Promise<string> => {
  const rooms = createRoomStore(database);
  const [here, elsewhere] = [crypto.randomUUID(), crypto.randomUUID()];
  for (const id of [here, elsewhere]) await rooms.create({ id, name: id });
  await rooms.know(here, readers.slice(readers.length / 2));
  await rooms.know(elsewhere, readers);
  return here;
};

const toldOf = async (database: Database, messages: readonly Message[]): Promise<string[][]> => {
  const ids = JSON.stringify(messages.map(({ id }) => id));
  const rows = await database.rows<{ id: string; user_id: string }>(
    sql`select message_id as id, user_id from chat.outbox_entries where kind = 'mention' and message_id::text in (select jsonb_array_elements_text(${ids}::jsonb))`,
  );
  return messages.map(({ id }) => rows.flatMap((row) => (row.id === id ? row.user_id : [])).toSorted());
};

const shownTo = (messages: readonly Message[]): string[][] =>
  messages.map((message) => readers.flatMap(({ userId }) => (isShownTo(message, userId) ? userId : [])).toSorted());

describeDatabases('told and shown', (databases) => {
  const write = async (store: MessageStore, room: string, texts: readonly string[]): Promise<Message[]> => {
    const drafts = texts.map((text, index) => draft(text, { userId: authors[index % 2] ?? '', username: 'Someone' }));
    return (await appendAll(store, room, drafts)).map(({ message }) => message);
  };
  const texts = fc.array(
    textWithMentions.filter((text) => text !== ''),
    { minLength: 20, maxLength: 40 },
  );

  test('are one, and an edit decides as a new message does', async () => {
    const database = databases().here;
    const store = createMessageStore(database);
    const room = await openRoom(database);
    let told = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (contents) => {
        const messages = await write(store, room, contents);
        const outbox = await toldOf(database, messages);
        expect(outbox).toEqual(shownTo(messages));
        told += outbox.flat().length;
        const [first, second] = messages;
        if (!first || !second) throw new Error('Nothing was written');
        const edited = await store.edit(room, first.id, first.user_id, second.content);
        expect(edited?.message.mentions).toEqual(second.mentions);
        const removed = await store.remove(room, second.id, second.user_id);
        expect(removed?.message.mentions).toEqual([]);
      }),
      // No shrinking: it takes hundreds of writes, and would run into the timeout.
      { numRuns: 10, endOnFailure: true },
    );
    expect(told).toBeGreaterThan(100);
  });
});
