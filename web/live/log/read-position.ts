/** How far the reader has read the room, told to chat at most once a second, and whenever the page is left. */
import { markRoomRead } from '@parley/client/api/chat';
import { ParleyError } from '@parley/client/error';
import { call } from '../page/api.ts';
import type { Place } from '../page/room-context.ts';

const TELL_EVERY_MS = 1_000;
const RETRY_MS = 5_000;

export interface ReadPosition {
  /** 0: nothing. */
  readonly position: number;
  /** Only ever forward. */
  moveTo(position: number): void;
  /** A mention was written into what is read: chat is told once more. */
  tellAgain(): void;
  /** Chat has it from another page or device. */
  onTold(position: number): void;
}

export const createReadPosition = ({ element, room, reader, signal }: Place): ReadPosition => {
  /** Who has never read the room tells even that there was nothing to read in it: from then on chat counts. */
  let told = Number(element.dataset.read ?? -1);
  let position = Math.max(0, told);
  let hasMoved = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (): void => {
    if (!hasMoved || position <= told) return;
    const before = told;
    told = position;
    // Also from a page that is being left.
    const args = { room_id: room, user_id: reader.id, position };
    call(markRoomRead, args, { keepalive: true }).catch((error: unknown) => {
      if (!(error instanceof ParleyError && error.isRetryable)) return;
      told = before;
      if (!signal.aborted) wait(RETRY_MS);
    });
  };

  const wait = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      tellInTurn();
    }, ms);
  };

  const tellInTurn = (): void => {
    if (timer !== undefined || position <= told) return;
    tell();
    wait(TELL_EVERY_MS);
  };

  // The next page's counts are to have it: it is asked for after this.
  document.addEventListener('htmx:before:request', tell, { signal });
  document.addEventListener('visibilitychange', () => document.hidden && tell(), { signal });
  window.addEventListener('pagehide', tell, { signal });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    tell();
  });

  return {
    get position() {
      return position;
    },
    moveTo: (to) => {
      hasMoved = true;
      position = Math.max(position, to);
      tellInTurn();
    },
    tellAgain: () => {
      told = -1;
      tellInTurn();
    },
    onTold: (to) => {
      position = Math.max(position, to);
      told = Math.max(told, to);
    },
  };
};
