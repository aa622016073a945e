/**
 * What happens in rooms that one has not open, for the badges and the list beside the conversation. It goes only to sockets that ask
 * for it, gathered, so that a busy room costs them a few small events a second. Nothing hangs on it: what gets lost is in the log, and
 * `GET /unread` tells it.
 */
import type { Bus } from '@parley/kit/stores/bus';
import { type ServerFrame, toText } from '../frames.ts';
import { isAsBorn, type Message } from '../messages/rules.ts';
import type { Written } from '../messages/store.ts';
import type { Room } from '../rooms/rules.ts';

export interface Activity {
  /** What the log has just committed in a room: its new messages count, and its deleted ones no longer. */
  committed(roomId: string, written: readonly Pick<Written, 'message'>[]): void;
  created(room: Room): void;
  /** A user has read a room that far: their other pages hear of it. */
  read(userId: string, roomId: string, position: number): void;
  close(): void;
}

export interface ActivityOptions {
  readonly bus: Bus;
  /** Sends a text to every socket of a topic on this replica. */
  publish(topic: string, text: string): void;
  readonly gatherMs?: number;
}

type RoomActivity = ServerFrame & { type: 'room_activity' };
type Entry = RoomActivity['rooms'][number];

export const ACTIVITY_CHANNEL = 'activity';
export const ownActivityChannelOf = (userId: string): string => `activity:${userId}`;

const GATHER_MS = 250;
/** Of one event. What is beyond shows when the page next asks what is unread. */
const MOST_ENTRIES = 200;

export const createActivity = ({ bus, publish, gatherMs = GATHER_MS }: ActivityOptions): Activity => {
  const gathered = new Map<string, Entry>();
  const deleted: RoomActivity['deleted'] = [];
  let timer: Timer | undefined;

  /** To every replica; while the bus is away, to the sockets here. */
  const send = (channel: string, event: ServerFrame): void => {
    const text = toText(event);
    bus.publish(channel, text).catch(() => publish(channel, text));
  };

  const flush = (): void => {
    timer = undefined;
    send(ACTIVITY_CHANNEL, { type: 'room_activity', rooms: [...gathered.values()], deleted });
    gathered.clear();
    deleted.length = 0;
  };

  const gather = (roomId: string, { user_id, position }: Message): void => {
    const key = `${roomId} ${user_id}`;
    const known = gathered.get(key);
    if (known) gathered.set(key, { ...known, messages: known.messages + 1, last_position: position });
    else if (gathered.size < MOST_ENTRIES)
      gathered.set(key, {
        room_id: roomId,
        user_id,
        messages: 1,
        first_position: position,
        last_position: position,
      });
  };

  const gatherDeleted = (room_id: string, { user_id, position, seq }: Message): void => {
    if (deleted.length < MOST_ENTRIES) deleted.push({ room_id, user_id, position, seq });
  };

  return {
    committed: (roomId, written) => {
      for (const { message } of written) {
        if (isAsBorn(message)) gather(roomId, message);
        else if (message.deleted_at !== null) gatherDeleted(roomId, message);
      }
      if (gathered.size + deleted.length > 0) timer ??= setTimeout(flush, gatherMs);
    },
    created: ({ id, name, description }) =>
      send(ACTIVITY_CHANNEL, { type: 'room_created', room_id: id, name, description }),
    read: (userId, roomId, position) =>
      send(ownActivityChannelOf(userId), { type: 'room_read', room_id: roomId, read_position: position }),
    close: () => clearTimeout(timer),
  };
};
