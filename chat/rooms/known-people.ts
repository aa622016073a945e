/**
 * Makes people known to rooms, so that they can be mentioned. People who join while a write is in flight are written together by the next
 * one. The people who were written last are remembered, up to a bound, and are not written again.
 */
import type { Person } from '../people.ts';
import type { RoomStore } from './store.ts';

const MAX_REMEMBERED = 50_000;

export interface KnownPeople {
  /** True if this replica remembers that the person is known to the room under this name. False says nothing. */
  remembers(roomId: string, person: Person): boolean;
  /** Resolves when the person is known to the room. Rejects while the database is away. */
  know(roomId: string, person: Person): Promise<void>;
}

export const createKnownPeople = (store: Pick<RoomStore, 'know'>): KnownPeople => {
  const remembered = new Map<string, string>();
  const gathering = new Map<string, { people: Person[]; written: Promise<void> }>();
  let lastWrite: Promise<void> = Promise.resolve();

  const keyOf = (roomId: string, { userId }: Person) => `${roomId} ${userId}`;

  const remember = (roomId: string, people: readonly Person[]) => {
    for (const person of people) {
      const oldest = remembered.size >= MAX_REMEMBERED ? remembered.keys().next().value : undefined;
      if (oldest !== undefined) remembered.delete(oldest);
      remembered.set(keyOf(roomId, person), person.username);
    }
  };

  const writeAfterLast = async (roomId: string, people: readonly Person[]): Promise<void> => {
    await Promise.allSettled([lastWrite]);
    gathering.delete(roomId);
    await store.know(roomId, people);
    remember(roomId, people);
  };

  const remembers = (roomId: string, person: Person) => remembered.get(keyOf(roomId, person)) === person.username;

  return {
    remembers,
    know: (roomId, person) => {
      if (remembers(roomId, person)) return Promise.resolve();
      const gathered = gathering.get(roomId);
      gathered?.people.push(person);
      if (gathered) return gathered.written;
      const people = [person];
      const written = writeAfterLast(roomId, people);
      gathering.set(roomId, { people, written });
      lastWrite = written;
      return written;
    },
  };
};
