/** The line under the field: who is typing, or who has just joined the room. */
import type { ServerFrames } from '@parley/client/api/frames';
import { joined as joinedView, typing as typingView } from '../../views/typing.ts';
import type { Takes } from '../connection/frames.ts';
import type { RoomSocket } from '../connection/socket.ts';
import { requireElement } from '../page/elements.ts';
import { elementsOf } from '../page/markup.ts';
import type { RoomContext } from '../page/room-context.ts';

const REPORT_EVERY_MS = 3_000;
/** Longer than the interval of reports, so that a name stays while its user types on. */
const SHOW_TYPING_MS = 6_000;
const SHOW_JOINED_MS = 4_000;

export interface Typing {
  readonly frames: Takes<'typing' | 'stop_typing' | 'message' | 'message_edited' | 'user_joined'>;
  /** Reports to the room whether the reader is typing; while they type, at most once in three seconds. */
  report(isTyping: boolean): void;
}

export interface TypingDeps {
  readonly context: RoomContext;
  readonly socket: Pick<RoomSocket, 'send'>;
}

type Author = Pick<ServerFrames['typing'], 'user_id' | 'username'>;

/** @returns the reporting function of `Typing` */
const createReport = (socket: Pick<RoomSocket, 'send'>): Typing['report'] => {
  /** When typing was last reported; undefined after its end was reported. */
  let reportedAtMs: number | undefined;
  return (isTyping) => {
    const now = performance.now();
    if (isTyping && reportedAtMs !== undefined && now - reportedAtMs < REPORT_EVERY_MS) return;
    if (!isTyping && reportedAtMs === undefined) return;
    if (socket.send({ type: isTyping ? 'typing' : 'stop_typing' })) reportedAtMs = isTyping ? now : undefined;
  };
};

export const createTyping = ({ context, socket }: TypingDeps): Typing => {
  const { reader, signal } = context;
  const line = requireElement('typing');
  const typing = new Map<string, { name: string; timer: ReturnType<typeof setTimeout> }>();
  let joined = '';
  let joinedTimer: ReturnType<typeof setTimeout> | undefined;

  const render = (): void => {
    const names = [...typing.values()].map(({ name }) => name);
    const isQuiet = names.length === 0 && joined !== '';
    line.replaceChildren(...elementsOf(isQuiet ? joinedView(joined) : typingView(names)));
  };

  const remove = (userId: string): void => {
    clearTimeout(typing.get(userId)?.timer);
    typing.delete(userId);
    render();
  };

  const onTyping = ({ user_id: id, username: name }: Author): void => {
    if (id === reader.id) return;
    clearTimeout(typing.get(id)?.timer);
    typing.set(id, { name, timer: setTimeout(() => remove(id), SHOW_TYPING_MS) });
    render();
  };

  const onStop = ({ user_id: id }: Pick<Author, 'user_id'>): void => {
    if (typing.has(id)) remove(id);
  };

  const showJoined = (name: string): void => {
    joined = name;
    render();
  };
  const onJoined = ({ user_id: id, username }: Author): void => {
    if (id === reader.id) return;
    showJoined(username);
    clearTimeout(joinedTimer);
    joinedTimer = setTimeout(() => showJoined(''), SHOW_JOINED_MS);
  };

  signal.addEventListener('abort', () => {
    clearTimeout(joinedTimer);
    for (const userId of [...typing.keys()]) remove(userId);
  });

  return {
    frames: {
      typing: onTyping,
      stop_typing: onStop,
      message: onStop,
      message_edited: onStop,
      user_joined: onJoined,
    },
    report: createReport(socket),
  };
};
