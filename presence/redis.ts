/** Shared by both Redis stores: the prefix of keys, and how failed commands are classified. */
import { Failure } from '@parley/kit/errors/failure';
import type { RedisClient } from '@parley/kit/stores/redis';
import { Cluster } from 'ioredis';
import { errors } from './errors.ts';

/**
 * Each script uses a person's keys and the indexes, which a Redis Cluster allows only within one slot. There the hash tag puts all keys of
 * presence on one shard; to spread them, each group of people would need a tag and indexes of its own.
 */
export const keyPrefix = (client: RedisClient): string => (client instanceof Cluster ? '{presence}' : 'presence');

/**
 * Errors that mean a defect of the code or of the data. All other errors are temporary or the operator's to mend (LOADING, READONLY, OOM,
 * MISCONF, NOREPLICAS, NOPERM, a lost connection). Older servers wrap the error of a command in a script: `ERR Error running script ... -READONLY`.
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
