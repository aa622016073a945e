/** People in this process' memory: for one process, and forgotten with it. */
import type { Bus } from '@parley/kit/bus';
import { type Person, PRESENCE_CHANGED, type PresenceChange, personOf, REMEMBER_MS } from './rules.ts';
import { type PeopleStore, SWEEP_BATCH } from './store.ts';

interface Heartbeat {
  readonly username: string;
  readonly atMs: number;
  /** Until when it keeps the person online. */
  readonly untilMs: number;
}

export interface PeopleMemory {
  /** Whoever has been announced as online. */
  readonly online: Map<string, Heartbeat>;
  /** In the order of the heartbeats, so that the oldest is forgotten first. */
  readonly seen: Map<string, Heartbeat>;
}

const MAX_REMEMBERED = 1_000_000;

export const createPeopleMemory = (): PeopleMemory => ({ online: new Map(), seen: new Map() });

/** Called with every heartbeat, so looking at the oldest is enough. */
const forgetOldest = (seen: Map<string, Heartbeat>) => {
  const oldest = seen.entries().next().value;
  if (oldest && (seen.size > MAX_REMEMBERED || oldest[1].atMs < Date.now() - REMEMBER_MS)) seen.delete(oldest[0]);
};

const isLive = ({ untilMs }: Heartbeat): boolean => untilMs > Date.now();

/** The order of Redis: JavaScript's own differs beyond the Basic Multilingual Plane. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const toPerson = (userId: string, last: Heartbeat | undefined, online: boolean): Person =>
  personOf(userId, { username: last?.username ?? null, lastSeenMs: last?.atMs ?? null }, online);

/** @param onlineTtlMs how long a heartbeat keeps a person online */
export const createMemoryPeople = (memory: PeopleMemory, bus: Bus, onlineTtlMs: number): PeopleStore => {
  const { online, seen } = memory;
  const announce = (change: PresenceChange) => bus.publish(PRESENCE_CHANGED, JSON.stringify(change));

  const remove = async (userId: string) => {
    const last = online.get(userId);
    if (!last) return;
    online.delete(userId);
    await announce({ user_id: userId, username: last.username, online: false });
  };

  return {
    heartbeat: async (userId, username) => {
      const isNew = !online.has(userId);
      const now = Date.now();
      const latest = { username, atMs: now, untilMs: now + onlineTtlMs };
      online.set(userId, latest);
      seen.delete(userId);
      seen.set(userId, latest);
      forgetOldest(seen);
      if (isNew) await announce({ user_id: userId, username, online: true });
    },
    leave: remove,
    find: async (userId) => {
      const current = online.get(userId);
      return toPerson(userId, seen.get(userId), current !== undefined && isLive(current));
    },
    page: async (after, limit) =>
      [...online]
        .filter(([id, last]) => isLive(last) && byBytes(id, after) > 0)
        .sort(([a], [b]) => byBytes(a, b))
        .slice(0, limit)
        .map(([id, last]) => toPerson(id, last, true)),
    sweep: async () => {
      const expired = [...online].filter(([, last]) => !isLive(last)).slice(0, SWEEP_BATCH);
      for (const [id] of expired) await remove(id);
      return { online: online.size, hasMore: expired.length === SWEEP_BATCH };
    },
  };
};
