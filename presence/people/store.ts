/** The port of the store of people: who is online, and who was. Backends: Redis, shared by all replicas, and memory for one process. */
import type { Person } from './rules.ts';

/**
 * Every method rejects with the failure `presence_unavailable` when the store is away or too slow. A change between online and offline is
 * published on `presence:changed` in the same step that stores it: both happen or neither. Nothing is published for a person who returns
 * before a sweep has seen them expire. After a store lost its data, everyone is published as online again.
 */
export interface PeopleStore {
  /**
   * Makes the person online for the online TTL, with this name. A person is online while any of their devices is; beyond `MAX_DEVICES`
   * the device that expires first is dropped.
   * @param device all clients that name none count as one device
   */
  heartbeat(userId: string, username: string, device?: string): Promise<void>;
  /**
   * Without a device, makes the person offline. With one, only if no other device of theirs is online. Does nothing to a person who isn't
   * online.
   */
  leave(userId: string, device?: string): Promise<void>;
  /** Also finds a person who was never online: offline, without `last_seen`. */
  find(userId: string): Promise<Person>;
  /**
   * People online in order of their ids (by UTF-8 bytes), beginning after the id `after`, or with the first for ''. Fewer than `limit`
   * people mean the end. A person who is online while all pages are read is on exactly one of them.
   */
  page(after: string, limit: number): Promise<Person[]>;
  /** Removes a batch of people who have expired. Several replicas may sweep at the same time. */
  sweep(): Promise<Sweep>;
}

export interface Sweep {
  readonly online: number;
  /** Whether more people may have expired. */
  readonly hasMore: boolean;
}

/** Bounds what is stored of one person. */
export const MAX_DEVICES = 50;

/** The most people that one sweep removes; bounds the time for which it blocks Redis. */
export const SWEEP_BATCH = 500;
