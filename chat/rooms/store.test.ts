import { beforeAll, describe, expect, test } from 'bun:test';
import { createMessageStore } from '../messages/store.ts';
import { describeDatabases } from '../testing/backends.ts';
import { createRoomStore, type RoomStore } from './store.ts';

describeDatabases('the room store', (databases) => {
  let rooms: RoomStore;
  let elsewhere: RoomStore;
  beforeAll(() => {
    rooms = createRoomStore(databases().here);
    elsewhere = createRoomStore(databases().there);
  });

  const newRoom = async (): Promise<string> => {
    const id = crypto.randomUUID();
    await rooms.create({ id, name: id });
    return id;
  };
  const say = async (roomId: string, ...userIds: string[]) => {
    const drafts = userIds.map((userId) => ({
      ...{ userId, username: userId.toUpperCase(), content: 'hi', messageType: 'text' as const },
      ...{ fileUrl: null, clientId: null },
    }));
    return (await createMessageStore(databases().here).append(roomId, drafts)) ?? [];
  };

  describe('rooms', () => {
    test('there are three from the first start, each with a few messages', async () => {
      expect(await rooms.list(3)).toEqual([
        { id: 'general', name: '# general', description: 'General discussion — everyone welcome', last_seq: 3 },
        { id: 'devops', name: '# devops', description: 'DevOps tools, K8s, Docker, CI/CD', last_seq: 2 },
        { id: 'random', name: '# random', description: 'Off-topic, memes, water cooler chat', last_seq: 2 },
      ]);
      const welcome = await createMessageStore(databases().here).page('general', { limit: 10 });
      expect(welcome.map(({ position, message_type }) => [position, message_type])).toEqual([
        [1, 'system'],
        [2, 'system'],
        [3, 'system'],
      ]);
    });

    test('a new one is there on every replica, and its id is taken for good', async () => {
      const id = crypto.randomUUID();
      const room = { id, name: 'Räume & <b>', description: null, last_seq: 0 };
      expect(await rooms.create({ id, name: 'Räume & <b>' })).toEqual(room);
      expect(await elsewhere.find(id)).toEqual(room);
      expect(await elsewhere.create({ id, name: 'another', description: 'x' })).toBeUndefined();
      expect(await rooms.find(id)).toEqual(room);
      expect(await rooms.find('nowhere')).toBeUndefined();
    });

    test('made in one moment on two replicas there is one', async () => {
      const id = crypto.randomUUID();
      const made = await Promise.all([rooms, elsewhere, rooms].map((store, n) => store.create({ id, name: `${n}` })));
      const [room, ...others] = made.filter((one) => one !== undefined);
      expect(room).toMatchObject({ id });
      expect(others).toEqual([]);
      expect(await rooms.find(id)).toEqual(room);
    });

    test('are listed in the order of their creation, page by page', async () => {
      const made = [];
      for (const id of ['zebra', 'apple', 'Mango']) made.push((await rooms.create({ id, name: id }))?.id);
      const all = (await rooms.list(1_000)).map(({ id }) => id);
      expect(all.slice(0, 3)).toEqual(['general', 'devops', 'random']);
      expect(all.slice(-3)).toEqual(made.map(String));
      expect(await rooms.list(10, 'nowhere')).toEqual([]);
      const paged: string[] = [];
      for (let page = await rooms.list(2); page.length > 0; page = await rooms.list(2, paged.at(-1))) {
        paged.push(...page.map(({ id }) => id));
      }
      expect(paged).toEqual(all);
    });
  });

  describe('the people known to a room', () => {
    test('are those who joined it or wrote in it', async () => {
      const room = await newRoom();
      await rooms.know(room, [{ userId: 'bob', username: 'Bob' }]);
      await say(room, 'alice');
      expect(await elsewhere.knownPeople(room, '', 10)).toEqual([
        { user_id: 'alice', username: 'ALICE' },
        { user_id: 'bob', username: 'Bob' },
      ]);
      expect(await rooms.knownPeople(await newRoom(), '', 10)).toEqual([]);
    });

    test('are found by how their name or id begins, in any case and composition', async () => {
      const room = await newRoom();
      await rooms.know(room, [
        { userId: 'u1', username: 'José' },
        { userId: 'JOKER', username: 'Zed' },
        { userId: 'u3', username: '田中' },
        { userId: 'u4', username: '50%_off\\now' },
      ]);
      const find = async (prefix: string) =>
        (await rooms.knownPeople(room, prefix, 10)).map(({ username }) => username);
      expect(await find('jO')).toEqual(['José', 'Zed']);
      expect(await find('JOSE\u0301')).toEqual(['José']);
      expect(await find('田')).toEqual(['田中']);
      expect(await find('50%_off\\')).toEqual(['50%_off\\now']);
      expect(await find('5__')).toEqual([]);
      expect(await find('%')).toEqual([]);
      expect((await rooms.knownPeople(room, '', 2)).length).toBe(2);
    });

    test('are known under their newest name, once', async () => {
      const room = await newRoom();
      await rooms.know(room, [{ userId: 'u', username: 'Old' }]);
      await elsewhere.know(room, [{ userId: 'u', username: 'New' }]);
      expect(await rooms.knownPeople(room, '', 10)).toEqual([{ user_id: 'u', username: 'New' }]);
      expect(await rooms.knownPeople(room, 'old', 10)).toEqual([]);
    });

    test('may be written in any order by two replicas at once', async () => {
      const room = await newRoom();
      const people = Array.from({ length: 30 }, (_, n) => ({ userId: `u${n}`, username: `User ${n}` }));
      const rounds = Array.from({ length: 6 }, (_, n) => (n % 2 === 0 ? people : people.toReversed()));
      await Promise.all(rounds.map((some, n) => (n % 2 === 0 ? rooms : elsewhere).know(room, some)));
      expect((await rooms.knownPeople(room, '', 100)).length).toBe(30);
    });

    test('of an unknown room are none', async () => {
      await rooms.know('nowhere', [{ userId: 'u', username: 'U' }]);
      expect(await rooms.knownPeople('nowhere', '', 10)).toEqual([]);
    });
  });

  describe('what is unread', () => {
    const newUser = () => `reader ${crypto.randomUUID()}`;

    test('is nothing for a user who never read any room', async () => {
      await say(await newRoom(), 'alice');
      expect(await rooms.unread(newUser())).toEqual([]);
    });

    test('counts what others wrote after the read position and did not delete', async () => {
      const [room, user] = [await newRoom(), newUser()];
      const [first, , third] = await say(room, 'alice', user, 'bob', 'alice');
      expect(await rooms.markRead(room, user, first?.message.position ?? 0)).toEqual({
        position: 1,
        hasMentions: false,
      });
      expect(await elsewhere.unread(user)).toEqual([{ room_id: room, unread: 2, read_position: 1, last_seq: 4 }]);
      await createMessageStore(databases().here).remove(room, third?.message.id ?? '', 'bob');
      expect(await elsewhere.unread(user)).toEqual([{ room_id: room, unread: 1, read_position: 1, last_seq: 5 }]);
      expect(await elsewhere.markRead(room, user, 4)).toEqual({ position: 4, hasMentions: false });
      expect(await rooms.unread(user)).toEqual([{ room_id: room, unread: 0, read_position: 4, last_seq: 5 }]);
    });

    test('counts no further than 100', async () => {
      const [room, user] = [await newRoom(), newUser()];
      await rooms.markRead(room, user, 0);
      await say(room, ...Array.from({ length: 120 }, () => 'alice'));
      expect(await rooms.unread(user)).toEqual([{ room_id: room, unread: 100, read_position: 0, last_seq: 120 }]);
    });

    test('in a room that was never read begins when the user first read another', async () => {
      const [home, other, quiet, user] = [await newRoom(), await newRoom(), await newRoom(), newUser()];
      await say(other, 'alice', 'bob');
      await say(quiet, 'alice');
      await rooms.markRead(home, user, 0);
      const read = { room_id: home, unread: 0, read_position: 0, last_seq: 0 };
      expect(await elsewhere.unread(user)).toEqual([read]);
      const [, mine, gone] = await say(other, 'alice', user, 'bob', 'alice');
      await createMessageStore(databases().here).remove(other, gone?.message.id ?? '', 'bob');
      const since = { room_id: other, unread: 2, read_position: 0, last_seq: 7 };
      expect(mine?.message.position).toBe(4);
      expect(await elsewhere.unread(user)).toEqual(
        [read, since].toSorted((one, two) => (one.room_id < two.room_id ? -1 : 1)),
      );
      await say(other, ...Array.from({ length: 120 }, () => 'alice'));
      expect(await rooms.unread(user)).toContainEqual({ ...since, unread: 100, last_seq: 127 });
      await rooms.markRead(other, user, 126);
      expect(await rooms.unread(user)).toContainEqual({ ...since, unread: 1, read_position: 126, last_seq: 127 });
    });

    test('a read position moves forward only, and not beyond the end of the room', async () => {
      const [room, user] = [await newRoom(), newUser()];
      await say(room, 'alice', 'alice');
      expect(await rooms.markRead(room, user, 2)).toEqual({ position: 2, hasMentions: false });
      expect(await rooms.markRead(room, user, 1)).toEqual({ position: 2, hasMentions: false });
      expect(await rooms.markRead(room, user, Number.MAX_SAFE_INTEGER)).toEqual({ position: 2, hasMentions: false });
      expect(await rooms.markRead('nowhere', user, 1)).toBeUndefined();
    });
  });
});
