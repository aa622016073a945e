/** The store of typing in memory, for one process. */
import { MAX_TYPISTS } from './rules.ts';
import type { TypingStore } from './store.ts';

interface Typing {
  readonly username: string;
  /** On the monotonic clock. */
  readonly expiresAtMs: number;
}

/** Per room in order of the last sign of typing. */
export type TypingMemory = Map<string, Map<string, Typing>>;

export const createTypingMemory = (): TypingMemory => new Map();

const dropExpired = (memory: TypingMemory, roomId: string) => {
  const room = memory.get(roomId);
  if (!room) return;
  for (const [userId, { expiresAtMs }] of room) {
    if (expiresAtMs > performance.now()) break;
    room.delete(userId);
  }
  if (room.size === 0) memory.delete(roomId);
};

/** @param typingTtlMs how long a sign of typing lasts */
export const createMemoryTyping = (memory: TypingMemory, typingTtlMs: number): TypingStore => ({
  start: async (roomId, userId, username) => {
    // The room without a sign of typing for longest: otherwise rooms that nobody reads would never be cleaned up.
    const [stalest] = memory.keys();
    if (stalest !== undefined) dropExpired(memory, stalest);
    dropExpired(memory, roomId);
    const room = memory.get(roomId) ?? new Map<string, Typing>();
    memory.delete(roomId);
    memory.set(roomId, room);
    room.delete(userId);
    room.set(userId, { username, expiresAtMs: performance.now() + typingTtlMs });
  },
  stop: async (roomId, userId) => {
    memory.get(roomId)?.delete(userId);
    dropExpired(memory, roomId);
  },
  list: async (roomId) => {
    dropExpired(memory, roomId);
    const typists = [...(memory.get(roomId) ?? [])].slice(0, MAX_TYPISTS);
    return typists.map(([user_id, { username }]) => ({ user_id, username, room_id: roomId }));
  },
});
