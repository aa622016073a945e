/** Who is typing, and who came in a moment ago: one quiet line under the field. */

import { joined as joinedView, typing as typingView } from '../../views/typing.ts';
import type { Takes } from '../connection/frames.ts';
import type { RoomSocket } from '../connection/socket.ts';
import { requireElement } from '../page/elements.ts';
import { elementsOf } from '../page/markup.ts';
import type { RoomContext } from '../page/room-context.ts';

const SEND_EVERY_MS = 3_000;
const FORGET_AFTER_MS = 6_000;
const JOINED_FOR_MS = 4_000;

export interface Typing {
  readonly frames: Takes<'message' | 'message_edited' | 'typing' | 'stop_typing' | 'user_joined'>;
  /** Sends whether the reader is typing, at most once in three seconds. */
  send(isTyping: boolean): void;
}

export interface TypingDeps {
  readonly context: RoomContext;
  readonly socket: Pick<RoomSocket, 'send'>;
}

/** The author of a frame. */
interface Author {
  readonly user_id: string;
  readonly username: string;
}

export const createTyping = ({ context, socket }: TypingDeps): Typing => {
  const { reader, signal } = context;
  const line = requireElement('typing');
  const typing = new Map<string, { name: string; timer: ReturnType<typeof setTimeout> }>();
  /** When the last `typing` was sent; undefined after `stop_typing`. */
  let sentAtMs: number | undefined;
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

  const onTyping = ({ user_id: userId, username: name }: Author): void => {
    if (userId === reader.id) return;
    clearTimeout(typing.get(userId)?.timer);
    typing.set(userId, { name, timer: setTimeout(() => forget(userId), FORGET_AFTER_MS) });
    show();
  };
  const onStopped = ({ user_id: userId }: Author): void => forget(userId);
  const onJoined = ({ user_id: userId, username: name }: Author): void => {
    if (userId === reader.id) return;
    justJoined = name;
    show();
    clearTimeout(joinedTimer);
    joinedTimer = setTimeout(() => {
      justJoined = '';
      show();
    }, JOINED_FOR_MS);
  };

  return {
    frames: {
      message: onStopped,
      message_edited: onStopped,
      typing: onTyping,
      stop_typing: onStopped,
      user_joined: onJoined,
    },
    send: (isTyping) => {
      const now = performance.now();
      if (isTyping && sentAtMs !== undefined && now - sentAtMs < SEND_EVERY_MS) return;
      if (!isTyping && sentAtMs === undefined) return;
      if (socket.send({ type: isTyping ? 'typing' : 'stop_typing' })) sentAtMs = isTyping ? now : undefined;
    },
  };
};
