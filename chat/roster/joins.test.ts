import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { silent } from '../testing/backends.ts';
import { JoinAnnouncer } from './joins.ts';
import { createMemoryRoster } from './roster.memory.ts';
import type { Occupant, Roster } from './roster.ts';

const ROOM = 'general';
const alice = { userId: 'alice', username: 'Alice' };
const bob = { userId: 'bob', username: 'Bob' };

/** A roster that the test can switch off, and that counts refused calls. */
const createSwitchable = (inner: Roster) => {
  const state = { isAway: false, refused: 0 };
  const or = async <T>(answer: () => Promise<T>): Promise<T> => {
    if (!state.isAway) return answer();
    state.refused += 1;
    throw new Error('The roster is away');
  };
  const roster: Roster = {
    enter: (occupant) => or(() => inner.enter(occupant)),
    leave: (occupant) => or(() => inner.leave(occupant)),
    refresh: (occupants) => or(() => inner.refresh(occupants)),
    sweep: (roomIds) => or(() => inner.sweep(roomIds)),
    close: () => inner.close(),
  };
  return { roster, state };
};

describe('joins and leaves', () => {
  let name: string;
  let told: string[];
  const opened: JoinAnnouncer[] = [];
  beforeEach(() => {
    name = crypto.randomUUID();
    told = [];
  });
  afterEach(() => {
    for (const joins of opened.splice(0)) joins.close();
  });

  const start = (roster: Roster = createMemoryRoster(name), refreshMs?: number, know = async () => undefined) => {
    const joins = new JoinAnnouncer({
      roster,
      log: silent,
      know,
      announce: (roomId, event) => told.push(`${event.type} ${roomId} ${'username' in event ? event.username : ''}`),
      ...(refreshMs === undefined ? {} : { refreshMs }),
    });
    opened.push(joins);
    return joins;
  };

  test('two tabs of one user are one join and one leave', async () => {
    const joins = start();
    joins.enter(ROOM, alice);
    joins.enter(ROOM, alice);
    joins.leave(ROOM, alice);
    await joins.idle();
    expect(told).toEqual(['user_joined general Alice']);
    joins.leave(ROOM, alice);
    await joins.idle();
    expect(told).toEqual(['user_joined general Alice', 'user_left general Alice']);
  });

  test('tabs on two replicas too', async () => {
    const [one, two] = [start(), start()];
    one.enter(ROOM, alice);
    await one.idle();
    two.enter(ROOM, alice);
    await two.idle();
    one.leave(ROOM, alice);
    await one.idle();
    expect(told).toEqual(['user_joined general Alice']);
    two.leave(ROOM, alice);
    await two.idle();
    expect(told).toEqual(['user_joined general Alice', 'user_left general Alice']);
  });

  test('rooms and users are counted apart', async () => {
    const joins = start();
    joins.enter(ROOM, alice);
    joins.enter('random', alice);
    joins.enter(ROOM, bob);
    joins.leave('random', alice);
    await joins.idle();
    expect(told.toSorted()).toEqual([
      'user_joined general Alice',
      'user_joined general Bob',
      'user_joined random Alice',
      'user_left random Alice',
    ]);
  });

  test('quick joins and leaves are announced in order', async () => {
    const joins = start();
    for (let count = 0; count < 3; count += 1) {
      joins.enter(ROOM, alice);
      joins.leave(ROOM, alice);
    }
    await joins.idle();
    expect(told).toEqual(
      Array.from({ length: 3 }, () => ['user_joined general Alice', 'user_left general Alice']).flat(),
    );
  });

  test('a person is made known to the room before the join is announced, and joins even if that fails', async () => {
    const order: string[] = [];
    const joins = start(createMemoryRoster(name), undefined, async () => {
      order.push(`known, ${told.length} told`);
      throw new Error('The database is away');
    });
    joins.enter(ROOM, alice);
    await joins.idle();
    expect(order).toEqual(['known, 0 told']);
    expect(told).toEqual(['user_joined general Alice']);
  });

  test('a leave without a join is ignored', async () => {
    const joins = start();
    joins.leave(ROOM, alice);
    await joins.idle();
    expect(told).toEqual([]);
  });

  test('while the roster is away, joins and leaves are announced by the count of this replica', async () => {
    const { roster, state } = createSwitchable(createMemoryRoster(name));
    const joins = start(roster);
    state.isAway = true;
    joins.enter(ROOM, alice);
    joins.enter(ROOM, alice);
    joins.leave(ROOM, alice);
    joins.leave(ROOM, alice);
    await joins.idle();
    expect(told).toEqual(['user_joined general Alice', 'user_left general Alice']);
  });

  test('a lost answer of the roster causes no extra join or leave', async () => {
    const replicas = [0, 1].map(() => {
      const inner = createMemoryRoster(name);
      const asked = { enter: 0, leave: 0 };
      /** The first answer of each kind gets lost, as when a command times out. */
      const losing = async (kind: keyof typeof asked, answer: Promise<boolean>): Promise<boolean> => {
        const told = await answer;
        asked[kind] += 1;
        if (asked[kind] === 1) throw new Error('Command timed out');
        return told;
      };
      return start({
        ...inner,
        enter: (occupant) => losing('enter', inner.enter(occupant)),
        leave: (occupant) => losing('leave', inner.leave(occupant)),
      });
    });
    for (const replica of replicas) {
      replica.enter(ROOM, alice);
      await replica.idle();
    }
    expect(told).toEqual(['user_joined general Alice']);
    for (const replica of replicas) {
      replica.leave(ROOM, alice);
      await replica.idle();
    }
    expect(told).toEqual(['user_joined general Alice', 'user_left general Alice']);
  });

  test('the leaves of people of a dead replica are announced, once', async () => {
    const dead = createMemoryRoster(name, 20);
    await dead.enter({ roomId: ROOM, person: bob });
    const replicas = [start(undefined, 10), start(undefined, 10)];
    for (const replica of replicas) replica.enter(ROOM, alice);
    await eventually(() => expect(told).toContain('user_left general Bob'));
    await Bun.sleep(50);
    expect(told.filter((event) => event === 'user_left general Bob').length).toBe(1);
    expect(told).not.toContain('user_left general Alice');
  });

  test('after an outage nobody is announced as gone before all replicas have refreshed', async () => {
    const asked: string[] = [];
    const bobs: Occupant = { roomId: ROOM, person: bob };
    const { roster, state } = createSwitchable({
      ...createMemoryRoster(name),
      refresh: async () => {
        asked.push('refresh');
      },
      sweep: async () => {
        asked.push('sweep');
        return [bobs];
      },
    });
    const joins = start(roster, 10);
    joins.enter(ROOM, alice);
    await eventually(() => expect(asked).toContain('sweep'));
    state.isAway = true;
    await eventually(() => expect(state.refused).toBeGreaterThan(0));
    asked.length = 0;
    state.isAway = false;
    await eventually(() => expect(asked.length).toBeGreaterThan(2));
    expect(asked.slice(0, 3)).toEqual(['refresh', 'refresh', 'sweep']);
  });
});
