/** For tests: a room's log as an array, and the view of a reader who gets events only. */

import type { Change } from '../delivery/sequencer.ts';
import { changeFrame, type ServerFrame, toText } from '../frames.ts';
import { isAsBorn, type Message } from '../messages/rules.ts';

export const MODEL_ROOM = 'general';
const TIME = '2026-01-31T12:00:00.000Z';

/** A change: a new message, or an edit or delete of one that exists (`target` modulo their number picks it). */
export interface Operation {
  readonly kind: 'append' | 'edit' | 'delete';
  readonly target: number;
}

/** Message id to what a reader shows: the message's `seq`, and its content; `undefined` if it was deleted. */
export type View = Map<string, { readonly seq: number; readonly content: string | undefined }>;

export interface RoomModel {
  readonly lastSeq: number;
  /** Applies an operation. @returns the change as the hub publishes it */
  commit(operation: Operation): Change;
  changesSince(cursor: number, limit: number): Message[];
  /** The view of a reader who has every change up to `seq`. */
  viewAt(seq: number): View;
}

const showOf = ({ seq, content, deleted_at }: Message) => ({ seq, content: deleted_at === null ? content : undefined });

const birth = (seq: number): Message => ({
  id: `message ${seq}`,
  room_id: MODEL_ROOM,
  user_id: 'alice',
  username: 'Alice',
  content: `content ${seq}`,
  message_type: 'text',
  file_url: null,
  created_at: TIME,
  position: seq,
  seq,
  edited_at: null,
  mentions: [],
  deleted_at: null,
});

export const createRoomModel = (): RoomModel => {
  const messages: Message[] = [];
  /** The message after each change, in order: `seq` is the index plus 1. */
  const changes: Message[] = [];

  const apply = ({ kind, target }: Operation): Message => {
    const seq = changes.length + 1;
    const living = messages.filter(({ deleted_at }) => deleted_at === null);
    const old = kind === 'append' ? undefined : living[target % living.length];
    if (!old) return birth(seq);
    return kind === 'edit'
      ? { ...old, seq, content: `content ${seq}`, edited_at: TIME }
      : { ...old, seq, content: '', deleted_at: TIME };
  };

  return {
    get lastSeq() {
      return changes.length;
    },
    commit: (operation) => {
      const message = apply(operation);
      const index = messages.findIndex(({ id }) => id === message.id);
      messages.splice(index === -1 ? messages.length : index, 1, message);
      changes.push(message);
      return { seq: message.seq, text: toText(changeFrame(message, isAsBorn(message))) };
    },
    changesSince: (cursor, limit) =>
      messages
        .filter(({ seq }) => seq > cursor)
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit),
    viewAt: (seq) => new Map(changes.slice(0, seq).map((message) => [message.id, showOf(message)])),
  };
};

/** Applies an event to a view, as docs/protocol.md requires of clients. */
export const see = (view: View, frame: ServerFrame): void => {
  if (frame.type === 'message' || frame.type === 'message_edited')
    view.set(frame.id, { seq: frame.seq, content: frame.content });
  if (frame.type === 'message_deleted') view.set(frame.id, { seq: frame.seq, content: undefined });
};
