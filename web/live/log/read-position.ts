/** How far the reader has read the room. Sent to chat at most once a second, and when the page is left. */
import { markRoomRead } from '@parley/client/api/chat';
import { ParleyError } from '@parley/client/error';
import { call } from '../page/api.ts';
import { dataOf } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';

const SEND_EVERY_MS = 1_000;
const RETRY_MS = 5_000;

export interface ReadPosition {
  /** 0 when nothing is read. */
  readonly position: number;
  /** Moves forward only. */
  moveTo(position: number): void;
  /** Sends the position once more, so that chat marks a mention as read that was edited into a read message. */
  resend(): void;
  /** Chat has received a position from another page or device. */
  onRemote(position: number): void;
}

export const createReadPosition = ({ element, room, reader, signal }: RoomContext): ReadPosition => {
  /** The last position sent. -1 if the room was never read: then even position 0 is sent, so that chat begins to count. */
  let sent = Number(dataOf(element).read ?? -1);
  let position = Math.max(0, sent);
  let hasMoved = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const send = (): void => {
    if (!hasMoved || position <= sent) return;
    const before = sent;
    sent = position;
    // `keepalive` lets the request outlive the page.
    const args = { room_id: room, user_id: reader.id, position };
    call(markRoomRead, args, { keepalive: true }).catch((error: unknown) => {
      if (!(error instanceof ParleyError && error.isRetryable)) return;
      sent = before;
      if (!signal.aborted) wait(RETRY_MS);
    });
  };

  const wait = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      sendInTurn();
    }, ms);
  };

  const sendInTurn = (): void => {
    if (timer !== undefined || position <= sent) return;
    send();
    wait(SEND_EVERY_MS);
  };

  // Before htmx requests the next page, whose unread counts must include this position.
  document.addEventListener('htmx:before:request', send, { signal });
  document.addEventListener('visibilitychange', () => document.hidden && send(), { signal });
  window.addEventListener('pagehide', send, { signal });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    send();
  });

  return {
    get position() {
      return position;
    },
    moveTo: (to) => {
      hasMoved = true;
      position = Math.max(position, to);
      sendInTurn();
    },
    resend: () => {
      sent = -1;
      sendInTurn();
    },
    onRemote: (to) => {
      position = Math.max(position, to);
      sent = Math.max(sent, to);
    },
  };
};
