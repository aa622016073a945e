/**
 * One socket after another: opens, notices a dead one, comes back after a pause, and ends where a close code says that it's in vain.
 * Runs on the `WebSocket` of browsers, Bun and Node.
 */
import type { ClientFrame, ServerFrame } from './api/frames.ts';
import { type BackoffOptions, createBackoff } from './backoff.ts';
import { endingOf, leastPauseMs } from './closing.ts';
import type { ParleyError } from './error.ts';
import { createPulse, type PulseTimes } from './pulse.ts';

export interface LinkHandlers {
  /** The address of the next attempt. */
  url(): string;
  /** Proves who acts, outside of browsers. */
  token?(): string | undefined;
  onConnecting?(): void;
  onOpen(): void;
  onFrame(frame: ServerFrame): void;
  /** The connection was lost, or an attempt failed. @param retryInMs until the next attempt */
  onLost(retryInMs: number): void;
  /** It won't come back. */
  onEnded(ending: ParleyError): void;
}

export interface LinkOptions {
  /** The pauses between attempts. */
  readonly backoff?: BackoffOptions | undefined;
  /** When a silent connection is taken for dead. */
  readonly pulse?: PulseTimes | undefined;
  /** As `WebSocket`, for a runtime that has none or for tests. */
  readonly webSocket?: typeof WebSocket | undefined;
}

export interface Link {
  open(): void;
  /** False when there is no open connection: nothing was sent. */
  send(frame: ClientFrame): boolean;
  /** Gives up a connection, or an attempt at one, that has gone dead. */
  restart(): void;
  /** Pings, or makes the next attempt, now: the network, or who looks at the page, has come back. */
  check(): void;
  close(): void;
}

/** Of a connection that ended without a close frame (RFC 6455, 7.1.5). */
const ABNORMAL = 1006;
const NORMAL = 1000;

/** What isn't JSON, or has no type, isn't of our protocol. */
const parseFrame = (data: unknown): ServerFrame | undefined => {
  try {
    const value = JSON.parse(String(data));
    return typeof value?.type === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Outside of browsers the second argument may be options, with headers. */
const dial = (url: string, token: string | undefined, Socket: typeof WebSocket): WebSocket =>
  token === undefined
    ? new Socket(url)
    : Reflect.construct(Socket, [url, { headers: { authorization: `Bearer ${token}` } }]);

export const createLink = (handlers: LinkHandlers, options: LinkOptions): Link => {
  const backoff = createBackoff(options.backoff);
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  /** The connection of now has caught up. */
  let hasWorked = false;

  const end = (): void => {
    isClosed = true;
    clearTimeout(timer);
    pulse.close();
    socket = undefined;
  };

  const lose = (code: number, reason: string): void => {
    socket = undefined;
    const ending = endingOf(code, reason);
    if (ending) {
      end();
      return handlers.onEnded(ending);
    }
    const atLeastMs = leastPauseMs(code);
    const retryInMs = atLeastMs === undefined && hasWorked ? 0 : backoff.next(atLeastMs);
    hasWorked = false;
    timer = setTimeout(open, retryInMs);
    handlers.onLost(retryInMs);
  };

  const open = (): void => {
    if (isClosed || socket) return;
    clearTimeout(timer);
    timer = undefined;
    handlers.onConnecting?.();
    const opened = dial(handlers.url(), handlers.token?.(), options.webSocket ?? WebSocket);
    socket = opened;
    pulse.beat();
    /** A socket that was given up has no say any more. */
    const ifCurrent =
      <E>(listener: (event: E) => void) =>
      (event: E): void => {
        if (socket === opened) listener(event);
      };
    opened.addEventListener(
      'open',
      ifCurrent(() => {
        pulse.beat();
        handlers.onOpen();
      }),
    );
    opened.addEventListener(
      'message',
      ifCurrent(({ data }: MessageEvent) => {
        pulse.beat();
        const frame = parseFrame(data);
        if (frame?.type === 'ready') {
          hasWorked = true;
          backoff.reset();
        }
        if (frame) handlers.onFrame(frame);
      }),
    );
    opened.addEventListener(
      'close',
      ifCurrent(({ code, reason }: CloseEvent) => lose(code, reason)),
    );
    // Node and Bun report a failed attempt by this event as well; `close` follows.
    opened.addEventListener('error', () => undefined);
  };

  const send = (frame: ClientFrame): boolean => {
    if (socket?.readyState !== 1) return false;
    socket.send(JSON.stringify(frame));
    return true;
  };

  /** Over a dead network `close` alone waits for an answer: the loss is handled at once. */
  const restart = (): void => {
    const dead = socket;
    if (!dead) return;
    lose(ABNORMAL, '');
    dead.close();
  };

  const pulse = createPulse({ ping: () => send({ type: 'ping' }), giveUp: restart }, options.pulse);

  return {
    open,
    send,
    restart,
    check: () => (timer === undefined ? pulse.ask() : open()),
    close: () => {
      const last = socket;
      end();
      last?.close(NORMAL);
    },
  };
};
