/**
 * What was written and isn't known to be stored yet. Each message is kept by itself under its `client_id`, so tabs share the outbox
 * without overwriting each other's; it leaves only when the server has acknowledged it, or its author throws it away.
 */
import { keptKeys, keyPrefix, type Store } from './kept.ts';

/** A message on its way. */
export interface Outgoing {
  /** The sender's own id of it: sent again with the same one, it is the same message. */
  readonly clientId: string;
  readonly room: string;
  readonly content: string;
  readonly messageType: 'text' | 'file';
  readonly fileUrl: string | null;
  /** When it was written, in ms since 1970, later than those before it: the order of sending. */
  readonly at: number;
  /** Why the server refused it; it waits for its author. */
  readonly fault?: string;
}

/** What its author gives of it. */
export type Writing = Pick<Outgoing, 'content' | 'messageType' | 'fileUrl'>;

let lastAt = 0;

/** As `crypto.randomUUID`, which browsers give only to pages that came by https or are on one's own machine. */
const randomUuid = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-');
};

/** Neither two of one moment nor a clock that is set back let the later one overtake. */
export const outgoingTo = (room: string, writing: Writing): Outgoing => {
  lastAt = Math.max(Date.now(), lastAt + 1);
  return { clientId: randomUuid(), room, at: lastAt, ...writing };
};

export interface Outbox {
  /** In the order they were written. */
  all(): readonly Outgoing[];
  find(clientId: string): Outgoing | undefined;
  /** False when the outbox is full: the text stays where it was typed. */
  add(outgoing: Outgoing): boolean;
  /** Those that wait for nobody but the connection. */
  sendable(): readonly Outgoing[];
  refuse(clientId: string, fault: string): void;
  retry(clientId: string): void;
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

  const all = (): readonly Outgoing[] => [...held.values()].sort((a, b) => a.at - b.at);

  load();
  return {
    all,
    find: (clientId) => held.get(clientId),
    add: (outgoing) => {
      if (held.size >= MAX_WAITING) return false;
      keep(outgoing);
      return true;
    },
    sendable: () => all().filter(({ fault }) => fault === undefined),
    refuse: (clientId, fault) => {
      const outgoing = held.get(clientId);
      if (outgoing) keep({ ...outgoing, fault });
    },
    retry: (clientId) => {
      const outgoing = held.get(clientId);
      if (!outgoing) return;
      const { fault: _, ...rest } = outgoing;
      keep(rest);
    },
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
