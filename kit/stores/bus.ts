/**
 * The bus: named channels that carry text to whoever listens now. It forgets: what must not be lost is in the log, and the bus
 * only wakes those who read it. Backends: Redis pub/sub, and memory for one process.
 */

import type { StoreState } from '../process/health.ts';

export type Listener = (message: string) => void;

export interface Bus {
  /** True while what is published here reaches every listener, and what others publish reaches ours. */
  readonly isConnected: boolean;
  /** For /health. */
  probe(): StoreState;
  /** Rejects with `BusAway` when the message can't be handed over now. Never retries, never queues. */
  publish(channel: string, message: string): Promise<void>;
  /**
   * Calls the listener for every message of the channel from when the promise resolves, until `unsubscribe` is called. While the
   * bus is away it resolves at once, and the listener is joined when the bus is back. Messages of one publisher keep their order.
   */
  subscribe(channel: string, listener: Listener): Promise<Unsubscribe>;
  /** Calls back when the bus goes away (false) and when it is back with all channels joined again (true). */
  onConnection(listener: (isConnected: boolean) => void): void;
  close(): Promise<void>;
}

export type Unsubscribe = () => void;

/** The bus can't take a message now. */
export class BusAway extends Error {
  constructor(options?: ErrorOptions) {
    super('The bus is away', options);
    this.name = 'BusAway';
  }
}
