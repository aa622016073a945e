/**
 * The room's socket. `hx-ws` opens it, keeps it and comes back after a break; here its events become frames. None is ever swapped by
 * hx-ws itself, which would take a message's `content` for markup: that is why this stands in the same bundle.
 */
import 'htmx.org/dist/ext/hx-ws.js';
import type { ClientFrame, ServerFrame } from '@parley/chat/socket/frames';
import { createPulse } from './pulse.ts';

interface Connection {
  url: string;
  readonly socket: WebSocket | null;
  /** Ends hx-ws's listening to the socket. */
  readonly abortController: AbortController | null;
}

type ConnectionEvent = CustomEvent<{ connection: Connection; code?: number | null }>;
type FrameEvent = CustomEvent<{ message: { data: unknown } }>;

export interface SocketHandlers {
  /** The cursor to come back with. */
  since(): number;
  onOpen(): void;
  /** @param code the close code; null when it never opened or the page dropped it */
  onClose(code: number | null): void;
  onFrame(frame: ServerFrame): void;
}

export interface Socket {
  /** False when there is no open connection: nothing was sent. */
  send(frame: ClientFrame): boolean;
  /** Gives up a connection, or an attempt at one, that has gone dead; hx-ws makes another. */
  restart(): void;
}

/** Of a connection that ended without a word (RFC 6455, 7.1.5). */
const ABNORMAL = 1006;

/** Before anything else hears of it: hx-ws must never put a frame into the page. */
document.addEventListener('htmx:ws:before:message:incoming', (event) => event.preventDefault(), { capture: true });

const parseFrame = (data: unknown): ServerFrame | undefined => {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === 'object' && value !== null && 'type' in value ? (value as ServerFrame) : undefined;
  } catch {
    // Not JSON, so not of our protocol: there is nothing to show.
    return undefined;
  }
};

export const watchSocket = (element: HTMLElement, handlers: SocketHandlers, signal: AbortSignal): Socket => {
  let connection: Connection | undefined;
  const listen = (name: string, listener: (event: Event) => void) =>
    element.addEventListener(`htmx:ws:${name}`, listener, { signal });

  listen('before:connection', (event) => {
    connection = (event as ConnectionEvent).detail.connection;
    const url = new URL(connection.url);
    url.searchParams.set('since', String(handlers.since()));
    connection.url = url.href;
  });
  listen('after:connection', (event) => {
    connection = (event as ConnectionEvent).detail.connection;
    pulse.beat();
    handlers.onOpen();
  });
  listen('close', (event) => handlers.onClose((event as ConnectionEvent).detail.code ?? null));
  listen('before:message:incoming', (event) => {
    pulse.beat();
    const frame = parseFrame((event as FrameEvent).detail.message.data);
    if (frame) handlers.onFrame(frame);
  });

  const open = (): WebSocket | undefined => {
    const socket = connection?.socket;
    return socket?.readyState === WebSocket.OPEN ? socket : undefined;
  };

  const send = (frame: ClientFrame): boolean => {
    const socket = open();
    socket?.send(JSON.stringify(frame));
    return socket !== undefined;
  };

  /** Over a dead network `close` alone waits up to a minute for an answer: hx-ws is told of the end at once, and of no other. */
  const restart = (): void => {
    const { socket, abortController } = connection ?? {};
    if (!socket || socket.readyState > WebSocket.OPEN) return;
    socket.dispatchEvent(new CloseEvent('close', { code: ABNORMAL }));
    abortController?.abort();
    socket.close();
  };

  const pulse = createPulse({ ping: () => send({ type: 'ping' }), giveUp: restart }, signal);
  return { send, restart };
};
