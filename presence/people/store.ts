/** Who is online and who was: the port. Backends: Redis, shared by all replicas, and memory for one process. */
import type { Person } from './rules.ts';

/**
 * Every method rejects with the failure `presence_unavailable` when the store is away or takes too long. Whoever comes online or
 * goes offline is announced on `presence:changed`, in the same step as the change itself: both happen or neither. Someone who is
 * back before a sweep saw them gone is not announced at all; a store that lost its data announces everyone anew.
 */
export interface PeopleStore {
  /**
   * The person is online from now on for the online TTL, under this name. Each device holds them online by itself; of more than
   * `MAX_DEVICES` the one that ends first is forgotten.
   * @param device left out: the one of all clients that name none
   */
  heartbeat(userId: string, username: string, device?: string): Promise<void>;
  /**
   * Without a device the person is offline from now on. With one they are as long as no other device holds them online. Nothing
   * happens to someone who isn't online.
   */
  leave(userId: string, device?: string): Promise<void>;
  /** A stranger is found too: offline, never seen. */
  find(userId: string): Promise<Person>;
  /**
   * People online in the order of their ids (by UTF-8 bytes), of those after the id `after`; '' is the beginning. Fewer than
   * `limit` means: there are no more. Someone online throughout a walk over all pages is met exactly once.
   */
  page(after: string, limit: number): Promise<Person[]>;
  /** Takes out a batch of people whose time has run out. Several replicas may sweep at once. */
  sweep(): Promise<Sweep>;
}

export interface Sweep {
  readonly online: number;
  /** Whether there may be more to take out now. */
  readonly hasMore: boolean;
}

/** How many devices hold one person online at the same time: bounds what is kept of a person. */
export const MAX_DEVICES = 50;

/** How many people one sweep takes out at most: what bounds the time that it keeps the store busy. */
export const SWEEP_BATCH = 500;
