/**
 * Puts a room's changes in order: whatever arrives late, twice or not at all, each `seq` is delivered once and ascending. Pure but
 * for its own state: no clock, no I/O.
 */

import { changeFrame, type ServerFrame } from '../frames.ts';
import type { Message } from '../messages/rules.ts';

/** A change as it came over the bus: its number and the text that sockets get. */
export interface Change {
  readonly seq: number;
  readonly text: string;
}

export interface Sequencer {
  /** The number of the last change that was delivered. */
  readonly delivered: number;
  /** How many later changes wait for a missing one. */
  readonly waiting: number;
  readonly hasGap: boolean;
  /** Takes a live change: delivers it, with those that waited for it; or keeps it until the gap before it is filled; or drops a duplicate. */
  receive(change: Change): void;
  /** Takes rows of the log: every change after `delivered` (or an earlier cursor), by `seq`, in its newest state. */
  advance(rows: readonly Message[]): void;
  /** Gives up what was missed: the next change that is delivered is `seq` + 1. Does nothing when that is behind. */
  jump(seq: number): void;
  /** Drops what waits: the log has shown that it isn't the room's. */
  dropWaiting(): void;
}

export interface SequencerOptions {
  readonly delivered: number;
  /** The most changes that may wait behind a gap. More are dropped: filling the gap brings them from the log. */
  readonly waitingLimit: number;
  deliver(change: Change): void;
}

/**
 * Rows of the log as the events of one who has seen everything up to `cursor`: a message born after it is new to him, the first
 * time; later rows of the same message are its edits.
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

export const createSequencer = (options: SequencerOptions): Sequencer => {
  const waiting = new Map<number, Change>();
  let { delivered } = options;

  const deliver = (change: Change) => {
    delivered = change.seq;
    options.deliver(change);
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
        if (waiting.size < options.waitingLimit) waiting.set(change.seq, change);
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
