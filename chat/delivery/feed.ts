/** One room on this replica: its sockets, and the order in which they get its changes. The hub opens and closes feeds. */

import { errorFields, type Log as Logger } from '@parley/kit/process/log';
import type { Bus, Unsubscribe } from '@parley/kit/stores/bus';
import { type ServerFrame, toText } from '../frames.ts';
import type { Message } from '../messages/rules.ts';
import type { MessageStore } from '../messages/store.ts';
import type { ChatMetrics } from '../metrics.ts';
import type { Attendance } from '../roster/attendance.ts';
import type { Person } from '../roster/roster.ts';
import type { FeedLook } from './look.ts';
import { type Change, createSequencer, type Sequencer } from './sequencer.ts';

/** What a feed knows of a socket. */
export interface Subscriber {
  readonly person: Person;
  /** Joins a topic of the server, by which events reach all its sockets in one call. */
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

export interface FeedOptions {
  readonly roomId: string;
  readonly store: Pick<MessageStore, 'changesSince' | 'lastSeqs'>;
  readonly bus: Bus;
  readonly attendance: Attendance;
  readonly metrics: ChatMetrics;
  readonly log: Logger;
  readonly resyncLimit: number;
  /** How long a missing change may still arrive by the bus before it is fetched, in ms. */
  readonly gapWaitMs: number;
  /** Sends a text to every socket of a topic. */
  publish(topic: string, text: string): void;
}

const MAX_EVENT_CHARACTERS = 262_144;

export const topicOf = (roomId: string): string => `room:${roomId}`;

export class Feed {
  readonly #options: FeedOptions;
  readonly #subscribers = new Set<Subscriber>();
  #sequencer: Sequencer | undefined;
  #leaveBus: Unsubscribe | undefined;
  #filling: Promise<void> | undefined;
  #gapTimer: Timer | undefined;
  /** The highest number that the room is known to have reached. */
  #known = 0;
  #isClosed = false;
  /** Sockets that are on their way in: the feed must not close under them. */
  joining = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#subscribers.size;
  }

  get delivered(): number {
    return this.#sequencer?.delivered ?? 0;
  }

  /** For operators: where the room stands on this replica. */
  look(): FeedLook {
    const waiting = this.#sequencer?.waiting ?? 0;
    const known = Math.max(this.#known, this.delivered);
    const { delivered, joining, size: sockets } = this;
    return { room_id: this.#options.roomId, sockets, joining, delivered, known, waiting };
  }

  /** Joins the channel first and reads where the room stands after that, so that nothing falls between. False: no such room. */
  async open(): Promise<boolean> {
    const { bus, roomId, store } = this.#options;
    this.#leaveBus = await bus.subscribe(topicOf(roomId), (text) => this.#hear(text));
    const lastSeq = (await store.lastSeqs([roomId])).get(roomId);
    if (lastSeq === undefined) return false;
    this.#sequencer = createSequencer({
      delivered: lastSeq,
      waitingLimit: this.#options.resyncLimit,
      deliver: ({ text }) => this.#send(text),
    });
    // Heard of while that was read: no further event may come to tell of it.
    if (this.#known > lastSeq) this.#fillSoon();
    return true;
  }

  /** Nothing is sent any more, not even what is being fetched: the room may have a new feed by then. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#gapTimer);
    this.#leaveBus?.();
  }

  /** Events reach the subscriber from now on. Resolves when the roster holds the person, or couldn't be asked. */
  add(subscriber: Subscriber): Promise<void> {
    this.#subscribers.add(subscriber);
    subscriber.subscribe(topicOf(this.#options.roomId));
    return this.#options.attendance.enter(this.#options.roomId, subscriber.person);
  }

  /** @param isAnnounced false when the user is only moving to another replica */
  remove(subscriber: Subscriber, isAnnounced: boolean): void {
    if (!this.#subscribers.delete(subscriber)) return;
    subscriber.unsubscribe(topicOf(this.#options.roomId));
    if (isAnnounced) this.#options.attendance.leave(this.#options.roomId, subscriber.person);
  }

  /** A change of the log, from the bus or committed here: delivered when its turn comes. */
  receive(change: Change): void {
    this.#sequencer?.receive(change);
    this.#known = Math.max(this.#known, change.seq);
    if (this.#sequencer?.hasGap) this.#fillSoon();
  }

  /** Takes rows that a catching-up socket has read, when they reach beyond what was delivered here. */
  advance(rows: readonly Message[]): void {
    this.#sequencer?.advance(rows);
  }

  /** An event that is not of the log, to the sockets here. */
  announce(event: ServerFrame): void {
    this.#send(toText(event));
  }

  /** Fetches what is missing. Rejects while the database is away. Calls at the same time share one fetch. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill()
      .finally(() => {
        this.#filling = undefined;
      })
      // More was heard of meanwhile. After a failed fetch the hub's next look at the rooms goes on.
      .then(() => this.noticeLastSeq(this.#known));
    return this.#filling;
  }

  /** The room is at `lastSeq`: fetch what is missing, unless it arrives by the bus in a moment. */
  noticeLastSeq(lastSeq: number): void {
    this.#known = Math.max(this.#known, lastSeq);
    if (this.#known > this.delivered) this.#fillSoon();
  }

  #send(text: string): void {
    if (this.#isClosed) return;
    this.#options.metrics.delivered.inc(this.#subscribers.size);
    this.#options.publish(topicOf(this.#options.roomId), text);
  }

  #hear(text: string): void {
    const event = parseEvent(text);
    if (!event) {
      this.#options.log.warn({ event: 'bus_garbage', room_id: this.#options.roomId, length: text.length });
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
      this.fill().catch((error: unknown) => this.#options.log.warn({ event: 'gap_not_filled', ...errorFields(error) }));
    }, this.#options.gapWaitMs);
  }

  async #fill(): Promise<void> {
    const { store, roomId, resyncLimit, metrics } = this.#options;
    const sequencer = this.#sequencer;
    if (!sequencer) return;
    const known = this.#known;
    const rows = await store.changesSince(roomId, sequencer.delivered, resyncLimit + 1);
    const newest = rows.at(-1);
    if (newest) metrics.gapsFilled.inc();
    if (rows.length <= resyncLimit) sequencer.advance(rows);
    else await this.#resync(sequencer);
    if (newest || this.#known > known) return;
    // Whatever was announced beyond the log's end isn't of this room's log.
    sequencer.dropWaiting();
    this.#known = sequencer.delivered;
  }

  async #resync(sequencer: Sequencer): Promise<void> {
    const { store, roomId } = this.#options;
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
