import { describe, expect, test } from 'bun:test';
import type { Person } from '../people.ts';
import { createKnownPeople } from './known-people.ts';

const person = (userId: string, username = userId): Person => ({ userId, username });

/** A store whose writes wait until the test finishes them. */
const start = () => {
  const writes: { roomId: string; ids: string[]; finish(): void; fail(): void }[] = [];
  const know = (roomId: string, people: readonly Person[]): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const ids = people.map(({ userId }) => userId);
    writes.push({ roomId, ids, finish: resolve, fail: () => reject(new Error('away')) });
    return promise;
  };
  return { people: createKnownPeople({ know }), writes };
};

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('making people known', () => {
  test('writes each person once, until the name changes', async () => {
    const { people, writes } = start();
    for (const username of ['Alice', 'Alice', 'Alice B.', 'Alice B.']) {
      const known = people.know('general', person('alice', username));
      await turn();
      writes.at(-1)?.finish();
      await known;
    }
    expect(writes.length).toBe(2);
  });

  test('remembers a person of a room by the name that was written, and not before it was', async () => {
    const { people, writes } = start();
    const known = people.know('general', person('alice', 'Alice'));
    await turn();
    expect(people.remembers('general', person('alice', 'Alice'))).toBeFalse();
    writes[0]?.finish();
    await known;
    expect(people.remembers('general', person('alice', 'Alice'))).toBeTrue();
    expect(people.remembers('general', person('alice', 'Alice B.'))).toBeFalse();
    expect(people.remembers('devops', person('alice', 'Alice'))).toBeFalse();
  });

  test('writes people who join during a write together in the next one', async () => {
    const { people, writes } = start();
    const first = people.know('general', person('a'));
    await turn();
    const rest = ['b', 'c', 'd'].map((id) => people.know('general', person(id)));
    await turn();
    expect(writes.map(({ ids }) => ids)).toEqual([['a']]);
    writes[0]?.finish();
    await first;
    await turn();
    expect(writes.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c', 'd']]);
    writes[1]?.finish();
    await Promise.all(rest);
  });

  test('keeps rooms apart', async () => {
    const { people, writes } = start();
    const known = [people.know('general', person('a')), people.know('random', person('a'))];
    await turn();
    writes[0]?.finish();
    await turn();
    writes[1]?.finish();
    await Promise.all(known);
    expect(writes.map(({ roomId }) => roomId)).toEqual(['general', 'random']);
  });

  test('a failed write rejects, and the next person tries again', async () => {
    const { people, writes } = start();
    const failed = people.know('general', person('a')).catch((error: Error) => error.message);
    await turn();
    writes[0]?.fail();
    expect(await failed).toBe('away');
    const again = people.know('general', person('a'));
    await turn();
    writes[1]?.finish();
    await again;
    expect(writes.length).toBe(2);
  });
});
