/**
 * What was written and isn't known to be stored yet. Each message is kept by itself under its `client_id`, so tabs share the outbox
 * without overwriting each other's; it leaves only when the server has acknowledged it, or its author throws it away.
 */
import type { Entry } from '@parley/client/queue';
import { randomUuid } from '@parley/client/uuid';
import { keptKeys, keyPrefix, type Store } from '../storage/keys.ts';

/** A message on its way, in the sending queue of its room. */
export interface Outgoing extends Entry {
  readonly room: string;
  readonly content: string;
  readonly messageType: 'text' | 'file';
  readonly fileUrl: string | null;
  /** When it was written, in ms since 1970, later than those before it: the order of sending. */
  readonly at: number;
}

/** What its author gives of it. */
export type Writing = Pick<Outgoing, 'content' | 'messageType' | 'fileUrl'>;

let lastAt = 0;

/** Neither two of one moment nor a clock that is set back let the later one overtake. */
export const outgoingTo = (room: string, writing: Writing): Outgoing => {
  lastAt = Math.max(Date.now(), lastAt + 1);
  return { clientId: randomUuid(), room, at: lastAt, ...writing };
};

export interface Outbox {
  /** In the order they were written. */
  all(): readonly Outgoing[];
  /** No more may be written: the text stays where it was typed. */
  readonly isFull: boolean;
  /** Stores a new message, or what has changed of one. */
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
    // Something else's, or cut off: nothing that could be sent.
    return undefined;
  }
};

/** @param userId whose outbox it is: two people may share a browser */
export const createOutbox = (store: Store, userId: string): Outbox => {
  const prefix = keyPrefix('out', userId);
  const held = new Map<string, Outgoing>();

  const load = (): void => {
    for (const key of keptKeys(store, 'out', userId)) {
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

/** The outbox key's message, for a storage event of another tab. */
export const clientIdOfKey = (key: string, userId: string): string | undefined => {
  const prefix = keyPrefix('out', userId);
  return key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
};
