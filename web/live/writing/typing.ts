/** Who is typing, and who came in a moment ago: one quiet line under the field. */

import { joined as joinedView, typing as typingView } from '../../views/typing.ts';
import type { Socket } from '../connection/socket.ts';
import { elementsOf } from '../page/markup.ts';
import { type Place, part } from '../page/room-context.ts';

const TELL_EVERY_MS = 3_000;
const FORGET_AFTER_MS = 6_000;
const JOINED_FOR_MS = 4_000;

export interface Typing {
  /** Tells the room about oneself, at most once in three seconds. */
  tell(isTyping: boolean): void;
  onTyping(userId: string, name: string, isTyping: boolean): void;
  onJoined(name: string): void;
}

export const createTyping = ({ reader, signal }: Place, socket: () => Socket): Typing => {
  const line = part('typing');
  const typing = new Map<string, { name: string; timer: ReturnType<typeof setTimeout> }>();
  /** When the room was told that the reader types; undefined once it was told that they stopped. */
  let toldAtMs: number | undefined;
  let justJoined = '';
  let joinedTimer: ReturnType<typeof setTimeout> | undefined;

  const show = (): void => {
    const names = [...typing.values()].map(({ name }) => name);
    const isQuiet = names.length === 0 && justJoined !== '';
    line.replaceChildren(...elementsOf(isQuiet ? joinedView(justJoined) : typingView(names)));
  };

  const forget = (userId: string): void => {
    clearTimeout(typing.get(userId)?.timer);
    typing.delete(userId);
    show();
  };

  signal.addEventListener('abort', () => {
    clearTimeout(joinedTimer);
    for (const userId of [...typing.keys()]) forget(userId);
  });

  return {
    tell: (isTyping) => {
      const now = performance.now();
      if (isTyping && toldAtMs !== undefined && now - toldAtMs < TELL_EVERY_MS) return;
      if (!isTyping && toldAtMs === undefined) return;
      if (socket().send({ type: isTyping ? 'typing' : 'stop_typing' })) toldAtMs = isTyping ? now : undefined;
    },
    onTyping: (userId, name, isTyping) => {
      if (userId === reader.id) return;
      clearTimeout(typing.get(userId)?.timer);
      if (!isTyping) return forget(userId);
      typing.set(userId, { name, timer: setTimeout(() => forget(userId), FORGET_AFTER_MS) });
      show();
    },
    onJoined: (name) => {
      justJoined = name;
      show();
      clearTimeout(joinedTimer);
      joinedTimer = setTimeout(() => {
        justJoined = '';
        show();
      }, JOINED_FOR_MS);
    },
  };
};
