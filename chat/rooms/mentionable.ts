/** Whom one may mention in a room, and how: for completion, which writes what `chat.resolve_mentions` reads. */
import type { Database } from '@parley/kit/stores/database';
import { type SQL, sql } from 'drizzle-orm';
import { type Place, placesIn } from '../mentions/places.ts';
import type { Mention } from '../messages/rules.ts';
import { looseKey, nameKey } from '../people.ts';
import type { Member, Mentionable } from './rules.ts';
import { startsWith } from './store.ts';

export interface MentionableStore {
  /** People whose name or id begins so, those known to the room first, then all others. Accents and case don't count. */
  find(roomId: string, beginning: string, limit: number): Promise<Mentionable[]>;
}

/** What is to be written for a person: the name, the id where the name would mean somebody else as well. */
const textsOf = ({ username, user_id }: Member): readonly string[] => [username, user_id];

/** The texts as a message would have them: each a place of its own, numbered instead of positioned. */
const placesOf = (texts: readonly string[]): Place[] =>
  texts.flatMap((text, at) => placesIn(`@${text} `).map(({ names }) => ({ at, names })));

/** The text that means this person, alone if one does. @param meant the mentions of the place of each text */
const choose = (person: Member, meant: readonly (readonly Mention[])[]): string | undefined => {
  const texts = textsOf(person);
  const isReached = texts.map((text, index) =>
    (meant[index] ?? []).filter(({ user_id, length }) => user_id === person.user_id && length === 1 + text.length),
  );
  const alone = texts.findIndex((_, index) => isReached[index]?.length === 1 && meant[index]?.length === 1);
  return texts[alone] ?? texts.find((_, index) => isReached[index]?.length === 1);
};

export const createMentionableStore = (database: Database): MentionableStore => {
  const search = (roomId: string, beginning: string, limit: number): Promise<Member[]> => {
    const within = (room: string, column: SQL, key: string) => sql`
      (select user_id, username, room_id, loose_key, name_key from chat.known_people
       where room_id = ${room} and ${column} like ${startsWith(key)} order by ${column} using ~<~ limit ${limit})`;
    const [name, id] = [sql`loose_key`, sql`id_key`];
    const [loose, exact] = [looseKey(beginning), nameKey(beginning)];
    const all = [
      within(roomId, name, loose),
      within(roomId, id, exact),
      within('', name, loose),
      within('', id, exact),
    ];
    return database.rows<Member>(sql`
      select user_id, (array_agg(username order by room_id desc))[1] as username from (${sql.join(all, sql` union all `)}) as found
      group by user_id
      order by max(room_id) = '', bool_or(name_key like ${startsWith(exact)}) desc, min(loose_key), user_id limit ${limit}`);
  };

  const resolve = async (roomId: string, texts: readonly string[]): Promise<Mention[]> => {
    const [row] = await database.rows<{ mentions: Mention[] }>(
      sql`select chat.resolve_mentions(${roomId}, ${JSON.stringify(placesOf(texts))}::jsonb) as mentions`,
    );
    return row?.mentions ?? [];
  };

  return {
    find: async (roomId, beginning, limit) => {
      const people = await search(roomId, beginning, limit);
      const mentions = Map.groupBy(await resolve(roomId, people.flatMap(textsOf)), ({ at }) => at);
      return people.flatMap((person, index) => {
        const mention = choose(person, [mentions.get(2 * index) ?? [], mentions.get(2 * index + 1) ?? []]);
        return mention === undefined ? [] : [{ ...person, mention }];
      });
    },
  };
};
