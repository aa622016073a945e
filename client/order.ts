/**
 * Puts the changes of a room in order: each is delivered once, ascending by `seq`, over all reconnects and resyncs. Does no I/O: `room.ts`
 * reads the socket and the history.
 */
import type { Message } from './api/chat.ts';
import type { ServerFrame } from './api/frames.ts';

/** A durable change of a room. */
export type Change = Extract<ServerFrame, { type: 'message' | 'message_edited' | 'message_deleted' }>;

export const isChange = (frame: ServerFrame): frame is Change =>
  frame.type === 'message' || frame.type === 'message_edited' || frame.type === 'message_deleted';

type Resync = Extract<ServerFrame, { type: 'resync' }>;

/** The `message` frame that was missed, made of a message of the history. */
const missedFrame = ({ created_at: timestamp, deleted_at: _, ...fields }: Message): Change => ({
  type: 'message',
  ...fields,
  timestamp,
});

/** The most live changes that are held back while the history is read. With more the connection is dropped; the next one sends them again. */
const MAX_HELD = 5_000;
/** How many numbers of skipped changes a client remembers. It forgets the oldest first. */
const MAX_SKIPPED = 1_000;

export class ChangeOrder {
  #since: number;
  /** After a resync: the positions between which the history must be read. Later changes arrive live. */
  #missing: { after: number; readonly upTo: number } | undefined;
  #held: Change[] = [];
  /** Messages of the history that were read in a newer state than `since`: their `seq` by id. The socket brings that change again. */
  readonly #ahead = new Map<string, number>();
  /**
   * Numbers that were skipped, since a later change of the same message replaced them. A message whose `position` is such a number arrives
   * later, in its newest state; after a lost connection the server assumes that the client knows it, and sends `message_edited`.
   */
  readonly #skipped = new Set<number>();

  /** @param since the last `seq` that was delivered */
  constructor(since: number) {
    this.#since = since;
  }

  /** The cursor to resume with: every change up to it was delivered. */
  get since(): number {
    return this.#since;
  }

  /** The position after which the history must be read; undefined when nothing is missing. */
  get missingAfter(): number | undefined {
    return this.#missing?.after;
  }

  /** More changes are held back than `MAX_HELD`. */
  get isOverfull(): boolean {
    return this.#held.length > MAX_HELD;
  }

  /** @returns the change when it is to be delivered now */
  take(change: Change): Change | undefined {
    if (this.#missing) {
      this.#held.push(change);
      return undefined;
    }
    if (change.seq <= this.#since) return undefined;
    const isKnown = change.seq <= (this.#ahead.get(change.id) ?? 0);
    this.#skipTo(change.seq);
    this.#moveTo(change.seq);
    const isNew = this.#skipped.delete(change.position);
    if (isKnown) return undefined;
    return isNew && change.type === 'message_edited' ? { ...change, type: 'message' } : change;
  }

  /** The server reported that it has sent every change up to `seq`. */
  caughtUp(seq: number): void {
    if (this.#missing || seq <= this.#since) return;
    this.#skipTo(seq + 1);
    this.#moveTo(seq);
  }

  /** The server left out the missed changes. A log that ends before the cursor was restored from a backup: nothing is missing then. */
  resync({ seq }: Resync): void {
    if (seq > this.#since) {
      const [oldest = seq] = this.#skipped;
      this.#missing = { after: Math.min(this.#since, oldest - 1), upTo: seq };
      return;
    }
    this.#ahead.clear();
    this.#skipped.clear();
    this.#moveTo(seq);
  }

  /**
   * Takes a page of the history after `missingAfter`, in reading order. The cursor moves with each change that is consumed.
   * @param isLast no page follows
   * @returns the changes that are to be delivered now
   */
  *fill(page: readonly Message[], isLast: boolean): Generator<Change> {
    const missing = this.#missing;
    if (!missing) return;
    for (const message of page) {
      const { id, position, seq } = message;
      if (position > missing.upTo) break;
      missing.after = position;
      const isNew = position > this.#since || this.#skipped.delete(position);
      if (!isNew) continue;
      this.#ahead.set(id, seq);
      this.#moveTo(Math.max(position, this.#since));
      yield missedFrame(message);
    }
    const isDone = isLast || page.some(({ position }) => position >= missing.upTo);
    if (!isDone || this.#missing !== missing) return;
    this.#skipped.clear();
    this.#moveTo(missing.upTo);
    yield* this.#release();
  }

  /** The connection was lost: the next one sends again the changes that were held back. Pages that were read aren't read again. */
  interrupt(): void {
    this.#missing = undefined;
    this.#held = [];
  }

  *#release(): Generator<Change> {
    const held = this.#held;
    this.interrupt();
    for (const change of held) {
      const taken = this.take(change);
      if (taken) yield taken;
    }
  }

  /** Remembers the numbers between the cursor and a change that was received. */
  #skipTo(seq: number): void {
    for (let number = Math.max(this.#since + 1, seq - MAX_SKIPPED); number < seq; number += 1)
      this.#skipped.add(number);
    for (const oldest of this.#skipped) {
      if (this.#skipped.size <= MAX_SKIPPED) break;
      this.#skipped.delete(oldest);
    }
  }

  #moveTo(seq: number): void {
    this.#since = seq;
    for (const [id, seenSeq] of this.#ahead) if (seenSeq <= seq) this.#ahead.delete(id);
  }
}
