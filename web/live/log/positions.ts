/** A bounded set of positions: which messages a reader has missed. */
import type { Message } from '@parley/chat/messages/rules';

/** A tab may stay in the background for months. */
const MAX_POSITIONS = 1_000;

export class Positions {
  readonly #positions = new Set<number>();

  get size(): number {
    return this.#positions.size;
  }

  add(messages: readonly Message[]): void {
    for (const { position } of messages) if (this.size < MAX_POSITIONS) this.#positions.add(position);
  }

  delete(position: number): void {
    this.#positions.delete(position);
  }

  clear(): void {
    this.#positions.clear();
  }

  deleteUpTo(limit: number): void {
    for (const position of this.#positions) if (position <= limit) this.#positions.delete(position);
  }
}
