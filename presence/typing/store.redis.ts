/**
 * The store of typing in Redis. `presence:typing:{room}:{id}` has the username, for use with redis-cli. Both ids may contain `:`, so two
 * pairs can have the same key; lists are therefore read from two keys per room: a sorted set by expiry, and the names.
 */
import type { RedisClient } from '@parley/kit/stores/redis';
import type { Result } from 'ioredis';
import { keyPrefix, reachRedis } from '../redis.ts';
import list from './list.lua' with { type: 'text' };
import type { Typist } from './rules.ts';
import { MAX_TYPISTS } from './rules.ts';
import start from './start.lua' with { type: 'text' };
import stop from './stop.lua' with { type: 'text' };
import type { TypingStore } from './store.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    typingStart(...args: (string | number)[]): Result<number, Context>;
    typingStop(...args: string[]): Result<number, Context>;
    typingList(...args: (string | number)[]): Result<string[], Context>;
  }
}

const defineScripts = (client: RedisClient) => {
  client.defineCommand('typingStart', { lua: start, numberOfKeys: 3 });
  client.defineCommand('typingStop', { lua: stop, numberOfKeys: 3 });
  client.defineCommand('typingList', { lua: list, numberOfKeys: 2 });
};

/** The typists of a flat reply: id, username, id, username, ... */
const typistsOf = (roomId: string, reply: readonly string[]): Typist[] => {
  const typists: Typist[] = [];
  for (let at = 0; at < reply.length; at += 2) {
    const [user_id, username] = reply.slice(at, at + 2);
    if (user_id && username) typists.push({ user_id, username, room_id: roomId });
  }
  return typists;
};

/** @param typingTtlMs how long a sign of typing lasts */
export const createRedisTyping = (client: RedisClient, typingTtlMs: number): TypingStore => {
  defineScripts(client);
  const prefix = keyPrefix(client);
  const indexesOf = (roomId: string) => [`${prefix}:typists:${roomId}`, `${prefix}:typist-names:${roomId}`];
  const keysOf = (roomId: string, userId: string) => [`${prefix}:typing:${roomId}:${userId}`, ...indexesOf(roomId)];

  return {
    start: async (roomId, userId, username) => {
      await reachRedis(client.typingStart(...keysOf(roomId, userId), userId, username, typingTtlMs));
    },
    stop: async (roomId, userId) => {
      await reachRedis(client.typingStop(...keysOf(roomId, userId), userId));
    },
    list: async (roomId) => typistsOf(roomId, await reachRedis(client.typingList(...indexesOf(roomId), MAX_TYPISTS))),
  };
};
