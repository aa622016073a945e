/**
 * Who is in which room, over all replicas, so that two tabs of one user are one join and one leave wherever they are connected.
 * Each replica keeps its entries alive; those of a replica that died run out and are found by `sweep`. Backends: Redis, memory.
 */
export interface Person {
  readonly userId: string;
  readonly username: string;
}

export interface Attendee {
  readonly roomId: string;
  readonly person: Person;
}

export interface Roster {
  /**
   * This replica has a socket of this person. True when nobody had, or this replica alone: the join is to be announced.
   * @param step names this change, for a replica that asks again since an answer was lost: it gets the same answer
   */
  enter(attendee: Attendee, step?: string): Promise<boolean>;
  /**
   * This replica has none left. True when nobody has: the leave is to be announced, by one replica only.
   * @param step as for `enter`
   */
  leave(attendee: Attendee, step?: string): Promise<boolean>;
  /** Keeps this replica's entries alive. Call it well within `ROSTER_TTL_MS`. */
  refresh(attendees: readonly Attendee[]): Promise<void>;
  /** People of these rooms whose entries ran out. Each is told to one caller only, who announces the leave. */
  sweep(roomIds: readonly string[]): Promise<Attendee[]>;
  close(): Promise<void>;
}

export const ROSTER_TTL_MS = 30_000;
export const ROSTER_REFRESH_MS = 10_000;
