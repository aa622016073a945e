/** The store of people in memory, for one process. */
import type { Bus } from '@parley/kit/stores/bus';
import { PRESENCE_CHANGED, type PresenceChange } from '../contract.ts';
import { type Person, personOf, REMEMBER_MS } from './rules.ts';
import { MAX_DEVICES, type PeopleStore, SWEEP_BATCH } from './store.ts';

/** The last heartbeat of a person. */
interface Seen {
  readonly username: string;
  /** Its time, by the wall clock. */
  readonly at: number;
}

interface Online extends Seen {
  /** The devices, each with the monotonic time at which it expires. */
  readonly devices: ReadonlyMap<string, number>;
}

export interface PeopleMemory {
  /** Everyone who was published as online and not yet as offline. */
  readonly online: Map<string, Online>;
  /** In order of the heartbeats, so that the oldest is dropped first. */
  readonly seen: Map<string, Seen & { readonly forgetAtMs: number }>;
}

const MAX_REMEMBERED = 1_000_000;

export const createPeopleMemory = (): PeopleMemory => ({ online: new Map(), seen: new Map() });

/** Called with every heartbeat, which adds at most one entry, so dropping one is enough. */
const forgetOldest = (seen: PeopleMemory['seen']) => {
  const oldest = seen.entries().next().value;
  if (oldest && (seen.size > MAX_REMEMBERED || oldest[1].forgetAtMs < performance.now())) seen.delete(oldest[0]);
};

/** The devices that have not expired, in order of expiry. */
const liveDevices = (devices: ReadonlyMap<string, number> | undefined): [device: string, untilMs: number][] =>
  [...(devices ?? [])].filter(([, untilMs]) => untilMs > performance.now()).sort(([, a], [, b]) => a - b);

const isLive = ({ devices }: Online): boolean => liveDevices(devices).length > 0;

/** The order of Redis. JavaScript's own order differs beyond the Basic Multilingual Plane. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const toPerson = (userId: string, last: Seen | undefined, online: boolean): Person =>
  personOf(userId, { username: last?.username ?? null, lastSeenMs: last?.at ?? null }, online);

/** @param onlineTtlMs how long a heartbeat makes a person online */
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
    heartbeat: async (userId, username, device = '') => {
      const isNew = !online.has(userId);
      const now = performance.now();
      const others = liveDevices(online.get(userId)?.devices).filter(([known]) => known !== device);
      const devices = new Map([...others.slice(-MAX_DEVICES + 1), [device, now + onlineTtlMs]]);
      const latest = { username, at: Date.now() };
      online.set(userId, { ...latest, devices });
      seen.delete(userId);
      seen.set(userId, { ...latest, forgetAtMs: now + REMEMBER_MS });
      forgetOldest(seen);
      if (isNew) await announce({ user_id: userId, username, online: true });
    },
    leave: async (userId, device) => {
      const current = online.get(userId);
      const others = liveDevices(current?.devices).filter(([known]) => known !== device);
      if (!current || device === undefined || others.length === 0) return remove(userId);
      online.set(userId, { ...current, devices: new Map(others) });
    },
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
