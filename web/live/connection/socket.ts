/** The room's socket. It reconnects, and resumes from the last change that this page has received. */
import type { ClientFrame, ServerFrame } from '@parley/client/api/frames';
import { ReconnectingSocket } from '@parley/client/socket';
import { dataOf } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import type { Takes } from './frames.ts';

/** Short pauses: a reader waits in front of the page. */
const BACKOFF = { baseMs: 400, maxMs: 2_500 };

export interface SocketHandlers {
  onOpen(): void;
  /** @param code the close code where the socket ended for good, else null: another attempt follows */
  onClose(code: number | null): void;
  onFrame(frame: ServerFrame): void;
}

export interface RoomSocket {
  /** Advances the cursor `since`. Any frame keeps the socket alive, so `pong` needs no handling. */
  readonly frames: Takes<'message' | 'message_edited' | 'message_deleted' | 'ready' | 'resync' | 'pong'>;
  /** Connects. The page closes the socket when its reader leaves the room. */
  open(handlers: SocketHandlers): void;
  /** Returns false, without sending, while there is no open connection. */
  send(frame: ClientFrame): boolean;
  /** Abandons the current connection or attempt, and connects again. */
  restart(): void;
}

export const createRoomSocket = ({ element, signal }: RoomContext): RoomSocket => {
  const { socket = '', since: rendered } = dataOf(element);
  let since = Number(rendered);
  let reconnecting: ReconnectingSocket | undefined;

  const advance = ({ seq }: { readonly seq: number }): void => {
    since = Math.max(since, seq);
  };
  const url = (): string => {
    const address = new URL(socket, location.href.replace(/^http/, 'ws'));
    address.searchParams.set('since', String(since));
    return address.href;
  };

  return {
    frames: {
      message: advance,
      message_edited: advance,
      message_deleted: advance,
      ready: advance,
      resync: ({ seq }) => {
        since = seq;
      },
      pong: () => undefined,
    },
    open: ({ onOpen, onClose, onFrame }) => {
      const opened = new ReconnectingSocket({
        url,
        onOpen,
        onFrame,
        onLost: () => onClose(null),
        onEnded: ({ status }) => onClose(status),
        backoff: BACKOFF,
      });
      reconnecting = opened;
      for (const event of ['focus', 'online']) window.addEventListener(event, () => opened.check(), { signal });
      // Browsers keep a page in their back/forward cache only if its sockets are closed.
      window.addEventListener('pagehide', () => opened.close(), { signal });
      signal.addEventListener('abort', () => opened.close());
      opened.open();
    },
    send: (frame) => reconnecting?.send(frame) ?? false,
    restart: () => reconnecting?.restart(),
  };
};
