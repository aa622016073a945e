/**
 * The changes of a room in the order in which an app gets them: each once, ascending, over all reconnects and resyncs. Pure but for its
 * own state: `room.ts` reads the socket and the history.
 */
import type { Message } from './api/chat.ts';
import type { ServerFrame } from './api/frames.ts';

/** A durable change of a room. */
export type Change = Extract<ServerFrame, { type: 'message' | 'message_edited' | 'message_deleted' }>;

export const isChange = (frame: ServerFrame): frame is Change =>
  frame.type === 'message' || frame.type === 'message_edited' || frame.type === 'message_deleted';

type Resync = Extract<ServerFrame, { type: 'resync' }>;

/** A message of the history as the event that was missed. */
const missedFrame = ({ created_at: timestamp, deleted_at: _, ...fields }: Message): Change => ({
  type: 'message',
  ...fields,
  timestamp,
});

/** Live changes that are held while the history is read. Beyond that the connection is given up; the next one sends them again. */
const MAX_HELD = 5_000;
/** Skipped numbers that are remembered; the oldest are forgotten first. */
const MAX_SKIPPED = 1_000;

export class ChangeOrder {
  #since: number;
  /** A resync has to read the history between these positions; changes that follow come live. */
  #missing: { after: number; readonly upTo: number } | undefined;
  #held: Change[] = [];
  /** Messages of the history that were read in a state beyond `since`, by id: that change comes by socket again. */
  readonly #ahead = new Map<string, number>();
  /**
   * Numbers that were skipped, since their change was overtaken. A message that was born with one comes later, in its newest state, and
   * after a lost connection the server takes it for known and sends it as `message_edited`.
   */
  readonly #skipped = new Set<number>();

  /** @param since the last `seq` that the app has seen */
  constructor(since: number) {
    this.#since = since;
  }

  /** The cursor to resume with: the app has every change up to it. */
  get since(): number {
    return this.#since;
  }

  /** Where the reading of the history goes on, by position; undefined when nothing is missing. */
  get missingAfter(): number | undefined {
    return this.#missing?.after;
  }

  /** More is held than may be. */
  get isOverfull(): boolean {
    return this.#held.length > MAX_HELD;
  }

  /** @returns the change when the app is to get it now */
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

  /** Every change up to `seq` has been sent. */
  caughtUp(seq: number): void {
    if (this.#missing || seq <= this.#since) return;
    this.#skipTo(seq + 1);
    this.#moveTo(seq);
  }

  /** The server skipped what was missed. A log that ends before the cursor was restored from a backup: there is nothing to read then. */
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
   * A page of the history after `missingAfter`, in reading order. The cursor moves with each change that is taken.
   * @param isLast no page follows
   * @returns the changes that the app is to get now
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

  /** The connection is gone: what it sent during a resync comes again. What was read of the history stays read. */
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

  /** Notes the numbers between the cursor and a change that was received. */
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
