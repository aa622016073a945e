/** What both Redis stores share: how keys begin, and what a failed command means. */
import { Failure } from '@parley/kit/errors/failure';
import type { RedisClient } from '@parley/kit/stores/redis';
import { Cluster } from 'ioredis';
import { errors } from './errors.ts';

/**
 * Each script touches a person's keys and the indexes at once, which a Redis Cluster allows only within one slot. There the
 * hash tag puts all of presence on one shard; spreading it would take a tag per group of people and an index per group.
 */
export const keyPrefix = (client: RedisClient): string => (client instanceof Cluster ? '{presence}' : 'presence');

/**
 * Replies that mean a defect of ours or of the data; all else passes, or is the operator's (LOADING, READONLY, OOM, MISCONF, NOREPLICAS,
 * NOPERM, a lost connection). Older servers wrap the reply that a script met: `ERR Error running script ... -READONLY`.
 */
const DEFECT = /^(ERR|WRONGTYPE|CROSSSLOT)\b(?!.*(-[A-Z]{3,}\b|max number of clients))/;

/** @throws {Failure} `presence_unavailable` when Redis can't answer now */
export const reachRedis = async <T>(reply: Promise<T>): Promise<T> => {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError' && DEFECT.test(error.message)) throw error;
    throw new Failure(errors.presence_unavailable, undefined, { cause: error });
  }
};
