/** Who is typing, and who came in a moment ago: one quiet line under the field. */

import { type Place, part } from './place.ts';
import type { Socket } from './socket.ts';

const TELL_EVERY_MS = 3_000;
const FORGET_AFTER_MS = 6_000;
const JOINED_FOR_MS = 4_000;
const MOST_NAMED = 3;

/** `alice is typing…`, `alice and bob are typing…`, `Several people are typing…` */
export const typingInWords = (names: readonly string[]): string => {
  const [last] = names.slice(-1);
  if (last === undefined) return '';
  if (names.length > MOST_NAMED) return 'Several people are typing…';
  if (names.length === 1) return `${last} is typing…`;
  return `${names.slice(0, -1).join(', ')} and ${last} are typing…`;
};

export interface Typing {
  /** Tells the room about oneself, at most once in three seconds. */
  tell(isTyping: boolean): void;
  onTyping(userId: string, name: string, isTyping: boolean): void;
  onJoined(name: string): void;
}

/** Isolates a name's direction from the words around it. */
const isolate = (name: string): string => `\u2068${name}\u2069`;

export const createTyping = ({ reader, signal }: Place, socket: () => Socket): Typing => {
  const line = part('typing');
  const typing = new Map<string, { name: string; timer: ReturnType<typeof setTimeout> }>();
  let told = 0;
  let joined = '';
  let joinedTimer: ReturnType<typeof setTimeout> | undefined;

  const show = (): void => {
    line.textContent = typingInWords([...typing.values()].map(({ name }) => isolate(name))) || joined;
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
      if (isTyping && Date.now() - told < TELL_EVERY_MS) return;
      if (!isTyping && told === 0) return;
      if (socket().send({ type: isTyping ? 'typing' : 'stop_typing' })) told = isTyping ? Date.now() : 0;
    },
    onTyping: (userId, name, isTyping) => {
      if (userId === reader.id) return;
      clearTimeout(typing.get(userId)?.timer);
      if (!isTyping) return forget(userId);
      typing.set(userId, { name, timer: setTimeout(() => forget(userId), FORGET_AFTER_MS) });
      show();
    },
    onJoined: (name) => {
      joined = `${isolate(name)} joined`;
      show();
      clearTimeout(joinedTimer);
      joinedTimer = setTimeout(() => {
        joined = '';
        show();
      }, JOINED_FOR_MS);
    },
  };
};
