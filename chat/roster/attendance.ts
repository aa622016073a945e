/** Joins and leaves: counts a user's sockets here, asks the roster about the other replicas, announces the first and the last. */
import { errorFields, type Log } from '@parley/kit/process/log';
import type { ServerFrame } from '../frames.ts';
import { type Attendee, type Person, ROSTER_REFRESH_MS, type Roster } from './roster.ts';

export interface Attendance {
  /**
   * Resolves when the roster holds this replica's entry of the person, or couldn't be asked; never rejects. A client that learns before
   * that it is in the room may close another tab, whose replica would find nobody left: a leave and a join of somebody who stayed.
   */
  enter(roomId: string, person: Person): Promise<void>;
  leave(roomId: string, person: Person): void;
  /** Tells the roster anew who is here, as after an outage. */
  refresh(): void;
  /** Resolves when every join and leave so far has been announced. */
  idle(): Promise<void>;
  close(): void;
}

export interface AttendanceOptions {
  readonly roster: Roster;
  readonly log: Log;
  /** Makes a person known to a room before the join is announced, so that whoever sees the join can mention the person. */
  know(roomId: string, person: Person): Promise<void>;
  announce(roomId: string, event: ServerFrame): void;
  readonly refreshMs?: number;
}

export const createAttendance = ({
  roster,
  log,
  know,
  announce,
  refreshMs = ROSTER_REFRESH_MS,
}: AttendanceOptions): Attendance => {
  const counts = new Map<string, Attendee & { count: number; held: Promise<void> }>();
  /** The last step per person and room: steps of one take turns, so that a quick leave and join stay in order. */
  const turns = new Map<string, Promise<void>>();

  const keyOf = (roomId: string, { userId }: Person) => `${roomId} ${userId}`;
  const entered = () => [...counts.values()];

  const takeTurn = (key: string, step: () => Promise<void>) => {
    const turn = (turns.get(key) ?? Promise.resolve()).then(step).finally(() => {
      if (turns.get(key) === turn) turns.delete(key);
    });
    turns.set(key, turn);
  };

  /**
   * What the roster says; while it is away, what is known here decides. It is asked twice: a process that the machine gave no time finds
   * that its first question took too long, though the answer is there.
   */
  const ask = (question: (step: string) => Promise<boolean>): Promise<boolean> => {
    const step = crypto.randomUUID();
    return question(step)
      .catch(() => question(step))
      .catch((error: unknown) => {
        log.debug({ event: 'roster_away', ...errorFields(error) });
        return true;
      });
  };

  const tell = ({ roomId, person }: Attendee, type: 'user_joined' | 'user_left') =>
    announce(roomId, {
      type,
      user_id: person.userId,
      username: person.username,
      room_id: roomId,
      timestamp: new Date().toISOString(),
    });

  /** @param onHeld called when the roster has answered */
  const join = async (attendee: Attendee, onHeld: () => void) => {
    // Asked first: a tab that another replica closes meanwhile is not the last one.
    const isFirst = ask((step) => roster.enter(attendee, step)).finally(onHeld);
    // Unknown people can't be mentioned; that is no reason to keep them out.
    await know(attendee.roomId, attendee.person).catch((error: unknown) =>
      log.warn({ event: 'person_not_known', ...errorFields(error) }),
    );
    if (await isFirst) tell(attendee, 'user_joined');
  };

  const part = async (attendee: Attendee) => {
    if (await ask((step) => roster.leave(attendee, step))) tell(attendee, 'user_left');
  };

  /** Whether the round before reached the roster. After an outage it holds nobody: first everyone tells who is there, then who is missing has gone. */
  let isInStep = false;
  const refresh = async () => {
    const wasInStep = isInStep;
    isInStep = false;
    await roster.refresh(entered());
    isInStep = true;
    if (!wasInStep) return;
    const roomIds = [...new Set(entered().map(({ roomId }) => roomId))];
    for (const gone of await roster.sweep(roomIds)) tell(gone, 'user_left');
  };
  const refreshQuietly = () => {
    refresh().catch((error: unknown) => log.debug({ event: 'roster_away', ...errorFields(error) }));
  };
  const timer = setInterval(refreshQuietly, refreshMs);

  return {
    enter: (roomId, person) => {
      const key = keyOf(roomId, person);
      const entry = counts.get(key);
      if (entry) {
        counts.set(key, { ...entry, person, count: entry.count + 1 });
        return entry.held;
      }
      const { promise: held, resolve } = Promise.withResolvers<void>();
      counts.set(key, { roomId, person, count: 1, held });
      takeTurn(key, () => join({ roomId, person }, resolve));
      return held;
    },
    leave: (roomId, person) => {
      const key = keyOf(roomId, person);
      const entry = counts.get(key);
      if (!entry) return;
      entry.count -= 1;
      if (entry.count > 0) return;
      counts.delete(key);
      takeTurn(key, () => part({ roomId, person }));
    },
    refresh: () => {
      timer.refresh();
      refreshQuietly();
    },
    idle: async () => {
      while (turns.size > 0) await Promise.all(turns.values());
    },
    close: () => clearInterval(timer),
  };
};
