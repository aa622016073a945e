/** What one reader has seen of its room: nothing twice, nothing out of `seq` order, and in the end nothing missing. Pure. */

/** The content of a message of a load run. */
export interface LoadContent {
  readonly run: string;
  readonly sender: number;
  /** 1, 2, 3, ... per sender. */
  readonly number: number;
  /** When it was meant to be sent, in ms since 1970. */
  readonly intendedAt: number;
}

export interface Tally {
  /** The last `seq` seen: where a reader resumes. */
  readonly seq: number;
  /** @returns what is wrong with seeing this message now */
  see(content: LoadContent, seq: number): 'fine' | 'duplicate' | 'reordered';
  /** How many of the expected messages have not been seen. */
  missing(): number;
}

/** @param expected how many messages each sender of the room sends */
export const createTally = (expected: ReadonlyMap<number, number>): Tally => {
  const seen = new Map<number, Set<number>>();
  let lastSeq = 0;

  return {
    get seq() {
      return lastSeq;
    },
    see: ({ sender, number }, seq) => {
      const numbers = seen.get(sender) ?? new Set<number>();
      seen.set(sender, numbers);
      if (numbers.has(number)) return 'duplicate';
      numbers.add(number);
      if (seq <= lastSeq) return 'reordered';
      lastSeq = seq;
      return 'fine';
    },
    missing: () => {
      let count = 0;
      for (const [sender, sent] of expected) count += sent - (seen.get(sender)?.size ?? 0);
      return count;
    },
  };
};
