/** Announces joins and leaves: counts a person's sockets on this replica, and asks the roster about the other replicas. */
import { errorFields, type Log } from '@parley/kit/process/log';
import type { ServerFrame } from '../frames.ts';
import type { Person } from '../people.ts';
import { type Occupant, ROSTER_REFRESH_MS, type Roster } from './roster.ts';

export interface JoinAnnouncerDeps {
  readonly roster: Roster;
  readonly log: Log;
  /** Makes a person known to a room. It ends before the join is announced, so that everyone who sees the join can mention the person. */
  know(roomId: string, person: Person): Promise<void>;
  /** Sends an event to the room's sockets on all replicas. */
  announce(roomId: string, event: ServerFrame): void;
  readonly refreshMs?: number;
}

interface Entry extends Occupant {
  count: number;
  /** Resolves when the roster has the entry. */
  readonly held: Promise<void>;
}

const keyOf = ({ roomId, person }: Occupant): string => `${roomId} ${person.userId}`;

export class JoinAnnouncer {
  readonly #deps: JoinAnnouncerDeps;
  /** People with sockets on this replica. */
  readonly #entries = new Map<string, Entry>();
  /** The last step per room and person. Steps of one key run one after another, so that a quick leave and join keep their order. */
  readonly #steps = new Map<string, Promise<void>>();
  readonly #timer: Timer;
  /** True if the previous refresh succeeded. After an outage the roster is empty: skip one sweep, or everyone is announced as gone. */
  #hasRefreshed = false;

  constructor(deps: JoinAnnouncerDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#refreshQuietly(), deps.refreshMs ?? ROSTER_REFRESH_MS);
  }

  /**
   * Counts one more socket of the person; the first one is announced. Resolves when the roster has this replica's entry, or couldn't be
   * asked; never rejects. Answer the client only after that: a client that is answered may close its socket on another replica, and if
   * the roster has no entry by then, a leave and a join of somebody who stayed are announced.
   */
  enter(roomId: string, person: Person): Promise<void> {
    const occupant = { roomId, person };
    const key = keyOf(occupant);
    const entry = this.#entries.get(key);
    if (entry) {
      this.#entries.set(key, { ...entry, person, count: entry.count + 1 });
      return entry.held;
    }
    const { promise: held, resolve } = Promise.withResolvers<void>();
    this.#entries.set(key, { ...occupant, count: 1, held });
    this.#enqueue(key, () => this.#join(occupant, resolve));
    return held;
  }

  /** Counts one socket less; the leave of the last one is announced. */
  leave(roomId: string, person: Person): void {
    const occupant = { roomId, person };
    const key = keyOf(occupant);
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.count -= 1;
    if (entry.count > 0) return;
    this.#entries.delete(key);
    this.#enqueue(key, () => this.#leave(occupant));
  }

  /** Refreshes the roster's entries now, because an outage may have emptied it. */
  refresh(): void {
    this.#timer.refresh();
    this.#refreshQuietly();
  }

  /** Resolves when every join and leave so far has been announced. */
  async idle(): Promise<void> {
    while (this.#steps.size > 0) await Promise.all(this.#steps.values());
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #enqueue(key: string, step: () => Promise<void>): void {
    const done = (this.#steps.get(key) ?? Promise.resolve()).then(step).finally(() => {
      if (this.#steps.get(key) === done) this.#steps.delete(key);
    });
    this.#steps.set(key, done);
  }

  /** @param onHeld called when the roster has answered */
  async #join(occupant: Occupant, onHeld: () => void): Promise<void> {
    const { roster, know, log } = this.#deps;
    // Before `know`: if another replica closes the person's last socket meanwhile, it must find this entry and announce no leave.
    const isFirst = this.#ask((step) => roster.enter(occupant, step)).finally(onHeld);
    // A person who isn't known can't be mentioned, but may be in the room.
    await know(occupant.roomId, occupant.person).catch((error: unknown) =>
      log.warn({ event: 'person_not_known', ...errorFields(error) }),
    );
    if (await isFirst) this.#announce('user_joined', occupant);
  }

  async #leave(occupant: Occupant): Promise<void> {
    if (await this.#ask((step) => this.#deps.roster.leave(occupant, step))) this.#announce('user_left', occupant);
  }

  /**
   * The roster's answer; true while it is away, so that this replica's own count decides. Asks twice, because a first question may time
   * out only because this process got no CPU time.
   */
  #ask(question: (step: string) => Promise<boolean>): Promise<boolean> {
    const step = crypto.randomUUID();
    return question(step)
      .catch(() => question(step))
      .catch((error: unknown) => {
        this.#deps.log.debug({ event: 'roster_away', ...errorFields(error) });
        return true;
      });
  }

  #announce(type: 'user_joined' | 'user_left', { roomId, person }: Occupant): void {
    this.#deps.announce(roomId, {
      type,
      user_id: person.userId,
      username: person.username,
      room_id: roomId,
      timestamp: new Date().toISOString(),
    });
  }

  async #refresh(): Promise<void> {
    const { roster } = this.#deps;
    const hadRefreshed = this.#hasRefreshed;
    this.#hasRefreshed = false;
    await roster.refresh([...this.#entries.values()]);
    this.#hasRefreshed = true;
    if (!hadRefreshed) return;
    const roomIds = new Set(Array.from(this.#entries.values(), ({ roomId }) => roomId));
    for (const gone of await roster.sweep([...roomIds])) this.#announce('user_left', gone);
  }

  #refreshQuietly(): void {
    this.#refresh().catch((error: unknown) => this.#deps.log.debug({ event: 'roster_away', ...errorFields(error) }));
  }
}
