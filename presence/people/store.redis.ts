/**
 * The store of people in Redis. Keys per person: `presence:user:{id}` (the username; expires with the online TTL), `presence:seen:{id}` (the
 * last heartbeat), `presence:devices:{id}` (a sorted set of devices by expiry). Two sorted sets of all people online: by expiry, for the
 * sweep, and by id, for pages and as the record of who was published as online. Times are those of Redis, so that the clocks of replicas
 * don't matter.
 */
import type { RedisClient } from '@parley/kit/stores/redis';
import type { Result } from 'ioredis';
import { PRESENCE_CHANGED } from '../contract.ts';
import { keyPrefix, reachRedis } from '../redis.ts';
import find from './find.lua' with { type: 'text' };
import heartbeat from './heartbeat.lua' with { type: 'text' };
import leave from './leave.lua' with { type: 'text' };
import page from './page.lua' with { type: 'text' };
import { type Person, personOf, REMEMBER_MS, type Sighting } from './rules.ts';
import { MAX_DEVICES, type PeopleStore, SWEEP_BATCH } from './store.ts';
import sweep from './sweep.lua' with { type: 'text' };

type Reply = string | null;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    peopleHeartbeat(...args: (string | number)[]): Result<number, Context>;
    peopleLeave(...args: string[]): Result<number, Context>;
    peopleFind(...keys: string[]): Result<[online: Reply, username: Reply, atMs: Reply], Context>;
    peoplePage(...args: (string | number)[]): Result<Reply[], Context>;
    peopleSweep(...args: (string | number)[]): Result<[expired: number, online: number], Context>;
  }
}

const defineScripts = (client: RedisClient) => {
  client.defineCommand('peopleHeartbeat', { lua: heartbeat, numberOfKeys: 5 });
  client.defineCommand('peopleLeave', { lua: leave, numberOfKeys: 5 });
  client.defineCommand('peopleFind', { lua: find, numberOfKeys: 2 });
  client.defineCommand('peoplePage', { lua: page, numberOfKeys: 1 });
  client.defineCommand('peopleSweep', { lua: sweep, numberOfKeys: 2 });
};

/** The time is missing if another program wrote the user's key. */
const sightingOf = (username: Reply, atMs: Reply | undefined): Sighting => ({
  username,
  lastSeenMs: atMs ? Number(atMs) : null,
});

/** The people of a page's flat reply, without those who have expired. */
const peopleOf = (reply: readonly Reply[]): Person[] => {
  const people: Person[] = [];
  for (let at = 0; at < reply.length; at += 3) {
    const [id, username, atMs] = reply.slice(at, at + 3);
    if (id && username) people.push(personOf(id, sightingOf(username, atMs), true));
  }
  return people;
};

/** @param onlineTtlMs how long a heartbeat makes a person online */
export const createRedisPeople = (client: RedisClient, onlineTtlMs: number): PeopleStore => {
  defineScripts(client);
  const prefix = keyPrefix(client);
  const userKeys = `${prefix}:user:`;
  const seenKeys = `${prefix}:seen:`;
  const indexes = [`${prefix}:expiry`, `${prefix}:online`];
  const keysOf = (userId: string) => [userKeys + userId, seenKeys + userId, `${prefix}:devices:${userId}`, ...indexes];

  const readPage = async (after: string, limit: number): Promise<Person[]> => {
    const start = after === '' ? '-' : `(${after}`;
    const reply = await reachRedis(client.peoplePage(`${prefix}:online`, start, limit, userKeys, seenKeys));
    const people = peopleOf(reply);
    const last = reply.at(-3);
    // The index has ended, or nobody in this part of it had expired.
    if (reply.length < 3 * limit || people.length === limit || !last) return people;
    return [...people, ...(await readPage(last, limit - people.length))];
  };

  return {
    heartbeat: async (userId, username, device = '') => {
      const args = [userId, username, device, onlineTtlMs, REMEMBER_MS, MAX_DEVICES, PRESENCE_CHANGED];
      await reachRedis(client.peopleHeartbeat(...keysOf(userId), ...args));
    },
    leave: async (userId, device) => {
      const args = [userId, PRESENCE_CHANGED, ...(device === undefined ? [] : [device])];
      await reachRedis(client.peopleLeave(...keysOf(userId), ...args));
    },
    find: async (userId) => {
      const [online, remembered, atMs] = await reachRedis(client.peopleFind(userKeys + userId, seenKeys + userId));
      return personOf(userId, sightingOf(online ?? remembered, atMs), online !== null);
    },
    page: readPage,
    sweep: async () => {
      const reply = client.peopleSweep(...indexes, SWEEP_BATCH, PRESENCE_CHANGED, seenKeys);
      const [expired, online] = await reachRedis(reply);
      return { online, hasMore: expired === SWEEP_BATCH };
    },
  };
};
