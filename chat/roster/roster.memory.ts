/** The roster within one process. Rosters of one name are one roster. */
import type { Person } from '../people.ts';
import { type Occupant, ROSTER_TTL_MS, type Roster } from './roster.ts';

interface Entry {
  person: Person;
  /** Replica to when its entry runs out, on the monotonic clock. */
  readonly holders: Map<string, number>;
}

type Rooms = Map<string, Map<string, Entry>>;

const rosters = new Map<string, Rooms>();

const roomsOf = (name: string): Rooms => {
  const rooms = rosters.get(name) ?? new Map();
  rosters.set(name, rooms);
  return rooms;
};

export const createMemoryRoster = (name: string, ttlMs = ROSTER_TTL_MS): Roster => {
  const rooms = roomsOf(name);
  const replica = crypto.randomUUID();

  const livingHolders = ({ holders }: Entry): number => {
    for (const [holder, expiresAt] of holders) if (expiresAt <= performance.now()) holders.delete(holder);
    return holders.size;
  };

  const hold = ({ roomId, person }: Occupant): boolean => {
    const room = rooms.get(roomId) ?? new Map<string, Entry>();
    const entry = room.get(person.userId);
    const holders = entry?.holders ?? new Map<string, number>();
    const isHeldHereAlone = entry !== undefined && livingHolders(entry) === 1 && holders.has(replica);
    holders.set(replica, performance.now() + ttlMs);
    rooms.set(roomId, room.set(person.userId, { person, holders }));
    return entry === undefined || isHeldHereAlone;
  };

  const drop = (roomId: string, userId: string) => {
    const room = rooms.get(roomId);
    room?.delete(userId);
    if (room?.size === 0) rooms.delete(roomId);
  };

  return {
    enter: async (occupant) => hold(occupant),
    leave: async ({ roomId, person }) => {
      const entry = rooms.get(roomId)?.get(person.userId);
      entry?.holders.delete(replica);
      if (entry && livingHolders(entry) > 0) return false;
      drop(roomId, person.userId);
      return true;
    },
    refresh: async (occupants) => {
      for (const occupant of occupants) hold(occupant);
    },
    sweep: async (roomIds) => {
      const gone = roomIds.flatMap((roomId) =>
        [...(rooms.get(roomId)?.values() ?? [])]
          .filter((entry) => livingHolders(entry) === 0)
          .map(({ person }) => ({ roomId, person })),
      );
      for (const { roomId, person } of gone) drop(roomId, person.userId);
      return gone;
    },
    close: async () => undefined,
  };
};
