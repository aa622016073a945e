/**
 * The bus: delivers text on named channels to current subscribers and stores nothing. What must not be lost is in the message log; the bus
 * only wakes its readers. Backends: Redis pub/sub, and memory for one process.
 */

import type { StoreState } from '../process/health.ts';

export type Listener = (message: string) => void;

export interface Bus {
  /** True while messages published here reach all subscribers, and subscribers here receive those of others. */
  readonly isConnected: boolean;
  /** The state for /health. */
  probe(): StoreState;
  /** Rejects with `BusAway` if the bus can't take the message now. Never retries, never queues. */
  publish(channel: string, message: string): Promise<void>;
  /**
   * Calls the listener with every message of the channel, from the moment the promise resolves until `unsubscribe` is called. While the
   * bus is away it resolves at once, and the subscription begins when the bus is back. Messages of one publisher keep their order.
   */
  subscribe(channel: string, listener: Listener): Promise<Unsubscribe>;
  /** Calls the listener with false when the bus goes away, and with true when it is back with all subscriptions. */
  onConnection(listener: (isConnected: boolean) => void): void;
  close(): Promise<void>;
}

export type Unsubscribe = () => void;

/** Thrown when the bus can't take a message. */
export class BusAway extends Error {
  constructor(options?: ErrorOptions) {
    super('The bus is away', options);
    this.name = 'BusAway';
  }
}
