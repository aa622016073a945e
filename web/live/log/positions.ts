/** A bounded set of positions: which messages a reader has missed. */
import type { Message } from '@parley/chat/messages/rules';

/** A tab may stay in the background for months. */
const MAX_POSITIONS = 1_000;

export interface Positions {
  readonly size: number;
  add(messages: readonly Message[]): void;
  delete(position: number): void;
  deleteUpTo(limit: number): void;
  clear(): void;
}

export const createPositions = (): Positions => {
  const positions = new Set<number>();
  return {
    get size() {
      return positions.size;
    },
    add: (messages) => {
      for (const { position } of messages) if (positions.size < MAX_POSITIONS) positions.add(position);
    },
    delete: (position) => void positions.delete(position),
    deleteUpTo: (limit) => {
      for (const position of positions) if (position <= limit) positions.delete(position);
    },
    clear: () => positions.clear(),
  };
};
