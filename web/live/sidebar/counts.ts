/** Unread messages in other rooms: the counts of chat's last answer, changed by the activity frames since. */
import type { Unread } from '@parley/chat/rooms/rules';
import type { ServerFrame } from '@parley/client/api/frames';

export type RoomActivity = Extract<ServerFrame, { type: 'room_activity' }>;

/** Chat counts at most so many unread messages in a room. */
const COUNT_LIMIT = 100;

/** `unsure`: the count has to be requested from chat. */
export type Change = 'none' | 'counted' | 'unsure';

export interface Counts {
  readonly total: number;
  of(roomId: string): number;
  /** Replaces all counts by an answer of chat. */
  reset(rooms: readonly Unread[]): void;
  /** Counts new messages. */
  add(entry: RoomActivity['rooms'][number]): Change;
  /** Discounts a deleted message. */
  remove(entry: RoomActivity['deleted'][number]): Change;
}

/** @param room the open room, which is left out */
export const createCounts = (room: string, userId: string): Counts => {
  const known = new Map<string, Unread>();

  const set = (entry: Unread, unread: number): Change => {
    known.set(entry.room_id, { ...entry, unread });
    return 'counted';
  };

  return {
    get total() {
      let total = 0;
      for (const { unread } of known.values()) total += unread;
      return total;
    },
    of: (roomId) => known.get(roomId)?.unread ?? 0,
    reset: (rooms) => {
      known.clear();
      for (const entry of rooms) if (entry.room_id !== room) known.set(entry.room_id, entry);
    },
    add: ({ room_id, user_id, messages, first_position, last_position }) => {
      const entry = known.get(room_id) ?? { room_id, unread: 0, read_position: 0, last_seq: 0 };
      if (room_id === room || user_id === userId || last_position <= entry.last_seq) return 'none';
      // Some of these messages are included in chat's answer, others are not.
      if (first_position <= entry.last_seq) return 'unsure';
      return set(entry, entry.unread + messages);
    },
    remove: ({ room_id, user_id, position, seq }) => {
      const entry = known.get(room_id);
      if (!entry || entry.unread === 0 || user_id === userId) return 'none';
      if (seq <= entry.last_seq || position <= entry.read_position) return 'none';
      // At the limit chat may have left messages out; in a room that was never read chat counts from a time on, not from a position.
      if (entry.unread >= COUNT_LIMIT || (entry.read_position === 0 && position <= entry.last_seq)) return 'unsure';
      return set(entry, entry.unread - 1);
    },
  };
};
