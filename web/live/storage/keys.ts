/** Keys of what the browser stores for a user. Several users may share a browser, so each has keys of their own. */

/** The methods of the browser's `Storage` that Parley uses. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** `out`: messages in the outbox. `draft`: unsent text. */
export type Kind = 'out' | 'draft';

/** The prefix of a user's keys. The id is encoded because it may contain a colon: no prefix is the beginning of another. */
export const keyPrefix = (kind: Kind, userId: string): string => `parley:${kind}:${encodeURIComponent(userId)}:`;

export const keysOf = (store: Store, kind: Kind, userId: string): string[] =>
  [...new Set(Array.from({ length: store.length }, (_, index) => store.key(index) ?? ''))].filter((key) =>
    key.startsWith(keyPrefix(kind, userId)),
  );

/** Removes all entries of a user. */
export const removeAll = (store: Store, userId: string): void => {
  for (const kind of ['out', 'draft'] as const) for (const key of keysOf(store, kind, userId)) store.removeItem(key);
};
