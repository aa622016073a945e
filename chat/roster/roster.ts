/**
 * Who is in which room, over all replicas, so that two tabs of one user are one join and one leave wherever they are connected. Each
 * replica keeps its own entries alive; the entries of a replica that died expire, and `sweep` finds them. Backends: Redis, memory.
 */
import type { Person } from '../people.ts';

/** A person who has a socket in a room. */
export interface Occupant {
  readonly roomId: string;
  readonly person: Person;
}

export interface Roster {
  /**
   * Adds this replica's entry of the person. True when no other replica has one: the join is to be announced.
   * @param step identifies this call: a caller that repeats it because the answer got lost gets the same answer
   */
  enter(occupant: Occupant, step?: string): Promise<boolean>;
  /**
   * Removes this replica's entry. True when no replica has one any more: the leave is to be announced. Of replicas that leave at the same
   * time only one gets true.
   * @param step as for `enter`
   */
  leave(occupant: Occupant, step?: string): Promise<boolean>;
  /** Keeps this replica's entries alive. Call it well within `ROSTER_TTL_MS`. */
  refresh(occupants: readonly Occupant[]): Promise<void>;
  /** Removes and returns people of these rooms whose entries expired. Each is returned to one caller only, which announces the leave. */
  sweep(roomIds: readonly string[]): Promise<Occupant[]>;
  close(): Promise<void>;
}

export const ROSTER_TTL_MS = 30_000;
export const ROSTER_REFRESH_MS = 10_000;
