/**
 * A WebSocket that reconnects: detects a dead connection, opens another after a pause, and ends where the close code says that another
 * attempt would fail alike. Uses the `WebSocket` of browsers, Bun and Node.
 */
import type { ClientFrame, ServerFrame } from './api/frames.ts';
import { type BackoffOptions, createBackoff } from './backoff.ts';
import { endingOf, leastPauseMs } from './closing.ts';
import type { ParleyError } from './error.ts';
import { createPulse, type PulseOptions } from './pulse.ts';

export interface SocketOptions {
  /** The pauses between attempts. */
  readonly backoff?: BackoffOptions | undefined;
  /** When a silent connection counts as dead. */
  readonly pulse?: PulseOptions | undefined;
  /** As `WebSocket`, for a runtime that has none or for tests. */
  readonly webSocket?: typeof WebSocket | undefined;
}

export interface SocketDeps extends SocketOptions {
  /** The address of the next attempt. */
  url(): string;
  /** Proves who acts, outside of browsers. */
  token?(): string | undefined;
  onConnecting?(): void;
  onOpen(): void;
  onFrame(frame: ServerFrame): void;
  /** The connection was lost, or an attempt failed. @param retryInMs until the next attempt */
  onLost(retryInMs: number): void;
  /** There is no further attempt. */
  onEnded(error: ParleyError): void;
}

/** The close code of a connection that ended without a close frame (RFC 6455, 7.1.5). */
const ABNORMAL = 1006;
const NORMAL = 1000;

/** @returns undefined for data that is not a JSON object with a `type`: the protocol has no such frame */
const parseFrame = (data: unknown): ServerFrame | undefined => {
  try {
    const value = JSON.parse(String(data));
    return typeof value?.type === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Bun and Node take options with headers as the second argument; browsers don't. */
const dial = (url: string, token: string | undefined, Socket: typeof WebSocket): WebSocket =>
  token === undefined
    ? new Socket(url)
    : Reflect.construct(Socket, [url, { headers: { authorization: `Bearer ${token}` } }]);

export class ReconnectingSocket {
  readonly #deps: SocketDeps;
  readonly #backoff;
  readonly #pulse;
  #socket: WebSocket | undefined;
  /** The timer that opens the next connection. Set while the socket waits to reconnect. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  /** The current connection has received `ready`. */
  #wasReady = false;

  constructor(deps: SocketDeps) {
    this.#deps = deps;
    this.#backoff = createBackoff(deps.backoff);
    this.#pulse = createPulse({
      ...deps.pulse,
      ping: () => this.send({ type: 'ping' }),
      giveUp: () => this.restart(),
    });
  }

  open(): void {
    if (this.#isClosed || this.#socket) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { url, token, webSocket = WebSocket, onConnecting } = this.#deps;
    onConnecting?.();
    this.#socket = dial(url(), token?.(), webSocket);
    this.#pulse.beat();
    this.#listen(this.#socket);
  }

  /** @returns false when there is no open connection: nothing was sent */
  send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Drops a dead connection, or a hanging attempt, and opens another. Doesn't wait for the close frame, which a dead network never brings. */
  restart(): void {
    const dead = this.#socket;
    if (!dead) return;
    this.#lose(ABNORMAL, '');
    dead.close();
  }

  /** Pings, or makes the next attempt, now: the network, or the reader of a page, has come back. */
  check(): void {
    if (this.#timer === undefined) this.#pulse.ask();
    else this.open();
  }

  close(): void {
    const last = this.#socket;
    this.#end();
    last?.close(NORMAL);
  }

  /** Ignores the events of a socket that was dropped. */
  #listen(socket: WebSocket): void {
    const on = <K extends keyof WebSocketEventMap>(type: K, listener: (event: WebSocketEventMap[K]) => void): void =>
      socket.addEventListener(type, (event) => {
        if (socket === this.#socket) listener(event);
      });
    on('open', () => {
      this.#pulse.beat();
      this.#deps.onOpen();
    });
    on('message', ({ data }) => this.#onMessage(data));
    on('close', ({ code, reason }) => this.#lose(code, reason));
    // Node and Bun report a failed attempt by this event as well; `close` follows.
    socket.addEventListener('error', () => undefined);
  }

  #onMessage(data: unknown): void {
    this.#pulse.beat();
    const frame = parseFrame(data);
    if (frame?.type === 'ready') {
      this.#wasReady = true;
      this.#backoff.reset();
    }
    if (frame) this.#deps.onFrame(frame);
  }

  #lose(code: number, reason: string): void {
    this.#socket = undefined;
    const error = endingOf(code, reason);
    if (error) {
      this.#end();
      return this.#deps.onEnded(error);
    }
    const atLeastMs = leastPauseMs(code);
    const retryInMs = atLeastMs === undefined && this.#wasReady ? 0 : this.#backoff.next(atLeastMs);
    this.#wasReady = false;
    this.#timer = setTimeout(() => this.open(), retryInMs);
    this.#deps.onLost(retryInMs);
  }

  #end(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#pulse.close();
    this.#socket = undefined;
  }
}
