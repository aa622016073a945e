/** People who can be mentioned in a room, each with the text that `chat.resolve_mentions` resolves to that person. For completion. */
import type { Database } from '@parley/kit/stores/database';
import { type SQL, sql } from 'drizzle-orm';
import { type Place, placesIn } from '../mentions/places.ts';
import type { Mention } from '../mentions/rules.ts';
import { looseKey, nameKey } from '../people.ts';
import type { KnownPerson, Mentionable } from './rules.ts';
import { startsWith } from './store.ts';

export interface MentionableStore {
  /** People whose name or id starts with `beginning`, whatever case and accents: first those known to the room, then all others. */
  find(roomId: string, beginning: string, limit: number): Promise<Mentionable[]>;
}

/** Texts that may mention a person, the preferred one first: the id is for people who share their name with somebody. */
const textsOf = ({ username, user_id }: KnownPerson): readonly string[] => [username, user_id];

/** The places of a message that would hold these texts. Each place's `at` is the index of its text. */
const placesOf = (texts: readonly string[]): Place[] =>
  texts.flatMap((text, at) => placesIn(`@${text} `).map(({ names }) => ({ at, names })));

/** The text that mentions this person and nobody else; else one that mentions others, too. @param meant each text's mentions */
const choose = (person: KnownPerson, meant: readonly (readonly Mention[])[]): string | undefined => {
  const texts = textsOf(person);
  const isReached = texts.map((text, index) =>
    (meant[index] ?? []).filter(({ user_id, length }) => user_id === person.user_id && length === 1 + text.length),
  );
  const alone = texts.findIndex((_, index) => isReached[index]?.length === 1 && meant[index]?.length === 1);
  return texts[alone] ?? texts.find((_, index) => isReached[index]?.length === 1);
};

export const createMentionableStore = (database: Database): MentionableStore => {
  const search = (roomId: string, beginning: string, limit: number): Promise<KnownPerson[]> => {
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
    return database.rows<KnownPerson>(sql`
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
