/** The rows that a write reads depend on what it writes, not on what is stored, also with a plan of the time when the tables were small. */
import { expect, test } from 'bun:test';
import { rowsOf } from '@parley/kit/stores/database.driver';
import { sql } from 'drizzle-orm';
import { nameKeys } from '../people.ts';
import { describeDatabases } from '../testing/backends.ts';
import { openMessages } from '../testing/messages.ts';

const STORED = 1_000;
/** Some rows are read twice, and the call itself reads a few. */
const MOST_PER_MESSAGE = 25;
/** Per person: by id, name and loose name, in the room and everywhere, each a row of an index and a row of its table. */
const MOST_PER_NAME = 12;

interface Given {
  readonly id: string;
  readonly user_id: string;
  readonly client_id: string;
}

const given = (index: number) => ({
  id: crypto.randomUUID(),
  client_id: crypto.randomUUID(),
  user_id: `person-${index}`,
  username: `Person ${index}`,
  ...nameKeys({ userId: `person-${index}`, username: `Person ${index}` }),
  content: 'hello',
  mentions: [],
  message_type: 'text',
  file_url: null,
});

/** A text that mentions these people, each by id and by name. */
const placesOf = (people: readonly number[]) =>
  people
    .flatMap((index) => [`person-${index}`, `Person ${index}`])
    .map((name, at) => {
      const { name_key: key, loose_key: loose } = nameKeys({ userId: name, username: name });
      return { at, names: [{ length: name.length, key, loose }] };
    });

const mentioning = (index: number, people: readonly number[]) => ({ ...given(index), mentions: placesOf(people) });

describeDatabases('what writes read', (databases) => {
  test('to append, edit and delete in a large room looks up a few rows', async () => {
    const room = await openMessages(databases()).newRoom();
    await databases().here.run((db) =>
      db.transaction(async (tx) => {
        const rowsRead = async (work: ReturnType<typeof sql>): Promise<number> => {
          const read = async () => {
            const answer = await tx.execute(
              sql`select sum(seq_tup_read + idx_tup_fetch)::integer as read from pg_stat_xact_user_tables where schemaname = 'chat'`,
            );
            return (rowsOf(answer) as { read: number }[])[0]?.read ?? 0;
          };
          const before = await read();
          await tx.execute(work);
          return (await read()) - before;
        };
        const append = (messages: readonly Given[]) =>
          sql`select from chat.append_messages(${room}, ${JSON.stringify(messages)}::jsonb)`;

        const resolve = (people: readonly number[]) =>
          sql`select chat.resolve_mentions(${room}, ${JSON.stringify(placesOf(people))}::jsonb)`;

        // Postgres makes the cached plans of this session in the first few calls.
        for (let index = 0; index < 10; index += 1) {
          await tx.execute(append([mentioning(index, [index])]));
          await tx.execute(resolve([index]));
        }
        await tx.execute(append(Array.from({ length: STORED }, (_, index) => given(index))));

        const mentioned = [3, STORED / 2, STORED - 1];
        const names = placesOf(mentioned).length;
        expect(await rowsRead(resolve(mentioned))).toBeWithin(names, names * MOST_PER_NAME);
        const first = mentioning(STORED, mentioned);
        const written = [first, ...[STORED + 1, STORED + 2].map((index) => mentioning(index, mentioned))];
        const mostPerMessage = MOST_PER_MESSAGE + names * MOST_PER_NAME;
        const most = written.length * mostPerMessage;
        expect(await rowsRead(append(written))).toBeWithin(written.length, most);
        const again = written.map((message) => ({ ...message, id: crypto.randomUUID() }));
        expect(await rowsRead(append(again))).toBeWithin(written.length, most);
        const { id, user_id: author } = first;
        expect(
          await rowsRead(
            sql`select from chat.edit_message(${room}, ${id}::uuid, ${author}, 'goodbye', ${JSON.stringify(placesOf([1, 2, 4]))}::jsonb)`,
          ),
        ).toBeWithin(1, mostPerMessage);
        expect(await rowsRead(sql`select from chat.delete_message(${room}, ${id}::uuid, ${author})`)).toBeWithin(
          1,
          MOST_PER_MESSAGE,
        );
      }),
    );
  });
});
