/**
 * The connection to a room: delivers every change once and in order, over lost connections, restarts of the server and long absences, and
 * stores every message of the program once, however often it is sent.
 */
import { getRoom, listMessages, type Room } from './api/chat.ts';
import type { ServerFrame } from './api/frames.ts';
import { createBackoff } from './backoff.ts';
import { ParleyError } from './error.ts';
import { createEmitter, type Listener } from './events.ts';
import { type Call, createHttp, type HttpOptions, socketUrlOf, tokenOf } from './http.ts';
import { type Change, ChangeOrder, isChange } from './order.ts';
import { checkOrigins } from './origins.ts';
import { defaultRules } from './queue.ts';
import { type NewMessage, Sender, type Stored } from './sender.ts';
import { sleep } from './sleep.ts';
import { ReconnectingSocket, type SocketOptions } from './socket.ts';

export interface RoomOptions extends HttpOptions, SocketOptions {
  /** The room's id. */
  readonly room: string;
  /** The id of the user who acts. */
  readonly user: string;
  /** The name to show; `anonymous` unless given. */
  readonly username?: string | undefined;
  /** The last `seq` seen: a stored `RoomConnection.since`. Changes after it are delivered first. Unless given, only new changes are delivered. */
  readonly since?: number | undefined;
  /** Subscribes also to `room_activity`, `room_created` and `room_read`, which are about other rooms. */
  readonly activity?: boolean | undefined;
  /** The most messages that may wait to be sent. 200 unless given. */
  readonly maxUnsent?: number | undefined;
  /** Without the ack of a message in this time the connection counts as dead. 6 seconds unless given. */
  readonly ackTimeoutMs?: number | undefined;
}

/**
 * `connecting`: an attempt is under way. `catching-up`: the connection is open, and missed changes are arriving. `live`: all missed changes
 * have arrived. `waiting`: there is no connection, another attempt follows. `ended`: there is no connection and no further attempt.
 */
export type RoomState = 'connecting' | 'catching-up' | 'live' | 'waiting' | 'ended';

export interface RoomStatus {
  readonly state: RoomState;
  /** With `waiting`: the time until the next attempt. */
  readonly retryInMs?: number;
  /** With `ended`: the reason. Its code is `closed` after `close()`. */
  readonly error?: ParleyError;
}

/** The events by name: each frame of the service by its type, and `state`. */
export type RoomEvents = { [F in ServerFrame as F['type']]: F } & { readonly state: RoomStatus };

/** The most messages that chat returns in one page of the history. */
const PAGE = 200;

const checkIds = ({ room, user }: RoomOptions): void => {
  for (const [name, id] of Object.entries({ room, user }))
    if (id === '') throw new TypeError(`\`${name}\` is empty: give the id of a ${name}`);
};

export class RoomConnection {
  readonly #options: RoomOptions;
  readonly #call: Call;
  readonly #events = createEmitter<RoomEvents>();
  readonly #socket: ReconnectingSocket;
  readonly #sender: Sender;
  /** Aborted when the connection is lost: ends the calls that were made for it. */
  #reading = new AbortController();
  /** Aborted by `check`: ends the pause before the next call. */
  #pause = new AbortController();
  #order: ChangeOrder;
  #status: RoomStatus = { state: 'connecting' };
  /** The listeners were called with a status. */
  #isAnnounced = false;

  constructor(options: RoomOptions) {
    const { maxUnsent: maxEntries = defaultRules.maxEntries, ackTimeoutMs = defaultRules.ackTimeoutMs } = options;
    checkOrigins(options);
    checkIds(options);
    this.#options = options;
    this.#call = createHttp(options);
    this.#order = new ChangeOrder(options.since ?? 0);
    this.#socket = this.#newSocket();
    this.#sender = new Sender({
      send: (frame) => this.#socket.send(frame),
      restart: () => this.#socket.restart(),
      rules: { ...defaultRules, maxEntries, ackTimeoutMs },
    });
    // Later than this call, so that the caller can add listeners first.
    queueMicrotask(() => void this.#begin());
  }

  get status(): RoomStatus {
    return this.#status;
  }

  /** The cursor: every change up to it was delivered to the listeners. Store it, and give it as `since` after a restart of the program. */
  get since(): number {
    return this.#order.since;
  }

  /** The number of the program's own messages that aren't stored yet. */
  get unsent(): number {
    return this.#sender.unsent;
  }

  /**
   * Adds a listener for a type of frame, or for `state`.
   * @returns a function that removes it
   */
  on<K extends keyof RoomEvents>(type: K, listener: Listener<RoomEvents[K]>): () => void {
    return this.#events.on(type, listener);
  }

  /**
   * Sends a message, now or when there is a connection, after those that were sent before.
   * @returns resolves when the message is stored; rejects with a {ParleyError} when it was refused, when too many wait (`queue_full`), or
   *   when the connection ended before
   */
  send(message: string | NewMessage): Promise<Stored> {
    return this.#sender.send(typeof message === 'string' ? { content: message } : message);
  }

  /** Tells the room's other people that the user is typing, or has stopped. Not sent while there is no connection. */
  typing(isTyping = true): void {
    this.#socket.send({ type: isTyping ? 'typing' : 'stop_typing' });
  }

  /** Pings, or makes the next attempt now. Call it after a sleep or a change of the network. */
  check(): void {
    this.#pause.abort();
    this.#pause = new AbortController();
    this.#socket.check();
  }

  /** Leaves the room. Rejects the messages that aren't stored yet. */
  close(): void {
    this.#end(new ParleyError('The connection was closed by this side', { status: 0, code: 'closed' }));
  }

  get #isEnded(): boolean {
    return this.#status.state === 'ended';
  }

  #newSocket(): ReconnectingSocket {
    return new ReconnectingSocket({
      ...this.#options,
      url: () => this.#url(),
      token: () => tokenOf(this.#options),
      onConnecting: () => this.#become({ state: 'connecting' }),
      onOpen: () => this.#onOpen(),
      onFrame: (frame) => this.#onFrame(frame),
      onLost: (retryInMs) => this.#onLost({ state: 'waiting', retryInMs }),
      onEnded: (error) => this.#end(error),
    });
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
    if (this.#options.since === undefined) {
      const found = await this.#readRoom();
      if (!found) return;
      this.#order = new ChangeOrder(found.last_seq);
    }
    if (!this.#isEnded) this.#socket.open();
  }

  #readRoom(): Promise<Room | undefined> {
    const read = (): Promise<Room> => {
      this.#become({ state: 'connecting' });
      return this.#call(getRoom, { room_id: this.#options.room });
    };
    return this.#patiently(read, (retryInMs) => this.#become({ state: 'waiting', retryInMs }));
  }

  /**
   * Repeats a call until it succeeds.
   * @param onPause called before each pause
   * @returns undefined when the connection was lost or ended meanwhile
   */
  async #patiently<T>(call: () => Promise<T>, onPause?: (retryInMs: number) => void): Promise<T | undefined> {
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
        const retryInMs = backoff.next(error.retryAfterMs);
        onPause?.(retryInMs);
        await sleep(retryInMs, AbortSignal.any([signal, this.#pause.signal]));
      }
    }
    return undefined;
  }

  #onOpen(): void {
    this.#become({ state: 'catching-up' });
    this.#sender.onConnection('open');
  }

  #onLost(status: RoomStatus): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#order.interrupt();
    this.#sender.onConnection('close');
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
    else if (this.#order.isOverfull) this.#socket.restart();
  }

  #onReady(seq: number): void {
    this.#sender.onConnection('ready');
    this.#order.caughtUp(seq);
    void this.#readMissing();
  }

  /** After a resync: reads the missed messages from the history. Live changes are held back meanwhile. */
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
    if (status.state === 'connecting' && this.#isAnnounced && this.#status.state === 'connecting') return;
    this.#isAnnounced = true;
    this.#status = status;
    this.#events.emit('state', status);
  }

  #end(error: ParleyError): void {
    if (this.#isEnded) return;
    this.#socket.close();
    this.#sender.end(error);
    this.#onLost({ state: 'ended', error });
    this.#reading.abort();
  }
}

/**
 * Joins a room and stays in it until `close`, or until the service answers that another attempt would fail alike: no such room, no valid
 * token. Unless `since` is given, the room's last `seq` is read first, and the events begin after it.
 * @throws {TypeError} when an address is missing or isn't one of HTTP, or when an id is empty
 */
export const joinRoom = (options: RoomOptions): RoomConnection => new RoomConnection(options);
