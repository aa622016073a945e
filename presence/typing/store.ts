/** Who is typing where: the port. Backends: Redis, shared by all replicas, and memory for one process. */
import type { Typist } from './rules.ts';

/** Every method rejects with the failure `presence_unavailable` when the store is away or takes too long. */
export interface TypingStore {
  /** The person is typing from now on for the typing TTL, under this name. */
  start(roomId: string, userId: string, username: string): Promise<void>;
  stop(roomId: string, userId: string): Promise<void>;
  /** Who is typing in the room now, those who go on longest first; `MAX_TYPISTS` at most. */
  list(roomId: string): Promise<Typist[]>;
}
