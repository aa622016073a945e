/** One room on this replica: its sockets, and the order in which they get its changes. The hub opens and closes feeds. */

import { errorFields, type Log } from '@parley/kit/process/log';
import type { Bus, Unsubscribe } from '@parley/kit/stores/bus';
import { type ServerFrame, toText } from '../frames.ts';
import type { Message } from '../messages/rules.ts';
import type { MessageStore } from '../messages/store.ts';
import type { ChatMetrics } from '../metrics.ts';
import type { Person } from '../people.ts';
import type { JoinAnnouncer } from '../roster/joins.ts';
import type { FeedLook } from './look.ts';
import { type Change, createSequencer, type Sequencer } from './sequencer.ts';

/** A socket, as far as a feed needs it. */
export interface Subscriber {
  readonly person: Person;
  /** Subscribes the socket to a topic of the server: one `publish` reaches all its sockets. */
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

export interface FeedDeps {
  readonly roomId: string;
  readonly store: Pick<MessageStore, 'changesSince' | 'lastSeqs'>;
  readonly bus: Bus;
  readonly joins: Pick<JoinAnnouncer, 'enter' | 'leave'>;
  readonly metrics: ChatMetrics;
  readonly log: Log;
  /** The most changes that are fetched from the log at once. A feed that misses more tells its sockets to reload. */
  readonly resyncLimit: number;
  /** How long a missing change may still arrive by the bus before it is fetched, in ms. */
  readonly gapWaitMs: number;
  /** Sends a text to every socket of a topic on this replica. */
  publish(topic: string, text: string): void;
}

const MAX_EVENT_CHARACTERS = 262_144;

export const topicOf = (roomId: string): string => `room:${roomId}`;

export class Feed {
  readonly #deps: FeedDeps;
  readonly #topic: string;
  /** Sockets that are still catching up. They keep the feed open. */
  readonly #joining = new Set<Subscriber>();
  readonly #subscribers = new Set<Subscriber>();
  #sequencer: Sequencer | undefined;
  #leaveBus: Unsubscribe | undefined;
  #filling: Promise<void> | undefined;
  #gapTimer: Timer | undefined;
  /** The highest `seq` that the bus, the log or a commit has shown. */
  #known = 0;
  #isClosed = false;

  constructor(deps: FeedDeps) {
    this.#deps = deps;
    this.#topic = topicOf(deps.roomId);
  }

  /** The sockets that get the room's events. */
  get size(): number {
    return this.#subscribers.size;
  }

  get isEmpty(): boolean {
    return this.#subscribers.size + this.#joining.size === 0;
  }

  /** The `seq` of the last change that the sockets here got. */
  get delivered(): number {
    return this.#sequencer?.delivered ?? 0;
  }

  /** The room's state on this replica, for operators. */
  look(): FeedLook {
    const { delivered, size: sockets } = this;
    return {
      room_id: this.#deps.roomId,
      sockets,
      joining: this.#joining.size,
      delivered,
      known: Math.max(this.#known, delivered),
      waiting: this.#sequencer?.waiting ?? 0,
    };
  }

  /** Subscribes to the bus before it reads `last_seq`, so that no change falls between the two. False: there is no such room. */
  async open(): Promise<boolean> {
    const { bus, roomId, store, resyncLimit } = this.#deps;
    this.#leaveBus = await bus.subscribe(this.#topic, (text) => this.#hear(text));
    const lastSeq = (await store.lastSeqs([roomId])).get(roomId);
    if (lastSeq === undefined) return false;
    this.#sequencer = createSequencer({
      delivered: lastSeq,
      waitingLimit: resyncLimit,
      deliver: ({ text }) => this.#send(text),
    });
    // A change arrived on the bus during the read above: fetch it now, no later event is guaranteed.
    if (this.#known > lastSeq) this.#fillSoon();
    return true;
  }

  /** Stops all sending, also of changes that are being fetched: the room may have a new feed by the time they arrive. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#gapTimer);
    this.#leaveBus?.();
  }

  /** Registers a socket that is joining. It gets no events before `add`. */
  expect(subscriber: Subscriber): void {
    this.#joining.add(subscriber);
  }

  /**
   * Makes an expected socket a subscriber: it gets every event from now on. Does nothing when it was removed meanwhile. Resolves when the
   * roster has the person, or couldn't be asked.
   */
  async add(subscriber: Subscriber): Promise<void> {
    if (!this.#joining.delete(subscriber)) return;
    this.#subscribers.add(subscriber);
    subscriber.subscribe(this.#topic);
    await this.#deps.joins.enter(this.#deps.roomId, subscriber.person);
  }

  /** @param isAnnounced false when the client only moves to another replica */
  remove(subscriber: Subscriber, isAnnounced: boolean): void {
    this.#joining.delete(subscriber);
    if (!this.#subscribers.delete(subscriber)) return;
    subscriber.unsubscribe(this.#topic);
    if (isAnnounced) this.#deps.joins.leave(this.#deps.roomId, subscriber.person);
  }

  /** Takes a change from the bus or from a commit here, and delivers it once all changes before it are delivered. */
  receive(change: Change): void {
    this.#sequencer?.receive(change);
    this.#known = Math.max(this.#known, change.seq);
    if (this.#sequencer?.hasGap) this.#fillSoon();
  }

  /** Takes rows of the log that a catching-up socket has read. Rows beyond `delivered` go to all sockets here. */
  advance(rows: readonly Message[]): void {
    this.#sequencer?.advance(rows);
  }

  /** Sends an event that is not in the log to the sockets here. */
  announce(event: ServerFrame): void {
    this.#send(toText(event));
  }

  /** Fetches missing changes from the log. Concurrent calls share one fetch. Rejects while the database is away. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill()
      .finally(() => {
        this.#filling = undefined;
      })
      // Further changes may have been announced during the fetch. After a failed fetch the hub's next poll tries again.
      .then(() => this.noticeLastSeq(this.#known));
    return this.#filling;
  }

  /** Takes the room's `last_seq`. Changes up to it that don't arrive by the bus within `gapWaitMs` are fetched. */
  noticeLastSeq(lastSeq: number): void {
    this.#known = Math.max(this.#known, lastSeq);
    if (this.#known > this.delivered) this.#fillSoon();
  }

  #send(text: string): void {
    if (this.#isClosed) return;
    this.#deps.metrics.delivered.inc(this.#subscribers.size);
    this.#deps.publish(this.#topic, text);
  }

  #hear(text: string): void {
    const event = parseEvent(text);
    if (!event) {
      this.#deps.log.warn({ event: 'bus_garbage', room_id: this.#deps.roomId, length: text.length });
    } else if (Number.isSafeInteger(event.seq)) {
      this.receive({ seq: Number(event.seq), text });
    } else {
      this.#send(text);
    }
  }

  #fillSoon(): void {
    if (!this.#sequencer || this.#gapTimer || this.#filling || this.#isClosed) return;
    this.#gapTimer = setTimeout(() => {
      this.#gapTimer = undefined;
      if (this.delivered >= this.#known) return;
      this.fill().catch((error: unknown) => this.#deps.log.warn({ event: 'gap_not_filled', ...errorFields(error) }));
    }, this.#deps.gapWaitMs);
  }

  async #fill(): Promise<void> {
    const { store, roomId, resyncLimit, metrics } = this.#deps;
    const sequencer = this.#sequencer;
    if (!sequencer) return;
    const known = this.#known;
    const rows = await store.changesSince(roomId, sequencer.delivered, resyncLimit + 1);
    const newest = rows.at(-1);
    if (newest) metrics.gapsFilled.inc();
    if (rows.length <= resyncLimit) sequencer.advance(rows);
    else await this.#resync(sequencer);
    if (newest || this.#known > known) return;
    // The log has no such seq: the event was forged or predates a restore. Drop it.
    sequencer.dropWaiting();
    this.#known = sequencer.delivered;
  }

  async #resync(sequencer: Sequencer): Promise<void> {
    const { store, roomId } = this.#deps;
    const lastSeq = (await store.lastSeqs([roomId])).get(roomId) ?? sequencer.delivered;
    this.announce({ type: 'resync', room_id: roomId, seq: lastSeq });
    sequencer.jump(lastSeq);
  }
}

const parseEvent = (text: string): Record<string, unknown> | undefined => {
  if (text.length > MAX_EVENT_CHARACTERS) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};
