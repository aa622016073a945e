/** `chat.resolve_mentions`: from the names of a text to people. */
import { beforeAll, describe, expect, test } from 'bun:test';
import { sql } from 'drizzle-orm';
import type { Person } from '../people.ts';
import { createMentionableStore, type MentionableStore } from '../rooms/mentionable.ts';
import { createRoomStore, type RoomStore } from '../rooms/store.ts';
import { describeDatabases } from '../testing/backends.ts';
import { type MessageFixture, openMessages } from '../testing/messages.ts';
import type { Place } from './places.ts';

const person = (userId: string, username: string): Person => ({ userId, username });
const namesakes = (count: number, username: string): Person[] =>
  Array.from({ length: count }, (_, index) => person(`${username}, the ${index}th`, username));

describeDatabases('a mention', (databases) => {
  let rooms: RoomStore;
  let mentionable: MentionableStore;
  let newRoom: MessageFixture['newRoom'];
  let append: MessageFixture['append'];
  beforeAll(() => {
    rooms = createRoomStore(databases().here);
    mentionable = createMentionableStore(databases().here);
    ({ newRoom, append } = openMessages(databases()));
  });

  /** Names that people of no other test have. */
  const unique = (name: string): string => `${name}${crypto.randomUUID().slice(0, 8)}`;
  const roomOf = async (...people: Person[]): Promise<string> => {
    const room = await newRoom();
    await rooms.know(room, people);
    return room;
  };
  const mentioned = async (room: string, content: string): Promise<string[]> =>
    (await append(room, content)).mentions.map(({ user_id }) => user_id);

  describe('means', () => {
    test('the longest name that somebody of the room has, and says where it stands', async () => {
      const room = await roomOf(person('a', 'Ann'), person('al', 'Ann Lee'), person('🦊', 'Фёдор'));
      const { mentions } = await append(room, '🦊 _@Ann Lee_, @ann and `@Ann`; @фёдор');
      expect(mentions).toEqual([
        { user_id: 'al', at: 4, length: 8 },
        { user_id: 'a', at: 15, length: 4 },
        { user_id: '🦊', at: 32, length: 6 },
      ]);
    });

    test('someone of the room before someone who is known elsewhere only', async () => {
      const name = unique('Kim');
      await roomOf(person(`${name}-elsewhere`, name), person(`${name}-l`, `${name} Lee`));
      const room = await roomOf(person(`${name}-here`, name));
      expect(await mentioned(room, `@${name} Lee`)).toEqual([`${name}-here`]);
      expect(await mentioned(await newRoom(), `@${name} Lee`)).toEqual([`${name}-l`]);
    });

    test('by an id that is no name that person, wherever known', async () => {
      const name = unique('Kim');
      await roomOf(person(`${name}-lee`, `${name} Lee`));
      const room = await roomOf(person(`${name}-here`, name));
      expect(await mentioned(room, `@${name}-lee`)).toEqual([`${name}-lee`]);
    });

    test('the newest name of somebody who is known elsewhere', async () => {
      const [id, before, now] = [unique('u'), unique('Old'), unique('New')];
      const room = await roomOf(person(id, before));
      await rooms.know(room, [person(id, now)]);
      expect(await mentioned(await newRoom(), `@${before}`)).toEqual([]);
      expect(await mentioned(await newRoom(), `@${now}`)).toEqual([id]);
    });

    test('a name without its accents, where that is one person', async () => {
      const room = await roomOf(person('j', 'José'), person('z1', 'Zoë'), person('z2', 'Zoé'), person('e', 'Rene'));
      expect(await mentioned(room, '@jose @José @JOSE\u0301 @josè')).toEqual(['j', 'j', 'j', 'j']);
      expect(await mentioned(room, '@zoe')).toEqual([]);
      expect(await mentioned(room, '@Zoë @René')).toEqual(['z1', 'e']);
      await rooms.know(room, [person('z3', 'Zoe')]);
      expect(await mentioned(room, '@zoe')).toEqual(['z3']);
    });

    test('its author, too; a file’s name means nobody', async () => {
      const room = await roomOf(person('alice', 'Alice'));
      expect(await mentioned(room, '@alice')).toEqual(['alice']);
      expect((await append(room, '@alice.pdf', { messageType: 'file', fileUrl: '/x' })).mentions).toEqual([]);
    });
  });

  describe('of a name that many have', () => {
    test('means all of them, who is known longest first, and the person whose id it is before', async () => {
      const room = await roomOf(person('x', 'Sam'));
      await rooms.know(room, [person('y', 'Sam')]);
      await rooms.know(room, [person('SAM', 'Somebody')]);
      expect(await mentioned(room, '@Sam')).toEqual(['SAM', 'x', 'y']);
    });

    test('never leaves out who was there before the crowd, in no room', async () => {
      const name = unique('Real');
      const room = await roomOf(person(`${name} herself`, name));
      await rooms.know(room, namesakes(220, name));
      expect((await mentioned(room, `@${name}`)).slice(0, 1)).toEqual([`${name} herself`]);
      expect((await mentioned(await newRoom(), `@${name}`)).slice(0, 1)).toEqual([`${name} herself`]);
    });

    test('takes no place from another name in the message', async () => {
      const name = unique('Crowd');
      const room = await roomOf(...namesakes(150, name), person('bob', 'Bob'));
      const found = await mentioned(room, `@${name} @Bob`);
      expect(found).toHaveLength(100);
      expect(found).toContain('bob');
    });
  });

  test('of a name that thousands have costs no more than of one that a hundred have', async () => {
    const room = await newRoom();
    /** @param isOne whether all people have the same name */
    const crowd = async (size: number, isOne = true): Promise<string> => {
      const key = unique('crowd');
      const name = isOne ? sql`${key}` : sql`${key} || n`;
      // In several queries: one for all would exceed the query timeout on a busy machine.
      for (let from = 1; from <= size; from += 2_000)
        await databases().here.rows(sql`
          with person as (
            insert into chat.people (user_id, username, name_key, loose_key, id_key)
            select ${key} || n, ${name}, ${name}, ${name}, ${key} || n
            from generate_series(${from}::int, ${Math.min(size, from + 1_999)}::int) as n returning *
          )
          insert into chat.members (room_id, user_id, username, name_key, loose_key, id_key)
          select ${room}, user_id, username, name_key, loose_key, id_key from person`);
      return key;
    };
    const [small, large] = [await crowd(100), await crowd(20_000)];
    // Most names belong to one person, so the planner assumes it of every name.
    await crowd(40_000, false);
    await databases().here.rows(sql`analyze chat.people, chat.members`);
    const place = (key: string, at: number): Place => ({ at, names: [{ length: 1 + key.length, key, loose: key }] });
    /** The fastest of a few runs, because a busy machine slows some of them. */
    const timeMs = async (key: string): Promise<number> => {
      const places = JSON.stringify(Array.from({ length: 50 }, (_, index) => place(key, index)));
      const took: number[] = [];
      for (let round = 0; round < 8; round += 1) {
        const startedAt = performance.now();
        await databases().here.rows(sql`select chat.resolve_mentions(${room}, ${places}::jsonb)`);
        took.push(performance.now() - startedAt);
      }
      return Math.min(...took);
    };
    expect(await timeMs(large)).toBeLessThan(4 * (await timeMs(small)));
  });

  describe('is completed', () => {
    test('with the name where it means that person alone, else with the id', async () => {
      const name = unique('Kim');
      await roomOf(person(`${name}-far`, `${name} Far`), person(`${name}~z`, `${name}z`));
      const room = await roomOf(
        person(`${name}~1`, name),
        person(`${name}~2`, name),
        person(`${name}-lee`, `${name} Lee`),
      );
      const found = await mentionable.find(room, name.toUpperCase(), 8);
      expect(found.map(({ user_id, mention }) => [user_id, mention])).toEqual([
        [`${name}~1`, `${name}~1`],
        [`${name}~2`, `${name}~2`],
        [`${name}-lee`, `${name} Lee`],
        [`${name}-far`, `${name}-far`],
        [`${name}~z`, `${name}z`],
      ]);
      for (const { user_id, mention } of found) expect(await mentioned(room, `hi @${mention} hi`)).toEqual([user_id]);
    });

    test('whatever accents, case, apostrophe and words are typed', async () => {
      const room = await roomOf(
        person('1', 'Zoë O’Brien'),
        person('2', 'हिमांशु'),
        person('3', '李雷'),
        person('4', '50%_off'),
      );
      for (const [typed, id] of [
        ...[
          ['zoe', '1'],
          ["ZOË O'B", '1'],
          ['zoe o', '1'],
          ['हि', '2'],
          ['李', '3'],
          ['50%', '4'],
          ['4', '4'],
        ],
      ] as const)
        expect([typed, (await mentionable.find(room, typed, 1)).map(({ user_id }) => user_id)]).toEqual([typed, [id]]);
      for (const typed of ['%', '_', '5__', '\\']) expect(await mentionable.find(room, typed, 8)).toEqual([]);
    });

    test('with nothing that would mean nobody: marks of Markdown in a name leave the id', async () => {
      const name = unique('M');
      const room = await roomOf(person(`${name}-id`, `${name} *x*`), person(`${name}\`2\``, `${name}\`y\``));
      expect(await mentionable.find(room, name, 8)).toMatchObject([{ user_id: `${name}-id`, mention: `${name}-id` }]);
    });

    test('with people of the room first, each once, no more than asked for', async () => {
      const name = unique('Q');
      const room = await roomOf(person(`${name}b`, `${name}b`));
      await roomOf(person(`${name}a`, `${name}a`), person(`${name}b`, `${name}b`), ...namesakes(30, `${name}c`));
      const found = await mentionable.find(room, name, 5);
      expect(found.map(({ username }) => username).slice(0, 2)).toEqual([`${name}b`, `${name}a`]);
      expect(found).toHaveLength(5);
    });
  });
});
