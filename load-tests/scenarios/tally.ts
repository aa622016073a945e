/** Checks the messages that one reader received: none twice, none out of `seq` order, none missing at the end. Pure. */

/** The content of a message of a load run. */
export interface LoadContent {
  readonly run: string;
  readonly sender: number;
  /** 1, 2, 3, ... per sender. */
  readonly number: number;
  /** The scheduled send time, in ms since 1970. */
  readonly intendedAt: number;
}

export interface Tally {
  /** The last `seq` received: a reader resumes after it. */
  readonly seq: number;
  /** Records a message. @returns whether it is a duplicate or out of order */
  see(content: LoadContent, seq: number): 'fine' | 'duplicate' | 'reordered';
  /** The number of expected messages that were not received. */
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
