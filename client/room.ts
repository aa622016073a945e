/**
 * A room that a program stays in: every change once and in order, over lost connections, restarts of the server and long absences; every
 * message of its own stored once, however often it had to be sent.
 */
import { getRoom, listMessages } from './api/chat.ts';
import type { ServerFrame } from './api/frames.ts';
import { createBackoff } from './backoff.ts';
import { ParleyError } from './error.ts';
import { createEmitter, type Listener } from './events.ts';
import { type Call, createHttp, type HttpOptions, socketUrlOf, tokenOf } from './http.ts';
import { createLink, type Link, type LinkOptions } from './link.ts';
import { type Change, ChangeOrder, isChange } from './order.ts';
import { defaultRules } from './queue.ts';
import { type NewMessage, Sender, type Stored } from './sender.ts';
import { sleep } from './sleep.ts';

export interface RoomOptions extends HttpOptions, LinkOptions {
  readonly room: string;
  readonly user: string;
  /** The name to show. */
  readonly username?: string | undefined;
  /** The last `seq` seen, as `RoomConnection.since` told it: what followed it comes first. Unless given, what is new from now on. */
  readonly since?: number | undefined;
  /** Also get `room_activity`, `room_created` and `room_read`, about other rooms. */
  readonly activity?: boolean | undefined;
  /** The most messages that may wait to be sent; 200 unless given. */
  readonly maxUnsent?: number | undefined;
  /** Without the ack of a message in this time the connection is given up. 6 seconds unless given. */
  readonly ackTimeoutMs?: number | undefined;
}

/**
 * `connecting`: an attempt is under way. `catching-up`: the connection is open, and what was missed is arriving. `live`: everything
 * has arrived. `waiting`: there is no connection, another attempt follows. `ended`: it won't come back.
 */
export type RoomState = 'connecting' | 'catching-up' | 'live' | 'waiting' | 'ended';

export interface RoomStatus {
  readonly state: RoomState;
  /** With `waiting`: until the next attempt. */
  readonly retryInMs?: number;
  /** With `ended`: why. Its code is `closed` when this side ended it. */
  readonly error?: ParleyError;
}

/** The events: each frame of the service by its type, and `state`. */
export type RoomEvents = { [F in ServerFrame as F['type']]: F } & { readonly state: RoomStatus };

/** As many messages as one page of the history has at most. */
const PAGE = 200;

export class RoomConnection {
  readonly #options: RoomOptions;
  readonly #call: Call;
  readonly #events = createEmitter<RoomEvents>();
  readonly #link: Link;
  readonly #sender: Sender;
  /** Ends what belongs to the connection of now: the reading of the history after a resync. */
  #reading = new AbortController();
  #order: ChangeOrder;
  #status: RoomStatus = { state: 'connecting' };

  constructor(options: RoomOptions) {
    const { maxUnsent: maxEntries = defaultRules.maxEntries, ackTimeoutMs = defaultRules.ackTimeoutMs } = options;
    this.#options = options;
    this.#call = createHttp(options);
    this.#order = new ChangeOrder(options.since ?? 0);
    this.#link = createLink(
      {
        url: () => this.#url(),
        token: () => tokenOf(options),
        onConnecting: () => this.#become({ state: 'connecting' }),
        onOpen: () => this.#onOpen(),
        onFrame: (frame) => this.#onFrame(frame),
        onLost: (retryInMs) => this.#onLost({ state: 'waiting', retryInMs }),
        onEnded: (error) => this.#end(error),
      },
      options,
    );
    this.#sender = new Sender({
      send: (frame) => this.#link.send(frame),
      restart: () => this.#link.restart(),
      rules: { ...defaultRules, maxEntries, ackTimeoutMs },
    });
    // Not before the caller has had the time to listen.
    queueMicrotask(() => void this.#begin());
  }

  get status(): RoomStatus {
    return this.#status;
  }

  /** The cursor: the listeners have got every change up to it. A program that keeps it may come back with it, as `since`. */
  get since(): number {
    return this.#order.since;
  }

  /** How many messages of one's own aren't stored yet. */
  get unsent(): number {
    return this.#sender.unsent;
  }

  /**
   * Listens to a type of frame, or to `state`.
   * @returns what ends the listening
   */
  on<K extends keyof RoomEvents>(type: K, listener: Listener<RoomEvents[K]>): () => void {
    return this.#events.on(type, listener);
  }

  /**
   * Sends a message, now or when there is a connection, after those that were sent before.
   * @returns what resolves when it is stored, and rejects with a {ParleyError} when it never will be
   */
  send(message: string | NewMessage): Promise<Stored> {
    return this.#sender.send(typeof message === 'string' ? { content: message } : message);
  }

  /** Tells the room that the user is typing, or has stopped. Lost where there is no connection. */
  typing(isTyping = true): void {
    this.#link.send({ type: isTyping ? 'typing' : 'stop_typing' });
  }

  /** Asks whether the connection still carries, or makes the next attempt now: after a sleep, or a change of the network. */
  check(): void {
    this.#link.check();
  }

  /** Leaves the room. Messages that aren't stored are rejected. */
  close(): void {
    this.#end(new ParleyError('The connection was closed by this side', { status: 0, code: 'closed' }));
  }

  get #isEnded(): boolean {
    return this.#status.state === 'ended';
  }

  #url(): string {
    const { room, user, username, activity } = this.#options;
    const query = new URLSearchParams({ since: String(this.since) });
    if (username !== undefined) query.set('username', username);
    if (activity) query.set('activity', 'true');
    const path = `/ws/${encodeURIComponent(room)}/${encodeURIComponent(user)}?${query}`;
    return socketUrlOf(this.#options, path);
  }

  async #begin(): Promise<void> {
    const { since, room } = this.#options;
    if (since === undefined) {
      const found = await this.#patiently(() => this.#call(getRoom, { room_id: room }));
      if (!found) return;
      this.#order = new ChangeOrder(found.last_seq);
    }
    if (!this.#isEnded) this.#link.open();
  }

  /** Repeats a call until it is answered. Undefined when that is of no use any more. */
  async #patiently<T>(call: () => Promise<T>): Promise<T | undefined> {
    const { signal } = this.#reading;
    const backoff = createBackoff(this.#options.backoff);
    while (!signal.aborted) {
      try {
        return await call();
      } catch (error) {
        if (signal.aborted) return undefined;
        if (!(error instanceof ParleyError)) throw error;
        if (!error.isRetryable) {
          this.#end(error);
          return undefined;
        }
        await sleep(backoff.next(error.retryAfterMs), signal);
      }
    }
    return undefined;
  }

  #onOpen(): void {
    this.#become({ state: 'catching-up' });
    this.#sender.onLink('open');
  }

  #onLost(status: RoomStatus): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#order.interrupt();
    this.#sender.onLink('close');
    this.#become(status);
  }

  #onFrame(frame: ServerFrame): void {
    if (isChange(frame)) return this.#onChange(frame);
    if (frame.type === 'ack') this.#sender.onAck(frame);
    if (frame.type === 'error') this.#sender.onError(frame);
    if (frame.type === 'resync') this.#order.resync(frame);
    if (frame.type === 'ready') this.#onReady(frame.seq);
    this.#events.emit(frame.type, frame);
  }

  #onChange(frame: Change): void {
    const change = this.#order.take(frame);
    if (change) this.#events.emit(change.type, change);
    else if (this.#order.isOverfull) this.#link.restart();
  }

  #onReady(seq: number): void {
    this.#sender.onLink('ready');
    this.#order.caughtUp(seq);
    void this.#readMissing();
  }

  /** After a resync the history has what was missed. Live changes wait until it is read. */
  async #readMissing(): Promise<void> {
    const { signal } = this.#reading;
    for (let after = this.#order.missingAfter; after !== undefined; after = this.#order.missingAfter) {
      const args = { room_id: this.#options.room, after, limit: PAGE };
      const page = await this.#patiently(() => this.#call(listMessages, args, { signal }));
      if (!page || signal.aborted) return;
      for (const change of this.#order.fill(page, page.length < PAGE)) {
        this.#events.emit(change.type, change);
        if (signal.aborted) return;
      }
    }
    this.#become({ state: 'live' });
  }

  #become(status: RoomStatus): void {
    this.#status = status;
    this.#events.emit('state', status);
  }

  #end(error: ParleyError): void {
    if (this.#isEnded) return;
    this.#link.close();
    this.#sender.end(error);
    this.#onLost({ state: 'ended', error });
    this.#reading.abort();
  }
}

/**
 * Joins a room and stays in it until `close`, or until the service says that coming back is of no use.
 * Unless `since` is given, the first attempt asks for the room's last change, and the events begin behind it.
 */
export const joinRoom = (options: RoomOptions): RoomConnection => new RoomConnection(options);
