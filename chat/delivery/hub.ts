/**
 * Brings changes from the log and the bus to this replica's sockets. Each room with sockets here has a feed. The bus brings changes
 * quickly; a poll of the rooms' `last_seq` (every second while the bus is away, every five seconds otherwise) finds what the bus lost.
 */

import { Failure } from '@parley/kit/errors/failure';
import { errorFields, type Log } from '@parley/kit/process/log';
import type { Bus } from '@parley/kit/stores/bus';
import { errors } from '../errors.ts';
import { changeFrame, type ServerFrame, toText } from '../frames.ts';
import type { CommitListener } from '../messages/message-log.ts';
import { isAsBorn } from '../messages/rules.ts';
import type { MessageStore, Written } from '../messages/store.ts';
import type { ChatMetrics } from '../metrics.ts';
import { JoinAnnouncer, type JoinAnnouncerDeps } from '../roster/joins.ts';
import { Feed, type Subscriber, topicOf } from './feed.ts';
import { type HubLook, lookOf } from './look.ts';

export interface HubDeps extends Pick<JoinAnnouncerDeps, 'roster' | 'know'> {
  readonly store: Pick<MessageStore, 'changesSince' | 'lastSeqs'>;
  readonly bus: Bus;
  readonly metrics: ChatMetrics;
  readonly log: Log;
  readonly resyncLimit: number;
  /** Sends a text to every socket of a topic on this replica. */
  publish(topic: string, text: string): void;
}

/** A socket's place in a room. It keeps the room's feed open from `join` to `leave`. */
export interface Seat {
  readonly feed: Feed;
  /** The socket gets the room's events from now on. Resolves when the roster has the person, or couldn't be asked. */
  take(): Promise<void>;
  /**
   * Ends the events, or gives up joining. May be called at any time, also twice.
   * @param isAnnounced false when the client only moves to another replica
   */
  leave(isAnnounced?: boolean): void;
}

interface OpenFeed {
  readonly feed: Feed;
  /** False: there is no such room. */
  readonly opened: Promise<boolean>;
}

const GAP_WAIT_MS = 30;
const POLL_AWAY_MS = 1_000;
const POLL_CONNECTED_MS = 5_000;

export class Hub implements CommitListener {
  readonly joins: JoinAnnouncer;
  readonly #deps: HubDeps;
  readonly #feeds = new Map<string, OpenFeed>();
  readonly #pollTimer: Timer;
  #polledAt = Number.NEGATIVE_INFINITY;

  constructor(deps: HubDeps) {
    const { bus, roster, know, log } = deps;
    this.#deps = deps;
    this.joins = new JoinAnnouncer({
      roster,
      know,
      log,
      announce: (roomId, event) => this.announce(roomId, event),
    });
    this.#pollTimer = setInterval(() => {
      if (!bus.isConnected || performance.now() - this.#polledAt >= POLL_CONNECTED_MS) this.#pollQuietly();
    }, POLL_AWAY_MS);
    bus.onConnection((isConnected) => {
      log.warn({ event: isConnected ? 'bus_back' : 'bus_away' });
      this.#pollQuietly();
      if (isConnected) this.joins.refresh();
    });
  }

  /**
   * Reserves a seat for a socket that is joining.
   * @throws {Failure} `unknown_room`, `storage_unavailable`
   */
  async join(roomId: string, subscriber: Subscriber): Promise<Seat> {
    const { feed, opened } = this.#open(roomId);
    const leave = (isAnnounced = true): void => {
      feed.remove(subscriber, isAnnounced);
      this.#closeIfEmpty(roomId, feed);
    };
    feed.expect(subscriber);
    try {
      if (!(await opened)) throw new Failure(errors.unknown_room, `There is no room “${roomId}”`);
    } catch (error) {
      leave();
      throw error;
    }
    return { feed, take: () => feed.add(subscriber), leave };
  }

  /** Sends an event that is not in the log to the room's sockets on all replicas; while the bus is away, to those here. */
  announce(roomId: string, event: ServerFrame): void {
    this.#publish(roomId, toText(event)).catch(() => this.#feeds.get(roomId)?.feed.announce(event));
  }

  /** Sends changes that were just committed, in order: to the sockets here directly, to the other replicas by the bus. */
  committed(roomId: string, written: readonly Written[]): void {
    const changes = written.map(({ message }) => {
      return { seq: message.seq, text: toText(changeFrame(message, isAsBorn(message))) };
    });
    for (const change of changes) this.#feeds.get(roomId)?.feed.receive(change);
    // Replicas find changes that the bus didn't take in the log.
    for (const { text } of changes)
      this.#publish(roomId, text).catch((error: unknown) =>
        this.#deps.log.debug({ event: 'change_not_published', ...errorFields(error) }),
      );
  }

  /** The room's sockets here, by room id. */
  countSockets(): Map<string, number> {
    return new Map(Array.from(this.#feeds, ([roomId, { feed }]) => [roomId, feed.size]));
  }

  look(): HubLook {
    const feeds = Array.from(this.#feeds.values(), ({ feed }) => feed.look());
    return lookOf(feeds, this.#deps.bus.isConnected);
  }

  close(): void {
    clearInterval(this.#pollTimer);
    this.joins.close();
    for (const { feed } of this.#feeds.values()) feed.close();
  }

  async #publish(roomId: string, text: string): Promise<void> {
    const finish = this.#deps.metrics.publishSeconds.startTimer();
    await this.#deps.bus.publish(topicOf(roomId), text);
    finish();
  }

  #open(roomId: string): OpenFeed {
    const existing = this.#feeds.get(roomId);
    if (existing) return existing;
    const feed = new Feed({ ...this.#deps, joins: this.joins, gapWaitMs: GAP_WAIT_MS, roomId });
    const entry = { feed, opened: feed.open() };
    this.#feeds.set(roomId, entry);
    return entry;
  }

  #closeIfEmpty(roomId: string, feed: Feed): void {
    if (!feed.isEmpty || this.#feeds.get(roomId)?.feed !== feed) return;
    this.#feeds.delete(roomId);
    feed.close();
  }

  async #poll(): Promise<void> {
    this.#polledAt = performance.now();
    const lastSeqs = await this.#deps.store.lastSeqs([...this.#feeds.keys()]);
    for (const [roomId, lastSeq] of lastSeqs) this.#feeds.get(roomId)?.feed.noticeLastSeq(lastSeq);
  }

  #pollQuietly(): void {
    if (this.#feeds.size === 0) return;
    this.#poll().catch((error: unknown) => this.#deps.log.warn({ event: 'rooms_not_polled', ...errorFields(error) }));
  }
}
