/**
 * Puts a room's changes in order: changes may arrive late, twice or not at all, yet each `seq` is delivered once and ascending. No
 * clock, no I/O.
 */

import { changeFrame, type ServerFrame } from '../frames.ts';
import type { Message } from '../messages/rules.ts';

/** A change as the bus carries it: its number, and the text that sockets get. */
export interface Change {
  readonly seq: number;
  readonly text: string;
}

export interface Sequencer {
  /** The `seq` of the last change that was delivered. */
  readonly delivered: number;
  /** How many changes wait for a missing earlier one. */
  readonly waiting: number;
  readonly hasGap: boolean;
  /** Takes a live change: delivers it and the changes that waited for it; keeps it while an earlier one is missing; drops a duplicate. */
  receive(change: Change): void;
  /** Takes rows of the log: every change after `delivered` (or an earlier cursor), by `seq`, in its newest state. */
  advance(rows: readonly Message[]): void;
  /** Skips all changes up to `seq`: the next one that is delivered is `seq` + 1. Does nothing if `seq` was delivered already. */
  jump(seq: number): void;
  /** Drops the waiting changes. The feed calls this when the log has no rows with their `seq`s. */
  dropWaiting(): void;
}

export interface SequencerDeps {
  readonly delivered: number;
  /** How many changes may wait behind a gap. Further ones are dropped: when the feed fills the gap, it reads them from the log. */
  readonly waitingLimit: number;
  deliver(change: Change): void;
}

/**
 * Turns rows of the log into the events of a client that has seen every change up to `cursor`. The first row of a message that was born
 * after the cursor is a `message`; further rows of it, and rows of older messages, are edits or deletes.
 * @param known the ids of messages that the client got already; this call adds to it
 */
export const catchUpFrames = (
  rows: readonly Message[],
  cursor: number,
  known = new Set<string>(),
): (ServerFrame & { seq: number })[] =>
  rows.map((row) => {
    const isFirst = row.position > cursor && !known.has(row.id);
    known.add(row.id);
    return changeFrame(row, isFirst);
  });

export const createSequencer = (deps: SequencerDeps): Sequencer => {
  const waiting = new Map<number, Change>();
  let { delivered } = deps;

  const deliver = (change: Change) => {
    delivered = change.seq;
    deps.deliver(change);
  };

  const flushWaiting = () => {
    for (let next = waiting.get(delivered + 1); next; next = waiting.get(delivered + 1)) deliver(next);
    for (const seq of waiting.keys()) if (seq <= delivered) waiting.delete(seq);
  };

  return {
    get delivered() {
      return delivered;
    },
    get waiting() {
      return waiting.size;
    },
    get hasGap() {
      return waiting.size > 0;
    },
    receive: (change) => {
      if (change.seq <= delivered) return;
      if (change.seq > delivered + 1) {
        if (waiting.size < deps.waitingLimit) waiting.set(change.seq, change);
        return;
      }
      deliver(change);
      if (waiting.size > 0) flushWaiting();
    },
    advance: (rows) => {
      const missing = rows.filter(({ seq }) => seq > delivered);
      for (const frame of catchUpFrames(missing, delivered)) deliver({ seq: frame.seq, text: JSON.stringify(frame) });
      flushWaiting();
    },
    jump: (seq) => {
      delivered = Math.max(delivered, seq);
      flushWaiting();
    },
    dropWaiting: () => waiting.clear(),
  };
};
