/** The port of the store of typing. Backends: Redis, shared by all replicas, and memory for one process. */
import type { Typist } from './rules.ts';

/** Every method rejects with the failure `presence_unavailable` when the store is away or too slow. */
export interface TypingStore {
  /** Marks the person as typing for the typing TTL, with this name. */
  start(roomId: string, userId: string, username: string): Promise<void>;
  stop(roomId: string, userId: string): Promise<void>;
  /** Who is typing in the room, at most `MAX_TYPISTS`, in order of their last sign of typing. */
  list(roomId: string): Promise<Typist[]>;
}
