/** What this browser keeps of a person, each kind under keys that begin alike; others may use the same browser. */

/** The part of the browser's storage that is used. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Messages that aren't sent, and what is typed. */
export type Kind = 'out' | 'draft';

/** How such keys begin. An id may have a colon; one person's keys never begin another's. */
export const keyPrefix = (kind: Kind, userId: string): string => `parley:${kind}:${encodeURIComponent(userId)}:`;

export const keptKeys = (store: Store, kind: Kind, userId: string): string[] =>
  [...new Set(Array.from({ length: store.length }, (_, index) => store.key(index) ?? ''))].filter((key) =>
    key.startsWith(keyPrefix(kind, userId)),
  );

/** Removes all that is kept of a person. */
export const forget = (store: Store, userId: string): void => {
  for (const kind of ['out', 'draft'] as const) for (const key of keptKeys(store, kind, userId)) store.removeItem(key);
};
