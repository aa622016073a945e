/** The line that tells the reader why the room is not connected. Empty while it is. */
import { requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import type { RoomSocket } from './socket.ts';

/** Most reconnects take less time: the line then stays empty. */
const SHOWN_AFTER_MS = 700;

const endings: Record<number, string> = {
  1009: 'A message was too large. Reload the page to go on.',
  4003: 'This page may not connect. Open the chat by its own address.',
  4001: 'You are signed out. Reload the page to sign in.',
  4004: 'This room is gone.',
  4022: 'This address does not work. Reload the page.',
};

export interface ConnectionStatus {
  onOpen(): void;
  /** @param code as in `SocketHandlers` */
  onClose(code: number | null): void;
}

export interface ConnectionStatusDeps {
  readonly context: RoomContext;
  readonly socket: Pick<RoomSocket, 'restart'>;
}

export const createConnectionStatus = ({ context, socket }: ConnectionStatusDeps): ConnectionStatus => {
  const { signal } = context;
  const line = requireElement('connection');
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (text: string, afterMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      line.textContent = text;
    }, afterMs);
  };
  const showLoss = (): void => (navigator.onLine ? show('Reconnecting…', SHOWN_AFTER_MS) : show('Offline', 0));

  const onOffline = (): void => {
    showLoss();
    socket.restart();
  };
  window.addEventListener('offline', onOffline, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  return {
    onOpen: () => show('', 0),
    onClose: (code) => {
      const ending = endings[code ?? 0];
      if (ending) show(ending, 0);
      else showLoss();
    },
  };
};
