/**
 * The messages that the server hasn't acknowledged yet, in the browser's storage. Each has an entry of its own under its `client_id`, so
 * that tabs don't overwrite each other's. An entry is removed when the server has stored the message, or when its author discards it.
 */
import type { Entry } from '@parley/client/queue';
import { randomUuid } from '@parley/client/uuid';
import { keyPrefix, keysOf, type Store } from '../storage/keys.ts';

/** A message in the sending queue of its room. */
export interface Outgoing extends Entry {
  readonly room: string;
  readonly content: string;
  readonly messageType: 'text' | 'file';
  readonly fileUrl: string | null;
  /** When it was written, in ms since 1970: the order of sending. Unique, and later than all earlier ones. */
  readonly at: number;
}

/** The author's part of a message. */
export type Writing = Pick<Outgoing, 'content' | 'messageType' | 'fileUrl'>;

let lastAt = 0;

/** `at` increases even within one millisecond, or when the clock is set back. */
export const outgoingTo = (room: string, writing: Writing): Outgoing => {
  lastAt = Math.max(Date.now(), lastAt + 1);
  return { clientId: randomUuid(), room, at: lastAt, ...writing };
};

export interface Outbox {
  /** In the order of writing. */
  all(): readonly Outgoing[];
  /** Whether no further message may be added. */
  readonly isFull: boolean;
  /** Stores a message, or replaces it by its new state. */
  keep(outgoing: Outgoing): void;
  drop(clientId: string): void;
}

export const MAX_WAITING = 200;

const parse = (text: string | null): Outgoing | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (typeof value !== 'object' || value === null) return undefined;
    const outgoing = value as Outgoing;
    return typeof outgoing.clientId === 'string' && typeof outgoing.content === 'string' ? outgoing : undefined;
  } catch {
    // Not an entry of the outbox, or damaged.
    return undefined;
  }
};

/** @param userId the owner: several users may share a browser */
export const createOutbox = (store: Store, userId: string): Outbox => {
  const prefix = keyPrefix('out', userId);
  const held = new Map<string, Outgoing>();

  const load = (): void => {
    for (const key of keysOf(store, 'out', userId)) {
      const outgoing = parse(store.getItem(key));
      if (!outgoing) continue;
      held.set(outgoing.clientId, outgoing);
      lastAt = Math.max(lastAt, outgoing.at);
    }
  };

  const keep = (outgoing: Outgoing): void => {
    held.set(outgoing.clientId, outgoing);
    store.setItem(prefix + outgoing.clientId, JSON.stringify(outgoing));
  };

  load();
  return {
    all: () => [...held.values()].sort((a, b) => a.at - b.at),
    get isFull() {
      return held.size >= MAX_WAITING;
    },
    keep,
    drop: (clientId) => {
      held.delete(clientId);
      store.removeItem(prefix + clientId);
    },
  };
};

/** The message of a storage key, or undefined if the key isn't one of the user's outbox. */
export const clientIdOfKey = (key: string, userId: string): string | undefined => {
  const prefix = keyPrefix('out', userId);
  return key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
};
