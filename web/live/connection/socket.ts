/** The room's socket: the client library's, with the page's cursor. It ends with the page, and asks anew when its reader comes back. */
import type { ClientFrame, ServerFrame } from '@parley/client/api/frames';
import { ReconnectingSocket } from '@parley/client/socket';

/** A page is looked at by someone who waits. */
const BACKOFF = { baseMs: 400, maxMs: 2_500 };

export interface SocketHandlers {
  /** The cursor to come back with. */
  since(): number;
  onOpen(): void;
  /** @param code the close code where the socket ended for good, else null: another attempt follows */
  onClose(code: number | null): void;
  onFrame(frame: ServerFrame): void;
}

export interface Socket {
  /** False when there is no open connection: nothing was sent. */
  send(frame: ClientFrame): boolean;
  /** Gives up a connection, or an attempt at one, that has gone dead, and makes another. */
  restart(): void;
}

export const watchSocket = (
  { dataset }: HTMLElement,
  { since, onOpen, onClose, onFrame }: SocketHandlers,
  signal: AbortSignal,
): Socket => {
  const url = (): string => {
    const address = new URL(dataset.socket ?? '', location.href.replace(/^http/, 'ws'));
    address.searchParams.set('since', String(since()));
    return address.href;
  };
  const socket = new ReconnectingSocket({
    url,
    onOpen,
    onFrame,
    onLost: () => onClose(null),
    onEnded: ({ status }) => onClose(status),
    backoff: BACKOFF,
  });
  for (const event of ['focus', 'online']) window.addEventListener(event, () => socket.check(), { signal });
  const close = (): void => socket.close();
  // The browser keeps a page in its memory only without a connection.
  window.addEventListener('pagehide', close, { signal });
  signal.addEventListener('abort', close);
  socket.open();
  return socket;
};
